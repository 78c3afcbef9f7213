//! Small values that every part of the program shares: typed ids, e-mail addresses, times, pages of a list.
//!
//! Used by the browser and the server alike, so nothing here does I/O, reads a clock or draws in a heavy
//! dependency. Invariant: a value of one of these types has been checked; raw text from outside is a `String`
//! until parsed.

mod browser;
mod colour;
pub mod country;
mod email;
mod id;
mod money;
mod page;
mod secret;
mod text;
mod theme;
mod time_format;
mod timestamp;
pub mod vat_id;

pub use browser::browser_name;
pub use colour::{contrast, parse_colour};
pub use email::EmailAddress;
pub use id::{
    AccountId, AssetId, ContactId, DomainId, InvitationId, InvoiceId, MessageId, RequestId, RoleId,
    ServiceId, TicketId, UserId,
};
pub use money::{Money, minor_digits};
pub use page::{COUNTED, ListQuery, Page, counted, cursor};
pub use secret::{SECRET, Secret};
pub use text::{
    capital, first_and_last, first_filled, initials, is_web_address, line, lowercase, text_block, uppercase,
};
pub use theme::Theme;
pub use time_format::{DateFormat, LANGUAGES, TimeFormat};
pub use timestamp::Timestamp;
