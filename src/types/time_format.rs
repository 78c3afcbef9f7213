//! How a person reads times: their zone and the order of day, month and year.

use super::Timestamp;
use serde::{Deserialize, Serialize};

/// Language tags (BCP 47) and their names: what the portal's English is called for.
pub const LANGUAGES: &[(&str, &str)] =
    &[("en-GB", "English (United Kingdom)"), ("en-US", "English (United States)")];

/// The order of day, month and year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateFormat {
    /// 22 Nov 2026, 14:05
    #[default]
    DayMonthYear,
    /// Nov 22, 2026, 2:05 PM
    MonthDayYear,
    /// 2026-11-22, 14:05 (ISO 8601)
    YearMonthDay,
}

impl DateFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::DayMonthYear, Self::MonthDayYear, Self::YearMonthDay];

    /// The key in tables and forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::DayMonthYear => "day-month-year",
            Self::MonthDayYear => "month-day-year",
            Self::YearMonthDay => "year-month-day",
        }
    }

    /// The format with a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.key() == key)
    }
}

/// How a person reads times. Enough to say a time in their zone without a table of zones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeFormat {
    /// Language tag of the page.
    pub language: String,
    /// The zone's name, for example "Europe/Lisbon".
    pub zone: String,
    /// The order of day, month and year.
    pub format: DateFormat,
    /// From which UTC second on which offset holds, in minutes east of Greenwich; in order, empty for UTC.
    pub offsets: Vec<(i64, i32)>,
}

impl Default for TimeFormat {
    fn default() -> Self {
        Self {
            language: "en-GB".into(),
            zone: "UTC".into(),
            format: DateFormat::default(),
            offsets: Vec::new(),
        }
    }
}

impl TimeFormat {
    /// The time shown on a clock in the zone, as if it were UTC.
    fn local(&self, at: Timestamp) -> Timestamp {
        let second = at.0.div_euclid(1000);
        let minutes = self
            .offsets
            .iter()
            .rev()
            .find(|(from, _)| *from <= second)
            .or(self.offsets.first())
            .map_or(0, |(_, minutes)| *minutes);
        at.plus_minutes(i64::from(minutes))
    }

    /// The day that it is there, as a date field has it: "2026-12-31".
    pub fn day(&self, at: Timestamp) -> String {
        self.local(at).day()
    }

    /// The moment at which a day begins that was written as if the zone were UTC.
    pub fn midnight(&self, day: Timestamp) -> Timestamp {
        let east = |at: Timestamp| self.local(at).0 - at.0;
        // The offset of the wrong moment first, which is right but for a day on which it changes.
        Timestamp(day.0 - east(Timestamp(day.0 - east(day))))
    }

    /// "22 Nov 2026".
    pub fn date(&self, at: Timestamp) -> String {
        let local = self.local(at);
        match self.format {
            DateFormat::DayMonthYear => local.date(),
            DateFormat::MonthDayYear => {
                let text = local.date();
                let mut parts = text.splitn(3, ' ');
                let (day, month, year) = (
                    parts.next().unwrap_or_default(),
                    parts.next().unwrap_or_default(),
                    parts.next().unwrap_or_default(),
                );
                format!("{month} {day}, {year}")
            }
            DateFormat::YearMonthDay => local.day(),
        }
    }

    /// "22 Nov 2026"; with the zone's name where it is not UTC, for readers who are elsewhere.
    pub fn named_date(&self, at: Timestamp) -> String {
        if self.zone == "UTC" { self.date(at) } else { format!("{} ({})", self.date(at), self.zone_name()) }
    }

    fn zone_name(&self) -> String {
        self.zone.rsplit('/').next().unwrap_or_default().replace('_', " ")
    }

    /// "22 Nov 2026, 14:05" with the zone's name.
    pub fn exact(&self, at: Timestamp) -> String {
        let iso = self.local(at).iso();
        let (hour, minute): (u8, &str) = (iso[11..13].parse().unwrap_or_default(), &iso[14..16]);
        let time = match self.format {
            DateFormat::MonthDayYear => {
                format!("{}:{minute} {}", (hour + 11) % 12 + 1, if hour < 12 { "AM" } else { "PM" })
            }
            _ => format!("{hour:02}:{minute}"),
        };
        format!("{}, {time} {}", self.date(at), self.zone_name())
    }

    /// How far a time is from `now` in words; beyond 30 days the date.
    pub fn relative(&self, at: Timestamp, now: Timestamp) -> String {
        at.distance(now).unwrap_or_else(|| self.date(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_the_persons_zone_and_order() {
        let summer = 1_774_746_000; // 29 March 2026, 01:00 UTC
        let lisbon = |format| TimeFormat {
            zone: "Europe/Lisbon".into(),
            format,
            offsets: vec![(i64::MIN, 0), (summer, 60)],
            ..TimeFormat::default()
        };
        let before = Timestamp((summer - 60) * 1000);
        let after = Timestamp(summer * 1000);
        let usual = lisbon(DateFormat::DayMonthYear);
        assert_eq!(
            (usual.exact(before), usual.exact(after)),
            ("29 Mar 2026, 00:59 Lisbon".into(), "29 Mar 2026, 02:00 Lisbon".into())
        );
        let american = lisbon(DateFormat::MonthDayYear);
        assert_eq!(
            (american.exact(before), american.exact(after)),
            ("Mar 29, 2026, 12:59 AM Lisbon".into(), "Mar 29, 2026, 2:00 AM Lisbon".into())
        );
        assert_eq!(
            lisbon(DateFormat::YearMonthDay).exact(after.plus_minutes(720)),
            "2026-03-29, 14:00 Lisbon"
        );
        assert_eq!(TimeFormat::default().exact(after), "29 Mar 2026, 01:00 UTC");
        assert_eq!(usual.relative(after, after.plus_minutes(5)), "5 minutes ago");
        assert_eq!(american.relative(after, after.plus_days(40)), "Mar 29, 2026");
    }

    #[test]
    fn formats_have_keys() {
        for format in DateFormat::ALL {
            assert_eq!(DateFormat::from_key(format.key()), Some(format));
        }
        assert_eq!(DateFormat::from_key("x"), None);
    }
}
