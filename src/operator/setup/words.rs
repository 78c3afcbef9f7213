//! What people read at the first start.

crate::words::words! {
    TITLE = "Set up your portal";
    LEAD = "Three steps, about five minutes: your own login, a second factor for it, and your company. You can stop after each; what is done is kept.";
    COMPANY = "Company name";
    COMPANY_HINT = "As your customers know it. It stands on every page and in every e-mail.";
    ADDRESS = "Postal address";
    ADDRESS_HINT = "A line each. It can wait.";
    COLOUR = "Colour";
    COLOUR_HINT = "Of buttons and links. White text has to be readable on it.";
    YOUR_NAME = "Your name";
    YOUR_E_MAIL = "Your e-mail";
    E_MAIL_HINT = "A login for the staff area alone, apart from any customer account.";
    PASSWORD = "Password";
    CREATE = "Create my login";
    DEAD = "This link does not work: the portal has been set up, or the link is from an earlier start. Start the portal again to see the one that works, or sign in.";
    SIGN_IN = "Sign in";
    SET_UP = "set the portal up and became its first administrator";
    SIGNED_IN = "signed in at the first start";
    DONE = "Your login is ready. Now the second factor, then your company.";
    base_url(url) = "The portal is reached at {url}. Links in e-mails begin with it: if that is wrong, start it again with --base-url.";
}
