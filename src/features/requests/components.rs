//! How pages show requests that wait.

use super::model::Pending;
use super::words;
use crate::types::{AccountId, AssetId, Timestamp};
use crate::ui::form::{Form, Submit};
use crate::ui::icon::Icon;
use crate::ui::time_format;
use leptos::prelude::*;

/// A request that staff have not answered, with the way to take it back for who may.
#[component]
pub fn PendingNotice(
    /// The request.
    pending: Pending,
    /// The account in the URL.
    account: AccountId,
    /// Name of the field that says which thing it is about.
    field: &'static str,
    /// The thing.
    asset: AssetId,
    /// `PATH` of the server function that takes it back; nothing for who may not.
    withdraw: Option<&'static str>,
    /// The server's time.
    now: Timestamp,
) -> impl IntoView {
    let kind = pending.kind;
    view! {
        <section class="notice pending" aria-label=words::requested(&kind.title())>
            <Icon name="clock"/>
            <div>
                <p><strong>{kind.title()}" requested"</strong>" by "{pending.by.clone()}", "<time datetime=pending.at.iso() title=time_format::exact(pending.at)>{time_format::relative(pending.at, now)}</time></p>
                <p class="words">{time_format::read(|time_format| pending.sentence(time_format))}</p>
                {withdraw.map(|action| view! {
                    <Form action=action about=("kind", kind.key().to_owned())>
                        <input type="hidden" name="account" value=account.to_string()/>
                        <input type="hidden" name=field value=asset.to_string()/>
                        <Submit label=words::WITHDRAW_REQUEST kind="link"/>
                    </Form>
                })}
            </div>
        </section>
    }
}
