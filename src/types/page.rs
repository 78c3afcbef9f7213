//! Pages of a list, addressed by the id of the row they follow or precede.

use super::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far rows are counted: beyond it a list says "1,000+", so that its length costs nothing.
pub const COUNTED: i64 = 1_000;

/// A number of rows for people; beyond [`COUNTED`] it is not known exactly.
pub fn counted(number: i64) -> String {
    if number > COUNTED { "1,000+".into() } else { number.to_string() }
}

/// Reads a cursor from a URL: the id of a row. Anything that is none is `None`, which shows the first page.
pub fn cursor(text: &str) -> Option<&str> {
    let id = (1..=26).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    id.then_some(text)
}

/// What is wanted of a list, as its URL says it. Nonsense falls back to how the list is shown first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListQuery {
    /// Words that are searched for.
    #[serde(default)]
    pub q: String,
    /// Which of the tabs is open: a state, or all.
    #[serde(default)]
    pub status: String,
    /// By what it is sorted, with `-` before it for the other way.
    #[serde(default)]
    pub sort: String,
    /// Cursor of the row before the page.
    #[serde(default)]
    pub after: String,
    /// Cursor of the row after the page.
    #[serde(default)]
    pub before: String,
    /// What else it is narrowed down to, by name.
    #[serde(flatten)]
    pub narrowed: BTreeMap<String, String>,
}

impl ListQuery {
    /// One part by its name in the URL; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        match name {
            "q" => &self.q,
            "status" => &self.status,
            "sort" => &self.sort,
            "after" => &self.after,
            "before" => &self.before,
            other => self.narrowed.get(other).map(String::as_str).unwrap_or_default(),
        }
    }

    /// Every part by its name.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = [
            ("q", &self.q),
            ("status", &self.status),
            ("sort", &self.sort),
            ("after", &self.after),
            ("before", &self.before),
        ];
        let own = own.into_iter().map(|(name, value)| (name, value.as_str()));
        own.chain(self.narrowed.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// Is nothing searched for and nothing filtered?
    pub fn is_plain(&self) -> bool {
        self.q.is_empty() && self.status.is_empty() && self.narrowed.values().all(String::is_empty)
    }
}

/// Some rows of a list and how to get to the next and previous ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows in order.
    pub items: Vec<T>,
    /// How many rows match in all; at most one more than [`COUNTED`].
    pub total: i64,
    /// How many matching rows stand before the first of `items`; at most one more than [`COUNTED`].
    pub skipped: i64,
    /// The server's time when the rows were read.
    pub now: Timestamp,
    /// Cursor of the page before this one, if there is one.
    pub previous: Option<String>,
    /// Cursor of the page after this one, if there is one.
    pub next: Option<String>,
    /// What the list can be narrowed down to that is the account's own: value in the URL, and label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<(String, String)>,
    /// So many rows are left out of `items`, because the document that this comes with shows them already.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub omitted: usize,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl<T> Page<T> {
    /// How many rows the page shows.
    pub fn len(&self) -> usize {
        self.items.len() + self.omitted
    }

    /// Does it show none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same page with other rows.
    pub fn map<U>(self, row: impl FnMut(T) -> U) -> Page<U> {
        let Self { items, total, skipped, now, previous, next, choices, omitted } = self;
        let items = items.into_iter().map(row).collect();
        Page { items, total, skipped, now, previous, next, choices, omitted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_an_id_and_nonsense_is_none() {
        assert_eq!(cursor("01k9zv5s8t3w2x1y0abcdefghj"), Some("01k9zv5s8t3w2x1y0abcdefghj"));
        for bad in ["", "-1", "99999999999999999999999999999", "01k9~o'neil", &"x".repeat(10_000)] {
            assert_eq!(cursor(bad), None);
        }
    }

    #[test]
    fn long_lists_are_counted_so_far() {
        assert_eq!(
            (counted(1), counted(1_000), counted(1_001)),
            ("1".into(), "1000".into(), "1,000+".into())
        );
    }
}
