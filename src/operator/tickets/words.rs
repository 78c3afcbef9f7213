//! What people read of this feature.

crate::words::words! {
    TICKETS = "Tickets";
    LEAD = "Who waits longest comes first.";
    SEARCH = "Search tickets";
    WAITS_FOR_US = "Waits for us";
    ANSWERED = "Answered";
    CLOSED = "Closed";
    MAIL_THAT_WAITS = "E-mail that waits";
    CAPTION = "Tickets of your departments";
}
