//! How a page says the news.

use super::words;
use crate::paths;
use crate::types::AccountId;
use crate::ui::icon::Icon;
use leptos::prelude::*;

/// What has come.
#[derive(Clone, Copy, PartialEq)]
enum Heard {
    Nothing,
    Changed,
    Gone,
}

/// Says when what the person may do on this account has changed, and offers the page anew.
#[component]
pub fn AccountNews(
    /// The account.
    account: AccountId,
    /// Its name.
    name: String,
    /// What the page knows: see `Frame::key_version`.
    known: i64,
) -> impl IntoView {
    let heard = RwSignal::new(Heard::Nothing);
    Effect::new(move || {
        super::listen::listen(paths::events(&account), move |data| {
            let now = match data.as_str() {
                "gone" => Heard::Gone,
                version if version == known.to_string() => Heard::Nothing,
                _ => Heard::Changed,
            };
            heard.set(now);
        });
    });
    let again = move |_| {
        let _ = window().location().reload();
    };
    view! {
        <div class="news-place" role="status" aria-live="polite">
            {move || match heard.get() {
                Heard::Nothing => ().into_any(),
                Heard::Changed => view! {
                    <p class="news"><Icon name="key"/><span>{words::YOUR_PERMISSIONS_ON_THIS_ACCOUNT}</span>
                        <button type="button" class="button small" on:click=again>{words::RELOAD_THE_PAGE}</button></p>
                }.into_any(),
                Heard::Gone => view! {
                    <p class="news"><Icon name="lock"/><span>{words::you_can_no_longer_enter(&name)}</span>
                        <a class="button small" href=paths::ACCOUNTS rel="external">{words::GO_TO_YOUR_ACCOUNTS}</a></p>
                }.into_any(),
            }}
        </div>
    }
}

/// Hears of tickets on pages of staff around an account, and shows nothing by itself.
#[component]
pub fn TicketNews(
    /// The account.
    account: AccountId,
) -> impl IntoView {
    Effect::new(move || super::listen::listen(paths::events(&account), |_| {}));
}
