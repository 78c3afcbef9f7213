//! What was typed into a long form, kept in this tab over a reload. Only with WASM; without it, browsers keep what
//! was typed when one comes back.
//!
//! Only fields that were touched are kept, so that what somebody else changed meanwhile stands. It is gone when
//! the form was sent or left, when the tab is closed, and when the person signs out.

use super::form_state::FormState;
use super::{answer, dom};
use leptos::prelude::*;
use std::collections::BTreeMap;
use wasm_bindgen::JsCast as _;
use web_sys::{
    Element, Event, EventInit, FormData, HtmlFormElement, HtmlInputElement, HtmlSelectElement,
    HtmlTextAreaElement, Storage,
};

/// Values of each touched field, by its name; none for a box that was unticked.
type TouchedFields = BTreeMap<String, Vec<String>>;

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn key(form: FormState) -> Option<String> {
    Some(format!("draft {} {}", form.action, window().location().pathname().ok()?))
}

fn kept(form: FormState) -> TouchedFields {
    let text = key(form).zip(storage()).and_then(|(key, storage)| storage.get_item(&key).ok().flatten());
    text.and_then(|text| answer::read(&text).ok()).unwrap_or_default()
}

/// Keeps what an event changed. The boxes of the permissions section belong together: all of them are kept once
/// one was touched.
pub fn keep(form: FormState, event: &leptos::ev::Event) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let element = target.closest("form").ok().flatten();
    let Some(element) = element.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else { return };
    let Ok(data) = FormData::new_with_form(&element) else { return };
    let of_permissions = target.closest(".permissions").ok().flatten().is_some();
    let touched = if of_permissions {
        ["preset", "permissions[]", "on[]", "role_name"].map(str::to_owned).into()
    } else {
        vec![target.get_attribute("name").unwrap_or_default()]
    };
    let mut draft = kept(form);
    for name in touched.into_iter().filter(|name| !name.is_empty()) {
        let values = data.get_all(&name).iter().filter_map(|value| value.as_string()).collect();
        draft.insert(name, values);
    }
    if let (Some(key), Some(storage), Ok(text)) = (key(form), storage(), serde_json::to_string(&draft)) {
        // A full or forbidden storage keeps nothing; the warning before leaving is there all the same.
        let _ = storage.set_item(&key, &text);
    }
}

/// Forgets what was kept of a form.
pub fn forget(form: FormState) {
    if let Some((key, storage)) = key(form).zip(storage()) {
        let _ = storage.remove_item(&key);
    }
}

/// Forgets everything: somebody else may sign in next.
pub fn forget_all() {
    if let Some(storage) = storage() {
        let _ = storage.clear();
    }
}

/// Puts what was kept back into the form. Says whether there was anything.
pub fn restore(form: FormState, element: &HtmlFormElement) -> bool {
    let draft = kept(form);
    let fields =
        |name: &str| dom::all::<Element>(element, &format!("[name='{name}']:not([type=hidden], :disabled)"));
    for (name, values) in &draft {
        fields(name).iter().for_each(|field| put(field, values));
    }
    // Told when all of them stand: what depends on a field follows it.
    for name in draft.keys() {
        // A preset would set the boxes anew; which one it is now follows from them.
        let radio = |field: &&Element| field.get_attribute("type").as_deref() == Some("radio");
        if let Some(field) = fields(name).iter().find(|field| !radio(field)) {
            tell(field, "input");
            tell(field, "change");
        }
    }
    !draft.is_empty()
}

fn put(field: &Element, values: &[String]) {
    let value = values.first().map(String::as_str).unwrap_or_default();
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        match input.type_().as_str() {
            "checkbox" | "radio" => input.set_checked(values.contains(&input.value())),
            _ => input.set_value(value),
        }
    } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(value);
    } else if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
        select.set_value(value);
    }
}

/// Says that a field was changed, as a browser does.
pub fn tell(field: &Element, what: &str) {
    let init = EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict(what, &init) {
        let _ = field.dispatch_event(&event);
    }
}
