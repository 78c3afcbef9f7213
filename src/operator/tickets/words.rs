//! What people read of this feature.

crate::words::words! {
    TICKETS = "Tickets";
    LEAD = "Who waits longest comes first.";
    SEARCH = "Search tickets";
    WAITS_FOR_US = "Waits for us";
    ANSWERED = "Answered";
    CLOSED = "Closed";
    ALL = "All";
    CAPTION = "Tickets of your departments";
}
