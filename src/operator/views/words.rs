//! What staff read about looking as a customer.

crate::words::words! {
    VIEW_AS = "View as customer";
    CUSTOMERS = "Customers";
    LEAD = "You see the portal exactly as the customer does, and can change nothing. It ends after one hour at most and stands in the customer’s activity with your name and reason.";
    ALLOWS_ALWAYS = "This customer lets support look without asking.";
    ASKS = "This customer wants to be asked. The owner gets an e-mail and a notice with “Allow for one hour”.";
    NEVER = "This customer does not let support look.";
    REASON = "Reason";
    REASON_HINT = "The customer reads it.";
    SAY_WHY = "Say why you need to look: the customer reads it.";
    OPEN = "View as customer";
    ASK = "Ask the owner";
    waiting(when) = "You asked; the owner has not answered yet. The question waits until {when}.";
    allowed(when) = "The owner allows it until {when}.";
    GLASS = "Emergency";
    GLASS_LEAD = "Look without consent. The owner is told at once, with your name and reason. Confirm first that it is you.";
    BREAK_GLASS = "Look without consent";
    asked_say(name) = "{name} was asked. You can look as soon as they allow it.";
    ALREADY_ASKED = "You have asked already, and the owner has not answered yet.";
    NOT_ALLOWED = "This customer does not let support look.";
}
