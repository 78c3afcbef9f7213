//! The round picture that stands for a person or an account: their initials.

use crate::types::initials;
use leptos::prelude::*;

/// Initials of a name, on one of six tints that stays the same for the same name.
#[component]
pub fn Avatar(#[prop(into)] name: String) -> impl IntoView {
    view! { <span class=format!("avatar tint-{}", tint(&name)) aria-hidden="true">{initials(&name)}</span> }
}

/// Which of the six tints belongs to a name.
pub fn tint(name: &str) -> u32 {
    name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 6
}
