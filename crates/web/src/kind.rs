//! Checks the interface of a browser object. `instanceof` fails for objects of a frame or another window, which a page
//! may pass in.

use js_sys::{Reflect, Symbol};
use wasm_bindgen::JsValue;

/// Whether `value` is a browser object of this interface.
pub(crate) fn is_a(value: &JsValue, interface: &str) -> bool {
    // This throws if `value` is not an object.
    Reflect::get(value, &Symbol::to_string_tag()).is_ok_and(|tag| tag == interface)
}
