//! One's own data as a file.

use super::store;
use super::words;
use crate::access::request::RequestContext;
use crate::access::{SignedIn, session};
use crate::error::Result;
use crate::features::audit::model::AuditKind;
use crate::features::audit::record::Entry;
use crate::features::{audit, second_factor, tickets};
use crate::paths;
use crate::platform::answers;
use crate::types::Timestamp;
use axum::Extension;
use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse as _;
use serde_json::json;

/// `/profile/data`: everything that is kept about the signed-in person's login, as JSON (GDPR article 20).
/// Asks first whether it is them.
pub async fn own_data(Extension(context): Extension<RequestContext>) -> Response<Body> {
    match data(context).await {
        Ok(text) => {
            let headers = [
                (header::CONTENT_TYPE, "application/json"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"latchkey-own-data.json\""),
            ];
            (StatusCode::OK, headers, text).into_response()
        }
        Err(error) => answers::remedy_or_error(&error, paths::OWN_DATA),
    }
}

async fn data(context: RequestContext) -> Result<String> {
    let signed_in = SignedIn::of(context).await?.just_confirmed()?;
    let user = signed_in.user();
    let mut reader = signed_in.read().await?;
    let (since, last, from) = store::dates(&mut reader).await?;
    let chosen = store::chosen(reader.conn(), &user.id).await?;
    let contacts = store::cards_in_full(reader.conn(), &user.id).await?;
    let factors = second_factor::store::factors(&mut reader).await?;
    let sessions = session::of_user(&mut reader, signed_in.context()).await?;
    let devices = store::devices(&mut reader).await?;
    let mails = store::user_mails(&mut reader).await?;
    let tickets = tickets::store::written_by(reader.conn(), &user.id).await?;
    let events = audit::store::all_of_user(&mut reader).await?;
    let time = |at: i64| Timestamp(at).iso();
    let data = json!({
        "written": signed_in.app().now().iso(),
        "login": {
            "name": user.name, "email": user.email, "language": chosen.language, "time_zone": chosen.time_zone, "date_format": chosen.date_format,
            "created": time(since), "last_sign_in": last.map(time), "last_sign_in_from": from,
        },
        "second_factors": {
            "app_since": factors.app.map(Timestamp::iso),
            "passkeys": factors.passkeys.iter().map(|key| json!({ "name": key.name, "since": key.since.iso(), "last_used": key.used.map(Timestamp::iso) })).collect::<Vec<_>>(),
            "recovery_codes_left": factors.codes_left,
        },
        "contacts": contacts,
        "sessions": sessions.iter().map(|known| json!({
            "browser": known.agent, "source": known.source, "since": known.since.iso(), "last_used": known.used.iso(),
        })).collect::<Vec<_>>(),
        "devices": devices.iter().map(|(agent, first, last, until)| json!({
            "browser": crate::types::browser_name(agent), "first_seen": time(*first), "last_seen": time(*last), "remembered_until": until.map(time),
        })).collect::<Vec<_>>(),
        "mails": mails,
        "tickets": tickets.iter().map(|(number, subject, text, at)| json!({
            "ticket": number, "subject": subject, "text": text, "at": time(*at),
        })).collect::<Vec<_>>(),
        "events": events.iter().map(|row| json!({ "at": row.at.iso(), "what": row.says, "from": row.place() })).collect::<Vec<_>>(),
    });
    drop(reader);
    let mut tx = signed_in.begin().await?;
    tx.record(Entry::new(AuditKind::DataDownloaded, words::DOWNLOADED_WHAT_IS_KEPT_ABOUT)).await?;
    tx.commit().await?;
    Ok(serde_json::to_string_pretty(&data).unwrap_or_default())
}
