//! The native `fetch`, which the client calls while this crate intercepts `window.fetch`.

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::page::Page;

thread_local! {
    /// The `window.fetch` before each interception that is on. The first of them is the native one.
    static REPLACED: RefCell<Vec<JsValue>> = const { RefCell::new(Vec::new()) };
}

/// The native `fetch` while interception is on. Otherwise the client calls `window.fetch`.
pub(crate) fn replaced() -> Option<JsValue> {
    REPLACED.with_borrow(|replaced| replaced.first().cloned())
}

/// The `fetch` for intercepted requests.
pub(crate) fn fetch(page: &Page) -> Result<Function, JsValue> {
    replaced().map_or_else(|| current(page), Ok)?.dyn_into()
}

fn current(page: &Page) -> Result<JsValue, JsValue> {
    page.window().unchecked_ref::<WindowWithFetch>().fetch()
}

#[wasm_bindgen]
extern "C" {
    type WindowWithFetch;

    #[wasm_bindgen(method, getter, catch)]
    fn fetch(this: &WindowWithFetch) -> Result<JsValue, JsValue>;
}

/// Keeps the current `window.fetch` as one that interception replaced, until this is dropped.
pub(crate) struct NativeFetch(JsValue);

impl NativeFetch {
    pub(crate) fn push(page: &Page) -> Self {
        let replaced = current(page).unwrap_or_default();
        REPLACED.with_borrow_mut(|all| all.push(replaced.clone()));
        Self(replaced)
    }
}

impl Drop for NativeFetch {
    fn drop(&mut self) {
        REPLACED.with_borrow_mut(|all| {
            if let Some(index) = all.iter().position(|fetch| js_sys::Object::is(fetch, &self.0)) {
                all.remove(index);
            }
        });
    }
}
