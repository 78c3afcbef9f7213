//! The e-mail history of an account, and `/dev/mail`: the demo's mail, so that a person can follow a link
//! without a mail server.

use super::model::{FILTERS, HistoryRow, MailView};
use super::rpc::{ListHistory, ListLetters, ListMail, SendAgain, ShowMail, ShowMessage};
use super::words;
use crate::features::permissions::components::Denial;
use crate::frame::{Frame, account_in_url, use_frame};
use crate::paths;
use crate::permission::Permission;
use crate::types::MessageId;
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::layout::{Heading, PersonPage};
use crate::ui::list::{Empty, Filters, list_in_url};
use crate::ui::load::{fetch, fetch_live, fetch_rows, load};
use crate::ui::markup::{ago, pill, two_lines};
use crate::ui::table::{Column, RowContext, Table};
use crate::ui::time_format;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};
use maud::html;

/// List and, beside it, one message.
#[component]
pub fn DevMailPage() -> impl IntoView {
    let query = use_query_map();
    let chosen = move || query.read().get("id");
    let list = fetch(|| ListMail {});
    view! {
        <PersonPage title=words::DEMO_MAIL>
            <p class="lead">{words::THE_LATEST_100_MESSAGES_FROM}</p>
            {load(list, |mails| {
                let rows = mails.into_iter().map(|mail| view! {
                    <li>
                        <a href=format!("{}?id={}", paths::DEV_MAIL, mail.id)>
                            <strong>{mail.subject}</strong>
                            <span>{mail.to}</span>
                            <time datetime=mail.at.iso()>{time_format::exact(mail.at)}</time>
                        </a>
                    </li>
                }).collect_view();
                view! { <ul class="mail-list">{rows}</ul> }
            })}
            {move || chosen().map(|id| {
                load(fetch(move || ShowMail { id: id.clone() }), |mail| view! {
                    <article class="card mail">
                        <h2><Icon name="mail"/>{mail.summary.subject}</h2>
                        <dl class="facts">
                            <dt>{words::FROM}</dt><dd>{mail.from}</dd>
                            <dt>{words::TO}</dt><dd>{mail.summary.to}</dd>
                        </dl>
                        <Body src=format!("{}/{}", paths::DEV_MAIL, mail.summary.id) text=mail.text/>
                    </article>
                })
            })}
        </PersonPage>
    }
}

/// A message as it was, HTML and plain text. Nothing in it can run.
#[component]
fn Body(
    /// Where its HTML is.
    src: String,
    /// Its text.
    text: String,
) -> impl IntoView {
    view! {
        <iframe title=words::THE_MESSAGE sandbox="allow-popups allow-top-navigation-by-user-activation" src=src></iframe>
        <details><summary>{words::PLAIN_TEXT}</summary><pre tabindex="0">{text}</pre></details>
    }
}

/// `/dev/letters`: every mail that the product can send, so that a person can look at them all.
#[component]
pub fn DevLettersPage() -> impl IntoView {
    let query = use_query_map();
    let letters = fetch(|| ListLetters {});
    view! {
        <PersonPage title=words::EVERY_E_MAIL>
            <p class="lead">{words::EVERY_E_MAIL_THE_PORTAL}<a href=paths::DEV_MAIL>"/dev/mail"</a>"."</p>
            {load(letters, move |letters| {
                let texts: Vec<(String, String)> = letters.iter().map(|(subject, _, text)| (subject.clone(), text.clone())).collect();
                let rows = letters.into_iter().enumerate().map(|(number, (subject, kind, _))| view! {
                    <li><a href=format!("{}?n={number}", paths::DEV_LETTERS)><strong>{subject}</strong><span>{kind}</span></a></li>
                }).collect_view();
                let chosen = move || query.read().get("n").and_then(|number| number.parse::<usize>().ok());
                view! {
                    <ul class="mail-list">{rows}</ul>
                    {move || chosen().and_then(|number| texts.get(number).cloned().map(|letter| (number, letter))).map(|(number, (subject, text))| view! {
                        <article class="card mail">
                            <h2><Icon name="mail"/>{subject}</h2>
                            <Body src=format!("{}/{number}", paths::DEV_LETTERS) text=text/>
                        </article>
                    })}
                }
            })}
        </PersonPage>
    }
}

fn needs_to_view(frame: &Frame) -> Option<AnyView> {
    let needed = Permission::ViewEmails;
    (!frame.permissions.has(needed)).then(|| Denial::prepare(&frame.account, needed, None).show())
}

/// `/a/{account}/emails`: what was sent to the account (M5).
#[component]
pub fn HistoryPage() -> impl IntoView {
    let frame = use_frame();
    if let Some(refused) = needs_to_view(&frame) {
        return refused;
    }
    let account = account_in_url();
    let query = list_in_url(&[]);
    let data = fetch_rows(move || ListHistory { account: account.get(), query: query.get() });
    let path = Memo::new(move |_| paths::emails(&account.get()));
    view! {
        <Heading title=words::E_MAIL_HISTORY above=vec![(paths::account(&frame.account), frame.name)]/>
        <Filters path=path query=query label=words::SEARCH_E_MAILS placeholder=words::SUBJECT_OR_RECIPIENT filters=FILTERS/>
        {load(data, move |page| {
            let account = account.get_untracked();
            let (path, context) = (paths::emails(&account), RowContext { now: page.now, account });
            HISTORY.show(&page, &path, &query.get_untracked(), &context)
        })}
    }
    .into_any()
}

const HISTORY: Table<HistoryRow, RowContext> = Table {
    caption: words::MAIL_ABOUT_THIS_ACCOUNT_NEWEST,
    columns: &[
        Column::of_names(words::SUBJECT, |row, of| {
            two_lines(&paths::email(&of.account, &row.id), &row.subject, "")
        }),
        Column::new(words::TO, |row, _| {
            html! { span title=(row.to_email) { (if row.to_name.is_empty() { &row.to_email } else { &row.to_name }) } }
        }),
        Column::new(words::STATUS, |row, _| {
            html! {
                span.two-lines {
                    (pill(row.state.pill()))
                    @if !row.error.is_empty() { small.hint { (row.error) } }
                }
            }
        }),
        Column::new(words::WRITTEN, |row, of| ago(row.at, of.now)),
    ],
    menu: None,
    closed: |_| false,
    changed: |_, _| false,
    class: None,
    none: Empty { icon: "inbox", what: "e-mails", purpose: words::ALL_MAIL_ABOUT_THIS_ACCOUNT },
};

/// `/a/{account}/emails/{message}`: one message as it was.
#[component]
pub fn MessagePage() -> impl IntoView {
    let frame = use_frame();
    if let Some(refused) = needs_to_view(&frame) {
        return refused;
    }
    let frame = StoredValue::new(frame);
    let account = account_in_url();
    let params = use_params_map();
    let message = move || {
        params
            .read()
            .get("message")
            .and_then(|id| MessageId::parse(&id))
            .unwrap_or_else(|| MessageId::from(String::new()))
    };
    let data = fetch_live(move || ShowMessage { account: account.get(), message: message() });
    load(data, move |message| view! { <ShowOne message=message frame=frame.get_value()/> })
}

#[component]
fn ShowOne(message: MailView, frame: Frame) -> impl IntoView {
    let MailView { row, text, attempts, sent, failed, next_try, again, now } = message;
    let above = vec![
        (paths::account(&frame.account), frame.name.clone()),
        (paths::emails(&frame.account), words::E_MAIL_HISTORY.to_owned()),
    ];
    let (class, icon, word) = row.state.pill();
    let to = if row.to_name.is_empty() {
        row.to_email.clone()
    } else {
        format!("{} <{}>", row.to_name, row.to_email)
    };
    let ids = (frame.account.to_string(), row.id.to_string());
    let tries = (attempts > 1).then(|| view! { <dt>{words::ATTEMPTS}</dt><dd>{attempts}</dd> });
    let why = (!row.error.is_empty()).then(|| view! { <dt>{words::REASON}</dt><dd>{row.error.clone()}</dd> });
    let times = [
        (words::WRITTEN, Some(row.at)),
        (words::SENT, sent),
        (words::GAVE_UP, failed),
        (words::NEXT_ATTEMPT, next_try),
    ];
    let times = times.into_iter().filter_map(|(word, at)| {
        at.map(|at| view! { <dt>{word}</dt><dd><time datetime=at.iso() title=time_format::relative(at, now)>{time_format::exact(at)}</time></dd> })
    });
    let times = times.collect_view();
    view! {
        <Heading title=row.subject.clone() above=above/>
        <article class="card mail">
            <dl class="facts">
                <dt>{words::TO}</dt><dd>{to}</dd>
                <dt>{words::STATUS}</dt><dd><span class=class><Icon name=icon/>{word}</span></dd>
                {why}
                {tries}
                {times}
            </dl>
            <Body src=paths::email_body(&frame.account, &row.id) text=text/>
            {again.then(|| view! {
                <Form action=SendAgain::PATH>
                    <input type="hidden" name="account" value=ids.0/>
                    <input type="hidden" name="message" value=ids.1/>
                    <div class="actions"><Submit label=words::SEND_AGAIN kind="secondary"/></div>
                </Form>
            })}
        </article>
    }
}
