//! Asks the browser for a passkey (`WebAuthn`). Options come and answers go as JSON, in which bytes are
//! base64url; between the two they have to be arrays. Done by hand, because browsers that are still in use
//! cannot convert either.

use super::words;
use js_sys::{Array, JSON, Object, Promise, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Makes a passkey. Returns the answer for the server.
///
/// # Errors
/// A sentence for the person.
pub async fn create(options: &str) -> Result<String, String> {
    call("create", options).await
}

/// Answers with a passkey. Returns the answer for the server.
///
/// # Errors
/// A sentence for the person.
pub async fn get(options: &str) -> Result<String, String> {
    call("get", options).await
}

async fn call(method: &str, options: &str) -> Result<String, String> {
    match try_call(method, options).await {
        Ok(answer) => Ok(answer),
        Err(error) => Err(sentence(&error)),
    }
}

async fn try_call(method: &str, options: &str) -> Result<String, JsValue> {
    let options = JSON::parse(options)?;
    to_bytes(&options, "challenge")?;
    if let Ok(user) =
        at(&options, "user").and_then(|user| if user.is_object() { Ok(user) } else { Err(user) })
    {
        to_bytes(&user, "id")?;
    }
    for list in ["excludeCredentials", "allowCredentials"] {
        let list = at(&options, list)?;
        if let Some(list) = list.dyn_ref::<Array>() {
            for known in list.iter() {
                to_bytes(&known, "id")?;
            }
        }
    }
    let wanted = Object::new();
    Reflect::set(&wanted, &"publicKey".into(), &options)?;
    let store = at(window().navigator().as_ref(), "credentials")?;
    let method: js_sys::Function = at(&store, method)?.dyn_into()?;
    let credential = JsFuture::from(method.call1(&store, &wanted)?.dyn_into::<Promise>()?).await?;
    let (response, answer, inner) = (at(&credential, "response")?, Object::new(), Object::new());
    for name in ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"] {
        let bytes = at(&response, name)?;
        if bytes.is_object() {
            Reflect::set(&inner, &name.into(), &to_text(&bytes)?.into())?;
        }
    }
    let extensions: js_sys::Function = at(&credential, "getClientExtensionResults")?.dyn_into()?;
    for (name, value) in [
        ("id", at(&credential, "id")?),
        ("rawId", to_text(&at(&credential, "rawId")?)?.into()),
        ("type", at(&credential, "type")?),
        ("response", inner.into()),
        ("extensions", extensions.call0(&credential)?),
    ] {
        Reflect::set(&answer, &name.into(), &value)?;
    }
    Ok(JSON::stringify(&answer)?.into())
}

fn at(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &name.into())
}

/// Replaces base64url by its bytes.
fn to_bytes(object: &JsValue, name: &str) -> Result<(), JsValue> {
    let Some(text) = at(object, name)?.as_string() else { return Ok(()) };
    let plain = window().atob(&text.replace('-', "+").replace('_', "/"))?;
    let bytes: Vec<u8> = plain.chars().map(|c| c as u8).collect();
    Reflect::set(object, &name.into(), &Uint8Array::from(bytes.as_slice()))?;
    Ok(())
}

/// Bytes as base64url.
fn to_text(buffer: &JsValue) -> Result<String, JsValue> {
    let plain: String = Uint8Array::new(buffer).to_vec().into_iter().map(char::from).collect();
    Ok(window().btoa(&plain)?.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned())
}

/// What went wrong, in words. Browsers do not tell why somebody did not go on.
fn sentence(error: &JsValue) -> String {
    match at(error, "name").ok().and_then(|name| name.as_string()).as_deref() {
        Some(words::NOTALLOWEDERROR | "AbortError") => words::NO_PASSKEY_WAS_USED_TRY,
        Some(words::INVALIDSTATEERROR) => words::THIS_DEVICE_ALREADY_HAS_A,
        Some(words::SECURITYERROR) => words::PASSKEYS_WORK_ONLY_ON_THE,
        _ => words::THIS_BROWSER_CANNOT_USE_PASSKEYS,
    }
    .into()
}
