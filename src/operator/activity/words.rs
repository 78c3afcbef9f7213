//! What people read about the activity of staff.

crate::words::words! {
    ACTIVITY = "Activity";
    LEAD = "What staff did, on accounts and in this area. What they did on an account stands in its own activity as well, for the customer to read.";
}
