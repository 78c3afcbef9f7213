//! The account switcher (S7): beside the name of the account, and with Ctrl K on every page of it.

use super::model::SwitchChoice;
use super::rpc::ShowSwitcher;
use super::words;
use crate::paths;
use crate::ui::avatar::Avatar;
use crate::ui::dom;
use crate::ui::icon::Icon;
use crate::ui::load::ask;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};

/// The dialog to change over to another account. Without WASM the name of the account leads to the picker.
#[component]
pub fn AccountSwitcher(
    /// Counts how often it was asked for.
    asked: RwSignal<u32>,
) -> impl IntoView {
    let choices = RwSignal::new(None::<Vec<SwitchChoice>>);
    let words = RwSignal::new(String::new());
    let dialog = NodeRef::<html::Dialog>::new();
    let here = use_location().pathname;
    // What is inside is made once it is asked for: every page of an account carries the dialog.
    let used = RwSignal::new(false);
    let open = move || {
        let Some(element) = dialog.get_untracked().filter(|element| !element.open()) else { return };
        words.set(String::new());
        used.set(true);
        request_animation_frame(move || {
            let _ = element.show_modal();
        });
        spawn_local(async move {
            if let Ok(all) = ask(ShowSwitcher {}).await {
                let _ = choices.try_set(Some(all));
            }
        });
    };
    let close = move || {
        if let Some(element) = dialog.get_untracked() {
            element.close();
        }
    };
    Effect::new(move |before: Option<u32>| {
        let count = asked.get();
        if before.is_some_and(|before| before != count) {
            open();
        }
        count
    });
    Effect::new(move || {
        let listener = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
            if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") {
                event.prevent_default();
                open();
            }
        });
        on_cleanup(move || listener.remove());
    });
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => dom::step(&event, &links(dialog), 1),
        "ArrowUp" => dom::step(&event, &links(dialog), -1),
        "Enter" => {
            let typing =
                event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
            if typing.is_some()
                && let Some(first) = links(dialog).into_iter().next()
            {
                event.prevent_default();
                first.click();
            }
        }
        _ => {}
    };
    let list = move || {
        choices.get().map(|all| {
            let found: Vec<_> = all.into_iter().filter(|choice| choice.is_found_by(&words.get())).collect();
            if found.is_empty() {
                return view! { <p class="hint">{words::NO_ACCOUNT_HAS_THIS_NAME}</p> }.into_any();
            }
            let rows = found
                .into_iter()
                .map(|choice| {
                    let to = choice.path_from(&here.get_untracked());
                    view! {
                        <li><a href=to on:click=move |_| close()>
                            <Avatar name=choice.name.clone()/>
                            <span class="two-lines"><strong>{choice.name}</strong><small>{words::ACCOUNT}{choice.number}</small></span>
                        </a></li>
                    }
                })
                .collect_view();
            view! { <ul>{rows}</ul> }.into_any()
        })
    };
    view! {
        <dialog node_ref=dialog class="switcher" aria-label=words::SWITCH_CUSTOMER_ACCOUNT on:keydown=keys>
            {move || used.get().then(|| view! {
                <div class="search">
                    <Icon name="search"/>
                    <input type="search" aria-label=words::SEARCH_ACCOUNTS placeholder=words::NAME_OR_NUMBER autocomplete="off" prop:value=words on:input=move |event| words.set(event_target_value(&event))/>
                </div>
                {list}
                <p class="foot"><a href=paths::ACCOUNTS on:click=move |_| close()>{words::ALL_ACCOUNTS_AND_INVITATIONS}</a></p>
            })}
        </dialog>
    }
}

fn links(dialog: NodeRef<html::Dialog>) -> Vec<HtmlElement> {
    dialog.get_untracked().map(|element| dom::all(&element, "li a")).unwrap_or_default()
}
