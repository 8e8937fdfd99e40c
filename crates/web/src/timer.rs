//! `setTimeout` as a future and `setInterval` as a guard: dropping either clears it.

use std::future::pending;

use supertokens_session::platform::LocalBoxFuture;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::browser::{self, AbortOnDrop};

/// Resolves `ms` after the call. If the browser refuses a timer, it never resolves.
pub(crate) fn sleep(ms: u32) -> LocalBoxFuture<'static, ()> {
    let Some(mut abort) = AbortOnDrop::new() else { return Box::pin(pending()) };
    let timer = JsFuture::from(browser::sleep(ms, &abort.abort));
    Box::pin(async move {
        let _ = timer.await;
        abort.disarm();
    })
}

/// Calls a function repeatedly until it is dropped.
#[must_use = "the calls stop when it is dropped"]
pub(crate) struct Interval {
    _abort: Option<AbortOnDrop>,
    _call: Closure<dyn FnMut()>,
}

impl Interval {
    pub(crate) fn new(ms: u32, call: impl FnMut() + 'static) -> Self {
        let call = Closure::new(call);
        let abort = AbortOnDrop::new();
        if let Some(abort) = &abort {
            browser::repeat(ms, AsRef::<JsValue>::as_ref(&call).unchecked_ref(), &abort.abort);
        }
        Self { _abort: abort, _call: call }
    }
}
