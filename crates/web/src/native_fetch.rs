//! The native `fetch`, which the client calls while this crate intercepts `window.fetch`.

use std::cell::RefCell;

use js_sys::{Function, Reflect, Symbol};
use wasm_bindgen::prelude::*;

use crate::page::Page;

thread_local! {
    /// The `window.fetch` before each interception that is on. The first of them is the native one.
    static REPLACED: RefCell<Vec<JsValue>> = const { RefCell::new(Vec::new()) };

    /// The mark that `page.js` checks.
    static MARK: JsValue = Symbol::for_("supertokens-leptos").into();
}

/// The `fetch` that the client calls: `window.fetch`, or the native one while interception is on.
pub(crate) fn fetch(page: &Page) -> Result<Function, JsValue> {
    let replaced = REPLACED.with_borrow(|replaced| replaced.first().cloned());
    replaced.map_or_else(|| current(page), Ok)?.dyn_into()
}

/// Marks a request, or its options, as handled: other copies of this library on the page don't intercept it.
pub(crate) fn mark(request: &JsValue) {
    // This can't fail: the object was created here and is not frozen.
    let _ = MARK.with(|mark| Reflect::set(request, mark, &JsValue::TRUE));
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
