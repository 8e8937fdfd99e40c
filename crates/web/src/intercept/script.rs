//! The functions of `page.js`.

use js_sys::{Array, Function, Promise};
use supertokens_session::{Headers, SessionError, SessionResponse, platform::TransportError};
use wasm_bindgen::prelude::*;
use web_sys::Request;

#[wasm_bindgen(module = "/src/intercept/page.js")]
extern "C" {
    /// Wraps `fetch`. The returned function removes the wrapper.
    #[wasm_bindgen(catch, js_name = interceptFetch)]
    pub(super) fn intercept_fetch(is_api_url: &JsValue, run: &JsValue) -> Result<Function, JsValue>;

    /// Wraps the methods of `XMLHttpRequest`. The returned function removes the wrappers.
    #[wasm_bindgen(catch, js_name = interceptXhr)]
    pub(super) fn intercept_xhr(is_api_url: &JsValue, run: &JsValue) -> Result<Function, JsValue>;

    /// Whether a request's body can be read only once.
    #[wasm_bindgen(js_name = hasStream)]
    pub(crate) fn has_stream(request: &Request) -> bool;

    /// Sends a request with `fetch`. A copy of it is sent if a retry may follow.
    #[wasm_bindgen(catch)]
    pub(super) fn send(
        fetch: &Function,
        request: &Request,
        sends_copy: bool,
        includes_credentials: bool,
        headers: &Array,
    ) -> Result<JsValue, JsValue>;

    /// Reports why a request failed: on `target`, and with an event of the page.
    #[wasm_bindgen(catch, js_name = reportFailure)]
    pub(super) fn report_failure(
        request: &Request,
        target: &JsValue,
        code: &str,
        message: &str,
        status: Option<u16>,
    ) -> Result<(), JsValue>;

    /// An `XMLHttpRequest` of the app.
    #[derive(Clone)]
    pub(super) type InterceptedXhr;

    #[wasm_bindgen(method, catch)]
    pub(super) fn attempt(
        this: &InterceptedXhr,
        headers: &Array,
        includes_credentials: bool,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method)]
    pub(super) fn status(this: &InterceptedXhr) -> u16;

    #[wasm_bindgen(method)]
    pub(super) fn url(this: &InterceptedXhr) -> Option<String>;

    #[wasm_bindgen(method)]
    pub(super) fn headers(this: &InterceptedXhr) -> Option<String>;

    #[wasm_bindgen(method)]
    pub(super) fn text(this: &InterceptedXhr, limit: u32) -> Promise;

    /// As the function of this name, with the app's object as `target`.
    #[wasm_bindgen(method, catch, js_name = reportFailure)]
    pub(super) fn report_failure(
        this: &InterceptedXhr,
        code: &str,
        message: &str,
        status: Option<u16>,
    ) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn release(this: &InterceptedXhr) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn fail(this: &InterceptedXhr, event: &str) -> Result<(), JsValue>;
}

/// The session's error and the status of the response. An abort or timeout of the caller's is not an error of the
/// session.
pub(super) fn failure(
    outcome: &Result<SessionResponse, SessionError>,
) -> Option<(&SessionError, Option<u16>)> {
    match outcome {
        Ok(response) => response.session_error().map(|error| (error, Some(response.status()))),
        Err(SessionError::Network(TransportError::Aborted | TransportError::TimedOut)) => None,
        Err(error) => Some((error, None)),
    }
}

/// A flat list of names and values, as `page.js` takes it.
pub(super) fn flat_pairs(headers: &Headers) -> Array {
    headers.iter().flat_map(|(name, value)| [name, value]).map(JsValue::from_str).collect()
}
