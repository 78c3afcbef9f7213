//! Demo data that looks alive, made through the same functions that people use.
//!
//! Used by `latchkey demo` and by the end-to-end tests. Invariant: the data is the same each time, but for
//! ids and tokens.

pub mod assets;
pub mod browser;
mod fill;
mod people;
mod scale;
mod story;

pub use fill::{LOGINS, Measured, fill, logins_text};
pub use people::PASSWORD;
