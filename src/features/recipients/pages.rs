//! The screens: "Who gets this mail?", one's own mail, and the page behind the link in a mail.

use super::model::{MailChoice, Recipient, RecipientRow};
use super::rpc::{ChoiceByLink, Choose, ChooseByLink, OwnChoice, WhoGetsWhat};
use super::words;
use crate::category::Category;
use crate::features::permissions::components::Denial;
use crate::features::recipients::components::{CategoryBoxes, FailingNotice};
use crate::frame::{Frame, account_in_url, use_frame};
use crate::paths;
use crate::permission::Permission;
use crate::types::{AccountId, counted};
use crate::ui::avatar::Avatar;
use crate::ui::form::{Form, Hidden, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::{Heading, PlainPage};
use crate::ui::load::{fetch_live, load};
use crate::ui::mailed_link::{DeadLink, token_in_url};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

fn above(frame: &Frame, more: Option<(String, String)>) -> Vec<(String, String)> {
    std::iter::once((paths::account(&frame.account), frame.name.clone())).chain(more).collect()
}

/// `/a/{account}/recipients`: "Who gets this mail?" (M6).
#[component]
pub fn RecipientsPage() -> impl IntoView {
    let frame = use_frame();
    let needed = Permission::ManageContacts;
    if !frame.permissions.has(needed) {
        return Denial::prepare(&frame.account, needed, None).show();
    }
    let account = account_in_url();
    let url = use_query_map();
    let part = move |name: &str| url.read().get(name).unwrap_or_default();
    let data = fetch_live(move || WhoGetsWhat {
        account: account.get(),
        event: part("event"),
        after: part("after"),
    });
    view! {
        <Heading title=words::WHO_GETS_THIS_MAIL above=above(&frame, Some((paths::contacts(&frame.account), words::CONTACTS.into())))/>
        <p class="lead">{words::THIS_IS_HOW_THINGS_STAND}</p>
        {load(data, move |rows| view! { <Rows rows=rows account=account.get_untracked()/> })}
    }
    .into_any()
}

#[component]
fn Rows(rows: Vec<RecipientRow>, account: AccountId) -> impl IntoView {
    let person = |(recipient, why): (Recipient, String)| {
        let name = if recipient.name.is_empty() { recipient.email.clone() } else { recipient.name.clone() };
        let link = match &recipient.contact {
            Some(contact) => paths::contact(&account, contact),
            None => paths::account_profile(&account),
        };
        view! {
            <li>
                <Avatar name=name.clone()/>
                <div><a href=link><strong>{name}</strong></a><p class="hint">{recipient.email}" · "{why}</p><FailingNotice failing=recipient.failing/></div>
            </li>
        }
    };
    // One event alone, page by page.
    let alone = rows.len() == 1;
    let back = alone
        .then(|| view! { <p><a href=paths::recipients(&account)>{words::SHOW_EVERY_KIND_OF_MAIL}</a></p> });
    let contacts = rows
        .into_iter()
        .map(|row| {
            let category = Category::from_key(&row.category).unwrap_or(Category::General);
            let count = row.who.len();
            let note = (row.category == "support" && row.title.starts_with("Support answers"))
                .then(|| view! { <p class="hint">{words::AND_WHOEVER_OPENED_THE_TICKET}</p> });
            let many = match count {
                0 => view! { <p class="notice"><Icon name="info"/>{words::NOBODY_GETS_IT}</p> }.into_any(),
                _ => {
                    let path = paths::recipients(&account);
                    let rest = row.next.map(|next| {
                        let label = if alone { "Next".to_owned() } else { words::see_all(&counted(row.total)) };
                        let to = if alone { format!("{path}?event={}&after={next}", row.event) } else { format!("{path}?event={}", row.event) };
                        view! { <p><a class="button" href=to>{label}</a></p> }
                    });
                    view! { <ul class="keys">{row.who.into_iter().map(person).collect_view()}</ul> {rest} }.into_any()
                }
            };
            view! {
                <section class="card">
                    <h2>{row.title}" "<span class="pill">{category.title()}</span>" "<span class="faint">{recipients(row.total)}</span></h2>
                    {many}
                    {note}
                </section>
            }
        })
        .collect_view();
    view! { {back} {contacts} }
}

/// "27 recipients".
fn recipients(total: i64) -> String {
    words::recipient(&counted(total), &(if total == 1 { "" } else { "s" }))
}

/// `/a/{account}/mail`: what one gets oneself of the account's mail (M1).
#[component]
pub fn OwnMailPage() -> impl IntoView {
    let frame = use_frame();
    let account = account_in_url();
    let data = fetch_live(move || OwnChoice { account: account.get() });
    let frame = StoredValue::new(frame);
    view! {
        <Heading title=words::WHICH_MAIL_YOU_GET above=frame.with_value(|frame| above(frame, None))/>
        {load(data, move |choice| {
            let of = account.get_untracked().to_string();
            view! {
                <section class="card">
                    <p>{words::CHOOSE_WHICH_MAIL_ABOUT}<strong>{choice.account.clone()}</strong>{words::IS_SENT_TO}<strong>{choice.email.clone()}</strong>{words::MAIL_ABOUT_YOUR_OWN_LOGIN}</p>
                    {choice.is_main.then(|| view! { <p class="hint">{ALSO_MAIN}</p> })}
                    <Form action=Choose::PATH>
                        <input type="hidden" name="account" value=of/>
                        <Hidden name="version" value=choice.version.to_string()/>
                        <CategoryBoxes mail=choice.mail offered=choice.offered/>
                        <div class="actions"><Submit label=words::SAVE_CHANGES/></div>
                    </Form>
                </section>
            }
        })}
    }
}

const ALSO_MAIN: &str = words::THIS_IS_THE_MAIN_ADDRESS;

/// `/preferences/{token}`: the same behind the link in a mail, without a login (M7).
#[component]
pub fn PreferencesPage() -> impl IntoView {
    let token = token_in_url();
    let data = fetch_live(move || ChoiceByLink { token: token.get() });
    view! {
        <PlainPage title=words::WHICH_MAIL_YOU_GET>
            {load(data, move |choice| match choice {
                Some(MailChoice { account, email, version, is_main, mail, offered }) => view! {
                    <p class="lead">{words::MAIL_ABOUT}<strong>{account}</strong>" for "<strong>{email}</strong>"."</p>
                    {is_main.then(|| view! { <p class="hint">{ALSO_MAIN}</p> })}
                    <Form action=ChooseByLink::PATH>
                        <input type="hidden" name="token" value=token.get_untracked()/>
                        <Hidden name="version" value=version.to_string()/>
                        <CategoryBoxes mail=mail offered=offered/>
                        <div class="actions"><Submit label=words::SAVE_CHANGES/></div>
                    </Form>
                }.into_any(),
                None => view! { <DeadLink why=words::LINK_IS_DEAD><p>{words::USE_THE_LINK_IN_THE}</p></DeadLink> }.into_any(),
            })}
        </PlainPage>
    }
}
