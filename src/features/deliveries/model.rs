//! How an e-invoice stands on its way. Pure: no I/O.

use crate::types::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// It goes, or goes once more, by itself.
    #[default]
    Waiting,
    /// The receiver's access point has it.
    Sent,
    /// It was given up.
    Failed,
}

impl DeliveryState {
    /// The state with this name; an unknown one waits.
    pub fn from_key(key: &str) -> Self {
        match key {
            "sent" => Self::Sent,
            "failed" => Self::Failed,
            _ => Self::Waiting,
        }
    }
}

/// A delivery, as the page of its invoice shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryView {
    /// Where it stands.
    pub state: DeliveryState,
    /// Where it goes: scheme and value.
    pub receiver: String,
    /// The network's id of the message, or why it did not go; may be empty.
    pub says: String,
    /// Since when it stands so.
    pub at: Timestamp,
}

/// Minutes until it is tried again, by how often it was tried.
const AGAIN: [i64; 5] = [10, 60, 240, 720, 1_440];

/// When it is tried again after so many tries; not any more where there is no answer.
pub fn again(tries: i64, now: Timestamp) -> Option<Timestamp> {
    let minutes = usize::try_from(tries).ok().and_then(|tries| AGAIN.get(tries.saturating_sub(1)));
    minutes.map(|minutes| now.plus_minutes(*minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_tried_for_a_day_and_a_half_and_then_given_up() {
        let now = Timestamp(0);
        let waits: Vec<i64> = (1..=6).filter_map(|tries| again(tries, now)).map(|at| at.0 / 60_000).collect();
        assert_eq!(waits, [10, 60, 240, 720, 1_440]);
    }
}
