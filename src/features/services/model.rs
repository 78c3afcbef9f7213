//! What a service is, and how its list and its requests are asked for. Pure: no I/O.

use super::words;
use crate::error::{FormErrors, Result};
use crate::features::requests::model::Pending;
use crate::permission::Permissions;
use crate::types::{Money, ServiceId, TimeFormat, Timestamp, text_block};
use serde::{Deserialize, Serialize};

/// The state of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceStatus {
    /// Ordered and not set up yet.
    Pending,
    /// In use.
    Active,
    /// Switched off by the operator, for example for an unpaid invoice.
    Suspended,
    /// Ended.
    Cancelled,
}

impl ServiceStatus {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Active, Self::Suspended, Self::Cancelled];

    /// The name in tables and URLs.
    pub fn key(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state with this name; an unknown one is pending.
    pub fn from_key(key: &str) -> Self {
        Self::ALL.into_iter().find(|status| status.key() == key).unwrap_or(Self::Pending)
    }

    /// Class, icon and word of its pill.
    pub fn pill(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Pending => ("pill amber", "clock", words::BEING_SET_UP),
            Self::Active => ("pill green", "check", words::ACTIVE),
            Self::Suspended => ("pill amber", "lock", words::SUSPENDED),
            Self::Cancelled => ("pill", "x", words::CANCELLED),
        }
    }
}

/// The filters of the list: value in the URL and label.
pub const FILTERS: &[(&str, &str)] = &[
    ("", words::ALL),
    ("active", words::ACTIVE),
    ("pending", words::BEING_SET_UP),
    ("suspended", words::SUSPENDED),
    ("cancelled", words::CANCELLED),
];

/// How often a service is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cycle {
    /// Once.
    Once,
    /// Every month.
    Monthly,
    /// Every three months.
    Quarterly,
    /// Every year.
    Yearly,
}

impl Cycle {
    /// The name in tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Yearly => "yearly",
        }
    }

    /// The cycle with this name; an unknown one is paid once.
    pub fn from_key(key: &str) -> Self {
        [Self::Monthly, Self::Quarterly, Self::Yearly]
            .into_iter()
            .find(|cycle| cycle.key() == key)
            .unwrap_or(Self::Once)
    }

    /// What follows a price: "12.00 EUR a month".
    pub fn title(self) -> &'static str {
        match self {
            Self::Once => "one-off",
            Self::Monthly => words::A_MONTH,
            Self::Quarterly => words::A_QUARTER,
            Self::Yearly => words::A_YEAR,
        }
    }
}

/// Billing information: only for who holds `service.billing` on the service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Billing {
    /// Price per cycle.
    pub price: Money,
    /// How often.
    pub cycle: Cycle,
    /// When it is due next, if it is.
    pub next_due: Option<Timestamp>,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceRow {
    /// The service.
    pub id: ServiceId,
    /// Its label, else its product.
    pub name: String,
    /// Its product, where it has a label.
    pub product: String,
    /// Its domain, or empty.
    pub domain: String,
    /// State.
    pub status: ServiceStatus,
    /// Billing information, if it may be seen.
    pub billing: Option<Billing>,
    /// What the person may do with it.
    pub may: Permissions,
    /// It has a control panel.
    pub panel: bool,
}

/// One service, as one person may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceView {
    /// The service.
    pub id: ServiceId,
    /// Its product.
    pub product: String,
    /// What the customer calls it, or empty.
    pub label: String,
    /// State.
    pub status: ServiceStatus,
    /// Its domain, or empty.
    pub domain: String,
    /// The server it is on, or empty.
    pub server: String,
    /// The login name at its control panel, or empty.
    pub login_name: String,
    /// The operator's notes for the customer, or empty.
    pub notes: String,
    /// Billing information, if it may be seen.
    pub billing: Option<Billing>,
    /// What the person may do with it.
    pub may: Permissions,
    /// It has a control panel.
    pub panel: bool,
    /// Requests that staff have not answered yet.
    pub pending: Vec<Pending>,
    /// The server's time.
    pub now: Timestamp,
}

impl ServiceView {
    /// Its label, else its product.
    pub fn name(&self) -> &str {
        if self.label.is_empty() { &self.product } else { &self.label }
    }
}

/// The fields of a cancellation as its form sends them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CancelForm {
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// `end` for the end of the paid period, or `day`.
    #[serde(default)]
    pub when: String,
    /// The day, as a date field sends it.
    #[serde(default)]
    pub day: String,
    /// "I know what ends": anything but empty.
    #[serde(default)]
    pub sure: String,
}

/// How far ahead a cancellation can be set.
const MAX_DAYS: i64 = 3 * 366;

impl CancelForm {
    /// Reason, and the beginning of the day if one was chosen. A day is a day of the person's own calendar.
    ///
    /// # Errors
    /// [`crate::error::AppError::Invalid`] with the fields that cannot be taken.
    pub fn parse(&self, now: Timestamp, time_format: &TimeFormat) -> Result<(String, Option<Timestamp>)> {
        let mut errors = FormErrors::default();
        let reason = errors.keep("reason", text_block(&self.reason, 2_000));
        if reason.is_empty() && errors.of("reason").is_none() {
            errors.add("reason", words::SAY_BRIEFLY_WHY_SO_THAT);
        }
        let mut day = None;
        if self.when == "day" {
            let today = time_format.day(now);
            day = Timestamp::parse_day(&self.day)
                .filter(|day| day.day() >= today && *day < now.plus_days(MAX_DAYS));
            day = day.map(|day| time_format.midnight(day));
            if day.is_none() {
                errors.add("day", words::CHOOSE_A_DAY_BETWEEN_TODAY);
            }
        }
        if self.sure.is_empty() {
            errors.add("sure", words::TICK_THE_BOX_TO_CONFIRM);
        }
        errors.finish((reason, day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AppError;

    const NOW: Timestamp = Timestamp(1_795_312_800_000);

    #[test]
    fn a_cancellation_needs_a_reason_a_day_to_come_and_a_confirmation() {
        let Err(AppError::Invalid(errors)) =
            (CancelForm { when: "day".into(), day: "2026-11-21".into(), ..CancelForm::default() })
                .parse(NOW, &TimeFormat::default())
        else {
            panic!("accepted")
        };
        assert_eq!(errors.0.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["reason", "day", "sure"]);
        let good = CancelForm {
            reason: " Moved away ".into(),
            when: "day".into(),
            day: "2026-11-22".into(),
            sure: "on".into(),
        };
        assert_eq!(
            good.parse(NOW, &TimeFormat::default()).unwrap(),
            ("Moved away".into(), Timestamp::parse_day("2026-11-22"))
        );
        assert_eq!(
            CancelForm { when: "end".into(), ..good }.parse(NOW, &TimeFormat::default()).unwrap().1,
            None
        );
    }
}
