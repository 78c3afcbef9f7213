//! What a change of permissions leaves in the activity trail.

use super::difference::difference;
use super::model::{Givable, Grant};
use super::words;
use crate::features::audit::model::{AuditChange, AuditKind};
use crate::features::audit::record::Entry;
use crate::permission::Preset;

/// "Ben Carter (ben@example.com)", or the address alone.
pub fn who(name: &str, email: &str) -> String {
    if name.is_empty() || name == email { email.into() } else { format!("{name} ({email})") }
}

/// What a change of permissions is: the preset that comes of it, else what is new and what is gone.
fn gave(before: &Grant, after: &Grant, person: &str, givable: &Givable) -> String {
    if after.is_empty() {
        return words::removed_all_permissions_from(&person);
    }
    let phrase = givable.phrase(after);
    if phrase != Preset::Custom.title() {
        return words::gave(&person, &phrase);
    }
    let say = |more: &Grant, less: &Grant| difference(more, less, givable).join("; ");
    let (new, gone) = (say(after, before), say(before, after));
    match (new.is_empty(), gone.is_empty()) {
        (false, true) => words::let_(&person, &new),
        (true, false) => words::stopped_letting(&person, &gone),
        (false, false) => words::let_and_stopped_letting_them(&person, &new, &gone),
        // On services and domains that whoever acts does not see, or for later ones.
        (true, true) => words::changed_what_may_do(&person),
    }
}

/// Somebody holds something else from now on.
pub fn given(person: &str, before: &Grant, after: &Grant, givable: &Givable) -> Entry {
    let say = |grant: &Grant| grant.able_to(|id| givable.name(id)).say();
    Entry::new(AuditKind::PermissionsGiven, gave(before, after, person, givable)).with(AuditChange::between(
        words::PERMISSIONS,
        say(before),
        say(after),
    ))
}
