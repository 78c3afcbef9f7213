//! What people read of this feature.

crate::words::words! {
    THE_CATEGORY_MUST_BE_GENERAL = "The category must be general, service, domain or newsletter.";
    THE_FILE_MUST_START_WITH = "The file must start with the subject, one line of at most 200 characters, followed by the text.";
    account(name, number) = "{name}, account {number}";
    the_key_is_already_used(key) = "The key {key} is already used for a different announcement. Choose another key.";
    HEAD_BASE_TARGET_TOP = "<head><base target=\"_top\">";
    SAMEORIGIN = "SAMEORIGIN";
    no_mail_about_this_account(email) = "No mail about this account has gone to {email} yet.";
    ALL_MAIL_TO_THIS_PERSON = "All mail to this person";
    MAIL_AND_DELIVERY = "Mail and delivery";
    you_get_this_mail_because(category) = "You get this mail because {category}.";
    choose_which_mail_you_get(value, choice_url, value_2) = "{value}Choose which mail you get:\n{choice_url}\n{value_2}";
    MARGIN_0_0_16PX = ";margin:0 0 16px";
    CHOOSE_WHICH_MAIL_YOU_GET = "Choose which mail you get";
    IF_THE_BUTTON_DOES_NOT = "If the button does not work, open this address:";
    QUEUED = "Queued";
    SENT = "Sent";
    FAILED = "Failed";
    ALL = "All";
    DEMO_MAIL = "Demo mail";
    THE_LATEST_100_MESSAGES_FROM = "The latest 100 messages from the demo.";
    FROM = "From";
    TO = "To";
    THE_MESSAGE = "The message";
    PLAIN_TEXT = "Plain text";
    EVERY_E_MAIL = "Every e-mail";
    EVERY_E_MAIL_THE_PORTAL = "Every e-mail the portal can send, with made-up details. What the demo has actually sent is at ";
    E_MAIL_HISTORY = "E-mail history";
    SEARCH_E_MAILS = "Search e-mails";
    SUBJECT_OR_RECIPIENT = "Subject or recipient";
    MAIL_ABOUT_THIS_ACCOUNT_NEWEST = "Mail about this account, newest first";
    SUBJECT = "Subject";
    STATUS = "Status";
    WRITTEN = "Written";
    ALL_MAIL_ABOUT_THIS_ACCOUNT = "All mail about this account appears here: who it went to, when, and whether it was sent.";
    ATTEMPTS = "Attempts";
    REASON = "Reason";
    GAVE_UP = "Gave up";
    NEXT_ATTEMPT = "Next attempt";
    SEND_AGAIN = "Send again";
    THIS_MESSAGE_CANNOT_BE_SENT = "This message cannot be sent again: it is still on its way, or it contains a link meant only for its recipient.";
    sent_to_again(subject, to_email) = "sent “{subject}” to {to_email} again";
    the_message_is_on_its(to_email) = "The message is on its way to {to_email} again.";
    this_message_was_already_sent(pause_minutes) = "This message was already sent in the last {pause_minutes} minutes. Give it time to arrive.";
    IS_NO_LONGER_AN_ACTIVE = "is no longer an active contact or the main address of this account. Nothing was sent.";
    no_longer_gets_mail_nothing(to_email, kind) = "{to_email} no longer gets {kind} mail. Nothing was sent.";
}
