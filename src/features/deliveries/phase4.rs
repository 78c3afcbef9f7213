//! An access point that runs phase4, the open source AS4 server, with its interface for sending: it is asked as
//! <https://github.com/phax/phase4-peppol-standalone> describes, and answers with a report.

use super::access_point::{AccessPoint, Outgoing, Undelivered};
use super::words;
use crate::paths;
use crate::platform::http_client::{Question, ask_patiently};
use hyper::Method;
use serde::Deserialize;
use std::time::Duration;

/// It looks the receiver up and waits for its receipt, two minutes at most, before it answers.
const PATIENCE: Duration = Duration::from_secs(180);
/// What Peppol calls the process of billing.
const PROCESS: &str = "cenbii-procid-ubl::urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";
/// Characters of a reason that are kept.
const REASON: usize = 300;

/// An access point.
#[derive(Clone, Debug)]
pub struct Phase4 {
    /// Where it is asked, without a slash at the end.
    pub url: String,
    /// What it knows us by.
    pub token: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct SendReport {
    overall_success: bool,
    sending_success: bool,
    sending_result: String,
    as4_message_id: String,
    as4_response_errors: Vec<Complaint>,
    sending_exception: Exception,
    sbdh_parsing_exception: Exception,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Complaint {
    description: String,
    error_details: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Exception {
    message: Option<String>,
}

impl SendReport {
    fn why(self) -> String {
        let complaint = self.as4_response_errors.into_iter().next().unwrap_or_default();
        let says = [
            complaint.error_details,
            complaint.description,
            self.sending_exception.message.unwrap_or_default(),
            self.sbdh_parsing_exception.message.unwrap_or_default(),
            self.sending_result.replace('_', " ").to_lowercase(),
        ];
        let says = says.into_iter().find(|says| !says.trim().is_empty()).unwrap_or_default();
        words::refused(&says.trim().chars().take(REASON).collect::<String>())
    }
}

/// A segment of a path. It may hold a colon as it is, and identifiers are full of them.
fn segment(text: &str) -> String {
    paths::encode(text).replace("%3A", ":")
}

fn participant(address: &str) -> String {
    segment(&format!("iso6523-actorid-upis::{address}"))
}

fn document_type(credit_note: bool) -> String {
    let root = if credit_note { "CreditNote" } else { "Invoice" };
    segment(&format!(
        "busdox-docid-qns::urn:oasis:names:specification:ubl:schema:xsd:{root}-2::{root}\
         ##urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0::2.1"
    ))
}

impl AccessPoint for Phase4 {
    async fn send(&self, of: Outgoing<'_>) -> Result<String, Undelivered> {
        let url = format!(
            "{}/sendas4/{}/{}/{}/{}/{}",
            self.url,
            participant(of.sender),
            participant(of.receiver),
            document_type(of.credit_note),
            segment(PROCESS),
            segment(of.country),
        );
        let headers = [("x-token", self.token.as_str()), ("content-type", "application/xml")];
        let question = Question { method: Method::POST, url: &url, headers: &headers, body: of.document };
        let (status, body) = ask_patiently(question, PATIENCE).await.map_err(|error| {
            tracing::info!(%error, "the access point could not be asked");
            Undelivered::Unreachable
        })?;
        match status {
            200..300 => {}
            // What it was sent is not understood, and will not be. A wrong token or path can be mended.
            400 | 413 | 415 | 422 => return Err(Undelivered::Never(words::answered(&status))),
            _ => return Err(Undelivered::Later(words::answered(&status))),
        }
        let report: SendReport = serde_json::from_slice(&body)
            .map_err(|_| Undelivered::Later(words::NOT_UNDERSTOOD.to_owned()))?;
        if report.overall_success || report.sending_success {
            return Ok(report.as4_message_id.chars().take(200).collect());
        }
        Err(Undelivered::Later(report.why()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_path_is_escaped() {
        assert_eq!(participant("0204:99/1#x"), "iso6523-actorid-upis::0204:99%2F1%23x");
        assert!(document_type(true).contains("CreditNote-2::CreditNote%23%23urn:cen.eu"));
    }

    #[test]
    fn the_reason_is_the_most_telling_one_of_the_report() {
        let report = |json: &str| serde_json::from_str::<SendReport>(json).unwrap().why();
        let told = r#"{"sendingResult":"AS4_ERROR_MESSAGE_RECEIVED","as4ResponseErrors":[{"description":"Other.","errorDetails":"No such mailbox."}]}"#;
        assert_eq!(report(told), words::refused(&"No such mailbox."));
        assert_eq!(
            report(r#"{"sendingException":{"message":"No SMP knows it","stackTrace":"…"}}"#),
            words::refused(&"No SMP knows it")
        );
        assert_eq!(report(r#"{"sendingResult":"TRANSPORT_ERROR"}"#), words::refused(&"transport error"));
    }
}
