//! Stripe Checkout over plain HTTPS. What is asked for and answered is described at <https://docs.stripe.com/api>, at the
//! version that is named here; signatures at <https://docs.stripe.com/webhooks#verify-manually>.

use super::gateway::{
    Begin, Begun, Charged, Forged, Gateway, GatewayError, GatewayResult, Keeping, KeptMethod, PaymentSeen,
    Refunded,
};
use crate::platform::http_client::{Question, ask};
use crate::types::Money;
use hmac::{Hmac, Mac as _};
use hyper::Method;
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

/// Where Stripe is.
pub const URL: &str = "https://api.stripe.com";
/// Answers keep the shape that they had then.
const VERSION: &str = "2024-06-20";
/// Seconds that a message may be old, so that none that was overheard works later.
const FRESH: i64 = 300;

/// An account at Stripe.
#[derive(Clone, Debug)]
pub struct Stripe {
    /// Where it is asked, without a slash at the end.
    pub url: String,
    /// The secret key.
    pub key: String,
    /// What its messages are signed with.
    pub signing: String,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

#[derive(Deserialize)]
struct Intent {
    id: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    amount_received: i64,
    #[serde(default)]
    currency: String,
    #[serde(default)]
    metadata: Value,
}

#[derive(Deserialize)]
struct StripeRefund {
    id: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    failure_reason: Option<String>,
    #[serde(default)]
    metadata: Value,
}

#[derive(Deserialize)]
struct Refunds {
    data: Vec<StripeRefund>,
}

impl StripeRefund {
    fn stands(self) -> GatewayResult<Refunded> {
        match self.status.as_str() {
            _ if !is_id(&self.id) => Err(GatewayError::Unreadable),
            "succeeded" => Ok(Refunded::Taken { session: self.id, sent: true }),
            "pending" | "requires_action" => Ok(Refunded::Taken { session: self.id, sent: false }),
            "failed" | "canceled" => {
                let why: String = self.failure_reason.unwrap_or(self.status).chars().take(100).collect();
                Ok(Refunded::Failed(why.replace('_', " ")))
            }
            _ => Err(GatewayError::Unreadable),
        }
    }
}

#[derive(Deserialize)]
struct Session {
    id: String,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    payment_status: String,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    amount_total: Option<i64>,
    #[serde(default)]
    currency: Option<String>,
    #[serde(default)]
    client_reference_id: Option<String>,
    #[serde(default)]
    payment_intent: Option<Value>,
}

impl Stripe {
    /// Opens a session on Stripe's own page.
    async fn open(&self, form: &[(&str, &str)], once: &str) -> GatewayResult<Begun> {
        let session: Session = self.ask("/v1/checkout/sessions", Some(form), once).await?;
        match session.url {
            Some(url) if is_id(&session.id) => Ok(Begun { session: session.id, url }),
            _ => Err(GatewayError::Unreadable),
        }
    }

    async fn ask<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        form: Option<&[(&str, &str)]>,
        once: &str,
    ) -> GatewayResult<T> {
        let Some(form) = form else { return self.send(Method::GET, path, Vec::new(), once).await };
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.send(Method::POST, path, body.into_bytes(), once).await
    }

    async fn send<T: serde::de::DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
        once: &str,
    ) -> GatewayResult<T> {
        let (url, bearer) = (format!("{}{path}", self.url), format!("Bearer {}", self.key));
        let mut headers = vec![("authorization", bearer.as_str()), ("stripe-version", VERSION)];
        if method == Method::POST {
            headers
                .extend([("content-type", "application/x-www-form-urlencoded"), ("idempotency-key", once)]);
        }
        let question = Question { method, url: &url, headers: &headers, body };
        let (status, body) = ask(question).await.map_err(GatewayError::Unreachable)?;
        match status {
            200..300 => serde_json::from_slice(&body).map_err(|_| GatewayError::Unreadable),
            // Too many questions, or Stripe's own trouble.
            409 | 429 | 500.. => Err(GatewayError::Unreachable(format!("status {status}"))),
            _ => {
                let says = serde_json::from_slice::<Value>(&body).ok();
                let says =
                    says.as_ref().and_then(|says| says.pointer("/error/message")).and_then(Value::as_str);
                let says: String = says.unwrap_or_default().chars().take(300).collect();
                let says = if says.is_empty() { format!("status {status}") } else { says };
                Err(match status {
                    // Payment required: the card, and not what was asked.
                    402 => GatewayError::Declined(says),
                    401 | 403 => GatewayError::NotLetIn(says),
                    _ => GatewayError::Refused(says),
                })
            }
        }
    }
}

/// Is this an id of Stripe's? It stands in a URL.
fn is_id(id: &str) -> bool {
    (1..=255).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The name of a card: "Visa •••• 4242", and until when.
fn name_of(method: &Value) -> (String, String) {
    let text = |path: &str| method.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let brand: String = text("/card/brand").chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    let last: String = text("/card/last4").chars().filter(char::is_ascii_digit).take(4).collect();
    let mut brand = if brand.is_empty() { "card".to_owned() } else { brand };
    if let Some(first) = brand.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let number = |path: &str| method.pointer(path).and_then(Value::as_i64).unwrap_or_default();
    let (month, year) = (number("/card/exp_month"), number("/card/exp_year"));
    let expires = if year > 0 { format!("{month:02}/{year}") } else { String::new() };
    (format!("{brand} •••• {last}"), expires)
}

impl Gateway for Stripe {
    async fn customer(&self, account: &str, name: &str, email: &str) -> GatewayResult<String> {
        let form = [("name", name), ("email", email), ("metadata[account]", account)];
        let made: Named = self.ask("/v1/customers", Some(&form), &format!("customer-{account}")).await?;
        if is_id(&made.id) { Ok(made.id) } else { Err(GatewayError::Unreadable) }
    }

    async fn keep(&self, ours: &str, customer: &str, done_url: &str, back_url: &str) -> GatewayResult<Begun> {
        let form = [
            ("mode", "setup"),
            ("customer", customer),
            ("payment_method_types[0]", "card"),
            ("client_reference_id", ours),
            ("success_url", done_url),
            ("cancel_url", back_url),
        ];
        self.open(&form, ours).await
    }

    async fn kept(&self, session: &str) -> GatewayResult<Keeping> {
        if !is_id(session) {
            return Err(GatewayError::Unreadable);
        }
        let path = format!("/v1/checkout/sessions/{session}?expand[]=setup_intent.payment_method");
        let seen: Value = self.ask(&path, None, "").await?;
        let text = |path: &str| seen.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        if text("/setup_intent/status") != "succeeded" {
            return Ok(if text("/status") == "expired" { Keeping::Ended } else { Keeping::Begun });
        }
        let method = text("/setup_intent/payment_method/id");
        let (label, expires) = name_of(seen.pointer("/setup_intent/payment_method").unwrap_or(&Value::Null));
        if !is_id(&method) {
            return Err(GatewayError::Unreadable);
        }
        Ok(Keeping::Done(KeptMethod { ours: text("/client_reference_id"), method, label, expires }))
    }

    async fn forget(&self, method: &str) -> GatewayResult<()> {
        if !is_id(method) {
            return Err(GatewayError::Unreadable);
        }
        let path = format!("/v1/payment_methods/{method}/detach");
        let _: Value = self.ask(&path, Some(&[]), &format!("detach-{method}")).await?;
        Ok(())
    }

    async fn forget_customer(&self, customer: &str) -> GatewayResult<()> {
        if !is_id(customer) {
            return Err(GatewayError::Unreadable);
        }
        let path = format!("/v1/customers/{customer}");
        let _: Value = self.send(Method::DELETE, &path, Vec::new(), "").await?;
        Ok(())
    }

    async fn charge(
        &self,
        checkout: &str,
        customer: &str,
        method: &str,
        title: &str,
        amount: &Money,
    ) -> GatewayResult<Charged> {
        let (cents, currency) = (amount.cents.to_string(), amount.currency.to_lowercase());
        let form = [
            ("amount", cents.as_str()),
            ("currency", &currency),
            ("customer", customer),
            ("payment_method", method),
            ("off_session", "true"),
            ("confirm", "true"),
            ("description", title),
            ("metadata[checkout]", checkout),
        ];
        let made: Intent = match self.ask("/v1/payment_intents", Some(&form), checkout).await {
            Ok(made) => made,
            Err(GatewayError::Declined(says)) => return Ok(Charged::Declined(says)),
            Err(error) => return Err(error),
        };
        match made.status.as_str() {
            "succeeded" | "processing" if is_id(&made.id) => Ok(Charged::Taken(made.id)),
            "requires_action" | "requires_payment_method" | "requires_confirmation" | "canceled" => {
                Ok(Charged::Declined(super::words::NEEDS_THE_CUSTOMER.to_owned()))
            }
            _ => Err(GatewayError::Unreadable),
        }
    }

    async fn begin(&self, payment: &Begin<'_>) -> GatewayResult<Begun> {
        let (amount, currency) = (payment.amount.cents.to_string(), payment.amount.currency.to_lowercase());
        let form = [
            ("mode", "payment"),
            ("client_reference_id", payment.checkout),
            ("success_url", payment.paid_url),
            ("cancel_url", payment.back_url),
            ("line_items[0][quantity]", "1"),
            ("line_items[0][price_data][currency]", &currency),
            ("line_items[0][price_data][unit_amount]", &amount),
            ("line_items[0][price_data][product_data][name]", payment.title),
            ("payment_intent_data[metadata][checkout]", payment.checkout),
            ("payment_intent_data[description]", payment.title),
        ];
        self.open(&form, payment.checkout).await
    }

    async fn look(&self, session: &str) -> GatewayResult<PaymentSeen> {
        if !is_id(session) {
            return Err(GatewayError::Unreadable);
        }
        if session.starts_with("pi_") {
            let seen: Intent = self.ask(&format!("/v1/payment_intents/{session}"), None, "").await?;
            let checkout =
                seen.metadata.get("checkout").and_then(Value::as_str).unwrap_or_default().to_owned();
            let (paid, ended) = (
                seen.status == "succeeded",
                matches!(seen.status.as_str(), "canceled" | "requires_payment_method"),
            );
            let amount = Money { cents: seen.amount_received, currency: seen.currency.to_uppercase() };
            return Ok(PaymentSeen { checkout, paid, ended, amount, reference: seen.id });
        }
        let seen: Session = self.ask(&format!("/v1/checkout/sessions/{session}"), None, "").await?;
        if seen.id != session {
            return Err(GatewayError::Unreadable);
        }
        let paid = seen.payment_status == "paid";
        let reference = match seen.payment_intent {
            Some(Value::String(id)) => id,
            Some(Value::Object(whole)) => {
                whole.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()
            }
            _ => String::new(),
        };
        Ok(PaymentSeen {
            checkout: seen.client_reference_id.unwrap_or_default(),
            paid,
            ended: !paid && seen.status.as_deref() == Some("expired"),
            amount: Money {
                cents: seen.amount_total.unwrap_or_default(),
                currency: seen.currency.unwrap_or_default().to_uppercase(),
            },
            reference,
        })
    }

    async fn refund(&self, ours: &str, payment: &str, amount: &Money) -> GatewayResult<Refunded> {
        if !is_id(payment) {
            return Err(GatewayError::Unreadable);
        }
        // Keys that make a question count once are kept for a day there; one whose answer was lost may be older.
        let known = format!("/v1/refunds?payment_intent={payment}&limit=100");
        let known: Refunds = self.ask(&known, None, "").await?;
        let is_ours = |one: &StripeRefund| {
            one.metadata.get("refund").and_then(Value::as_str).is_some_and(|id| id == ours)
        };
        if let Some(known) = known.data.into_iter().find(is_ours) {
            return known.stands();
        }
        let cents = amount.cents.to_string();
        let form = [("payment_intent", payment), ("amount", &cents), ("metadata[refund]", ours)];
        match self.ask::<StripeRefund>("/v1/refunds", Some(&form), ours).await {
            Ok(made) => made.stands(),
            Err(GatewayError::Refused(says) | GatewayError::Declined(says)) => Ok(Refunded::Failed(says)),
            Err(error) => Err(error),
        }
    }

    async fn refunded(&self, session: &str) -> GatewayResult<Refunded> {
        if !is_id(session) {
            return Err(GatewayError::Unreadable);
        }
        self.ask::<StripeRefund>(&format!("/v1/refunds/{session}"), None, "").await?.stands()
    }

    fn heard(&self, signature: &str, body: &[u8], now: i64) -> Result<Option<String>, Forged> {
        if self.signing.is_empty() {
            return Err(Forged);
        }
        let parts = || signature.split(',').filter_map(|part| part.trim().split_once('='));
        let at = parts().find(|(name, _)| *name == "t").map(|(_, at)| at).ok_or(Forged)?;
        let seconds: i64 = at.parse().map_err(|_| Forged)?;
        if (now / 1000 - seconds).abs() > FRESH {
            return Err(Forged);
        }
        // Of the bytes as they came, before anything is read in them.
        let signed = [at.as_bytes(), b".", body].concat();
        let fits = |given: &str| {
            let mac = Hmac::<Sha256>::new_from_slice(self.signing.as_bytes());
            let bytes: Option<Vec<u8>> = (0..given.len())
                .step_by(2)
                .map(|at| given.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok()))
                .collect();
            mac.ok().zip(bytes).is_some_and(|(mut mac, bytes)| {
                mac.update(&signed);
                mac.verify_slice(&bytes).is_ok()
            })
        };
        if !parts().any(|(name, given)| name == "v1" && fits(given)) {
            return Err(Forged);
        }
        let event: Value = serde_json::from_slice(body).map_err(|_| Forged)?;
        let about = event.get("type").and_then(Value::as_str).unwrap_or_default();
        let session = event.pointer("/data/object/id").and_then(Value::as_str).filter(|id| is_id(id));
        let ours = ["checkout.session.", "payment_intent.", "refund.", "charge.refund."];
        let ours = ours.iter().any(|kind| about.starts_with(kind));
        Ok(ours.then_some(session).flatten().map(str::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_312_800_000;

    fn stripe() -> Stripe {
        Stripe { url: URL.into(), key: "sk".into(), signing: "whsec_test".into() }
    }

    fn signed(secret: &str, at: i64, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(&[at.to_string().as_bytes(), b".", body].concat());
        let code: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("t={at},v1=00ff,v1={code},v0=aa")
    }

    #[test]
    fn a_message_counts_when_its_bytes_are_signed_and_it_is_fresh() {
        let body = br#"{"type":"checkout.session.completed","data":{"object":{"id":"cs_test_1"}}}"#;
        let at = NOW / 1000;
        assert_eq!(stripe().heard(&signed("whsec_test", at, body), body, NOW), Ok(Some("cs_test_1".into())));
        let other = br#"{"type":"charge.updated","data":{"object":{"id":"ch_1"}}}"#;
        assert_eq!(stripe().heard(&signed("whsec_test", at, other), other, NOW), Ok(None));
        assert_eq!(stripe().heard(&signed("whsec_other", at, body), body, NOW), Err(Forged));
        assert_eq!(stripe().heard(&signed("whsec_test", at - 301, body), body, NOW), Err(Forged));
        assert_eq!(stripe().heard(&signed("whsec_test", at, other), body, NOW), Err(Forged));
        for bad in ["", "t=1", "v1=aa", "t=x,v1=aa", "t=1795312800,v1=é", "t=1795312800,v1=a"] {
            assert_eq!(stripe().heard(bad, body, NOW), Err(Forged), "{bad}");
        }
        // Without a secret nothing is believed.
        let bare = Stripe { signing: String::new(), ..stripe() };
        assert_eq!(bare.heard(&signed("", at, body), body, NOW), Err(Forged));
    }

    #[tokio::test]
    async fn what_stands_in_a_url_is_an_id() {
        for bad in ["", "../charges", "cs_1?x", "cs 1"] {
            assert_eq!(stripe().look(bad).await, Err(GatewayError::Unreadable));
        }
    }
}
