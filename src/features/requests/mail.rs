//! What requests write: to staff, and back to whoever asked.

use super::model::{Pending, RequestKind};
use super::words;
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
        reason: words::YOU_GET_THIS_MAIL_BECAUSE.into(),
        thread: format!("request-{id}"),
        ..Letter::default()
    }
    .seal(app)
}

fn who(by: &Membership) -> String {
    words::of_account(&by.user.name, &by.user.email, &by.account_name, &by.account_number)
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
        words::request_for_from(&title, &asset, &by.account_name),
        vec![words::has_sent_a_request_for(&who(by), &asset, &title), pending.sentence(time_format)],
        vec![words::when_it_is_done_latchkey(&id)],
    )
}

/// Tells staff that a request was taken back.
pub fn withdrawn(app: &AppState, by: &Membership, asset: &str, id: &str, kind: RequestKind) -> Message {
    let title = kind.title();
    let paragraph = words::has_withdrawn_the_request_for(&who(by), &id, &asset, &title);
    to_staff(
        app,
        "request-withdrawn",
        id,
        words::request_for_withdrawn_by(&title, &asset, &by.account_name),
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
        let outcome = if self.done { words::IS_DONE } else { words::WAS_REFUSED };
        let mut paragraphs = vec![words::request_for_made_by_on(
            &title, &self.asset, &self.asked_by, &self.account_name, &outcome,
        )];
        paragraphs.extend((!self.words.is_empty()).then(|| self.words.to_owned()));
        Letter {
            kind: "request-decided",
            account: Some(self.account.clone()),
            subject: words::request_for(&title, &self.asset, &outcome),
            heading: words::request_for(&title, &self.asset, &outcome),
            paragraphs,
            button: Some((words::OPEN_THE_ACCOUNT, paths::account(self.account))),
            reason: words::YOU_GET_THIS_MAIL_BECAUSE_YOU.into(),
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
