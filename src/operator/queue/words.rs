//! What people read about the work queue.

crate::words::words! {
    REQUESTS = "Requests";
    LEAD = "What customers asked for, oldest first. Approving applies it: the service ends, or the domain gets its new settings. Whoever asked is told by e-mail.";
    NONE = "No requests are waiting.";
    NONE_HINT = "Requests for upgrades, cancellations, nameservers and registrar locks appear here.";
    by(name) = "asked by {name}";
    account(name, number) = "{name}, account {number}";
    TAKE = "Take";
    GIVE_BACK = "Give back";
    taken_by(name) = "{name} works on it";
    MESSAGE = "Message to the customer";
    MESSAGE_HINT = "Sent with the answer. Needed to refuse.";
    ANSWER = "Answer";
    APPROVE = "Approve";
    REFUSE = "Refuse";
    SAY_WHY = "Say why: the customer reads it.";
    GONE = "This request is no longer waiting: somebody was faster, or it was withdrawn.";
    TAKEN = "You work on it now.";
    GIVEN_BACK = "Anybody can take it now.";
    NOT_YOURS = "Somebody else works on this request.";
    title(kind, asset) = "{kind}: {asset}";
}
