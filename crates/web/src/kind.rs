//! What a value of the browser's is. `instanceof` is no answer: it knows the objects of this window only, and a page may
//! hand in those of a frame, or of a window that opened it.

use js_sys::{Reflect, Symbol};
use wasm_bindgen::JsValue;

/// Whether it is a platform object of that interface.
pub(crate) fn is_a(value: &JsValue, interface: &str) -> bool {
    // It throws for what is no object.
    Reflect::get(value, &Symbol::to_string_tag()).is_ok_and(|tag| tag == interface)
}
