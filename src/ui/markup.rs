//! Pieces of markup that is written as text with [`maud`]: rows of long lists, in which nothing reacts. The
//! server writes fifty of them in a fraction of the time, and the browser has nothing to wake up in them.
//! Whatever stands in parentheses is escaped.

use super::time_format;
use crate::types::Timestamp;
use maud::{Markup, Render, html};

/// An icon; the twin of [`super::icon::Icon`]. There are hundreds in a table: each goes straight into the text.
pub fn icon(name: &'static str) -> impl Render {
    IconText(name)
}

struct IconText(&'static str);

impl Render for IconText {
    fn render_to(&self, out: &mut String) {
        out.push_str("<i class=\"i-");
        out.push_str(self.0);
        out.push_str("\"></i>");
    }
}

/// A state: class, icon and word.
pub fn pill((class, name, word): (&str, &'static str, &str)) -> Markup {
    html! { span class=(class) { (icon(name)) (word) } }
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
    html! { span.two-lines { a href=(href) { (name) } @if !below.is_empty() { small { (below) } } } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_is_escaped_has_no_markup(text in "\\PC*") {
            let written = html! { p title=(text) { (text) } }.into_string();
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
