//! What somebody had typed when their session ended, or when they went to look at a preview: shown again to
//! them, and to nobody else.
//!
//! Kept only for a browser that brings the cookie of a session that is or lately was one, at most [`LARGEST`]
//! each, [`OF_ONE`] for each person and [`ALL`] in all; the oldest go first. Only fields that the form's
//! function knows, and no secrets: see [`crate::access::fields`].

use crate::access::fields::Fields;
use crate::access::request::RequestContext;
use crate::access::{InAccount, Open, System, Tx, session};
use crate::error::{AppError, Result};
use crate::paths;
use crate::platform::db::args;
use crate::platform::token;
use crate::types::UserId;
use crate::ui::initial_state::Submitted;
use axum::body::Bytes;
use leptos::prelude::use_context;

/// How long a draft is kept.
pub const MINUTES: i64 = 60;
/// The most one may hold, in bytes.
const LARGEST: usize = 64 * 1024;
/// The most of one person.
const OF_ONE: i64 = 20;
/// The most that all of them may hold together, in bytes.
const ALL: i64 = 20 * 1024 * 1024;

const INSERT: &str = r"INSERT INTO drafts (token_hash, user_id, path, fields, bytes, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
const TOO_MANY: &str = r"DELETE FROM drafts
    WHERE token_hash IN (SELECT token_hash FROM drafts WHERE user_id = $1 ORDER BY token_hash = $3 DESC,
        expires_at DESC, token_hash LIMIT 1000 OFFSET $2)";
const SIZE: &str = "SELECT coalesce(sum(bytes), 0) FROM drafts";
const OLDEST: &str =
    "DELETE FROM drafts WHERE token_hash IN (SELECT token_hash FROM drafts ORDER BY expires_at LIMIT 20)";
const FIND: &str =
    "SELECT fields FROM drafts WHERE token_hash = $1 AND user_id = $2 AND path = $3 AND expires_at > $4";

/// Keeps what was typed into the form of a server function on a page. Returns the value of the page's `draft`
/// parameter; `None` for what is too large.
pub async fn keep<S>(
    tx: &mut Tx<S>,
    user: &UserId,
    path: &str,
    action: &str,
    typed: &Fields,
) -> Result<Option<String>> {
    let (draft, now) = (token::new_token(), tx.now());
    let kept = serde_json::to_string(&(action, typed)).unwrap_or_default();
    let size = kept.len() + path.len();
    if size > LARGEST {
        return Ok(None);
    }
    tx.conn()
        .execute(
            INSERT,
            args![
                token::hash(&draft),
                user.as_str(),
                path,
                kept,
                i64::try_from(size).unwrap_or(i64::MAX),
                now.plus_minutes(MINUTES).0
            ],
        )
        .await?;
    tx.conn().execute(TOO_MANY, args![user.as_str(), OF_ONE, token::hash(&draft)]).await?;
    while tx.conn().value::<i64>(SIZE, args![]).await? > ALL {
        tx.conn().execute(OLDEST, args![]).await?;
    }
    Ok(Some(draft))
}

/// The same for whoever has a session, or lately had one; `None` for everybody else.
pub async fn keep_for(
    context: &RequestContext,
    path: &str,
    action: &str,
    typed: &Fields,
) -> Result<Option<String>> {
    let app = context.app();
    app.limits().try_source("draft", context.source())?;
    let Some(user) = session::lately(context).await? else { return Ok(None) };
    let mut tx: Tx<Open> = System::of(app).begin().await?;
    let draft = keep(&mut tx, &user, path, action, typed).await?;
    tx.commit().await?;
    Ok(draft)
}

/// Writes a row that nobody can ever read, where the time of writing must not tell that there was nothing to
/// write.
pub async fn write_nothing(tx: &mut Tx<Open>) -> Result<()> {
    let now = tx.now().0;
    tx.conn().execute(INSERT, args![token::new_token(), "", "", "", 0_i64, now]).await?;
    Ok(())
}

/// The draft of the signed-in person for a page.
pub async fn find(context: &RequestContext, draft: &str, path: &str) -> Option<Submitted> {
    let user = session::user(context).await.ok()?.id;
    let app = context.app();
    let mut reader = System::of(app).read().await.ok()?;
    let args = args![token::hash(draft), user.as_str(), path, app.now().0];
    let kept: Option<String> = reader.conn().optional_value(FIND, args).await.ok()?;
    let (action, fields) = serde_json::from_str(&kept?).ok()?;
    Some(Submitted { action, fields, error: None })
}

/// The body of the call being answered, in context while its server function runs.
#[derive(Clone)]
pub struct SentForm(pub Bytes);

/// Keeps what the form of this call sent, as far as the function at `action` knows it, for the page that it
/// stands on. Returns the page with it.
///
/// # Errors
/// [`AppError::TooMany`]; [`AppError::TooLarge`].
pub async fn keep_typed(tx: &mut Tx<InAccount>, path: &str, action: &str) -> Result<String> {
    if let Ok(source) = tx.origin().source.parse() {
        tx.app().limits().try_source("draft", source)?;
    }
    let sent = use_context::<SentForm>().map(|sent| sent.0).unwrap_or_default();
    let user = tx.membership().user.id.clone();
    let typed = (tx.app().given().read_form)(action, &sent);
    let draft = keep(tx, &user, path, action, &typed).await?.ok_or(AppError::TooLarge)?;
    Ok(paths::with_draft(path, &draft))
}
