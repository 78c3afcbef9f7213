//! What customers are told about their services.

use super::model::ServiceAct;
use super::words;
use crate::access::membership::Membership;
use crate::access::state::AppState;
use crate::category::Category;
use crate::features::mail::letter::Letter;
use crate::features::recipients::model::Recipient;
use crate::outbox::Message;
use crate::paths;
use crate::types::ServiceId;

/// Tells a recipient that a service was suspended, switched on again, or ended.
pub fn acted(
    app: &AppState,
    by: &Membership,
    to: &Recipient,
    service: (&ServiceId, &str),
    act: ServiceAct,
    reason: &str,
) -> Message {
    let (id, name) = service;
    let why = (!reason.is_empty()).then(|| words::because(&reason));
    let paragraphs = std::iter::once(words::text(&name, &by.account_name, &act.done())).chain(why).collect();
    Letter {
        kind: "service",
        subject: words::subject(&name, &act.done()),
        heading: words::subject(&name, &act.done()),
        paragraphs,
        button: Some((words::SEE, paths::service(&by.account, id))),
        thread: format!("service-{id}"),
        ..Letter::default()
    }
    .to(&by.account, to, Category::Service)
    .seal(app)
}
