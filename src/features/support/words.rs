//! What people read about looks of staff.

crate::words::words! {
    SUPPORT_ACCESS = "Support access";
    LEAD = "May the support team see the portal as you see it? They can look and change nothing, and every look stands in your activity.";
    ALWAYS = "Always";
    ALWAYS_MEANS = "The support team may look when they need to help.";
    ASK_ME = "Ask me";
    ASK_ME_MEANS = "You are asked each time, by e-mail and here.";
    NEVER = "Never";
    NEVER_MEANS = "Nobody may look. In an emergency an administrator can still do so, and you are told at once.";
    SAVE = "Save choice";
    CHOOSE = "Choose one of the three.";
    saved(choice) = "Support access is now “{choice}”.";
    chose(choice) = "set support access to “{choice}”";
    wants_to_see(name, operator) = "{name} of {operator} asks to see the portal as you see it";
    reason(text) = "Reason: {text}";
    LOOKS_ONLY = "They can look for one hour and change nothing.";
    ALLOW = "Allow for one hour";
    REFUSE = "Refuse";
    allowed(name) = "{name} may look for one hour.";
    refused(name) = "{name} may not look.";
    allowed_view(name) = "allowed {name} to see the portal as the customer for one hour";
    refused_view(name) = "did not allow {name} to see the portal as the customer";
    NO_LONGER_WAITS = "This question no longer waits for an answer.";
    may_look(name, when) = "{name} may look until {when}";
    END_NOW = "End now";
    ENDED = "Nobody may look any more.";
    ENDED_VIEWS = "ended the access of support";
    asked_to_view(reason) = "asked to see the portal as the customer: {reason}";
    opened_view(name, reason) = "saw the portal as {name}: {reason}";
    broke_glass(name, reason) = "saw the portal as {name} without consent (emergency): {reason}";
    ask_subject(name) = "{name} asks to see your portal";
    ASK_HEADING = "May support look?";
    ask_text(name, operator, account) = "{name} of {operator} would like to see the portal of {account} as you see it, to help you. They can look and change nothing.";
    ANSWER = "Answer";
    ASK_AFTER = "If you do nothing, nobody looks. You can change “Support access” in the profile of the account at any time.";
    ask_why(account) = "You get this mail because you own the account {account}.";
    glass_subject(operator) = "{operator} looked at your account in an emergency";
    GLASS_HEADING = "Emergency access";
    glass_text(name, operator, account) = "{name} of {operator} is looking at the portal of {account} as you see it, without your consent, because it could not wait. They can change nothing.";
    SEE_ACTIVITY = "See activity";
    KEPT = "1 year";
}
