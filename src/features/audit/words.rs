//! What people read of this feature.

crate::words::words! {
    TIME_UTC = "Time (UTC)";
    WHO = "Who";
    ROLE = "Role";
    WHAT = "What";
    BEFORE_AND_AFTER = "Before and after";
    FROM = "From";
    KIND = "Kind";
    NOTHING_ON_THIS_ACCOUNT_IN = "Nothing on this account in the last 7 days.";
    EVERYTHING_THIS_PERSON_DID = "Everything this person did";
    NOTHING_HAS_BEEN_CHANGED_YET = "Nothing has been changed yet.";
    EVERY_CHANGE_TO_THIS_CONTACT = "Every change to this contact";
    LAST_7_DAYS = "Last 7 days";
    CHANGES_TO_PERMISSIONS_AND_DETAILS = "Changes to permissions and details";
    CONTACTS = "Contacts";
    PERMISSIONS = "Permissions";
    INVITATIONS = "Invitations";
    SERVICES_AND_DOMAINS = "Services and domains";
    INVOICES_AND_PAYMENTS = "Invoices and payments";
    TICKETS = "Tickets";
    E_MAIL = "E-mail";
    ACCOUNT_AND_OWNERSHIP = "Account and ownership";
    LOGINS = "Logins";
    OWNER = "Owner";
    CONTACT = "Contact";
    STAFF = "Staff";
    ACTIVITY = "Activity";
    CSV = "CSV";
    EVERYBODY = "Everybody";
    EVERYTHING = "Everything";
    SEARCH = "Search";
    ABOUT = "About";
    ONE_CONTACT = "One contact";
    UNTIL = "Until";
    NO_ACTIVITY_YET = "No activity yet";
    EVERY_CHANGE_ON_THIS_ACCOUNT = "Every change on this account appears here: who made it, when and from where, and what it was before.";
    NO_ACTIVITY_MATCHES_THESE_FILTERS = "No activity matches these filters";
    WIDEN_THE_DATES_OR_CLEAR = "Widen the dates or clear the filters.";
    THE_PORTAL = "The portal";
    COMMAND_LINE = "Command line";
    the_activity_trail_cannot_be(error) = "The activity trail cannot be read: {error}.";
    THE_KEY_DOES_NOT_MATCH = "The key does not match this database: its activity trail was sealed with a different one. Nothing was written. \
        Put back the key that belongs to the database, or the database that belongs to the key.";
    THE_ACTIVITY_TRAIL_HAS_ENTRIES = "The activity trail has entries of an account or login, but the record of where they end was removed.";
    THE_ACTIVITY_TRAIL_WAS_NOT = "The activity trail was not sealed with this installation's key, or the number of trails was changed.";
    there_are_activity_trails_there(there, known) = "There are {there} activity trails; there should be {known}.";
    the_activity_trail_of_was(scope, serial) = "The activity trail of {scope} was changed at or before entry {serial}.";
    WITH_DIFFERENT_CONTENT = " with different content";
    the_activity_trail_of_ends(scope, serial, end, other) = "The activity trail of {scope} ends at entry {serial}; it should end at entry {end}{other}.";
    staff_for(name, account) = "{name} · Staff for {account}";
    on_account(says, account, number) = "{says} ({account}, account {number})";
    STAFF_AND_SETTINGS = "Staff and settings";
}
