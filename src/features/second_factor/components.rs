//! What pages of several features need to ask for a second factor.

use super::authenticator;
use super::model::{Challenge, FactorChoices};
use super::rpc::OwnChallenge;
use super::words;
use crate::error::AppError;
use crate::ui::field::{Field, Focus};
use crate::ui::form_state::FormState;
use crate::ui::icon::Icon;
use crate::ui::load::ask;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::pin::Pin;

/// Asks the server for a challenge.
pub type Asking = fn() -> Pin<Box<dyn Future<Output = Result<Challenge, AppError>>>>;

/// A button that asks the browser for a passkey and sends the form it stands in. Passkeys need scripts:
/// without WASM it is not there.
#[component]
pub fn PasskeyButton(
    /// What it says.
    label: &'static str,
    /// Where its challenge comes from.
    challenge: Asking,
    /// Make a new passkey rather than use one.
    #[prop(optional)]
    new: bool,
    /// Class beside `button`.
    #[prop(default = "")]
    kind: &'static str,
) -> impl IntoView {
    let form: FormState = expect_context();
    let (ceremony, answer) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let problem = RwSignal::new(String::new());
    let asking = RwSignal::new(false);
    let ask_browser = move |_| {
        if asking.get_untracked() {
            return;
        }
        asking.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let outcome = async {
                let (secret, options) = challenge().await.map_err(|error| error.to_string())?;
                let answer = if new {
                    authenticator::create(&options).await?
                } else {
                    authenticator::get(&options).await?
                };
                Ok::<_, String>((secret, answer))
            };
            let outcome = outcome.await;
            let _ = asking.try_set(false);
            match (outcome, ceremony.get_untracked(), answer.get_untracked()) {
                (Ok((secret, text)), Some(ceremony), Some(answer)) => {
                    ceremony.set_value(&secret);
                    answer.set_value(&text);
                    if let Some(form) = answer.form() {
                        let _ = form.request_submit();
                    }
                }
                (Err(why), ..) => {
                    let _ = problem.try_set(why);
                }
                _ => {}
            }
        });
    };
    view! {
        <div class="passkey only-wasm">
            <input type="hidden" name="ceremony" node_ref=ceremony/>
            <input type="hidden" name="passkey" node_ref=answer/>
            <button type="button" class=words::button(&kind) disabled=move || asking.get() || form.busy() on:click=ask_browser>
                <Icon name="fingerprint"/>{label}
            </button>
            <p class="error" role="alert">{move || problem.get()}</p>
        </div>
    }
}

fn own_challenge() -> Pin<Box<dyn Future<Output = Result<Challenge, AppError>>>> {
    Box::pin(ask(OwnChallenge {}))
}

/// The fields with which somebody who is signed in proves that it is them.
#[component]
pub fn ProofFields(asked: FactorChoices) -> impl IntoView {
    view! {
        <input type="hidden" autocomplete="username" value=asked.email.clone()/>
        <Field name="current_password" label=words::CURRENT_PASSWORD kind="password" autocomplete="current-password" required=true/>
        {asked.any.then(|| view! { <CodeField label=asked.code_label()/> })}
        {asked.passkeys.then(|| view! { <p class="or only-wasm">{words::OR_WITHOUT_THE_PASSWORD}</p> <PasskeyButton label=words::USE_A_PASSKEY challenge=own_challenge/> })}
    }
}

/// The field for a code.
#[component]
pub fn CodeField(
    /// Its label.
    label: &'static str,
    /// When it has the focus as the page is shown.
    #[prop(optional)]
    focus: Focus,
) -> impl IntoView {
    view! { <Field name="code" label=label kind="text" autocomplete="one-time-code" required=true secret=true focus=focus hint=words::SIX_DIGITS_OR_A_RECOVERY/> }
}

/// Paths of the server functions that the page "Security" offers in forms of its own.
pub mod actions {
    use crate::features::second_factor::rpc::{ForgetDevices, RemoveApp, RemovePasskey};
    use leptos::server_fn::ServerFn;

    /// Takes the authenticator app away.
    pub const REMOVE_APP: &str = RemoveApp::PATH;
    /// Removes a passkey.
    pub const REMOVE_PASSKEY: &str = RemovePasskey::PATH;
    /// Every browser is asked for the second factor again.
    pub const FORGET_DEVICES: &str = ForgetDevices::PATH;
}
