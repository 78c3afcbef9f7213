//! Looking for elements in the document, in the browser.

use wasm_bindgen::JsCast;
use web_sys::Element;

/// Every element of this type that a selector finds under another one.
pub fn all<T: JsCast>(under: &Element, selector: &str) -> Vec<T> {
    let Ok(found) = under.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}
