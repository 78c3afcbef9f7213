//! The account's frame: what stands around each of its pages, and what a page knows from it.

mod model;
mod place;
mod staff;

pub use model::{Frame, PreviewBanner};
pub use place::{account_in_url, use_frame};
pub use staff::{CustomerTabs, staff_items};
