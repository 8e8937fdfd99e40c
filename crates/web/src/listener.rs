//! Event listeners that are removed when they are dropped.

use wasm_bindgen::prelude::*;

use crate::{
    browser::{self, AbortOnDrop},
    page::Page,
};

#[must_use = "the listeners are removed when this is dropped"]
pub(crate) struct Listener {
    _abort: Option<AbortOnDrop>,
    _call: Closure<dyn Fn(u32, bool)>,
}

impl Listener {
    /// Calls `call` for each event of the window, with its index in `names`, and whether it is `persisted`.
    pub(crate) fn new(page: &Page, names: &str, call: impl Fn(u32, bool) + 'static) -> Self {
        let call = Closure::new(call);
        let abort = AbortOnDrop::new();
        if let Some(abort) = &abort {
            let function = AsRef::<JsValue>::as_ref(&call).unchecked_ref();
            browser::listen(page.window(), names, function, &abort.abort);
        }
        Self { _abort: abort, _call: call }
    }
}
