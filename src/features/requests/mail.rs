//! What requests write: to staff, and back to whoever asked.

use super::model::{Pending, RequestKind};
use crate::access::membership::Membership;
use crate::access::state::AppState;
use crate::category::Category;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;
use crate::types::{AccountId, TimeFormat};

fn to_staff(
    app: &AppState,
    kind: &'static str,
    id: &str,
    subject: String,
    paragraphs: Vec<String>,
    after: Vec<String>,
) -> Message {
    Letter {
        kind,
        // Staff's own mail is no part of the customer's history.
        account: None,
        to_name: app.config().operator_name.clone(),
        to_email: app.config().staff_email.clone(),
        heading: subject.clone(),
        subject,
        paragraphs,
        button: None,
        secret: None,
        after,
        reason:
            "You get this mail because this is the address for customers' requests (LATCHKEY_STAFF_EMAIL)."
                .into(),
        thread: format!("request-{id}"),
        ..Letter::default()
    }
    .seal(app)
}

fn who(by: &Membership) -> String {
    format!("{} ({}) of {}, account {},", by.user.name, by.user.email, by.account_name, by.account_number)
}

/// Tells staff of a request.
pub fn requested(
    app: &AppState,
    by: &Membership,
    asset: &str,
    id: &str,
    pending: &Pending,
    time_format: &TimeFormat,
) -> Message {
    let title = pending.kind.title();
    to_staff(
        app,
        "request",
        id,
        format!("{title} request for {asset} from {}", by.account_name),
        vec![format!("{} has sent a request for {asset}: {title}.", who(by)), pending.sentence(time_format)],
        vec![format!(
            "When it is done: latchkey requests done {id}. To refuse it: latchkey requests refuse {id}."
        )],
    )
}

/// Tells staff that a request was taken back.
pub fn withdrawn(app: &AppState, by: &Membership, asset: &str, id: &str, kind: RequestKind) -> Message {
    let title = kind.title();
    let paragraph =
        format!("{} has withdrawn the request {id} for {asset}: {title}. There is nothing to do.", who(by));
    to_staff(
        app,
        "request-withdrawn",
        id,
        format!("{title} request for {asset} withdrawn by {}", by.account_name),
        vec![paragraph],
        Vec::new(),
    )
}

/// Staff's answer to a request.
pub struct Decided<'a> {
    /// The account.
    pub account: &'a AccountId,
    /// Its name.
    pub account_name: &'a str,
    /// Who asked.
    pub asked_by: &'a str,
    /// What it is about.
    pub asset: &'a str,
    /// What was asked for.
    pub kind: RequestKind,
    /// Done, or refused.
    pub done: bool,
    /// Words of staff.
    pub words: &'a str,
}

impl Decided<'_> {
    /// Tells what came of it: whoever asked, and everybody who gets mail about services or domains. To whom
    /// is filled in by others.
    pub fn letter(&self, id: &str) -> Letter {
        let title = self.kind.title();
        let outcome = if self.done { "is done" } else { "was refused" };
        let mut paragraphs = vec![format!(
            "{title} request for {}, made by {} on the account {}, {outcome}.",
            self.asset, self.asked_by, self.account_name
        )];
        paragraphs.extend((!self.words.is_empty()).then(|| self.words.to_owned()));
        Letter {
            kind: "request-decided",
            account: Some(self.account.clone()),
            subject: format!("{title} request for {} {outcome}", self.asset),
            heading: format!("{title} request for {} {outcome}", self.asset),
            paragraphs,
            button: Some(("Open the account", paths::account(self.account))),
            reason: "You get this mail because you made the request, or because you own the account and the person who made it has left.".into(),
            thread: format!("request-{id}"),
            ..Letter::default()
        }
    }

    /// The category of the asset.
    pub fn category(&self) -> Category {
        match self.kind {
            RequestKind::Upgrade | RequestKind::Cancel => Category::Service,
            RequestKind::Nameservers | RequestKind::Lock => Category::Domain,
        }
    }
}
