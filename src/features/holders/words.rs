//! What people read of this feature.

crate::words::words! {
    MORE_PEOPLE_HAVE_ACCESS_SEE = "More people have access: see Contacts";
    PEOPLE_WITH_ACCESS = "People with access";
    WHO_HAS_WHAT_AND_HOW = "Who has what, and how";
    all_includes_future_ones_this(all, one) = "“All {all}” includes future ones; “This {one}” was given for this one alone.";
    CAN_SEE_IT = "Can see it";
    CAN_USE_THE_CONTROL_PANEL = "Can use the control panel";
    CAN_SEE_ITS_BILLING = "Can see its billing";
    CAN_UPGRADE_IT = "Can upgrade it";
    CAN_CANCEL_IT = "Can cancel it";
    CAN_MANAGE_IT = "Can manage it";
    PERSON = "Person";
    CHANGE = "Change";
    ONCE_THE_INVITATION_IS_ACCEPTED = "Once the invitation is accepted";
    CHANGE_PERMISSIONS_OF = "Change permissions of ";
    OWNER = "Owner";
    ALL_SERVICES = "All services";
    ALL_DOMAINS = "All domains";
    THIS_SERVICE = "This service";
    THIS_DOMAIN = "This domain";
    NOBODY = "Nobody";
    and_others(first, second, rest) = "{first}, {second} and {rest} others";
}
