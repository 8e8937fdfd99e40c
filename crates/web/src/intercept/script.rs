//! What is done in JavaScript.

use js_sys::{Array, Function, Promise};
use supertokens_session::{SessionError, SessionResponse, platform::TransportError, wire::headers::Headers};
use wasm_bindgen::prelude::*;
use web_sys::Request;

#[wasm_bindgen(module = "/src/intercept/page.js")]
extern "C" {
    /// Wraps `fetch`; the answer undoes it.
    #[wasm_bindgen(catch, js_name = interceptFetch)]
    pub(super) fn intercept_fetch(is_api_url: &JsValue, run: &JsValue) -> Result<Function, JsValue>;

    /// Wraps the methods of `XMLHttpRequest`; the answer undoes it.
    #[wasm_bindgen(catch, js_name = interceptXhr)]
    pub(super) fn intercept_xhr(is_api_url: &JsValue, run: &JsValue) -> Result<Function, JsValue>;

    /// Whether a request's body can be read only once.
    #[wasm_bindgen(js_name = hasStream)]
    pub(crate) fn has_stream(request: &Request) -> bool;

    /// Sends a request with `fetch`.
    #[wasm_bindgen(catch)]
    pub(super) fn send(
        fetch: &Function,
        request: &Request,
        is_copied: bool,
        is_included: bool,
        headers: &Array,
    ) -> Result<JsValue, JsValue>;

    /// Says on `target`, and to the page, why a request failed.
    #[wasm_bindgen(catch)]
    pub(super) fn explain(
        request: &Request,
        target: &JsValue,
        code: &str,
        message: &str,
        status: Option<u16>,
    ) -> Result<(), JsValue>;

    /// An `XMLHttpRequest` that was sent by the app.
    #[derive(Clone)]
    pub(super) type Job;

    #[wasm_bindgen(method, catch)]
    pub(super) fn attempt(this: &Job, headers: &Array, is_included: bool) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method)]
    pub(super) fn status(this: &Job) -> u16;

    #[wasm_bindgen(method)]
    pub(super) fn url(this: &Job) -> Option<String>;

    #[wasm_bindgen(method)]
    pub(super) fn headers(this: &Job) -> Option<String>;

    #[wasm_bindgen(method)]
    pub(super) fn text(this: &Job, limit: u32) -> Promise;

    /// As the function of this name, on the object that the app holds.
    #[wasm_bindgen(method, catch)]
    pub(super) fn explain(this: &Job, code: &str, message: &str, status: Option<u16>) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn release(this: &Job) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn fail(this: &Job, event: &str) -> Result<(), JsValue>;
}

/// What is wrong with the session, and the status of a response. That the caller itself has ended the request is nothing
/// that it has to be told.
pub(super) fn failure(
    outcome: &Result<SessionResponse, SessionError>,
) -> Option<(&SessionError, Option<u16>)> {
    match outcome {
        Ok(response) => response.session_error().map(|error| (error, Some(response.status()))),
        Err(SessionError::Network(TransportError::Aborted | TransportError::TimedOut)) => None,
        Err(error) => Some((error, None)),
    }
}

/// Names and values, one after the other: so `page.js` takes them.
pub(super) fn in_turns(headers: &Headers) -> Array {
    headers.iter().flat_map(|(name, value)| [name, value]).map(JsValue::from_str).collect()
}
