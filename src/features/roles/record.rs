//! What changes of roles leave in the activity trail.

use super::store::StoredRole;
use super::words;
use crate::features::audit::model::{AuditChange, AuditKind};
use crate::features::audit::record::Entry;
use crate::features::permissions::model::{Givable, Grant};

fn opens(grant: &Grant, givable: &Givable) -> String {
    grant.able_to(|id| givable.name(id)).say()
}

/// A set of permissions has a name from now on.
pub fn saved(name: &str, grant: &Grant, givable: &Givable) -> Entry {
    Entry::new(AuditKind::RoleSaved, words::saved_the_role(&name)).with(AuditChange::between(
        words::PERMISSIONS,
        "",
        opens(grant, givable),
    ))
}

/// A role has another name, or gives something else.
pub fn changed(before: &StoredRole, name: &str, after: &Grant, givable: &Givable) -> Entry {
    let changes = [
        AuditChange::between(words::NAME, before.name.as_str(), name),
        AuditChange::between(words::PERMISSIONS, opens(&before.grant, givable), opens(after, givable)),
    ];
    Entry::new(AuditKind::RoleChanged, words::changed_the_role(&before.name))
        .with(changes.into_iter().flatten().collect::<Vec<_>>())
}

/// A role is gone.
pub fn deleted(before: &StoredRole, givable: &Givable) -> Entry {
    Entry::new(AuditKind::RoleDeleted, words::deleted_the_role(&before.name)).with(AuditChange::between(
        words::PERMISSIONS,
        opens(&before.grant, givable),
        "",
    ))
}
