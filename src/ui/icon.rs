//! Icons, drawn by the style sheet (`style/ui/icons.css`).

use super::markup;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use maud::Render;

/// One icon, by the name of its class without the `i-`. Decoration: the words beside it carry the meaning. There are
/// dozens on a page, and nothing ever changes in one.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    InertElement::new(markup::icon(name).render().0)
}

/// The mark of the product: a small latch key.
#[component]
pub fn Mark() -> impl IntoView {
    InertElement::new(
        "<svg class=\"mark\" viewBox=\"0 0 32 32\" aria-hidden=\"true\"><rect width=\"32\" height=\"32\" rx=\"7\" \
         fill=\"currentColor\"></rect><circle cx=\"12\" cy=\"12.5\" r=\"5\" fill=\"none\" stroke=\"#fff\" \
         stroke-width=\"3\"></circle><path d=\"M15.6 16.1 24 24.5M20.2 20.7l2.6-2.6\" fill=\"none\" stroke=\"#fff\" \
         stroke-width=\"3\" stroke-linecap=\"round\"></path></svg>",
    )
}
