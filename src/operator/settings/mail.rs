//! The test mail, and the mail server as its form has it.

use super::model::MailForm;
use super::words;
use crate::access::membership::SessionUser;
use crate::access::state::AppState;
use crate::features::mail::letter::Letter;
use crate::outbox::Message;
use crate::paths;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

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

/// The URL of a mail server, see [`crate::outbox::Transport`]; empty for none.
pub(super) fn server_url(form: &MailForm, password: &str) -> String {
    if form.host.is_empty() {
        return String::new();
    }
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let login = match form.user.as_str() {
        "" => String::new(),
        user => format!("{}:{}@", encoded(user), encoded(password)),
    };
    let port = if form.port.is_empty() { String::new() } else { format!(":{}", form.port) };
    let (scheme, options) = match form.security.as_str() {
        "tls" => ("smtps", ""),
        "none" => ("smtp", "?tls=none"),
        _ => ("smtp", "?tls=required"),
    };
    format!("{scheme}://{login}{}{port}{options}", form.host)
}

/// Reads [`server_url`]: the form, and the password.
pub(super) fn read_server(url: &str) -> (MailForm, String) {
    let Ok(url) = Url::parse(url) else {
        return (MailForm { security: "starttls".into(), ..MailForm::default() }, String::new());
    };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let security = match (url.scheme(), url.query()) {
        ("smtps", _) => "tls",
        (_, Some("tls=none")) => "none",
        _ => "starttls",
    };
    let form = MailForm {
        host: url.host_str().unwrap_or_default().into(),
        port: url.port().map(|port| port.to_string()).unwrap_or_default(),
        security: security.into(),
        user: decoded(url.username()),
        ..MailForm::default()
    };
    (form, url.password().map(decoded).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_read_as_it_was_written() {
        for (port, security) in [("", "starttls"), ("2525", "none"), ("4465", "tls")] {
            let form = MailForm {
                host: "mail.example.com".into(),
                port: port.into(),
                security: security.into(),
                user: "user@example.com".into(),
                ..MailForm::default()
            };
            let url = server_url(&form, "p:a/s@s%?#");
            assert_eq!(read_server(&url), (form, "p:a/s@s%?#".to_owned()), "{url}");
        }
        assert_eq!(server_url(&MailForm::default(), ""), "");
        assert_eq!(read_server("").0.security, "starttls");
    }
}
