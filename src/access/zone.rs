//! Time zones, and the cookie that says how a person reads times.
//!
//! The cookie is set when somebody signs in and when they change it, so that a page needs no query for it. It
//! is no secret and nothing depends on it but how times are written.

use crate::access::cookies::cookie;
use crate::access::state::AppState;
use crate::platform::db::FromRow;
use crate::types::{DateFormat, LANGUAGES, TimeFormat, Timestamp};
use axum::http::HeaderValue;
use jiff::tz::TimeZone;

/// Name of the cookie, see [`crate::access::session::cookie_name`].
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-latchkey-reading" } else { "latchkey-reading" }
}

/// How far back and ahead of now a zone's changes are told, in days.
const BACK: i64 = 3 * 366;
const AHEAD: i64 = 2 * 366;

/// What a user chose, as their row has it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Chosen {
    /// Language tag.
    pub language: String,
    /// Name of the zone.
    pub time_zone: String,
    /// Key of the format.
    pub date_format: String,
    /// Counts the changes of the profile.
    pub version: i64,
}

/// The names of the zones that people choose from: those named for places, and UTC.
pub fn names() -> Vec<String> {
    const PLACES: [&str; 9] = [
        "Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
        "Pacific/",
    ];
    let places = jiff::tz::db()
        .available()
        .map(|name| name.to_string())
        .filter(|name| PLACES.iter().any(|place| name.starts_with(place)));
    std::iter::once("UTC".to_owned()).chain(places).collect()
}

/// Is there a zone by this name?
pub fn exists(name: &str) -> bool {
    name == "UTC" || names().iter().any(|known| known == name)
}

fn offsets(zone: &str, now: Timestamp) -> Vec<(i64, i32)> {
    if zone == "UTC" {
        return Vec::new();
    }
    let Ok(zone) = TimeZone::get(zone) else { return Vec::new() };
    let second = |at: Timestamp| jiff::Timestamp::from_second(at.0.div_euclid(1000)).unwrap_or_default();
    let (start, end) = (second(now.plus_days(-BACK)), second(now.plus_days(AHEAD)));
    let first = (i64::MIN, zone.to_offset(start).seconds() / 60);
    let changes = zone
        .following(start)
        .take_while(|change| change.timestamp() < end)
        .map(|change| (change.timestamp().as_second(), change.offset().seconds() / 60));
    std::iter::once(first).chain(changes).collect()
}

/// The cookie that says how a user reads times.
pub fn cookie_of(app: &AppState, chosen: &Chosen) -> HeaderValue {
    let value = format!("{}|{}|{}", chosen.language, chosen.time_zone, chosen.date_format);
    let secure = app.config().secure();
    cookie(cookie_name(secure), secure, &value, 400 * 86_400)
}

/// How whoever sent this cookie reads times.
pub fn time_format(now: Timestamp, cookie: Option<&str>) -> TimeFormat {
    let Some(value) = cookie else { return TimeFormat::default() };
    let mut parts = value.splitn(3, '|');
    let (language, zone, format) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    let language =
        LANGUAGES.iter().find(|(tag, _)| *tag == language).map_or("en-GB", |(tag, _)| tag).to_owned();
    let offsets = offsets(zone, now);
    // A zone that does not exist is read as UTC, and called so.
    let zone = if offsets.is_empty() { "UTC" } else { zone };
    TimeFormat {
        language,
        zone: zone.into(),
        format: DateFormat::from_key(format).unwrap_or_default(),
        offsets,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_places_and_know_their_summers() {
        let names = names();
        assert!(names.len() > 300 && names.iter().any(|name| name == "Europe/Lisbon"));
        assert!(exists("America/New_York") && exists("UTC") && !exists("Mars/Olympus"));
        let now = Timestamp(1_795_312_800_000);
        let lisbon = offsets("Europe/Lisbon", now);
        assert!(lisbon.contains(&(1_774_746_000, 60)), "{lisbon:?}");
        assert_eq!(offsets("Mars/Olympus", now), []);
        assert_eq!(offsets("Asia/Kolkata", now), [(i64::MIN, 330)]);
    }
}
