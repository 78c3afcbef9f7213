//! Pieces of markup that is written as text with [`maud`]: rows of long lists, in which nothing reacts. The
//! server writes fifty of them in a fraction of the time, and the browser has nothing to wake up in them.
//! Whatever stands in parentheses is escaped.

use super::time_format;
use crate::types::Timestamp;
use maud::{Markup, Render, html};

/// An icon. There are hundreds in a table: each goes straight into the text, without the quotes that HTML lets go.
pub fn icon(name: &'static str) -> impl Render {
    IconText(name)
}

struct IconText(&'static str);

impl Render for IconText {
    fn render_to(&self, out: &mut String) {
        out.push_str("<i class=i-");
        out.push_str(self.0);
        out.push_str("></i>");
    }
}

/// Text for the cells of long lists. It is escaped as everything in parentheses is, which goes letter by letter; but
/// it is looked at as a whole first, for hardly any holds something to escape.
pub struct Text<'a>(pub &'a str);

/// Which bytes have to be escaped: looking each up takes less than half of comparing it.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    special[b'&' as usize] = true;
    special[b'<' as usize] = true;
    special[b'>' as usize] = true;
    special[b'"' as usize] = true;
    special
};

impl Render for Text<'_> {
    fn render_to(&self, out: &mut String) {
        if self.0.bytes().fold(false, |any, byte| any | SPECIAL[usize::from(byte)]) {
            self.0.render_to(out);
        } else {
            out.push_str(self.0);
        }
    }
}

/// The options of a choice: value and label of each, and which is chosen.
pub fn options(all: &[(impl AsRef<str>, impl AsRef<str>)], chosen: &str) -> String {
    let options = html! {
        @for (value, label) in all { option value=(Text(value.as_ref())) selected[value.as_ref() == chosen] { (Text(label.as_ref())) } }
    };
    options.into_string()
}

/// A state: class, icon and word.
pub fn pill((class, name, word): (&str, &'static str, &str)) -> Markup {
    html! { span class=(class) { (icon(name)) (Text(word)) } }
}

/// What stands where there is nothing.
pub fn nothing() -> Markup {
    html! { "–" }
}

/// "3 days ago", and exactly when on a closer look.
pub fn ago(at: Timestamp, now: Timestamp) -> Markup {
    html! { time datetime=(at.iso()) title=(time_format::exact(at)) { (time_format::relative(at, now)) } }
}

/// A day, and how far away it is on a closer look.
pub fn day(at: Timestamp, now: Timestamp) -> Markup {
    html! { time datetime=(at.iso()) title=(time_format::relative(at, now)) { (time_format::date(at)) } }
}

/// A name that leads to its page, over something smaller.
pub fn two_lines(href: &str, name: &str, below: &str) -> Markup {
    html! { span.two-lines { a href=(Text(href)) { (Text(name)) } @if !below.is_empty() { small { (Text(below)) } } } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_is_escaped_has_no_markup(text in "\\PC*") {
            let written = html! { p title=(text) { (text) } }.into_string();
            prop_assert_eq!(&written, &html! { p title=(Text(&text)) { (Text(&text)) } }.into_string());
            let inner = written.strip_prefix("<p title=\"").and_then(|rest| rest.strip_suffix("</p>")).unwrap();
            let (title, words) = inner.split_once("\">").unwrap();
            for escaped in [title, words] {
                prop_assert!(!escaped.contains(['<', '>', '"']));
                let back = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
                prop_assert_eq!(&back, &text);
            }
        }
    }
}
