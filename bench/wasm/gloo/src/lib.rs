//! The benchmark's loops with gloo-net and without a session.

use futures_util::future::join_all;
use gloo_net::http::Request;
use js_sys::Error;
use wasm_bindgen::prelude::*;

/// Sends GET requests one after the other. Returns the number of responses with status 200.
///
/// # Errors
/// If there is no response.
#[wasm_bindgen]
pub async fn get(url: String, count: u32) -> Result<u32, JsValue> {
    let mut good = 0;
    for _ in 0..count {
        good += get_once(&url).await?;
    }
    Ok(good)
}

/// Sends GET requests all at once. Returns the number of responses with status 200.
///
/// # Errors
/// If there is no response.
#[wasm_bindgen]
pub async fn parallel(url: String, count: u32) -> Result<u32, JsValue> {
    join_all((0..count).map(|_| get_once(&url))).await.into_iter().sum()
}

async fn get_once(url: &str) -> Result<u32, JsValue> {
    let request = Request::get(url).header("rid", "anti-csrf").header("st-auth-mode", "cookie");
    let response = request.send().await.map_err(js_error)?;
    let good = u32::from(response.status() == 200);
    response.text().await.map_err(js_error)?;
    Ok(good)
}

fn js_error(error: gloo_net::Error) -> JsValue {
    Error::new(&error.to_string()).into()
}
