//! Points in time.

use serde::{Deserialize, Serialize};

/// A point in time as UTC milliseconds since 1970, the only form in which time is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// One minute in milliseconds.
const MINUTE: i64 = 60_000;
/// One hour in milliseconds.
const HOUR: i64 = 60 * MINUTE;
/// One day in milliseconds.
const DAY: i64 = 24 * HOUR;

impl Timestamp {
    /// This many days later; negative for earlier.
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0 + days * DAY)
    }

    /// The beginning of its day, UTC.
    pub fn midnight(self) -> Self {
        Self(self.0 - self.0.rem_euclid(DAY))
    }

    /// This many months later, on this day of the month or on its last where it has fewer; at the same time of day.
    pub fn plus_months(self, months: i64, day: u8) -> Self {
        let (year, month, ..) = self.calendar();
        let count = i64::from(year) * 12 + i64::from(month) - 1 + months;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        let month = u8::try_from(month).ok().and_then(|month| time::Month::try_from(month).ok());
        let (Ok(year), Some(month)) = (i32::try_from(year), month) else { return self };
        let day = day.clamp(1, month.length(year));
        let Ok(date) = time::Date::from_calendar_date(year, month, day) else { return self };
        Self(date.midnight().assume_utc().unix_timestamp() * 1000 + self.0.rem_euclid(DAY))
    }

    /// This many minutes later; negative for earlier.
    pub fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0 + minutes * MINUTE)
    }

    /// The beginning of a day, UTC, from the value of a date field: "2026-12-31".
    pub fn parse_day(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '-');
        let (year, month, day) =
            (parts.next()?.parse().ok()?, parts.next()?.parse::<u8>().ok()?, parts.next()?.parse().ok()?);
        let date = time::Date::from_calendar_date(year, time::Month::try_from(month).ok()?, day).ok()?;
        Some(Self(date.midnight().assume_utc().unix_timestamp() * 1000))
    }

    /// The value of a date field: "2026-12-31".
    pub fn day(self) -> String {
        self.iso()[..10].to_owned()
    }

    fn parts(self) -> time::OffsetDateTime {
        time::OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1000))
            .unwrap_or(time::OffsetDateTime::UNIX_EPOCH)
    }

    /// Year, month, day, hour, minute and second in UTC.
    pub fn calendar(self) -> (i32, u8, u8, u8, u8, u8) {
        let t = self.parts();
        (t.year(), u8::from(t.month()), t.day(), t.hour(), t.minute(), t.second())
    }

    /// RFC 3339 in UTC with seconds, for `<time datetime>` and logs.
    pub fn iso(self) -> String {
        let (year, month, day, hour, minute, second) = self.calendar();
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }

    /// "21 Nov 2026, 14:05 UTC".
    pub fn exact(self) -> String {
        let t = self.parts();
        format!("{}, {:02}:{:02} UTC", self.date(), t.hour(), t.minute())
    }

    /// "21 Nov 2026".
    pub fn date(self) -> String {
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let t = self.parts();
        format!("{} {} {}", t.day(), MONTHS[u8::from(t.month()) as usize - 1], t.year())
    }

    /// How far this is from `now` in words: "in 3 days", "2 hours ago", "just now"; beyond 30 days the date.
    pub fn relative(self, now: Self) -> String {
        self.distance(now).unwrap_or_else(|| self.date())
    }

    /// The same, and `None` beyond 30 days.
    pub fn distance(self, now: Self) -> Option<String> {
        let distance = (self.0 - now.0).abs();
        // What is to come is rounded, so that what ends in seven days does not end "in 6 days" a moment later.
        let near = |unit: i64| if self > now { (distance + unit / 2) / unit } else { distance / unit };
        let (count, unit) = match distance {
            d if d < MINUTE => {
                return Some(if self > now { "in a moment".into() } else { "just now".into() });
            }
            d if d < HOUR => (near(MINUTE), "minute"),
            d if d < DAY => (near(HOUR), "hour"),
            d if d < 30 * DAY => (near(DAY), "day"),
            _ => return None,
        };
        let plural = if count == 1 { "" } else { "s" };
        Some(if self > now {
            format!("in {count} {unit}{plural}")
        } else {
            format!("{count} {unit}{plural} ago")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_a_person_would_say_it() {
        let now = Timestamp(1_795_312_800_000);
        assert_eq!(now.iso(), "2026-11-22T02:00:00Z");
        // What was offered for seven days a minute ago; what is over is over by whole days.
        assert_eq!(now.plus_days(7).plus_minutes(-1).relative(now), "in 7 days");
        assert_eq!(now.plus_days(-7).plus_minutes(1).relative(now), "6 days ago");
        assert_eq!(now.exact(), "22 Nov 2026, 02:00 UTC");
        assert_eq!(now.plus_days(3).relative(now), "in 3 days");
        assert_eq!(now.plus_minutes(-61).relative(now), "1 hour ago");
        assert_eq!(now.relative(now), "just now");
        assert_eq!(now.plus_days(-40).relative(now), "13 Oct 2026");
        assert_eq!(Timestamp(i64::MIN).date(), "1 Jan 1970");
    }

    #[test]
    fn days_are_read_as_they_are_written() {
        assert_eq!(Timestamp::parse_day("2026-12-31").unwrap().day(), "2026-12-31");
        for bad in ["", "2026-02-30", "31.12.2026", "2026-13-01", "x-y-z", "99999999999-1-1"] {
            assert_eq!(Timestamp::parse_day(bad), None, "{bad}");
        }
    }
}
