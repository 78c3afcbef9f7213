//! `/dev/mail`: the demo's mail, so that a person can follow a link without a mail server.

use super::rpc::{list_mail, show_mail};
use crate::paths;
use crate::ui::icon::Icon;
use crate::ui::layout::PersonPage;
use crate::ui::load::load;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// List and, beside it, one message.
#[component]
pub fn DevMailPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let chosen = move || params.read().get("id").or_else(|| query.read().get("id"));
    let list = Resource::new(|| (), |()| list_mail());
    let shown = Resource::new(chosen, |id| async move {
        match id {
            Some(id) => show_mail(id).await.map(Some),
            None => Ok(None),
        }
    });
    view! {
        <PersonPage title="Mail of the demo">
            <p class="lead">"The newest 100 messages that the demo has written. With an SMTP server set, they are sent instead."</p>
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
            {load(shown, |mail| mail.map(|mail| view! {
                <article class="card mail">
                    <h2><Icon name="mail"/>{mail.summary.subject}</h2>
                    <dl class="facts">
                        <dt>"From"</dt><dd>{mail.from}</dd>
                        <dt>"To"</dt><dd>{mail.summary.to}</dd>
                    </dl>
                    <iframe title="The message" sandbox="allow-popups allow-top-navigation-by-user-activation" srcdoc=mail.html></iframe>
                    <details><summary>"Plain text"</summary><pre tabindex="0">{mail.text}</pre></details>
                </article>
            }))}
        </PersonPage>
    }
}
