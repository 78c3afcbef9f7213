//! What people read of this feature.

crate::words::words! {
    can_enter_the_account_and(name) = "{name} can enter the account and nothing else.";
    WITH_CHANGES_THAT_ARE_NOT = ", with changes that are not saved yet";
    PREVIEW = "Preview";
    YOU_ARE_SEEING = "You are seeing ";
    would_see_it_nothing_can(unsaved) = " would see it{unsaved}. Nothing can be changed here.";
    LEAVE_PREVIEW = "Leave preview";
    WHAT_THIS_PERSON_CAN_DO = "What this person can do";
    will_no_longer_be_able(name) = "{name} will no longer be able to";
    NOT_SHOWN_BECAUSE_YOU_MAY = "Not shown, because you may not see it yourself";
    SEE_IT_AS = "See it as ";
    N_30_MINUTES = "30 minutes";
    cannot_enter_this_account_so(title) = "{title} cannot enter this account, so there is nothing to see.";
    THE_PERSON_YOU_INVITE = "the person you invite";
    WITHOUT_ACTIVATE_SUB_ACCOUNT_THIS = "Without “Activate Sub-Account” this person cannot enter the account, so there is nothing to see. Tick it first.";
    THERE_IS_NO_PREVIEW_FOR = "There is no preview for the owner, who sees everything, or for yourself.";
    STAFF_VIEW_WITH_CONSENT = "Staff see the portal as somebody else with the customer’s consent: use “View as customer” on the customer’s summary.";
}
