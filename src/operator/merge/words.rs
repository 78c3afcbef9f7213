//! What people read about merging.

crate::words::words! {
    CUSTOMERS = "Customers";
    MERGE = "Merge into another account";
    LEAD = "For one customer with two accounts. Everything on this account moves to the other one, and this one is closed for good.";
    NUMBER = "Number of the other account";
    NUMBER_HINT = "The account that stays.";
    LOOK = "Show what would move";
    plan(from, number, to, to_number) = "{from} ({number}) would be merged into {to} ({to_number}):";
    services(count) = "Services: {count}";
    domains(count) = "Domains: {count}";
    messages(count) = "E-mails of the history: {count}";
    notes(count) = "Notes: {count}";
    requests(count) = "Requests that wait: {count}";
    MOVE = "become contacts there";
    JOIN = "are on both, and become one contact";
    and_more(count) = "and {count} more";
    NOBODY = "Nobody";
    KEEP = "On the services and domains that move, everybody keeps what they may do. What they may do on the whole account does not come along, so nobody sees more than before. The owner becomes a contact.";
    MAIL = "Whoever becomes a contact gets no mail of the other account until somebody gives it to them.";
    ACTIVITY = "The activity of this account stays with it.";
    REASON = "Reason";
    REASON_HINT = "It stands in the activity of both accounts.";
    SAY_WHY = "Say why.";
    NO_SUCH_ACCOUNT = "There is no open account with this number.";
    SAME_ACCOUNT = "This is the account itself.";
    IS_ENDED = "This account was erased or merged already.";
    TOO_LARGE = "These accounts are too large to merge in one step. Move services first, a few at a time.";
    merged(from, to) = "{from} was merged into {to}.";
    merged_into(name, number, reason) = "merged the account into {name} ({number}): {reason}";
    merged_here(name, number, reason) = "merged the account {name} ({number}) into this one: {reason}";
    subject(from, to) = "{from} is now part of {to}";
    mail(operator, from, to) = "{operator} merged the account {from} into {to}. Services and domains moved there, with what everybody may do on them.";
    OPEN = "Open the account";
    REASON_OWNER = "You get this mail because you own one of the two accounts.";
}
