//! What people read about replacing an owner.

crate::words::words! {
    CUSTOMERS = "Customers";
    REPLACE_OWNER = "Replace the owner";
    LEAD = "For an owner who has died, left the company, or cannot be reached. An owner who is there hands the account over by themself.";
    what_happens(days) = "The owner and the main address are told now and can stop it for {days} days. Then the account is handed over; a main address that is the owner’s becomes the new owner’s.";
    NEW_OWNER = "New owner";
    CHOOSE_A_CONTACT = "Choose a contact";
    REASON = "Reason";
    REASON_HINT = "Who told you, and what you checked. The owner reads it.";
    CLOSE_FORMER = "Close the former owner’s contact";
    CLOSE_FORMER_HINT = "They no longer get in and get no mail. Otherwise they keep “Full Privileges” without ownership.";
    BEGIN = "Begin the waiting time";
    CANCEL = "Cancel";
    SAY_WHY = "Say why.";
    NOBODY = "Nobody can take over this account yet";
    NOBODY_LEAD = "The new owner has to be an active contact with a login. Invite them first, then come back.";
    CONTACTS = "Contacts";
    begun(name, when) = "{name} becomes the owner on {when}. The owner was told and can stop it until then.";
    began(name, email, reason) = "began to make {name} ({email}) the owner: {reason}";
    waits(name, email, when) = "{name} ({email}) becomes the owner on {when}, unless somebody stops it.";
    began_by(by, when) = "Begun by {by} {when}.";
    FORMER_IS_CLOSED = "The former owner’s contact is closed then.";
    STOP = "Stop it";
    STOPPED = "It was stopped. The owner stays.";
    stopped_it(name) = "stopped making {name} the owner";
}
