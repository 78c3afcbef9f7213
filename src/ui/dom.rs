//! Looking for elements in the document, in the browser.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// Every element of this type that a selector finds under another one.
pub fn all<T: JsCast>(under: &Element, selector: &str) -> Vec<T> {
    let Ok(found) = under.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

/// Moves the focus among the links of a list, by one at a time; a dialog that finds things does so with the arrow
/// keys.
pub fn step(event: &KeyboardEvent, links: &[HtmlElement], by: i32) {
    event.prevent_default();
    let active = document().active_element();
    let at =
        links.iter().position(|link| active.as_ref().is_some_and(|active| link.is_same_node(Some(active))));
    let last = i32::try_from(links.len()).unwrap_or_default() - 1;
    let to = at.map_or(0, |at| (i32::try_from(at).unwrap_or_default() + by).clamp(0, last.max(0)));
    if let Some(link) = usize::try_from(to).ok().and_then(|to| links.get(to)) {
        let _ = link.focus();
    }
}
