//! What pages know of an invitation.

use super::words;
use crate::permission::Permissions;
use crate::types::{InvitationId, Timestamp};
use serde::{Deserialize, Serialize};

/// Days an invitation can be valid (I3).
pub const DAYS: std::ops::RangeInclusive<i64> = 1..=30;
/// Days it is valid when nothing else was chosen.
pub const DEFAULT_DAYS: i64 = 7;
/// Invitations per account in 24 hours (I6).
pub const PER_DAY: i64 = 50;
/// Resends per invitation (I6).
pub const RESENDS: i64 = 5;

/// Reads the number of days from a form; empty is the default.
///
/// # Errors
/// A sentence for the person.
pub fn days(text: &str) -> Result<i64, String> {
    if text.trim().is_empty() {
        return Ok(DEFAULT_DAYS);
    }
    match text.trim().parse() {
        Ok(days) if DAYS.contains(&days) => Ok(days),
        _ => Err(words::CHOOSE_BETWEEN_1_AND_30.into()),
    }
}

/// What a link to an invitation shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Offer {
    /// It can be answered.
    Open(Box<OpenOffer>),
    /// It was accepted.
    Used,
    /// It was declined.
    Declined,
    /// Whoever sent it took it back, or the contact was closed.
    Withdrawn,
    /// Its time has passed.
    Expired,
    /// No such link, or replaced by a newer one.
    Unknown,
}

/// An invitation that can be answered, and who is looking at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenOffer {
    /// The invitation.
    pub id: InvitationId,
    /// Name of the account.
    pub account: String,
    /// Who invites.
    pub inviter: String,
    /// The invited address.
    pub email: String,
    /// Name on the contact.
    pub name: String,
    /// What it opens, as the end of a sentence; empty for nothing.
    pub able_to: String,
    /// The permissions it gives on the account and on everything in it.
    pub permissions: Permissions,
    /// When it expires.
    pub expires: Timestamp,
    /// The server's time.
    pub now: Timestamp,
    /// Who is looking.
    pub viewer: Viewer,
}

/// Who looks at an invitation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Viewer {
    /// The invited person, signed in.
    Invited,
    /// Somebody signed in with another address.
    SomebodyElse(String),
    /// Nobody is signed in; the link came by mail and the address has a login.
    HasLogin,
    /// Nobody is signed in; the link came by mail and the address has no login yet.
    NeedsLogin,
    /// Nobody is signed in, and the link was copied: it does not tell whether the address has a login.
    Unproven,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_between_one_and_thirty() {
        assert_eq!(days(""), Ok(7));
        assert_eq!(days(" 30 "), Ok(30));
        for bad in ["0", "31", "-1", "x", "99999999999999999999"] {
            assert!(days(bad).is_err(), "{bad}");
        }
    }
}
