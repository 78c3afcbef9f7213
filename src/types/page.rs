//! Pages of a list, addressed by the key of the row they follow or precede.

use super::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a page starts: after or before the row with this sort value and id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The value of the sorted column in that row.
    pub value: String,
    /// The row's id, which decides between equal values.
    pub id: String,
}

impl Cursor {
    /// The form a cursor has in a URL: id and value, joined by a tilde.
    pub fn to_param(&self) -> String {
        format!("{}~{}", self.id, self.value)
    }

    /// Reads a cursor from a URL. Anything that is not one is `None`, which shows the first page.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, value) = text.split_once('~')?;
        (id.len() <= 26 && value.len() <= 600).then(|| Self { value: value.into(), id: id.into() })
    }
}

/// Some rows of a list and how to get to the next and previous ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows in order.
    pub items: Vec<T>,
    /// How many rows match in all.
    pub total: i64,
    /// How many matching rows stand before the first of `items`.
    pub skipped: i64,
    /// The server's time when the rows were read.
    pub now: Timestamp,
    /// Cursor of the page before this one, if there is one.
    pub previous: Option<String>,
    /// Cursor of the page after this one, if there is one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The same page with other rows.
    pub fn map<U>(self, row: impl FnMut(T) -> U) -> Page<U> {
        let Self { items, total, skipped, now, previous, next } = self;
        Page { items: items.into_iter().map(row).collect(), total, skipped, now, previous, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_survive_the_url_and_nonsense_is_none() {
        let cursor = Cursor { value: "o~neil".into(), id: "01k9zv5s8t3w2x1y0abcdefghj".into() };
        assert_eq!(Cursor::parse(&cursor.to_param()), Some(cursor));
        for bad in ["", "-1", "99999999999999999999", &"x".repeat(10_000)] {
            assert_eq!(Cursor::parse(bad), None);
        }
    }
}
