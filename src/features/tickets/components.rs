//! How lists of tickets show a row, the account's and that of staff.

use super::model::{Priority, TicketRow};
use super::words;
use crate::ui::markup::{pill, two_lines};
use maud::{Markup, html};

/// Subject and number of a row.
pub fn subject(row: &TicketRow, path: &str) -> Markup {
    two_lines(path, &row.subject, &words::number(&row.number))
}

/// What stands in the column of the status.
pub fn pills(row: &TicketRow, staff: bool) -> Markup {
    html! {
        (pill(row.status.pill(staff)))
        @if row.priority == Priority::High { " " (pill(("pill red", "alert", words::HIGH))) }
        @if row.held > 0 { " " span class="pill amber" { (words::held(&row.held)) } }
    }
}
