//! Menus: a button with a popover, which works as plain HTML. With WASM the arrow keys walk through it.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};

/// Walks through the open menu around the focus, or opens the menu of a focused button. One listener on the
/// document serves every menu, also those that appear later, for as long as the app runs.
pub fn listen() {
    window_event_listener(leptos::ev::keydown, |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" => MenuStep::Next,
            "ArrowUp" => MenuStep::Previous,
            "Home" => MenuStep::First,
            "End" => MenuStep::Last,
            _ => return,
        };
        let Some(active) = document().active_element() else { return };
        let menu = match active.closest(".menu") {
            Ok(Some(menu)) => menu,
            _ => {
                let Some(id) = active.get_attribute("popovertarget") else { return };
                let Some(menu) =
                    document().get_element_by_id(&id).filter(|menu| menu.class_list().contains("menu"))
                else {
                    return;
                };
                if menu.matches(":popover-open").ok() != Some(true) {
                    let Some(button) = active
                        .dyn_ref::<HtmlElement>()
                        .filter(|_| matches!(step, MenuStep::Next | MenuStep::Previous))
                    else {
                        return;
                    };
                    button.click();
                }
                menu
            }
        };
        event.prevent_default();
        focus(&menu, &active, step);
    });
    // What was chosen from a menu may change the page without leaving it; the menu is done either way.
    window_event_listener(leptos::ev::click, |event| {
        let item = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(menu) = item
            .and_then(|item| item.closest(".menu a, .menu button").ok().flatten())
            .and_then(|item| item.closest(".menu").ok().flatten())
            && let Ok(menu) = menu.dyn_into::<HtmlElement>()
        {
            let _ = menu.hide_popover();
        }
    });
}

#[derive(Clone, Copy)]
enum MenuStep {
    Next,
    Previous,
    First,
    Last,
}

fn focus(menu: &web_sys::Element, active: &web_sys::Element, step: MenuStep) {
    let Ok(items) = menu.query_selector_all("a, button") else { return };
    let count = items.length();
    if count == 0 {
        return;
    }
    let at = (0..count).find(|i| items.get(*i).is_some_and(|item| item.is_same_node(Some(active))));
    let to = match (step, at) {
        (MenuStep::First, _) | (MenuStep::Next, None) => 0,
        (MenuStep::Last, _) | (MenuStep::Previous, None) => count - 1,
        (MenuStep::Next, Some(at)) => (at + 1) % count,
        (MenuStep::Previous, Some(at)) => (at + count - 1) % count,
    };
    if let Some(item) = items.get(to).and_then(|item| item.dyn_into::<HtmlElement>().ok()) {
        let _ = item.focus();
    }
}
