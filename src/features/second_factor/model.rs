//! What one knows of one's own second factors.

use super::words;
use crate::types::{Secret, Timestamp};
use serde::{Deserialize, Serialize};

/// How many recovery codes there are in a set.
pub const CODES: usize = 10;

/// A passkey as its owner sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PasskeyView {
    /// Its id.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub since: Timestamp,
    /// When it was last used.
    pub used: Option<Timestamp>,
}

/// Everything somebody has to prove that it is them, beside the password.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Factors {
    /// Since when there is an authenticator app.
    pub app: Option<Timestamp>,
    /// The passkeys, oldest first.
    pub passkeys: Vec<PasskeyView>,
    /// Recovery codes that are not used up.
    pub codes_left: usize,
    /// Browsers that are not asked for the second factor for now.
    pub remembered: i64,
}

impl Factors {
    /// Is there a second factor?
    pub fn any(&self) -> bool {
        self.app.is_some() || !self.passkeys.is_empty()
    }
}

/// What is needed to set up an authenticator app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setup {
    /// What the secret is made from; goes back with the first code.
    pub seed: String,
    /// The QR code as SVG.
    pub qr: String,
    /// The secret as people type it, in groups of four.
    pub secret: String,
    /// What the QR code says: an app on the same phone opens it.
    pub url: String,
    /// There is an app already, which this one replaces.
    pub replaces: bool,
}

/// Which second factors a person can be asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactorChoices {
    /// Their address.
    pub email: String,
    /// Do they have a second factor at all?
    pub any: bool,
    /// An app makes codes.
    pub app: bool,
    /// There are passkeys.
    pub passkeys: bool,
}

impl FactorChoices {
    /// Label of the field for a code.
    pub fn code_label(&self) -> &'static str {
        if self.app { words::CODE_FROM_YOUR_APP_OR } else { words::RECOVERY_CODE }
    }
}

/// A challenge for a passkey: the secret that names it, and the options for the browser as JSON.
pub type Challenge = (String, String);

/// What somebody typed to prove that it is them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// A code from the app, or a recovery code.
    #[serde(default)]
    pub code: Secret,
    /// What the passkey answered, as JSON.
    #[serde(default)]
    pub passkey: Secret,
    /// Names the challenge that it answers.
    #[serde(default)]
    pub ceremony: Secret,
}
