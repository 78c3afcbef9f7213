//! Markup written as text, for long lists in which nothing reacts: the server writes fifty rows in a fraction
//! of the time, and the browser has nothing to wake up in them. Whatever comes from people goes through
//! [`Escaped`].

use std::fmt;

/// Text that is safe between tags and in quoted attributes.
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut from = 0;
        for (at, byte) in self.0.bytes().enumerate() {
            let entity = match byte {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                b'\'' => "&#39;",
                _ => continue,
            };
            f.write_str(&self.0[from..at])?;
            f.write_str(entity)?;
            from = at + 1;
        }
        f.write_str(&self.0[from..])
    }
}

/// An icon; the twin of [`super::icon::Icon`].
pub struct IconText(pub &'static str);

impl fmt::Display for IconText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<i class=\"icon i-{}\"></i>", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_opens_a_tag_or_leaves_an_attribute() {
        assert_eq!(
            Escaped("<a href='x'>\"é\" & {{b}}</a>").to_string(),
            "&lt;a href=&#39;x&#39;&gt;&quot;é&quot; &amp; {{b}}&lt;/a&gt;"
        );
    }

    proptest! {
        #[test]
        fn whatever_is_escaped_has_no_markup(text in "\\PC*") {
            let escaped = Escaped(&text).to_string();
            prop_assert!(!escaped.contains(['<', '>', '"', '\'']));
            let back = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
            prop_assert_eq!(back, text);
        }
    }
}
