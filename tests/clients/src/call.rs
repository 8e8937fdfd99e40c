//! The arguments of a script's call of a client, and its result.

use js_sys::{Array, Error, JsString, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen]
extern "C" {
    /// `{ method, body, headers, timeout, signal }`, each of which may be left out.
    pub type Init;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn method(this: &Init) -> Option<String>;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn body(this: &Init) -> JsValue;

    #[wasm_bindgen(method, getter, js_name = headers)]
    fn raw_headers(this: &Init) -> Option<Object>;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn timeout(this: &Init) -> Option<u32>;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn signal(this: &Init) -> Option<AbortSignal>;
}

impl Init {
    pub(crate) fn headers(&self) -> Vec<(String, String)> {
        let entries = self.raw_headers().map(|headers| Object::entries(&headers)).unwrap_or_default();
        let text = |pair: &Array, at| pair.get(at).as_string().unwrap_or_default();
        entries.iter().map(|pair| Array::from(&pair)).map(|pair| (text(&pair, 0), text(&pair, 1))).collect()
    }
}

/// `{ status, text }`
pub(crate) fn js_response(status: u16, text: &str) -> JsValue {
    let response = Object::new();
    for (name, value) in [("status", JsValue::from(status)), ("text", JsString::from(text).into())] {
        // It never fails for a plain object.
        let _ = Reflect::set(&response, &name.into(), &value);
    }
    response.into()
}

/// An error with the name that `public/clients.js` expects.
pub(crate) fn failure(name: &str, message: &str) -> JsValue {
    let error = Error::new(message);
    error.set_name(name);
    error.into()
}
