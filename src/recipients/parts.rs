//! Boxes for categories, and what a change of them means.

use super::rpc::{PreviewMail, WouldChange};
use crate::mail::model::{Categories, Category};
use crate::types::AccountId;
use crate::ui::form::FormState;
use crate::ui::load::ask;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use std::time::Duration;

/// A box for each category. The group carries the errors of the field "mail".
#[component]
pub fn CategoryBoxes(
    /// What is on.
    mail: Categories,
    /// Told of every change: the keys that are on.
    #[prop(optional, into)]
    changed: Option<Callback<Vec<String>>>,
) -> impl IntoView {
    let form: FormState = expect_context();
    let on = RwSignal::new(
        Category::ALL
            .into_iter()
            .filter(|category| form.ticked("mail[]", category.key(), mail.has(*category)))
            .map(|category| category.key().to_owned())
            .collect::<Vec<_>>(),
    );
    let boxes = Category::ALL
        .map(|category| {
            let id = format!("{}-{}", form.id("mail"), category.key());
            let ticked = on.with_untracked(|on| on.iter().any(|key| key == category.key()));
            let tick = move |event| {
                let ticked = event_target_checked(&event);
                on.update(|on| {
                    on.retain(|key| key != category.key());
                    if ticked {
                        on.push(category.key().to_owned());
                    }
                });
                if let Some(changed) = changed {
                    changed.run(on.get_untracked());
                }
            };
            view! {
                <div class="tick">
                    <input type="checkbox" name="mail[]" id=id.clone() value=category.key() checked=ticked aria-describedby=format!("{id}-hint") on:change=tick/>
                    <label for=id.clone()>{category.title()}</label>
                    <p class="hint" id=format!("{id}-hint")>{category.sentence()}</p>
                </div>
            }
        })
        .collect_view();
    view! {
        <div class="ticks">{boxes}</div>
        <p class="error" id=format!("{}-error", form.id("mail"))>{move || form.errors().of("mail").map(|error| error.message.clone())}</p>
    }
}

/// What saving the form would change about who gets which mail (M6): live with WASM, behind a button without.
#[component]
pub fn WouldChangeSentence(
    /// The account.
    account: AccountId,
    /// The card; empty for a new one.
    #[prop(into)]
    contact: String,
    /// What to call the person.
    #[prop(into)]
    name: String,
    /// What the boxes say now.
    mail: RwSignal<Option<Vec<String>>>,
) -> impl IntoView {
    let says = RwSignal::new(Vec::<String>::new());
    let asked = StoredValue::new(0_u32);
    let about = StoredValue::new((account, contact, name));
    Effect::new(move || {
        let Some(mail) = mail.get() else { return };
        asked.update_value(|count| *count += 1);
        let mine = asked.get_value();
        set_timeout(
            move || {
                if asked.try_get_value() == Some(mine) {
                    spawn_local(async move {
                        let (account, contact, name) = about.get_value();
                        if let Ok(answer) = ask(WouldChange { account, contact, name, mail, closed: String::new() }).await
                            && asked.try_get_value() == Some(mine)
                        {
                            says.set(answer);
                        }
                    });
                }
            },
            Duration::from_millis(200),
        );
    });
    view! {
        <div class="would-change" aria-live="polite">{move || says.get().into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}</div>
        <button type="submit" class="button no-wasm" name="_action" value=PreviewMail::PATH>"What would change?"</button>
    }
}
