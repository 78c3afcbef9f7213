//! How filters under a name stand above a list.

use crate::ui::form::Form;
use crate::ui::icon::Icon;
use leptos::prelude::*;
use std::fmt::Display;

/// A link for each, with a button that deletes it.
#[component]
pub fn SavedFilters(
    /// Id, name and query.
    filters: Vec<(String, String, String)>,
    /// Path of the list.
    path: &'static str,
    /// What they are together.
    label: &'static str,
    /// `PATH` of the server function that deletes one.
    delete: &'static str,
    /// What its button says of a name.
    delete_label: fn(&dyn Display) -> String,
) -> impl IntoView {
    let rows = filters
        .into_iter()
        .map(|(id, name, query)| {
            let label = delete_label(&name);
            view! {
                <li>
                    <a class="chip" href=format!("{path}{query}")>{name}</a>
                    <Form action=delete summary=false about=("id", id)>
                        <button type="submit" class="chip-end" aria-label=label.clone() title=label><Icon name="trash"/></button>
                    </Form>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="chips" aria-label=label>{rows}</ul> }
}
