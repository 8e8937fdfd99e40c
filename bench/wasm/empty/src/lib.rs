//! The smallest wasm-bindgen module with one async function.

use wasm_bindgen::prelude::*;

/// Returns its argument after a turn of the event loop.
#[wasm_bindgen]
pub async fn echo(value: JsValue) -> JsValue {
    value
}
