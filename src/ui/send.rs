//! The browser's half of a form: sends it with gloo-net, retries on a bad line, shows what came of it.

use super::client_state::ClientState;
use super::{answer, drafts};
use crate::error::{AppError, Outcome};
use crate::ui::form_state::{FormState, Sending};
use crate::ui::initial_state::Flash;
use gloo_net::http::Request;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, FormData, HtmlElement, HtmlFormElement, SubmitEvent, UrlSearchParams};

/// Pause before a form is sent again on a bad line, in milliseconds.
const PAUSE: i32 = 3_000;

/// Sends a form without leaving the page.
pub fn submit(
    event: SubmitEvent,
    state: FormState,
    client: ClientState,
    navigate: impl Fn(&str, NavigateOptions) + Clone + 'static,
) {
    let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else {
        return;
    };
    event.prevent_default();
    if state.sending.get_untracked() != Sending::No {
        return;
    }
    let Some(body) = encode(&form, &event) else { return };
    // A button may name another server function than its form does.
    let other = event.submitter().filter(|button| button.get_attribute("name").as_deref() == Some("_action"));
    let action =
        other.and_then(|button| button.get_attribute("value")).unwrap_or_else(|| state.action.to_owned());
    state.sending.set(Sending::Yes);
    spawn_local(async move {
        let outcome = loop {
            match post(&action, &body).await.and_then(|text| Ok(answer::read::<Outcome>(&text)?)) {
                Err(AppError::Offline) => {
                    if state.sending.try_set(Sending::Waiting).is_some() {
                        return;
                    }
                    pause(PAUSE).await;
                }
                outcome => break outcome,
            }
        };
        // The page may be gone by now; then its signals are too.
        let _ = state.sending.try_set(Sending::No);
        match outcome {
            Ok(done) if done.reload => {
                state.settle();
                drafts::forget_all();
                leave_flash(&done.say);
                let _ = window().location().set_href(&done.to);
            }
            Ok(done) => {
                state.settle();
                drafts::forget(state);
                state.refuse(None);
                client.leave();
                client.flash.set(Flash { say: done.say, undo: done.undo });
                navigate(&done.to, NavigateOptions::default());
                client.changes.update(|changes| *changes += 1);
            }
            // Sent the plain way, the server keeps what was typed and asks for what is missing.
            Err(error) if error.remedy_path("").is_some() => {
                let _ = form.submit();
            }
            Err(error) => {
                // What went well before is no news beside what is wrong now.
                client.flash.set(Flash::default());
                state.refuse(Some(error));
                focus_first_error(&form);
            }
        }
    });
}

/// Hands a flash message to the page that the server will render next, the way the server does without WASM.
fn leave_flash(say: &str) {
    if let Some(document) = document().dyn_ref::<web_sys::HtmlDocument>().filter(|_| !say.is_empty()) {
        let flash = serde_json::to_string(&Flash { say: say.to_owned(), undo: None }).unwrap_or_default();
        let secure = window().location().protocol().is_ok_and(|protocol| protocol == "https:");
        let (name, flag) =
            if secure { ("__Host-latchkey-flash", "; secure") } else { ("latchkey-flash", "") };
        let _ = document.set_cookie(&format!(
            "{name}={}; path=/; samesite=lax; max-age=60{flag}",
            crate::paths::encode(&flash)
        ));
    }
}

/// The form's fields and the button that sent it, as a body.
fn encode(form: &HtmlFormElement, event: &SubmitEvent) -> Option<String> {
    let data = FormData::new_with_form(form).ok()?;
    let fields = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    if let Some(button) = event.submitter()
        && let (Some(name), Some(value)) = (button.get_attribute("name"), button.get_attribute("value"))
    {
        fields.append(&name, &value);
    }
    let random = || format!("{:016x}", (js_sys::Math::random() * 1.8e19) as u64);
    fields.set("_once", &(random() + &random()));
    Some(String::from(fields.to_string()))
}

/// Sends a body to a server function and returns the text of its answer.
pub async fn post(action: &str, body: &str) -> Result<String, AppError> {
    let request = Request::post(action)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .body(body)
        .map_err(|_| AppError::Offline)?;
    let response = request.send().await.map_err(|_| AppError::Offline)?;
    let text = response.text().await.map_err(|_| AppError::Offline)?;
    if response.ok() {
        Ok(text)
    } else {
        // A proxy's own error page means that the server behind it is away; anything else will not get better
        // by itself.
        let away = matches!(response.status(), 502..=504);
        let broken = if away {
            AppError::Offline
        } else {
            AppError::Internal { reference: response.status().to_string() }
        };
        Err(answer::read(&text).unwrap_or(broken))
    }
}

/// Waits so many milliseconds.
pub async fn pause(ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// After the errors have been drawn, the first wrong field has the focus, or the summary when no field is to
/// blame.
fn focus_first_error(form: &HtmlFormElement) {
    let form = form.clone();
    request_animation_frame(move || {
        let wrong = form
            .query_selector("[aria-invalid=true]")
            .ok()
            .flatten()
            .or_else(|| form.query_selector(".summary").ok().flatten());
        if let Some(element) = wrong.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            unfold(&element);
            let _ = element.focus();
        }
    });
}

/// Opens what an element is folded in.
fn unfold(element: &Element) {
    let mut folded = element.closest("details:not([open])").ok().flatten();
    while let Some(details) = folded {
        let _ = details.set_attribute("open", "");
        folded = details.closest("details:not([open])").ok().flatten();
    }
}
