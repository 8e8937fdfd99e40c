//! The `fetch` beneath our own interception, which the client itself sends with.

use std::cell::RefCell;

use js_sys::{Function, Reflect, Symbol};
use wasm_bindgen::prelude::*;

use crate::page::Page;

thread_local! {
    /// What was there when interception began, each time; the first is the one beneath all.
    static FOUND: RefCell<Vec<JsValue>> = const { RefCell::new(Vec::new()) };

    static OURS: JsValue = Symbol::for_("supertokens-leptos").into();
}

/// What the client sends with: `window.fetch`, as it is now unless it is intercepted.
pub(crate) fn fetch(page: &Page) -> Result<Function, JsValue> {
    let found = FOUND.with_borrow(|found| found.first().cloned());
    found.map_or_else(|| current(page), Ok)?.dyn_into()
}

/// Marks a request, or the options of one, as taken care of, for copies of this library that intercept on the same page.
pub(crate) fn mark(request: &JsValue) {
    // The result is whether it could be set, which it can be on any object of ours.
    let _ = OURS.with(|ours| Reflect::set(request, ours, &JsValue::TRUE));
}

fn current(page: &Page) -> Result<JsValue, JsValue> {
    page.window().unchecked_ref::<Fetching>().fetch()
}

#[wasm_bindgen]
extern "C" {
    type Fetching;

    #[wasm_bindgen(method, getter, catch)]
    fn fetch(this: &Fetching) -> Result<JsValue, JsValue>;
}

/// The `fetch` that was there, until this is dropped.
pub(crate) struct NativeFetch(JsValue);

impl NativeFetch {
    pub(crate) fn push(page: &Page) -> Self {
        let found = current(page).unwrap_or_default();
        FOUND.with_borrow_mut(|all| all.push(found.clone()));
        Self(found)
    }
}

impl Drop for NativeFetch {
    fn drop(&mut self) {
        FOUND.with_borrow_mut(|all| {
            if let Some(at) = all.iter().position(|one| js_sys::Object::is(one, &self.0)) {
                all.remove(at);
            }
        });
    }
}
