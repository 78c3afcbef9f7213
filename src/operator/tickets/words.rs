//! What people read of this feature.

crate::words::words! {
    TICKETS = "Tickets";
    LEAD = "What is due first comes first, then who waits longest. Words find tickets in every status, and in what was written.";
    SEARCH = "Search tickets";
    SEARCH_BY = "Number, subject or message";
    WAITS_FOR_US = "Waits for us";
    ANSWERED = "Answered";
    CLOSED = "Closed";
    MAIL_THAT_WAITS = "E-mail that waits";
    CANNED = "Canned replies";
    CAPTION = "Tickets of your departments";
    HOW_MUCH = "How much waits";
    ALL = "All that waits";
    LATE = "Late";
    DUE = "Due";
    ALL_DEPARTMENTS = "All";
    answering(names) = "{names} is answering";
    DESK_KEYS = "Keys: J and K through the list, Enter opens, ? shows all keys.";
    VIEWS = "Your views";
    SAVE_VIEW = "Save as view";
    VIEW_NAME = "Name of the view";
    NAME_THE_VIEW = "Give the view a name.";
    VIEW_TOO_LONG = "These words are too long to be saved.";
    TOO_MANY = "At most 20 views: delete one first.";
    view_saved(name) = "The view “{name}” was saved.";
    view_deleted(name) = "The view “{name}” was deleted.";
    delete_view(name) = "Delete the view “{name}”";
    BULK = "Do something with all found";
}
