//! What people read about templates.

crate::words::words! {
    TEMPLATES = "Mail templates";
    LEAD = "How the e-mails of the portal are worded. Each has a text of its own until you change it.";
    KIND = "E-mail";
    STATUS = "Status";
    CHANGED = "Yours";
    DRAFT = "Draft";
    AS_IT_IS = "Original";
    EDIT = "Edit template";
    SUBJECT = "Subject";
    HEADING = "Heading";
    BODY = "Text";
    BODY_HINT = "Markdown: **bold**, *italic*, lists, [links](https://example.com). The button and the line that says why somebody gets the mail are added by themselves.";
    VARIABLES = "Variables";
    VARIABLES_LEAD = "Filled in for each mail; this is what they are in the preview.";
    PREVIEW = "Preview";
    PREVIEW_LEAD = "With made-up data, as the draft words it.";
    MESSAGE = "The e-mail as its recipient sees it";
    PLAIN_TEXT = "Plain text";
    SAVE_DRAFT = "Save draft and preview";
    USE = "Use from now on";
    TEST = "Send me a test e-mail";
    RESET = "Back to the original";
    HISTORY = "History";
    NO_HISTORY = "It was never changed.";
    TAKE = "Take as draft";
    CANCEL = "Cancel";
    DRAFT_SAVED = "The draft was saved. Nobody gets it before you use it.";
    DRAFT_TAKEN = "It is the draft now. Nobody gets it before you use it.";
    used(kind) = "E-mails of the kind “{kind}” are worded like this from now on.";
    RESET_DONE = "The original words are used again. Your own stay in the history.";
    tested(email) = "A test e-mail is on its way to {email}.";
    changed_template(kind) = "changed the mail template “{kind}”";
    reset_template(kind) = "went back to the original of the mail template “{kind}”";
    CHANGED_MEANWHILE = "Somebody changed this template meanwhile. Nothing was saved: load the page again.";
    NO_DRAFT = "There is no draft to use.";
    NOT_CHANGED = "The original is used already.";
    ENTER_IT = "Enter something, for example the variable that stands for the original.";
    BUTTON_STAYS = "What the button leads to cannot be changed.";
}
