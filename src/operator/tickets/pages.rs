//! The screen of the ticket desk.

use super::rpc::ListDesk;
use super::words;
use crate::features::tickets::components::{pills, subject};
use crate::features::tickets::model::TicketRow;
use crate::features::tickets::words as ticket;
use crate::operator::desk::components::needs;
use crate::paths;
use crate::permission::StaffPermission;
use crate::types::Timestamp;
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::list::{Empty, Filters, Narrow, NarrowField, list_in_url};
use crate::ui::load::{fetch_rows, load};
use crate::ui::markup::{ago, two_lines};
use crate::ui::table::{Column, Table};
use leptos::prelude::*;
use maud::html;

/// The tabs: value in the URL and label.
const FILTERS: &[(&str, &str)] =
    &[("", words::WAITS_FOR_US), ("answered", words::ANSWERED), ("closed", words::CLOSED)];

/// `/operator/tickets`
#[component]
pub fn DeskPage() -> impl IntoView {
    if let Some(refused) = needs(StaffPermission::AnswerTickets) {
        return refused;
    }
    let query = list_in_url(&["whose"]);
    let data = fetch_rows(move || ListDesk { query: query.get() });
    let path = Memo::new(|_| paths::DESK.to_owned());
    let whose = ["", "mine", "nobody", "held"]
        .into_iter()
        .zip([ticket::EVERYBODYS, ticket::MINE, ticket::NOBODYS, ticket::WITH_HELD_MAIL])
        .map(|(key, label)| (key.to_owned(), label.to_owned()))
        .collect::<Vec<_>>();
    view! {
        <Heading title=words::TICKETS><a class="button" href=paths::INCOMING><Icon name="mail"/>{words::MAIL_THAT_WAITS}</a></Heading>
        <p class="lead">{words::LEAD}</p>
        <Filters path=path query=query label=words::SEARCH placeholder=ticket::SUBJECT_OR_NUMBER filters=FILTERS/>
        {move || view! { <Narrow fields=vec![(ticket::WHOSE, "whose", NarrowField::Choice(whose.clone()))] query=query.get()/> }}
        {load(data, move |page| TICKETS.show(&page, paths::DESK, &query.get_untracked(), &page.now))}
    }
    .into_any()
}

const TICKETS: Table<TicketRow, Timestamp> = Table {
    caption: words::CAPTION,
    columns: &[
        Column::of_names(ticket::SUBJECT, |row, _| subject(row, &paths::ticket(&row.account, &row.id))),
        Column::new(ticket::CUSTOMER, |row, _| {
            two_lines(&paths::customer(&row.account), &row.account_name, &row.opened_by)
        }),
        Column::new(ticket::STATUS, |row, _| pills(row, true)),
        Column::new(ticket::DEPARTMENT, |row, _| html! { (row.department) }),
        Column::new(ticket::ASSIGNED_TO, |row: &TicketRow, _: &Timestamp| html! { (row.assigned) })
            .if_any(|row| !row.assigned.is_empty()),
        Column::new(ticket::LAST_MESSAGE, |row: &TicketRow, now: &Timestamp| ago(row.changed, *now))
            .sorted(""),
    ],
    menu: None,
    closed: |_| false,
    changed: |_, _| false,
    class: None,
    none: Empty { icon: "ticket", what: "tickets", purpose: ticket::DESK_PURPOSE },
};
