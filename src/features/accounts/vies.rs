//! Asks VIES, the EU's register of numbers for value added tax, about the numbers of accounts, where the settings want it.
//! What it is asked and answers is described at <https://ec.europa.eu/taxation_customs/vies/#/technical-information>.
//!
//! Invariant: "the country cannot be asked now" is not "there is no such number"; it is asked again.

use super::model::TaxState;
use super::store;
use crate::access::System;
use crate::access::state::AppState;
use crate::error::Result;
use crate::features::invoices::store::{billing_settings, seller};
use crate::platform::http_client::{Question, ask};
use crate::types::AccountId;
use hyper::Method;
use serde::Deserialize;

/// Where VIES is.
const URL: &str = "https://ec.europa.eu/taxation_customs/vies/rest-api";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ViesAnswer {
    #[serde(default)]
    is_valid: bool,
    #[serde(default)]
    user_error: String,
    #[serde(default)]
    request_identifier: String,
}

/// Every ten minutes: numbers that are new, and those whose country could not be asked six hours ago.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn run(app: &AppState) -> Result<()> {
    let system = System::of(app);
    let mut reader = system.read().await?;
    let settings = billing_settings(reader.conn()).await?;
    if !settings.vies {
        return Ok(());
    }
    let own = seller(reader.conn(), &app.config().operator_name).await?.tax_id;
    let since = reader.now().plus_minutes(-360);
    let waiting = store::unchecked_tax_ids(reader.conn(), since).await?;
    drop(reader);
    let base = if settings.vies_url.is_empty() { URL } else { &settings.vies_url };
    for (account, tax_id) in waiting {
        let (state, consultation) = look_up(base, &tax_id, &own).await;
        let mut tx = system.begin_in(&AccountId::from(account)).await?;
        store::set_tax_check(&mut tx, &tax_id, state, &consultation).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// What the register says of a number, and its number for the question, which is kept as evidence.
async fn look_up(base: &str, tax_id: &str, own: &str) -> (TaxState, String) {
    let id = |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect() };
    let (tax_id, own) = (id(tax_id), id(own));
    let (Some(country), Some(number)) = (tax_id.get(..2), tax_id.get(2..)) else {
        return (TaxState::Invalid, String::new());
    };
    // Who asks gets evidence for it.
    let asks = match (own.get(..2), own.get(2..)) {
        (Some(country), Some(number)) if country.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            format!("?requesterMemberStateCode={country}&requesterNumber={number}")
        }
        _ => String::new(),
    };
    let url = format!("{base}/ms/{country}/vat/{number}{asks}");
    let question = Question {
        method: Method::GET,
        url: &url,
        headers: &[("accept", "application/json")],
        body: Vec::new(),
    };
    let answer = match ask(question).await {
        Ok((200, body)) => serde_json::from_slice::<ViesAnswer>(&body).ok(),
        Ok((status, _)) => {
            tracing::info!(status, "VIES could not answer");
            None
        }
        Err(error) => {
            tracing::info!(%error, "VIES could not be asked");
            None
        }
    };
    let consultation = |answer: &ViesAnswer| answer.request_identifier.chars().take(60).collect::<String>();
    match answer {
        Some(answer) if answer.is_valid => (TaxState::Valid, consultation(&answer)),
        Some(answer) if matches!(answer.user_error.as_str(), "INVALID" | "INVALID_INPUT") => {
            (TaxState::Invalid, consultation(&answer))
        }
        _ => (TaxState::Unavailable, String::new()),
    }
}
