//! The test mail.

use super::words;
use crate::access::membership::SessionUser;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;

/// Shows whoever asked how mail looks.
pub fn test(app: &AppState, to: &SessionUser) -> Message {
    Letter {
        kind: "test",
        to_name: to.name.clone(),
        to_email: to.email.clone(),
        subject: words::test_subject(&app.config().operator_name),
        heading: words::TEST_HEADING.into(),
        paragraphs: vec![words::TEST_TEXT.into()],
        button: Some((words::OPEN_PORTAL, paths::OPERATOR.into())),
        reason: words::TEST_REASON.into(),
        ..Letter::default()
    }
    .seal(app)
}
