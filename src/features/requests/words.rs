//! What people read of this feature.

crate::words::words! {
    requested(title) = "{title} requested";
    WITHDRAW_REQUEST = "Withdraw request";
    YOU_GET_THIS_MAIL_BECAUSE = "You get this mail because this is the address for customers' requests (LATCHKEY_STAFF_EMAIL).";
    of_account(name, email, account_name, account_number) = "{name} ({email}) of {account_name}, account {account_number},";
    request_for_from(title, asset, account_name) = "{title} request for {asset} from {account_name}";
    has_sent_a_request_for(by, asset, title) = "{by} has sent a request for {asset}: {title}.";
    when_it_is_done_latchkey(id) = "When it is done: latchkey requests done {id}. To refuse it: latchkey requests refuse {id}.";
    has_withdrawn_the_request_for(by, id, asset, title) = "{by} has withdrawn the request {id} for {asset}: {title}. There is nothing to do.";
    request_for_withdrawn_by(title, asset, account_name) = "{title} request for {asset} withdrawn by {account_name}";
    IS_DONE = "is done";
    WAS_REFUSED = "was refused";
    request_for_made_by_on(title, asset, asked_by, account_name, outcome) = "{title} request for {asset}, made by {asked_by} on the account {account_name}, {outcome}.";
    request_for(title, asset, outcome) = "{title} request for {asset} {outcome}";
    OPEN_THE_ACCOUNT = "Open the account";
    YOU_GET_THIS_MAIL_BECAUSE_YOU = "You get this mail because you made the request, or because you own the account and the person who made it has left.";
    UPGRADE = "Upgrade";
    CANCELLATION = "Cancellation";
    NAMESERVER_CHANGE = "Nameserver change";
    REGISTRAR_LOCK_CHANGE = "Registrar lock change";
    from(from, wanted) = "From {from}. {wanted}";
    at_the_end_of_the(wanted) = "At the end of the paid period. {wanted}";
    switch_it(wanted) = "Switch it {wanted}.";
    this_account_has_requested_changes(per_day) = "This account has requested {per_day} changes in the last 24 hours, which is the limit. Nothing was sent: try again tomorrow, or contact support.";
    is_already_requested_for_withdraw(title, name) = "{title} is already requested for {name}. Withdraw that request first to change it.";
    WANTED = "Wanted";
    made_a_request_for(name, title) = "made a request for {name}: {title}";
    requested_for_will_answer_as(title, name, operator_name) = "{title} requested for {name}. {operator_name} will answer as soon as possible.";
    for_is_no_longer_pending(title, name) = "{title} for {name} is no longer pending. Load the page again to see the outcome.";
    withdrew_the_request_for(name, title) = "withdrew the request for {name}: {title}";
    the_request_was_withdrawn_nothing(name) = "The request was withdrawn. Nothing changes for {name}.";
    marked_the_request_for_as(asset, outcome, title) = "marked the request for {asset} as {outcome}: {title}";
    MESSAGE_TO_THE_CUSTOMER = "Message to the customer";
    for_is_gets_an_e(title, asset, account_name, done, email) = "{title} for {asset} ({account_name}) is {done}; {email} gets an e-mail about it.";
}
