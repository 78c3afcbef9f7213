//! Dialogs that a URL opens. As plain HTML they stand over the page; with WASM they are modal and Escape
//! closes them.

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// A dialog. Closing it leads to `close`, the same page without it, and gives the focus back to what opened
/// it.
#[component]
pub fn Dialog(
    /// The question or heading.
    #[prop(into)]
    title: String,
    /// Path of the page without the dialog.
    #[prop(into)]
    close: String,
    /// Id of the element that gets the focus back.
    #[prop(optional, into)]
    opener: String,
    children: Children,
) -> impl IntoView {
    let element = NodeRef::<html::Dialog>::new();
    let navigate = use_navigate();
    Effect::new(move || {
        if let Some(dialog) = element.get() {
            // A modal dialog has to be opened as one, once it is in the page.
            request_animation_frame(move || {
                dialog.close();
                let _ = dialog.show_modal();
            });
        }
    });
    let to = close.clone();
    let cancelled = move |event: leptos::ev::Event| {
        event.prevent_default();
        navigate(&to, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    on_cleanup(move || give_back(opener));
    // Only the server draws it open: shown by the browser before it is modal, it would miss an Escape.
    let drawn_open = cfg!(feature = "ssr");
    view! {
        <dialog node_ref=element open=drawn_open aria-labelledby="dialog-title" on:cancel=cancelled>
            <h2 id="dialog-title">{title}</h2>
            {children()}
        </dialog>
    }
}

/// Puts the focus on an element once the page has been drawn without the dialog.
fn give_back(opener: String) {
    if cfg!(target_arch = "wasm32") && !opener.is_empty() {
        request_animation_frame(move || {
            use wasm_bindgen::JsCast as _;
            if let Some(element) = document()
                .get_element_by_id(&opener)
                .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
            {
                let _ = element.focus();
            }
        });
    }
}
