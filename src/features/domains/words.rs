//! What people read of this feature.

crate::words::words! {
    BEING_REGISTERED = "Being registered";
    ACTIVE = "Active";
    EXPIRED = "Expired";
    CANCELLED = "Cancelled";
    ALL = "All";
    is_not_the_name_of(server) = "{server} is not the name of a server. Write it like ns1.example.com.";
    ENTER_AT_LEAST_TWO_NAMESERVERS = "Enter at least two nameservers, one per line.";
    ENTER_AT_MOST_13_NAMESERVERS = "Enter at most 13 nameservers.";
    DOMAINS = "Domains";
    SEARCH_DOMAINS = "Search domains";
    NAME = "Name";
    DOMAINS_YOU_CAN_SEE = "Domains you can see";
    DOMAIN = "Domain";
    STATUS = "Status";
    REGISTERED_UNTIL = "Registered until";
    AUTOMATIC_RENEWAL = "Automatic renewal";
    REGISTRAR_LOCK = "Registrar lock";
    DOMAIN_NAMES_REGISTERED_FOR_THIS = "Domain names registered for this account appear here.";
    SWITCH_OFF_AUTOMATIC_RENEWAL = "Switch off automatic renewal";
    SWITCH_ON_AUTOMATIC_RENEWAL = "Switch on automatic renewal";
    REQUEST_UNLOCK = "Request unlock";
    REQUEST_LOCK = "Request lock";
    CHANGE_NAMESERVERS = "Change nameservers";
    NAMESERVERS = "Nameservers";
    ONE_PER_LINE_AT_LEAST = "One per line, at least two. The domain's website and mail depend on them.";
    REQUEST_CHANGE = "Request change";
    REGISTERED = "Registered";
    THE_LOCK_STOPS_THE_DOMAIN = "The lock stops the domain being transferred to another registrar.";
    already_has_these_nameservers(name) = "{name} already has these nameservers.";
    the_registrar_lock_of_is(name, wanted) = "The registrar lock of {name} is already {wanted}.";
    has_been_cancelled_so_nothing(name) = "{name} has been cancelled, so nothing about it can be changed.";
    switched_automatic_renewal_of(name, word) = "switched automatic renewal of {name} {word}";
    now_renews_automatically(name) = "{name} now renews automatically.";
    no_longer_renews_automatically_it(name, expires) = "{name} no longer renews automatically. It expires on {expires}.";
    EDIT = "Edit";
    NEW_DOMAIN = "New domain";
}
