//! What people read about replacements.

crate::words::words! {
    HEADING = "Somebody else is to own this account";
    says(operator, by, name, email, reason) = "{by} of {operator} was told that the owner is gone, and wants to make {name} ({email}) the owner. The reason: {reason}";
    due(when) = "This happens {when} unless you stop it.";
    STOP_LEAD = "If you are still here, stop it: nothing changes, and they are told.";
    STOP = "I am still here: stop it";
    STOPPED = "It was stopped. You stay the owner.";
    NOTHING_WAITS = "Nothing waits any more: it was stopped or done meanwhile. Load the page again.";
    stopped_it(name) = "stopped making {name} the owner";
    subject(account) = "{account} is to get another owner";
    mail_says(by, operator, account, name, email, when) = "{by} of {operator} wants to make {name} ({email}) the owner of {account}, because its owner cannot be reached. This happens on {when}.";
    mail_reason(reason) = "The reason that was given: {reason}";
    MAIL_STOP = "If you are the owner and still here, sign in and stop it. Without a login that works, answer this mail.";
    STAY_THE_OWNER = "Stay the owner";
    OWNS = "You get this mail because you own this account.";
    IS_MAIN = "You get this mail because this is the main address of this account.";
    IS_NEW = "You get this mail because this account is to be yours.";
    IS_STAFF = "You get this mail because you began it.";
    subject_new(account) = "You are to own {account}";
    new_says(operator, account, when) = "{operator} makes you the owner of {account} on {when}, unless its owner says no until then. You need not do anything.";
    subject_stopped(account) = "{account} keeps its owner";
    stopped_says(account) = "The plan to give {account} another owner was stopped. Nothing has changed.";
    subject_done(account) = "{account} has a new owner";
    done_says(name, email, account) = "{name} ({email}) is now the owner of {account}. The waiting time has passed, and nobody said no.";
    done_main(email) = "The main address of the account was the former owner's; it is {email} now.";
    DONE_WRONG = "If this is wrong, answer this mail straight away.";
    became_the_owner(name, email) = "made {name} ({email}) the owner, after the waiting time";
    could_not(name) = "did not make {name} the owner: they can no longer enter the account";
    SAMPLE_REASON = "Her partner called: she has left the company.";
    OWNER = "Owner";
    MAIN_ADDRESS = "Main address";
    ALREADY = "Somebody is to take over this account already. Stop that first.";
    CANNOT_OWN = "Choose an active contact who has a login.";
}
