//! The session of the page. Its URL has the settings: `header`, `plain` for no interception, `retries=N`.

use std::cell::RefCell;

use js_sys::{ArrayBuffer, Error, Reflect, WebAssembly};
use serde_json::json;
use supertokens_session::{SessionClient, SessionConfig, SessionError, SessionEvent, TokenTransferMethod};
use supertokens_web::{Interception, intercept_page, session_client};
use wasm_bindgen::prelude::*;
use web_sys::{UrlSearchParams, Window};

use crate::call::js_response;

thread_local! {
    static CLIENT: RefCell<Option<SessionClient>> = const { RefCell::new(None) };
    static INTERCEPTION: RefCell<Option<Interception>> = const { RefCell::new(None) };
    static EVENTS: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Creates the session, and sets `window.ready` to the result or the error.
pub(crate) fn begin() {
    let outcome = web_sys::window().ok_or_else(|| "no window".to_owned()).and_then(|window| start(&window));
    let ready = outcome.map_or_else(|wrong| JsValue::from_str(&wrong), |()| JsValue::TRUE);
    // It never fails for a plain object.
    let _ = Reflect::set(&js_sys::global(), &"ready".into(), &ready);
}

fn start(window: &Window) -> Result<(), String> {
    let search = window.location().search().unwrap_or_default();
    let asked = UrlSearchParams::new_with_str(&search).map_err(|_| "an odd address".to_owned())?;
    let mut settings = SessionConfig::builder(api(window).unwrap_or_default());
    if asked.has("header") {
        settings = settings.token_transfer_method(TokenTransferMethod::Header);
    }
    if let Some(retries) = asked.get("retries").and_then(|retries| retries.parse().ok()) {
        settings = settings.max_retry_attempts_for_session_refresh(retries);
    }
    let config = settings.build().map_err(|error| error.to_string())?;
    let client = session_client(config).map_err(|error| error.to_string())?;
    client.on_event(|event: &SessionEvent| EVENTS.with_borrow_mut(|all| all.push(event.name()))).forget();
    CLIENT.set(Some(client));
    if !asked.has("plain") {
        intercept().map_err(|error| format!("{error:?}"))?;
    }
    Ok(())
}

fn api(window: &Window) -> Option<String> {
    window.document()?.query_selector("meta[name=api-domain]").ok()??.get_attribute("content")
}

fn client() -> Result<SessionClient, JsValue> {
    CLIENT.with_borrow(Clone::clone).ok_or_else(|| Error::new("the page is not ready").into())
}

/// Intercepts all requests of the page until [`release`].
///
/// # Errors
/// If the page can't be intercepted.
#[wasm_bindgen]
pub fn intercept() -> Result<(), JsValue> {
    let interception = intercept_page(&client()?).map_err(|error| Error::new(&error.to_string()))?;
    INTERCEPTION.set(Some(interception));
    Ok(())
}

/// Ends the interception.
#[wasm_bindgen]
pub fn release() {
    INTERCEPTION.set(None);
}

/// Sends this number of bytes with the client itself; returns the response, and the growth of the module's memory.
///
/// # Errors
/// The error of the client.
#[wasm_bindgen(js_name = uploadFromRust)]
pub async fn upload_from_rust(path: String, len: usize) -> Result<JsValue, JsValue> {
    let to_js_error = |error: SessionError| JsValue::from(Error::new(&error.to_string()));
    let bytes: Vec<u8> = (0..len).map(|at| (at * 31 % 251) as u8).collect();
    let before = memory_bytes();
    let sent = client()?.post(&path).body(bytes).send().await.map_err(to_js_error)?;
    let status = sent.status();
    let text = sent.text().await.map_err(to_js_error)?;
    let response = js_response(status, &text);
    let grown = memory_bytes() - before;
    // It never fails for a plain object.
    let _ = Reflect::set(&response, &"grown".into(), &grown.into());
    Ok(response)
}

/// The size of the module's memory. It never shrinks.
#[wasm_bindgen(js_name = memoryBytes)]
pub fn memory_bytes() -> u32 {
    let memory: WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    memory.buffer().unchecked_into::<ArrayBuffer>().byte_length()
}

/// Signs in, and returns the status.
///
/// # Errors
/// The error of the client.
#[wasm_bindgen(js_name = signIn)]
pub async fn sign_in(email: String, password: String) -> Result<u16, JsValue> {
    let form =
        json!({ "formFields": [{ "id": "email", "value": email }, { "id": "password", "value": password }] });
    let request = client()?.post("/auth/signin").json(&form);
    request
        .send()
        .await
        .map(|response| response.status())
        .map_err(|error| Error::new(&error.to_string()).into())
}

/// The user of the session, as the store has it.
#[wasm_bindgen(js_name = userId)]
pub async fn user_id() -> Option<String> {
    client().ok()?.front_token().await.ok()?.map(|front| front.user_id().to_owned())
}

/// The number of events of a kind.
#[wasm_bindgen(js_name = eventCount)]
pub fn event_count(name: &str) -> usize {
    EVENTS.with_borrow(|all| all.iter().filter(|one| **one == name).count())
}
