//! SQL of the e-mail history: the account's part of the outbox, for reading and for sending a message once
//! more.

use super::model::{FILTERS, HistoryRow, MailState, MailView, PersonMail};
use super::words;
use crate::access::list::{self, List, Selection, Sort, States, list_row};
use crate::access::{InAccount, Reader, Tx};
use crate::category::Category;
use crate::error::{AppError, Result};
use crate::features::recipients::store::{gets, holder_of};
use crate::outbox::{self, CHOICE_URL, PLACEHOLDER};
use crate::paths;
use crate::platform::db::{FromRow, args, made_statements};
use crate::types::{ContactId, ListQuery, MessageId, Page, Timestamp};

const SHOW: &str = r"SELECT id, to_name, to_email, subject, body_html, body_text, state, attempts,
        last_error, created_at, sent_at, failed_at, due_at
    FROM outbox
    WHERE account_id = $1 AND id = $2";
const EMAIL_OF: &str = "SELECT email FROM contacts WHERE account_id = $1 AND id = $2";
const RECENTLY: &str = r"SELECT count(*)
    FROM outbox
    WHERE account_id = $1 AND to_email = $2 AND subject = $3 AND created_at > $4";
const CATEGORY: &str = "SELECT category FROM outbox WHERE account_id = $1 AND id = $2";
const AGAIN: &str = r"INSERT INTO outbox (id, account_id, kind, to_name, to_email, subject, body_html,
        body_text, created_at, due_at, category, thread, holder, search_text, counted, files) SELECT $3,
        account_id, kind, to_name, to_email, subject, body_html, body_text, $4, $4, category, thread, $5,
        search_text, TRUE, files
    FROM outbox
    WHERE account_id = $1 AND id = $2";

list_row! {
    ListRow {
        id: String = "o.id",
        to_name: String = "o.to_name",
        to_email: String = "o.to_email",
        subject: String = "o.subject",
        state: MailState = "o.state",
        error: String = "o.last_error",
        at: i64 = "o.created_at",
    }
}
const LIST: List = List {
    table: ("outbox", "o"),
    scope: "o.account_id",
    joins: "",
    sorts: &[Sort { name: "", key: "o.created_at", number: true, descending: true }],
    states: States::Column("o.state", FILTERS),
};

impl From<ListRow> for HistoryRow {
    fn from(row: ListRow) -> Self {
        Self {
            id: row.id.into(),
            to_name: row.to_name,
            to_email: row.to_email,
            subject: row.subject,
            state: row.state,
            error: row.error,
            at: Timestamp(row.at),
        }
    }
}

fn to_address(email: &str) -> Selection {
    Selection::all().only_with("lower(o.to_email) = {}", email.to_ascii_lowercase())
}

fn found_by(typed: &str) -> Selection {
    Selection::all().containing("o.search_text LIKE {} ESCAPE '\\'", typed)
}

made_statements!(|| LIST.statements::<ListRow>(&[found_by(""), found_by("word"), to_address("x")]));

/// A page of what was sent to the account, newest first.
pub async fn history(reader: &mut Reader<InAccount>, query: &ListQuery) -> Result<Page<HistoryRow>> {
    let page = list::read(reader, &LIST, found_by(&query.q), query).await?;
    Ok(page.map(|row: ListRow| row.into()))
}

/// Mails that a person's page shows.
const ON_PAGE: usize = 8;

/// The newest mails of the account to one of its contacts.
///
/// # Errors
/// [`AppError::NotFound`] when the account has no such contact.
pub async fn of_person(reader: &mut Reader<InAccount>, contact: &ContactId) -> Result<PersonMail> {
    let now = reader.now();
    let email: Option<String> = reader.optional_value(EMAIL_OF, args![contact.as_str()]).await?;
    let email = email.ok_or(AppError::NotFound)?;
    let account = reader.account().clone();
    let to = to_address(&email);
    let rows: Vec<ListRow> =
        list::read_on(reader.conn(), account.as_str(), &LIST, &to, None, ON_PAGE).await?;
    Ok(PersonMail { rows: rows.into_iter().map(HistoryRow::from).collect(), email, now })
}

#[derive(FromRow)]
struct ShownMail {
    id: String,
    to_name: String,
    to_email: String,
    subject: String,
    body_html: String,
    body_text: String,
    state: String,
    attempts: i64,
    last_error: String,
    created_at: i64,
    sent_at: Option<i64>,
    failed_at: Option<i64>,
    due_at: i64,
}

/// What stands in a body of the history for the secret of a link: it was for the recipient alone.
const REMOVED: &str = "link-removed";

/// A stored body with links that lead nowhere.
fn without_links(body: &str) -> String {
    body.replace(PLACEHOLDER, REMOVED).replace(CHOICE_URL, &paths::preferences(REMOVED))
}

/// One message of the account and its HTML body. Links that were for the recipient alone lead nowhere.
///
/// # Errors
/// [`AppError::NotFound`] when the account has no such message.
pub async fn message(reader: &mut Reader<InAccount>, message: &MessageId) -> Result<(MailView, String)> {
    let now = reader.now();
    let row: Option<ShownMail> = reader.optional(SHOW, args![message.as_str()]).await?;
    let row = row.ok_or(AppError::NotFound)?;
    let state = MailState::from_key(&row.state);
    let view = MailView {
        again: state != MailState::Queued && !row.body_text.contains(PLACEHOLDER),
        text: without_links(&row.body_text),
        row: HistoryRow {
            id: row.id.into(),
            to_name: row.to_name,
            to_email: row.to_email,
            subject: row.subject,
            state,
            error: row.last_error,
            at: Timestamp(row.created_at),
        },
        attempts: row.attempts,
        sent: row.sent_at.map(Timestamp),
        failed: row.failed_at.map(Timestamp),
        next_try: (state == MailState::Queued && row.attempts > 0).then_some(Timestamp(row.due_at)),
        now,
    };
    Ok((view, without_links(&row.body_html)))
}

/// Minutes in which the same message is not sent twice to the same address.
const PAUSE_MINUTES: i64 = 10;

/// Puts a copy of a message into the outbox, if its recipient would get it today (M2, P5).
///
/// # Errors
/// [`AppError::Conflict`] for one that went out a moment ago, and for a recipient who has left or chosen
/// otherwise since.
pub async fn send_again(tx: &mut Tx<InAccount>, view: &MailView) -> Result<()> {
    let (account, now, id) = (tx.account().clone(), tx.now(), tx.new_id());
    let recently: i64 = tx
        .value(RECENTLY, args![&view.row.to_email, &view.row.subject, now.plus_minutes(-PAUSE_MINUTES).0])
        .await?;
    if recently > 0 {
        return Err(AppError::Conflict(words::this_message_was_already_sent(&PAUSE_MINUTES)));
    }
    let Some(holder) = holder_of(tx.conn(), &account, &view.row.to_email).await? else {
        let gone = words::IS_NO_LONGER_AN_ACTIVE;
        return Err(AppError::Conflict(format!("{} {gone}", view.row.to_email)));
    };
    let category: String = tx.value(CATEGORY, args![view.row.id.as_str()]).await?;
    if let Some(category) = Category::from_key(&category)
        && !gets(tx.conn(), &account, category, &view.row.to_email).await?
    {
        let kind = category.title().to_lowercase();
        return Err(AppError::Conflict(words::no_longer_gets_mail_nothing(&view.row.to_email, &kind)));
    }
    // Somebody else presses the button, so it counts whoever gets it.
    outbox::take(tx, Some(&account), &view.row.to_email).await?;
    tx.execute(AGAIN, args![view.row.id.as_str(), id, now.0, holder.column()]).await?;
    tx.mail_was_written();
    Ok(())
}
