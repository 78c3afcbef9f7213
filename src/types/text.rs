//! Text from a form: one line, or several.

use js_sys::JsString;

/// Reads one line of at most `max` characters: blanks at the ends go, inner control characters are refused.
/// Markup is text like any other and is kept as typed.
///
/// # Errors
/// A sentence for the person that says what is wrong.
pub fn line(text: &str, max: usize) -> Result<String, String> {
    if text.trim().contains(['\r', '\n']) {
        return Err("Remove line breaks and invisible characters.".into());
    }
    text_block(text, max)
        .map_err(|message| message.replace("Remove invisible", "Remove line breaks and invisible"))
}

/// Reads text of several lines and at most `max` characters. Line ends become `\n`; other control characters
/// are refused.
///
/// # Errors
/// A sentence for the person that says what is wrong.
pub fn text_block(text: &str, max: usize) -> Result<String, String> {
    let text = text.trim().replace("\r\n", "\n");
    // Bidirectional overrides can make a name read as something it is not.
    let hidden = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if text.chars().any(hidden) {
        return Err("Remove invisible characters.".into());
    }
    if text.chars().count() > max {
        return Err(format!("Use at most {max} characters."));
    }
    Ok(text)
}

/// Does it begin like an address of the web?
pub fn is_web_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// The same with a capital letter: "See all services" of "see all services".
pub fn capital(text: &str) -> String {
    let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
    uppercase(first) + rest
}

/// In small letters. Browsers know those of every alphabet; our own tables of them would be 7 kB on their way there.
pub fn lowercase(text: &str) -> String {
    if cfg!(feature = "ssr") { text.to_lowercase() } else { JsString::from(text).to_lower_case().into() }
}

/// In capital letters, see [`lowercase`].
pub fn uppercase(text: &str) -> String {
    if cfg!(feature = "ssr") { text.to_uppercase() } else { JsString::from(text).to_upper_case().into() }
}

/// The first of some texts that is not empty: what to call somebody.
pub fn first_filled(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

/// Up to two letters that stand for a name in an avatar: "Ben Carter" → "BC".
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    let letters: String = first.into_iter().chain(last).collect();
    if letters.is_empty() { "?".into() } else { uppercase(&letters) }
}

/// A name as one line, split before its last word: first names and last name. One word is a first name.
pub fn first_and_last(name: &str) -> (&str, &str) {
    let name = name.trim();
    name.rsplit_once(' ').map_or((name, ""), |(first, last)| (first.trim(), last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_kept_as_typed_or_refused() {
        assert_eq!(line("  <script>{{x}}  ", 200).unwrap(), "<script>{{x}}");
        assert!(line("a\r\nBcc: b", 200).is_err());
        assert!(line("a\u{202e}b", 200).is_err());
        assert_eq!(line(&"é".repeat(200), 200).unwrap().chars().count(), 200);
        assert_eq!(line(&"é".repeat(201), 200).unwrap_err(), "Use at most 200 characters.");
    }

    #[test]
    fn a_block_keeps_its_lines() {
        assert_eq!(text_block(" a\r\nb ", 10).unwrap(), "a\nb");
        assert!(text_block("a\u{0}b", 10).is_err());
        assert!(text_block("abc", 2).is_err());
    }

    #[test]
    fn initials_of_names() {
        assert_eq!(initials("Ben Carter"), "BC");
        assert_eq!(initials("ben"), "B");
        assert_eq!(initials("Ana Maria de Souza"), "AS");
        assert_eq!(initials("  "), "?");
        assert_eq!(initials("(x) -"), "X");
    }

    #[test]
    fn a_name_is_split_before_its_last_word() {
        for (name, split) in [
            ("Ben Carter", ("Ben", "Carter")),
            (" Ana  Maria de Sousa ", ("Ana  Maria de", "Sousa")),
            ("Cher", ("Cher", "")),
            ("", ("", "")),
        ] {
            assert_eq!(first_and_last(name), split);
        }
    }
}
