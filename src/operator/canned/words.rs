//! What people read of this feature.

crate::words::words! {
    TITLE = "Canned replies";
    TICKETS = "Tickets";
    LEAD = "Answers that you give often. Whoever answers tickets finds them in the reply box.";
    NEW = "New canned reply";
    NONE = "No canned replies yet";
    NONE_HINT = "Write down once what you answer every day.";
    NAME = "Name";
    NAME_HINT = "Only staff see it.";
    DEPARTMENT = "Department";
    ALL_DEPARTMENTS = "All departments";
    TEXT = "Text";
    TEXT_HINT = "Markdown works. What stands for the ticket’s own values is listed below.";
    VARIABLES = "Variables";
    FIRST_NAME = "first name of who opened the ticket";
    WHOLE_NAME = "their whole name";
    CUSTOMER = "name of the customer";
    TICKET_NUMBER = "number of the ticket";
    TICKET_SUBJECT = "its subject";
    ITS_DEPARTMENT = "its department";
    YOUR_NAME = "name of whoever answers";
    SAVE = "Save canned reply";
    CANCEL = "Cancel";
    DELETE = "Delete canned reply";
    DELETE_LEAD = "What was sent with it stays.";
    ENTER_A_NAME = "Enter a name.";
    ENTER_A_TEXT = "Enter a text.";
    CHOOSE_A_DEPARTMENT = "Choose a department.";
    NAME_TAKEN = "Another canned reply has this name.";
    TOO_MANY = "At most 500 canned replies: delete one first.";
    CHANGED_MEANWHILE = "Somebody has changed this canned reply meanwhile. Nothing was saved: load the page again.";
    added(name) = "added the canned reply “{name}”";
    changed(name) = "changed the canned reply “{name}”";
    removed(name) = "deleted the canned reply “{name}”";
    saved(name) = "The canned reply “{name}” was saved.";
    deleted(name) = "The canned reply “{name}” was deleted.";
}
