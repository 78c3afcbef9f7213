//! `/dev/mail`: the demo's mail, so that a person can follow a link without a mail server.

use super::rpc::{ListMail, ShowMail};
use crate::paths;
use crate::ui::icon::Icon;
use crate::ui::layout::PersonPage;
use crate::ui::load::{fetch, load};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// List and, beside it, one message.
#[component]
pub fn DevMailPage() -> impl IntoView {
    let query = use_query_map();
    let chosen = move || query.read().get("id");
    let list = fetch(|| ListMail {});
    view! {
        <PersonPage title="Mail of the demo">
            <p class="lead">"The newest 100 messages that the demo has written."</p>
            {load(list, |mails| {
                let rows = mails.into_iter().map(|mail| view! {
                    <li>
                        <a href=format!("{}?id={}", paths::DEV_MAIL, mail.id)>
                            <strong>{mail.subject}</strong>
                            <span>{mail.to}</span>
                            <time datetime=mail.at.iso()>{mail.at.exact()}</time>
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
                            <dt>"From"</dt><dd>{mail.from}</dd>
                            <dt>"To"</dt><dd>{mail.summary.to}</dd>
                        </dl>
                        <iframe title="The message" sandbox="allow-popups allow-top-navigation-by-user-activation" src=format!("{}/{}", paths::DEV_MAIL, mail.summary.id)></iframe>
                        <details><summary>"Plain text"</summary><pre tabindex="0">{mail.text}</pre></details>
                    </article>
                })
            })}
        </PersonPage>
    }
}
