//! An offer to hand an account over, as the people it concerns see it.

use crate::features::second_factor::model::FactorChoices;
use crate::types::{ContactId, Timestamp};
use serde::{Deserialize, Serialize};

/// How long an offer stands.
pub const DAYS: i64 = 7;

/// An offer that is not answered yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transfer {
    /// Name of the owner.
    pub from: String,
    /// Name and address of who is to own the account.
    pub to: (String, String),
    /// Is it the person who looks?
    pub for_me: bool,
    /// When it was made.
    pub since: Timestamp,
    /// Until when it stands.
    pub until: Timestamp,
}

/// Somebody who can be offered the account: contact, name and address.
pub type Successor = (ContactId, String, String);

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ownership {
    /// The offer that stands, if one does.
    pub transfer: Option<Transfer>,
    /// Who can be offered it; only for the owner.
    pub candidates: Vec<Successor>,
    /// What the owner can be asked for to prove that it is them; only for the owner.
    pub asked: Option<FactorChoices>,
    /// The server's time.
    pub now: Timestamp,
}

/// Somebody who is written to.
pub struct OwnershipParty {
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// The account's main address.
    pub main_address: String,
}
