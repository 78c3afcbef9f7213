//! What people read about staff.

crate::words::words! {
    STAFF = "Staff";
    LEAD = "Everybody who works in this area, and what they may do here. They sign in with a second factor.";
    ADD = "Add staff";
    NAME = "Name";
    E_MAIL = "E-mail";
    ROLE = "Role";
    STATUS = "Status";
    LAST_SIGN_IN = "Last sign-in";
    NEVER = "Never";
    ACTIVE = "Active";
    DISABLED = "Disabled";
    NO_FACTOR = "No second factor yet";
    YOU = "You";
    ENTER_THEIR_NAME = "Enter their name.";
    CHOOSE_A_ROLE = "Choose a role.";
    TICK_AT_LEAST_ONE = "Tick at least one permission.";
    WHAT_THEY_MAY_DO = "What they may do";
    SAVE = "Save changes";
    CANCEL = "Cancel";
    ADDED_LINK = "They choose a password with the link in their mail and set up a second factor before they see anything.";
    added(name) = "{name} is on the staff now. A link to choose a password is on its way to them.";
    changed(name) = "Changes to {name} were saved.";
    added_to_staff(name, role) = "added {name} to the staff as {role}";
    changed_staff(name) = "changed what {name} may do";
    disabled_staff(name) = "removed {name} from the staff";
    enabled_staff(name) = "took {name} back onto the staff";
    PERMISSIONS = "Permissions";
    IS_CONTACT = "This address has a login that can enter customer accounts. Staff need a login of their own: use another address.";
    IS_STAFF = "This address is on the staff already.";
    LAST_ADMINISTRATOR = "This is the last active administrator. Make somebody else an administrator first.";
    NOT_YOURSELF = "You cannot change what you may do yourself. Ask another administrator.";
    MORE_THAN_YOU = "You can only give what you may do yourself.";
    CHANGED_MEANWHILE = "Somebody changed this person meanwhile. Nothing was saved: load the page again.";
    REMOVE = "Remove from staff";
    TAKE_BACK = "Take back";
    removed(name) = "{name} can no longer enter the staff area and was signed out everywhere.";
    taken_back(name) = "{name} can enter the staff area again.";
    REMOVING = "They are signed out everywhere at once. What they did stays in the activity under their name.";
    subject(operator) = "You are on the staff of {operator}";
    HEADING = "Your staff login";
    mail_text(operator) = "You were added to the staff of {operator}. Choose a password to sign in; you are then asked to set up a second factor.";
    CHOOSE_A_PASSWORD = "Choose a password";
    LINK_WORKS = "The link works for one hour. After that, use “Forgot password?” on the sign-in page.";
    REASON = "You get this mail because an administrator added you to the staff.";
}
