//! gloo-net and reqwest, called by scripts.

use std::time::Duration;

use futures_util::future::{Either, select};
use gloo_net::http as gloo;
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Blob};

use crate::call::{Init, failure, js_response};

/// Sends with gloo-net, which gets the caller's abort signal.
///
/// # Errors
/// The error of gloo-net, with the browser's name of it.
#[wasm_bindgen(js_name = callByGlooNet)]
pub async fn call_by_gloo_net(url: String, init: Init) -> Result<JsValue, JsValue> {
    let to_js_error = |error: gloo_net::Error| match error {
        gloo_net::Error::JsError(error) => failure(&error.name, &error.message),
        other => failure("other", &other.to_string()),
    };
    let signal = init.timeout().map(AbortSignal::timeout_with_u32).or_else(|| init.signal());
    let method = init.method().unwrap_or_else(|| "GET".to_owned());
    let method =
        gloo::Method::from_bytes(method.as_bytes()).map_err(|error| failure("other", &error.to_string()))?;
    let mut builder = gloo::RequestBuilder::new(&url).method(method).abort_signal(signal.as_ref());
    for (name, value) in init.headers() {
        builder = builder.header(&name, &value);
    }
    let body = init.body();
    let request = if body.is_undefined() { builder.build() } else { builder.body(body) };
    let response = request.map_err(to_js_error)?.send().await.map_err(to_js_error)?;
    Ok(js_response(response.status(), &response.text().await.map_err(to_js_error)?))
}

/// Sends with reqwest. Dropping the future aborts, as for its users.
///
/// # Errors
/// The error of reqwest.
#[wasm_bindgen(js_name = callByReqwest)]
pub async fn call_by_reqwest(url: String, init: Init) -> Result<JsValue, JsValue> {
    let to_js_error = |error: reqwest::Error| match &error {
        timeout if timeout.is_timeout() => failure("TimeoutError", &error.to_string()),
        lost if lost.is_request() => failure("TypeError", &error.to_string()),
        _ => failure("other", &error.to_string()),
    };
    let method = init.method().unwrap_or_else(|| "GET".to_owned());
    let method = reqwest::Method::from_bytes(method.as_bytes())
        .map_err(|error| failure("other", &error.to_string()))?;
    let mut builder = reqwest::Client::new().request(method, &url);
    for (name, value) in init.headers() {
        builder = builder.header(&name, &value);
    }
    if let Some(timeout) = init.timeout() {
        builder = builder.timeout(Duration::from_millis(timeout.into()));
    }
    if let Some(body) = bytes(init.body()).await? {
        builder = builder.body(body);
    }
    let request = Box::pin(async {
        let response = builder.send().await.map_err(to_js_error)?;
        let status = response.status().as_u16();
        Ok(js_response(status, &response.text().await.map_err(to_js_error)?))
    });
    let Some(signal) = init.signal() else { return request.await };
    match select(request, JsFuture::from(aborted(&signal))).await {
        Either::Left((response, _)) => response,
        Either::Right(_) => Err(failure("AbortError", "the future was dropped")),
    }
}

/// A body in reqwest's type.
async fn bytes(body: JsValue) -> Result<Option<Vec<u8>>, JsValue> {
    if body.is_undefined() {
        return Ok(None);
    }
    if let Some(text) = body.as_string() {
        return Ok(Some(text.into_bytes()));
    }
    let buffer = match body.dyn_ref::<Blob>() {
        Some(blob) => JsFuture::from(blob.array_buffer()).await?,
        None => body,
    };
    Ok(Some(Uint8Array::new(&buffer).to_vec()))
}

#[wasm_bindgen(inline_js = "export const aborted = signal => new Promise(resolve => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', resolve);
})")]
extern "C" {
    fn aborted(signal: &AbortSignal) -> Promise;
}
