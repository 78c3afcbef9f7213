//! How sentences are kept: each feature has a catalogue of what people read there, in its `words.rs`.
//!
//! Used by every feature. A sentence is a constant, or a function of what it names, so that a missing or
//! surplus part does not compile. Invariant: the catalogue is the only place that spells a sentence out; a
//! second language is a second text for the same names.

/// A catalogue: `NAME = "text";` for a sentence that never changes, `name(part) = "text with {part}";` for one
/// that names something.
macro_rules! words {
    ($($name:ident $(($($part:ident),+))? = $text:literal;)*) => {
        $($crate::words::words!(@ $name $(($($part),+))? = $text);)*
    };
    (@ $name:ident = $text:literal) => {
        #[doc = concat!("`", $text, "`")]
        pub const $name: &str = $text;
    };
    (@ $name:ident ($($part:ident),+) = $text:literal) => {
        #[doc = concat!("`", $text, "`")]
        pub fn $name($($part: &dyn ::std::fmt::Display),+) -> String {
            format!($text)
        }
    };
}
pub(crate) use words;
