//! The search by words: what finds rows of the search index of this engine (`SQLite`'s FTS5).
//!
//! Whatever was typed becomes words in quotes, so that nothing of it is a query language. Each word is found by
//! its beginning. Searches stop at [`MOST`] rows, so that one costs the same however many there are.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// Rows that a search looks at, of accounts by their own words and again of everything.
pub const MOST: usize = 300;

/// Endings that many domains have, for domains that are typed without an address before them.
const ENDINGS: &[&str] = &[
    "app", "at", "be", "biz", "ch", "co", "com", "cz", "de", "dev", "dk", "es", "eu", "example", "fi", "fr",
    "info", "io", "it", "me", "net", "nl", "no", "online", "org", "pl", "pt", "se", "shop", "uk", "us",
];

/// Does the index keep a character inside a word? As FTS5's `unicode61` does: letters, numbers and private ones, and the
/// marks that it takes for part of the letter before. Anything else would make two words of one.
fn is_of_word(c: char) -> bool {
    matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number)
        || c.general_category() == GeneralCategory::PrivateUse
        || ('\u{300}'..='\u{331}').contains(&c)
}

/// What was typed as a pattern of the index; `None` for what holds no word of two characters. The end of an
/// address or domain (".com") is left out where something stands before it: nearly everybody has it, and finding
/// nearly everybody takes long.
pub fn pattern(typed: &str) -> Option<String> {
    let mut typed = typed.trim();
    while let Some((before, end)) = typed.rsplit_once('.') {
        let of_address = before.contains('@') && !end.contains([' ', '@']);
        let known = ENDINGS.contains(&end.to_ascii_lowercase().as_str());
        if before.len() < 2 || !(known || of_address) {
            break;
        }
        typed = before;
        // Of an address one ending is left out, whatever it is; of a domain those that are known ("co.uk").
        if of_address && !known {
            break;
        }
    }
    let words: Vec<String> = typed
        .split(|c| !is_of_word(c))
        .filter(|word| word.chars().nth(1).is_some())
        .take(8)
        .map(|word| format!("\"{}\"*", word.chars().take(60).collect::<String>()))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The accounts that a pattern finds, as a table of `account_id`; `{}` stands for the pattern. Accounts that
/// are found by their own name come before those found by what belongs to them.
pub const ACCOUNTS: &str = "(SELECT account_id FROM (SELECT r.account_id FROM search_index CROSS JOIN search_rows r \
    ON r.id = search_index.rowid WHERE search_index MATCH ('account : (' || {} || ')') LIMIT 300) \
    UNION SELECT account_id FROM (SELECT r.account_id FROM search_index CROSS JOIN search_rows r \
    ON r.id = search_index.rowid WHERE search_index MATCH {} LIMIT 300))";

/// For many rows at once: their words wait in 64 MB of memory instead of being written each MB, and what was written is not
/// joined meanwhile.
pub const WAITS_FOR_MANY: &str =
    "INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 67108864), ('automerge', 0)";
/// As it is otherwise. Both belong into the transaction that writes the rows.
pub const WAITS_FOR_FEW: &str =
    "INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 1048576), ('automerge', 4)";

/// Characters from which a word finds by its beginning in tickets: a short one would find nearly everything.
const BEGINNING: usize = 4;

/// What was typed as a pattern of the index of tickets: all of what staff see, or on one account what its people do.
pub fn ticket_pattern(typed: &str, account: Option<&str>) -> Option<String> {
    let word = |word: &str| {
        let beginning = if word.chars().count() >= BEGINNING { "*" } else { "" };
        format!("\"{}\"{beginning}", word.chars().take(60).collect::<String>())
    };
    let words: Vec<String> =
        typed.split(|c| !is_of_word(c)).filter(|word| !word.is_empty()).take(8).map(word).collect();
    if words.is_empty() {
        return None;
    }
    let words = words.join(" ");
    Some(match account {
        Some(account) => format!("account : \"{account}\" AND {{subject text}} : ({words})"),
        None => format!("{{subject text staff}} : ({words})"),
    })
}

/// The tickets that a pattern finds in the newest thousand of what holds the words, as a table of `ticket_id`; `{}`
/// stands for the pattern.
pub const TICKETS: &str = "(SELECT DISTINCT r.ticket_id FROM (SELECT rowid AS id FROM ticket_index \
    WHERE ticket_index MATCH {} ORDER BY rowid DESC LIMIT 1000) i CROSS JOIN ticket_rows r ON r.id = i.id)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_is_a_query() {
        assert_eq!(pattern("hart bak").as_deref(), Some("\"hart\"* \"bak\"*"));
        assert_eq!(pattern("a\" OR bc* NEAR(").as_deref(), Some("\"OR\"* \"bc\"* \"NEAR\"*"));
        assert_eq!(pattern("ann.lee@example.com").as_deref(), Some("\"ann\"* \"lee\"* \"example\"*"));
        assert_eq!(pattern("ann.lee").as_deref(), Some("\"ann\"* \"lee\"*"));
        assert_eq!(pattern("shop.example").as_deref(), Some("\"shop\"*"));
        assert_eq!(pattern("corner-shop.co.uk").as_deref(), Some("\"corner\"* \"shop\"*"));
        assert_eq!(pattern("shop.intern").as_deref(), Some("\"shop\"* \"intern\"*"));
        assert_eq!(pattern("example").as_deref(), Some("\"example\"*"));
        assert_eq!(pattern(" \"*-() x "), None);
        assert_eq!(
            ticket_pattern("#1005 oven", None).as_deref(),
            Some("{subject text staff} : (\"1005\"* \"oven\"*)")
        );
        assert_eq!(
            ticket_pattern("a\" OR", Some("01k")).as_deref(),
            Some("account : \"01k\" AND {subject text} : (\"a\" \"OR\")")
        );
        assert_eq!(ticket_pattern(" #-\" ", None), None);
        assert_eq!(ACCOUNTS.matches(&format!("LIMIT {MOST}")).count(), 2);
    }
}
