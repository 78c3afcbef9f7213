//! What people read about departments.

crate::words::words! {
    HAS_TICKETS = "This department has tickets. Hide it instead, or move them to another one first.";
    DEPARTMENTS = "Departments";
    LEAD = "Teams of your company. Each gets its requests at its own address, and staff can be limited to some of them.";
    NEW = "New department";
    NONE = "There are no departments";
    NONE_HINT = "Every request goes to the support address, and all staff who answer requests see it. Add departments when teams work apart.";
    NAME = "Name";
    NAME_HINT = "As customers know it, for example “Billing”.";
    ENTER_A_NAME = "Enter a name.";
    NAME_TAKEN = "Another department has this name.";
    E_MAIL = "E-mail";
    E_MAIL_HINT = "Where its mail goes.";
    TAKES = "Requests it takes";
    TAKES_HINT = "What no department takes goes to the support address and is seen by all who answer requests.";
    HIDDEN = "Hidden from customers";
    HIDDEN_HINT = "They cannot choose it; staff can move things there.";
    BY_MAIL = "Takes e-mail";
    BY_MAIL_HINT = "Mail to its address opens tickets. Without it, tickets come from the portal alone.";
    STAFF = "Staff";
    EVERYBODY = "everybody";
    NOTHING = "none";
    SAVE = "Save department";
    DELETE = "Delete department";
    DELETE_LEAD = "Its requests go back to everybody, and staff who were limited to it alone see everything again.";
    CANCEL = "Cancel";
    saved(name) = "{name} was saved.";
    deleted(name) = "{name} was deleted.";
    added_department(name) = "added the department {name}";
    changed_department(name) = "changed the department {name}";
    deleted_department(name) = "deleted the department {name}";
    CHANGED_MEANWHILE = "Somebody changed this department meanwhile. Nothing was saved: load the page again.";
    TOO_MANY = "There can be 50 departments. Delete one first.";
    MAIL = "E-mail address";
    YES = "Yes";
    NO = "No";
    PROMISES = "Service levels";
    PROMISES_HINT = "Hours, or hours and minutes (“0:30”), in which you answer a ticket. What is due first stands first on the desk. Leave empty for no promise. A change counts for what is written from now on.";
    FIRST_ANSWER = "Hours to the first answer";
    NEXT_ANSWER = "Hours to each next answer";
    NOT_A_TIME = "Enter hours, like 4, or hours and minutes, like 0:30; at most 720 hours.";
}
