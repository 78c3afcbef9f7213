//! What people read of this feature.

crate::words::words! {
    invoice_is_overdue(number, due) = "Invoice {number} was due on {due} and is not paid";
    NOTHING_NEEDS_YOUR_ATTENTION_RIGHT = "Nothing needs your attention right now.";
    and_more(more) = "and {more} more";
    NEEDS_ATTENTION = "Needs attention";
    asks_for(name, what) = "{name} asks for “{what}”";
    the_invitation_to_expires(name, when) = "The invitation to {name} expires {when}";
    the_invitation_to_expired(name, when) = "The invitation to {name} expired {when}";
    the_invitation_to_was_not(name, detail) = "The invitation to {name} was not delivered: {detail}";
    mail_to_has_failed(name, since, reason) = "Mail to {name} has failed since {since}: {reason}";
    N_1_PERSON_HAS_NO_SECOND = "1 person has no second factor, which this account requires";
    people_have_no_second_factor(detail) = "{detail} people have no second factor, which this account requires";
    is_suspended(name) = "{name} is suspended";
    expires_and_is_not_renewed(name, when) = "{name} expires {when} and is not renewed automatically";
    expired(name, when) = "{name} expired {when}";
    DOMAIN_MAIL_REACHES_NOBODY_THE = "Domain mail reaches nobody: mail to every address that would get it fails";
}
