//! How a page says the news.

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
                    <p class="news"><Icon name="key"/><span>"Your permissions on this account have changed. This is already in effect."</span>
                        <button type="button" class="button small" on:click=again>"Reload the page"</button></p>
                }.into_any(),
                Heard::Gone => view! {
                    <p class="news"><Icon name="lock"/><span>{format!("You can no longer enter {name}. What this page shows is out of date.")}</span>
                        <a class="button small" href=paths::ACCOUNTS rel="external">"Go to your accounts"</a></p>
                }.into_any(),
            }}
        </div>
    }
}
