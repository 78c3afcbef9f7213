//! What of the e-mail history stands on a person's page.

use super::model::PersonMail;
use super::rpc::ShowPersonMail;
use super::words;
use crate::frame::Frame;
use crate::paths;
use crate::permission::Permission;
use crate::types::{AccountId, ContactId};
use crate::ui::icon::Icon;
use crate::ui::load::{Loading, fetch_live, load_quietly};
use crate::ui::markup::{ago, pill};
use leptos::prelude::*;
use maud::html;

/// Which mails went to somebody, and whether they arrived (P11).
#[derive(Clone)]
pub struct PersonMailCard {
    account: AccountId,
    mail: Loading<PersonMail>,
}

impl PersonMailCard {
    /// Made at the head of a page, before anything is waited for; nothing for who may not see the history.
    pub fn prepare(frame: &Frame, contact: &ContactId) -> Option<Self> {
        let (account, contact) = (frame.account.clone(), contact.clone());
        frame.permissions.has(Permission::ViewEmails).then(|| {
            let of = account.clone();
            let mail = fetch_live(move || ShowPersonMail { account: of.clone(), contact: contact.clone() });
            Self { account, mail }
        })
    }

    /// The card.
    pub fn show(&self) -> AnyView {
        let Self { account, mail } = self.clone();
        load_quietly(mail, move |mail: PersonMail| {
            let all = format!("{}?q={}", paths::emails(&account), paths::encode(&mail.email));
            let body = if mail.rows.is_empty() {
                view! { <p class="hint">{words::no_mail_about_this_account(&mail.email)}</p> }.into_any()
            } else {
                let rows = html! {
                    @for row in &mail.rows {
                        li {
                            a href=(paths::email(&account, &row.id)) { (row.subject) }
                            span.delivery { (pill(row.state.pill())) " " (ago(row.at, mail.now)) }
                            @if !row.error.is_empty() { p.hint { (row.error) } }
                        }
                    }
                };
                view! {
                    <ul class="mails" inner_html=rows.into_string()></ul>
                    <p class="foot"><a href=all>{words::ALL_MAIL_TO_THIS_PERSON}</a></p>
                }
                .into_any()
            };
            view! {
                <section class="card" aria-labelledby="mails-heading">
                    <h2 id="mails-heading"><Icon name="inbox"/>{words::MAIL_AND_DELIVERY}</h2>
                    {body}
                </section>
            }
        })
    }
}
