//! A made-up mail of every kind, those of the staff area too.

use super::model::TemplateForm;
use crate::access::membership::{Membership, SessionUser};
use crate::access::state::AppState;
use crate::features::mail::samples;
use crate::features::recipients::model::{Reason, Recipient};
use crate::operator::assets::model::ServiceAct;
use crate::operator::{assets, settings, team};
use crate::outbox::Message;
use crate::platform::config::Template;
use std::collections::BTreeMap;

/// Every mail of the product with made-up words, as staff worded them.
pub fn all(app: &AppState) -> Vec<Message> {
    let by = Membership::sample();
    let to = Recipient {
        contact: None,
        name: "Ben Carter".into(),
        email: "ben@example.com".into(),
        reason: Reason::Main,
        failing: None,
    };
    let service = "01k9zv5s8t3w2x1y0abcdefghj".to_owned().into();
    let mut all = samples::all(app);
    all.push(assets::mail::acted(
        app,
        &by,
        &to,
        (&service, "Online shop"),
        ServiceAct::Suspend,
        "Unpaid since March.",
    ));
    all.push(team::mail::welcome(app, "Ben Carter", "ben@example.com", "a-link-that-leads-nowhere"));
    all.push(settings::mail::test(app, &SessionUser { email: "ben@example.com".into(), ..by.user }));
    all
}

/// One of a kind, worded by a template; without one as the program words it.
pub fn one(app: &AppState, kind: &str, template: Option<&TemplateForm>) -> Option<Message> {
    let templates: BTreeMap<String, Template> = template
        .map(|form| {
            let TemplateForm { subject, heading, body } = form.clone();
            (kind.to_owned(), Template { subject, heading, body })
        })
        .into_iter()
        .collect();
    all(&app.with_templates(templates)).into_iter().find(|message| message.kind == kind)
}
