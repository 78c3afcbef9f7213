//! Announcements of whoever runs the portal: one text to everybody whom the recipient rule names, on every
//! account or on one.
//!
//! Invariant: the same key is announced once to each account, also when the program is stopped in the middle
//! and started again.

use super::letter::{Letter, Rich};
use super::words;
use crate::access::System;
use crate::access::state::AppState;
use crate::category::Category;
use crate::error::{AppError, Result};
use crate::features::recipients::model::{Event, Recipient, recipients};
use crate::features::recipients::store::people;
use crate::platform::db::args;
use crate::platform::token;
use crate::types::AccountId;

const ACCOUNTS: &str = r"SELECT id, number, name
    FROM accounts
    WHERE status = 'active' AND ($1 = '' OR id = $1 OR CAST(number AS TEXT) = $1) AND id > $2
    ORDER BY id LIMIT 100";
const BEGIN: &str = r"INSERT INTO announcements (name, category, subject, text_hash, messages, created_at)
    VALUES ($1, $2, $3, $4, 0, $5)
    ON CONFLICT DO NOTHING";
const KNOWN: &str = "SELECT category, subject, text_hash FROM announcements WHERE name = $1";
const DONE: &str =
    "INSERT INTO announced (name, account_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING account_id";
const COUNT: &str = "UPDATE announcements SET messages = messages + $2 WHERE name = $1";
const WAS_DONE: &str = "SELECT count(*) FROM announced WHERE name = $1 AND account_id = $2";

/// What is announced.
#[derive(Clone, Debug)]
pub struct Announcement {
    /// General, service, domain or newsletter.
    pub category: Category,
    /// Subject and heading.
    pub subject: String,
    /// The text as Markdown.
    pub body: String,
    /// Id or number of one account; empty for all.
    pub account: String,
    /// What names it, so that it is announced once.
    pub key: String,
}

impl Announcement {
    /// Reads the text: its first line is the subject, with or without `#`. Without a key, one is made of the
    /// category and the text: whatever accounts it is sent to, each gets it once.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn read(
        category: &str,
        text: &str,
        account: &str,
        key: Option<String>,
    ) -> std::result::Result<Self, String> {
        let known = [Category::General, Category::Service, Category::Domain, Category::Newsletter];
        let category = known.into_iter().find(|known| known.key() == category);
        let category = category.ok_or(words::THE_CATEGORY_MUST_BE_GENERAL)?;
        let (subject, body) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
        let subject = subject.trim_start_matches('#').trim().to_owned();
        let body = body.trim().to_owned();
        if subject.is_empty() || body.is_empty() || subject.chars().count() > 200 {
            return Err(words::THE_FILE_MUST_START_WITH.into());
        }
        let key = key.unwrap_or_else(|| token::hash(&format!("{}\n{text}", category.key())));
        Ok(Self { category, subject, body, account: account.trim().to_owned(), key })
    }

    /// What is written to everybody, before it is somebody's.
    pub(super) fn letter(&self) -> Letter {
        Letter {
            kind: "announcement",
            subject: self.subject.clone(),
            heading: self.subject.clone(),
            rich: Some(Rich::markdown(&self.body)),
            ..Letter::default()
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnnounceReport {
    /// How many messages were written, or would be.
    pub messages: usize,
    /// On how many accounts.
    pub accounts: usize,
    /// On how many it had been announced before.
    pub before: usize,
    /// The first of them, with the account's name and the reason.
    pub first: Vec<(String, String, String)>,
}

/// Recipients that are shown.
const SHOWN: usize = 10;

/// Announces it, or with `dry_run` only says to whom.
///
/// # Errors
/// [`AppError::NotFound`] for an account that does not exist; [`AppError::Conflict`] for a key that stands
/// for something else.
pub async fn announce(app: &AppState, announcement: &Announcement, dry_run: bool) -> Result<AnnounceReport> {
    let mut outcome = AnnounceReport::default();
    begin(app, announcement, dry_run).await?;
    let mut after = String::new();
    loop {
        let accounts: Vec<(String, i64, String)> = {
            let mut reader = System::of(app).read().await?;
            reader.conn().all(ACCOUNTS, args![&announcement.account, &after]).await?
        };
        let Some((last, ..)) = accounts.last() else { break };
        after = last.clone();
        // A hundred accounts at a time, so that people who change something meanwhile do not wait.
        let mut tx = System::of(app).begin().await?;
        for (id, number, name) in &accounts {
            let account = AccountId::from(id.clone());
            let done: i64 = tx.conn().value(WAS_DONE, args![&announcement.key, id]).await?;
            if done > 0 {
                outcome.before += 1;
                continue;
            }
            let all = recipients(&Event::Notice(announcement.category), &people(tx.conn(), &account).await?);
            note(&mut outcome, announcement.category, *number, name, &all);
            if dry_run {
                continue;
            }
            tx.conn().execute(DONE, args![&announcement.key, id]).await?;
            for recipient in &all {
                let message = announcement.letter().to(&account, recipient, announcement.category).seal(app);
                tx.send(&message).await?;
            }
            tx.conn()
                .execute(COUNT, args![&announcement.key, i64::try_from(all.len()).unwrap_or_default()])
                .await?;
        }
        tx.commit().await?;
    }
    if outcome.accounts + outcome.before == 0 && !announcement.account.is_empty() {
        return Err(AppError::NotFound);
    }
    Ok(outcome)
}

fn note(outcome: &mut AnnounceReport, category: Category, number: i64, name: &str, all: &[Recipient]) {
    outcome.accounts += 1;
    outcome.messages += all.len();
    for recipient in all.iter().take(SHOWN.saturating_sub(outcome.first.len())) {
        outcome.first.push((
            recipient.email.clone(),
            words::account(&name, &number),
            recipient.why(category),
        ));
    }
}

async fn begin(app: &AppState, announcement: &Announcement, dry_run: bool) -> Result<()> {
    let mut tx = System::of(app).begin().await?;
    let text = token::hash(&announcement.body);
    let known: Option<(String, String, String)> = tx.conn().optional(KNOWN, args![&announcement.key]).await?;
    if known.is_some_and(|known| {
        known != (announcement.category.key().to_owned(), announcement.subject.clone(), text.clone())
    }) {
        return Err(AppError::Conflict(words::the_key_is_already_used(&announcement.key)));
    }
    if !dry_run {
        let now = tx.now().0;
        tx.conn()
            .execute(
                BEGIN,
                args![&announcement.key, announcement.category.key(), &announcement.subject, text, now],
            )
            .await?;
    }
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_the_subject() {
        let read = |category: &str, text: &str| Announcement::read(category, text, "", None);
        let one = read("service", "# Maintenance on Sunday\n\nFrom **two** to three.").unwrap();
        assert_eq!(
            (one.subject.as_str(), one.body.as_str()),
            ("Maintenance on Sunday", "From **two** to three.")
        );
        assert_eq!(
            one.key,
            read("service", "# Maintenance on Sunday\n\nFrom **two** to three.").unwrap().key
        );
        assert_ne!(one.key, read("domain", "# Maintenance on Sunday\n\nFrom **two** to three.").unwrap().key);
        assert!(read("invoice", "a\nb").is_err() && read("general", "only a subject").is_err());
    }
}
