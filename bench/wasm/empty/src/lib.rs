//! What every wasm-bindgen module with one async function has in it.

use wasm_bindgen::prelude::*;

/// Gives back what it gets, a turn of the event loop later.
#[wasm_bindgen]
pub async fn echo(value: JsValue) -> JsValue {
    value
}
