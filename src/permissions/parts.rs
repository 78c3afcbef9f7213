//! The permissions section: preset cards, boxes in groups, and a sentence that says what they add up to.

use crate::permission::{Group, Permission, Permissions, Preset};
use crate::ui::field::FieldError;
use crate::ui::form::FormState;
use leptos::prelude::*;

/// Presets and boxes. Boxes for what the editor does not hold are shown as they stand and cannot be changed (R5).
#[component]
pub fn PermissionsSection(
    /// What is granted now.
    granted: Permissions,
    /// What the editor holds.
    held: Permissions,
) -> impl IntoView {
    let form: FormState = expect_context();
    let start = form.values("permissions[]").map_or(granted, |keys| {
        let kept = granted.minus(held);
        Permissions::from_keys(&keys.join(",")).iter().chain(kept.iter()).collect()
    });
    let current = RwSignal::new(start);
    let preset_start = form.value("preset", start.preset().key().to_owned());
    let chosen = RwSignal::new(Preset::from_key(&preset_start).unwrap_or(Preset::Custom));
    let closed = move |permission: Permission| !held.has(permission);
    let choose = move |preset: Preset| {
        chosen.set(preset);
        if let Some(meant) = preset.permissions() {
            current.update(|set| {
                for permission in Permission::ALL {
                    if !closed(*permission) {
                        set.set(*permission, meant.has(*permission));
                    }
                }
            });
        }
    };
    let toggle = move |permission: Permission, on: bool| {
        current.update(|set| set.set(permission, on));
        chosen.set(current.get_untracked().preset());
    };
    let cards = Preset::NAMED
        .into_iter()
        .chain([Preset::Custom])
        .map(|preset| {
            let id = format!("{}-{}", form.id("preset"), preset.key());
            view! {
                <div class="preset">
                    <input type="radio" name="preset" id=id.clone() value=preset.key() disabled=preset.permissions().is_some_and(|meant| !meant.minus(held).is_empty())
                        checked=chosen.get_untracked() == preset prop:checked=move || chosen.get() == preset on:change=move |_| choose(preset)/>
                    <label for=id><strong>{preset.title()}</strong><span>{preset.sentence()}</span></label>
                </div>
            }
        })
        .collect_view();
    let groups = Group::ALL
        .into_iter()
        .map(|group| {
            let (title, sentence) = group.title();
            let boxes = Permission::ALL
                .iter()
                .copied()
                .filter(|permission| permission.group() == group)
                .map(|permission| {
                    let id = format!("{}-{}", form.id("permissions"), permission.key());
                    view! {
                        <div class="tick">
                            <input type="checkbox" name="permissions[]" id=id.clone() value=permission.key() disabled=closed(permission)
                                checked=start.has(permission) prop:checked=move || current.get().has(permission)
                                on:change=move |event| toggle(permission, event_target_checked(&event)) aria-describedby=format!("{id}-hint")/>
                            <label for=id.clone()>{permission.title()}</label>
                            <p class="hint" id=format!("{id}-hint")>{permission.sentence()}</p>
                        </div>
                    }
                })
                .collect_view();
            view! { <fieldset class="group"><legend>{title}</legend><p class="hint">{sentence}</p><div class="ticks">{boxes}</div></fieldset> }
        })
        .collect_view();
    let were = start.iter().filter(|p| !closed(*p)).collect::<Permissions>().keys();
    let lacking = held != Permissions::all();
    view! {
        <div class="permissions" id=form.id("preset")>
            <input type="hidden" name="preset_was" value=start.preset().key()/>
            <input type="hidden" name="permissions_were" value=were/>
            <fieldset class="presets"><legend>"Preset"</legend>{cards}</fieldset>
            <FieldError name="preset"/>
            {lacking.then(|| view! { <p class="hint">"You can give only what you hold yourself; the other boxes stay as they are."</p> })}
            {groups}
            <p class="notice" hidden=move || chosen.get() != Preset::TechnicalStaff>
                "Recommended for an outside web designer: take Billing information, Upgrade and Cancel away, so that nothing can cost money or end a service."
            </p>
            <p class="sum" aria-live="polite">{move || sum(current.get())}</p>
        </div>
    }
}

/// "They will be able to … They will not see …"
fn sum(set: Permissions) -> String {
    let closed = set.closed_areas();
    let opens =
        if set.is_empty() { "They will be able to enter the account and nothing else.".to_owned() } else { format!("They will be able to {}.", set.able_to()) };
    if closed.is_empty() { opens } else { format!("{opens} They will not see {closed}.") }
}
