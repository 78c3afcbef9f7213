//! A section of a long form that folds to a sentence of what it holds.

use super::dom;
use super::icon::Icon;
use leptos::html;
use leptos::prelude::*;
use web_sys::{Element, HtmlInputElement};

/// What a section says when it is folded, read from its fields in the browser.
pub type SectionSummary = fn(&Element) -> String;

/// A section: open to begin with. Folded, it says what it holds; with WASM, what it holds by now.
#[component]
pub fn Section(
    /// Its heading.
    title: &'static str,
    /// What it holds as the page is drawn, in a sentence or a list.
    #[prop(into)]
    says: String,
    /// The same as it stands when it is folded.
    read: SectionSummary,
    /// Class of the fieldset: `card`, or `group` within one.
    #[prop(default = "card")]
    class: &'static str,
    /// Id, for links to it.
    #[prop(optional, into)]
    id: Option<String>,
    children: Children,
) -> impl IntoView {
    let says = RwSignal::new(says);
    let details = NodeRef::<html::Details>::new();
    let toggled = move |_| {
        if let Some(details) = details.get_untracked().filter(|details| !details.open()) {
            says.set(read(&details));
        }
    };
    view! {
        <fieldset class=format!("{class} section") id=id>
            <legend>{title}</legend>
            <details open=true node_ref=details on:toggle=toggled>
                <summary><span class="visually-hidden">{title}": "</span><span class="says">{move || says.get()}</span><Icon name="down"/></summary>
                {children()}
            </details>
        </fieldset>
    }
}

/// What is typed in its fields: "Bea Lindqvist · bea@ledgerline.example".
pub fn typed(section: &Element) -> String {
    let fields =
        dom::all::<HtmlInputElement>(section, "input:not([type=checkbox], [type=radio], [type=hidden])");
    let values: Vec<String> =
        fields.iter().map(HtmlInputElement::value).filter(|value| !value.trim().is_empty()).collect();
    said(&values.join(" · "))
}

/// The labels of its ticked boxes: "General, Invoice".
pub fn ticked(section: &Element) -> String {
    let label = |input: HtmlInputElement| {
        let label = section.query_selector(&format!("label[for='{}']", input.id())).ok().flatten()?;
        label.text_content()
    };
    let boxes = dom::all::<HtmlInputElement>(section, "input[type=checkbox]:checked");
    said(&boxes.into_iter().filter_map(label).collect::<Vec<_>>().join(", "))
}

/// What a folded section says that holds nothing.
pub fn said(says: &str) -> String {
    if says.is_empty() { "Nothing".into() } else { says.into() }
}
