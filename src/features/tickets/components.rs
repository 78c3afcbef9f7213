//! How lists of tickets show a row, the account's and that of staff; and the departments of a contact.

use super::model::{Priority, TicketRow};
use super::rpc::{CloseDepartments, ShowDepartments};
use super::words;
use crate::frame::Frame;
use crate::types::{AccountId, ContactId};
use crate::ui::field::Tick;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::load::{Loading, fetch_live, load_quietly};
use crate::ui::markup::{pill, two_lines};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
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
        @if row.merged { " " span class="pill" { (words::MERGED) } }
        @if row.held > 0 { " " span class="pill amber" { (words::held(&row.held)) } }
    }
}

/// Which departments are open to somebody (R1).
#[derive(Clone)]
pub struct DepartmentsCard {
    account: AccountId,
    contact: ContactId,
    departments: Loading<Vec<(String, String, bool)>>,
}

impl DepartmentsCard {
    /// Made at the head of a page, before anything is waited for.
    pub fn prepare(frame: &Frame, contact: &ContactId) -> Self {
        let (account, contact) = (frame.account.clone(), contact.clone());
        let (of, about) = (account.clone(), contact.clone());
        let departments = fetch_live(move || ShowDepartments { account: of.clone(), contact: about.clone() });
        Self { account, contact, departments }
    }

    /// The card; nothing where there are no departments, and for the owner.
    pub fn show(&self) -> AnyView {
        let Self { account, contact, departments } = self.clone();
        load_quietly(departments, move |departments: Vec<(String, String, bool)>| {
            if departments.is_empty() {
                return ().into_any();
            }
            let (account, contact) = (account.to_string(), contact.to_string());
            view! {
                <section class="card" aria-labelledby="departments-heading">
                    <h2 id="departments-heading"><Icon name="ticket"/>{words::DEPARTMENTS}</h2>
                    <p class="hint">{words::DEPARTMENTS_HINT}</p>
                    <Form action=CloseDepartments::PATH prefix="departments">
                        <input type="hidden" name="account" value=account/>
                        <input type="hidden" name="contact" value=contact/>
                        {departments.into_iter().map(|(id, name, closed)| view! { <Tick name="open[]" value=id label=name ticked=!closed/> }).collect_view()}
                        <div class="actions"><Submit label=words::SAVE_DEPARTMENTS kind=""/></div>
                    </Form>
                </section>
            }
            .into_any()
        })
    }
}
