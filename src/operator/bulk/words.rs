//! What people read about work on many customers.

crate::words::words! {
    CUSTOMERS = "Customers";
    TITLE = "Do something with all found";
    found(count) = "Customers found: {count}";
    NOTHING_FOUND = "Nothing was found, so there is nothing to do.";
    too_many(most) = "At most {most} at once: narrow the search down.";
    ACT = "What to do";
    CLOSE = "Close the accounts";
    REOPEN = "Open the accounts again";
    INVITE = "Invite owners who have no login";
    REASON = "Reason";
    REASON_HINT = "It stands in the activity of each.";
    BEGIN = "Do it";
    CANCEL = "Cancel";
    CHOOSE = "Choose what to do.";
    SAY_WHY = "Say why.";
    begun(count) = "It is being done to {count} customers. You can leave this page.";
    progress(done, total) = "{done} of {total}";
    DONE = "Done";
    RUNNING = "Working";
    INTERRUPTED = "Interrupted";
    result(changed, left) = "{changed} were changed; with {left} there was nothing to do.";
    GO_ON = "Go on";
    GOES_ON = "It goes on.";
    UNDO = "Undo for all";
    undone(count) = "It is being undone for {count} customers.";
    UNDOES = "Undone";
    IS_UNDONE = "This was undone.";
    SEE_UNDO = "See how far that is";
    NOT_TO_UNDO = "This cannot be undone, or was already.";
    by(name) = "begun by {name}";
    LOOK_AGAIN = "Look again";
    IS_RUNNING = "It runs already.";
    closed_with(reason) = "closed the account, with others: {reason}";
    reopened_with(reason) = "opened the account again, with others: {reason}";
    invited_with(email) = "invited the owner at {email}, with others";
    WORK = "Work on many customers";
    KEPT = "90 days";
}
