//! What people read about roles.

/// Title of the list.
pub const TITLE: &str = "Roles";
/// What roles are for, above the list.
pub const LEAD: &str = "A role is a set of permissions with a name of your own. It stands beside the presets wherever permissions are given.";
/// Where there is none.
pub const NONE: &str = "Save the permissions you give again and again, such as “Bookkeeper with orders” or “Website editor”, and choose them by name from then on.";
/// Button to the form for a new one.
pub const NEW: &str = "New role";
/// Label of the name.
pub const NAME: &str = "Name";
/// Hint under the name.
pub const NAME_HINT: &str = "Only people who manage contacts see it.";
/// A role needs a name.
pub const NO_NAME: &str = "Enter a name.";
/// Label of the box that lets people follow a changed role.
pub const FOLLOW_HINT: &str =
    "Their permissions change at once. Untick it to leave them as they are; they then show as “Custom”.";
/// Under "Who has this role" where nobody has.
pub const NOBODY: &str = "Nobody has exactly these permissions. Choose the role in the form of a contact.";
/// What is kept when a role is deleted.
pub const DELETE_KEEPS: &str = "The people who have it keep their permissions. They then show as “Custom”.";
/// A form that was made from an older role.
pub const CHANGED_MEANWHILE: &str = "Somebody changed this role while you had it open. Nothing was saved: open the role again and repeat your change.";
/// A role without a permission is the preset "None".
pub const EMPTY: &str = "Tick at least one permission. For none at all there is the preset “None”.";

/// A name that is a preset's.
pub fn name_of_ours(title: &str) -> String {
    format!("“{title}” has a meaning of its own. Choose another name.")
}

/// A name that another role has.
pub fn name_taken(name: &str) -> String {
    format!("There is a role called “{name}” already. Choose another name.")
}

/// A set that another role, or a preset, gives already.
pub fn same_as(title: &str) -> String {
    format!("“{title}” gives exactly these permissions already.")
}

/// No more roles.
pub fn too_many(limit: usize) -> String {
    format!("An account can have {limit} roles. Delete one you no longer use first.")
}

/// More people than can follow at once.
pub fn too_many_people(limit: usize) -> String {
    format!(
        "More than {limit} people have this role. Untick “Change their permissions as well” and change them in groups in the list of contacts."
    )
}

/// Label of the box that lets people follow.
pub fn follow(count: i64) -> String {
    match count {
        1 => "Change the permissions of the 1 person who has it as well".into(),
        many => format!("Change the permissions of the {many} people who have it as well"),
    }
}

/// How many have a role.
pub fn people(count: i64) -> String {
    match count {
        0 => "Nobody".into(),
        1 => "1 person".into(),
        many => format!("{many} people"),
    }
}

/// It was saved.
pub fn saved(name: &str) -> String {
    format!("The role “{name}” was saved. You can choose it beside the presets now.")
}

/// It was changed, and so many people with it; `own` says that whoever changed it has it too.
pub fn changed(name: &str, followed: usize, own: bool) -> String {
    let people = match followed {
        0 => String::new(),
        1 => " The permissions of 1 person were changed as well.".into(),
        many => format!(" The permissions of {many} people were changed as well."),
    };
    let own = if own { " Your own permissions stay as they are." } else { "" };
    format!("The role “{name}” was changed.{people}{own}")
}

/// It was deleted.
pub fn deleted(name: &str) -> String {
    format!("The role “{name}” was deleted. The people who had it keep their permissions.")
}

crate::words::words! {
    CONTACTS = "Contacts";
    delete(name) = "Delete {name}";
    DELETE = "Delete";
    ROLE = "Role";
    OPENS = "Opens";
    WHO_HAS_IT = "Who has it";
    ACTIONS = "Actions";
    delete_2(name) = "Delete “{name}”";
    CANCEL = "Cancel";
    PERMISSIONS = "Permissions";
    SAVE_ROLE = "Save role";
    SHOW_THEM_IN_THE_LIST = "Show them in the list of contacts";
    SAVE_CHANGES = "Save changes";
    WHO_HAS_THIS_ROLE = "Who has this role";
    saved_the_role(name) = "saved the role “{name}”";
    changed_the_role(name) = "changed the role “{name}”";
    deleted_the_role(name) = "deleted the role “{name}”";
}
