//! The loops of the benchmark over gloo-net, without any session.

use futures_util::future::join_all;
use gloo_net::http::Request;
use js_sys::Error;
use wasm_bindgen::prelude::*;

/// Sends GET requests one after the other; how many were answered by 200.
///
/// # Errors
/// Where there is no answer.
#[wasm_bindgen]
pub async fn get(url: String, count: u32) -> Result<u32, JsValue> {
    let mut good = 0;
    for _ in 0..count {
        good += get_once(&url).await?;
    }
    Ok(good)
}

/// Sends GET requests all at once; how many were answered by 200.
///
/// # Errors
/// Where there is no answer.
#[wasm_bindgen]
pub async fn parallel(url: String, count: u32) -> Result<u32, JsValue> {
    join_all((0..count).map(|_| get_once(&url))).await.into_iter().sum()
}

async fn get_once(url: &str) -> Result<u32, JsValue> {
    let request = Request::get(url).header("rid", "anti-csrf").header("st-auth-mode", "cookie");
    let answer = request.send().await.map_err(js_error)?;
    let good = u32::from(answer.status() == 200);
    answer.text().await.map_err(js_error)?;
    Ok(good)
}

fn js_error(error: gloo_net::Error) -> JsValue {
    Error::new(&error.to_string()).into()
}
