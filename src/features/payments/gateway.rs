//! What every payment gateway does for us.

use super::words;
use crate::error::AppError;
use crate::types::Money;

/// What went wrong with a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GatewayError {
    /// It could not be asked, or is in trouble itself: later it may work.
    Unreachable(String),
    /// It does not let us in, a wrong key or one without the right, and said why: whoever runs the portal can mend it.
    NotLetIn(String),
    /// It refused, and said why.
    Refused(String),
    /// Whoever keeps the money declined, and said why.
    Declined(String),
    /// It answered something else than was agreed on.
    Unreadable,
}

impl From<GatewayError> for AppError {
    fn from(error: GatewayError) -> Self {
        tracing::warn!(?error, "the payment gateway");
        Self::Conflict(match error {
            GatewayError::Unreachable(_) => words::CANNOT_BE_REACHED.into(),
            GatewayError::NotLetIn(says) | GatewayError::Refused(says) | GatewayError::Declined(says) => {
                words::refused(&says)
            }
            GatewayError::Unreadable => words::UNREADABLE.into(),
        })
    }
}

/// What a gateway answers.
pub type GatewayResult<T> = Result<T, GatewayError>;

/// A payment to begin.
#[derive(Debug)]
pub struct Begin<'a> {
    /// Our id of the checkout; asked twice with it, the gateway begins one.
    pub checkout: &'a str,
    /// What stands on the gateway's page.
    pub title: &'a str,
    /// How much.
    pub amount: &'a Money,
    /// Where the customer comes back to, paid or not.
    pub paid_url: &'a str,
    /// Where they come back to who change their mind.
    pub back_url: &'a str,
}

/// A payment that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The gateway's id of it.
    pub session: String,
    /// The gateway's page.
    pub url: String,
}

/// How a payment stands at the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentSeen {
    /// Our id of the checkout, as the gateway kept it.
    pub checkout: String,
    /// The money is there. A session that is over can still be unpaid: some ways of paying take days.
    pub paid: bool,
    /// It ended without money, and nothing comes of it any more.
    pub ended: bool,
    /// How much.
    pub amount: Money,
    /// The gateway's name for the payment.
    pub reference: String,
}

/// A way of paying that the gateway keeps: no number of a card comes here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptMethod {
    /// Our id of it, as the gateway kept it.
    pub ours: String,
    /// The gateway's id of it.
    pub method: String,
    /// "Visa •••• 4242".
    pub label: String,
    /// "12/2030"; empty for what does not expire.
    pub expires: String,
}

/// How a way of paying that is being kept stands at the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// The customer has not finished.
    Begun,
    /// It is kept.
    Done(KeptMethod),
    /// It ended without one.
    Ended,
}

/// What became of a charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Charged {
    /// It was taken on, under this id: how it stands is asked for.
    Taken(String),
    /// It was declined, and why.
    Declined(String),
}

/// How a refund stands at the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refunded {
    /// It was taken on.
    Taken {
        /// The gateway's id of it.
        session: String,
        /// It was sent; else it is on its way.
        sent: bool,
    },
    /// Nothing was sent, and why.
    Failed(String),
}

/// A gateway.
pub trait Gateway {
    /// The gateway's own id for a customer; asked twice for one account it is the same.
    fn customer(
        &self,
        account: &str,
        name: &str,
        email: &str,
    ) -> impl Future<Output = GatewayResult<String>> + Send;
    /// Begins to keep a way of paying, on the gateway's own page.
    fn keep(
        &self,
        ours: &str,
        customer: &str,
        done_url: &str,
        back_url: &str,
    ) -> impl Future<Output = GatewayResult<Begun>> + Send;
    /// How that stands.
    fn kept(&self, session: &str) -> impl Future<Output = GatewayResult<Keeping>> + Send;
    /// Forgets a way of paying.
    fn forget(&self, method: &str) -> impl Future<Output = GatewayResult<()>> + Send;
    /// Forgets a customer, with every way of paying that is kept for them.
    fn forget_customer(&self, customer: &str) -> impl Future<Output = GatewayResult<()>> + Send;
    /// Pays with one that is kept, while the customer is not there; asked twice with the same checkout it is paid once.
    fn charge(
        &self,
        checkout: &str,
        customer: &str,
        method: &str,
        title: &str,
        amount: &Money,
    ) -> impl Future<Output = GatewayResult<Charged>> + Send;
    /// Begins a payment on the gateway's own page.
    fn begin(&self, payment: &Begin<'_>) -> impl Future<Output = GatewayResult<Begun>> + Send;
    /// How a payment stands.
    fn look(&self, session: &str) -> impl Future<Output = GatewayResult<PaymentSeen>> + Send;
    /// Sends money of a payment back to where it came from. `ours` is our id of the refund: asked twice with it, it is sent once.
    fn refund(
        &self,
        ours: &str,
        payment: &str,
        amount: &Money,
    ) -> impl Future<Output = GatewayResult<Refunded>> + Send;
    /// How a refund stands that was taken on.
    fn refunded(&self, session: &str) -> impl Future<Output = GatewayResult<Refunded>> + Send;
    /// The session or refund that a message of the gateway is about, if it proves to be from it and is about one.
    ///
    /// # Errors
    /// For a message that is not the gateway's, or too old.
    fn heard(&self, signature: &str, body: &[u8], now: i64) -> Result<Option<String>, Forged>;
}

/// A message that is not the gateway's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forged;
