//! `setTimeout` as a future and `setInterval` as a guard: dropping either clears it.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_channel::oneshot;
use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = setTimeout)]
    fn set_timeout(call: &Function, ms: i32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
    #[wasm_bindgen(catch, js_name = setInterval)]
    fn set_interval(call: &Function, ms: i32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = clearInterval)]
    fn clear_interval(id: &JsValue);
}

/// Resolves `ms` after the call. While the browser unloads the page it may refuse timers; then the future never
/// resolves.
pub(crate) fn sleep(ms: u32) -> Sleep {
    let (fire, fired) = oneshot::channel();
    let call = Closure::once(move || {
        let _ = fire.send(());
    });
    let first = timer_ms(ms);
    let id = set_timeout(call.as_ref().unchecked_ref(), first).ok();
    Sleep { id, fired, rest_ms: ms - first.unsigned_abs(), _call: call }
}

#[must_use = "futures do nothing unless polled"]
pub(crate) struct Sleep {
    id: Option<JsValue>,
    fired: oneshot::Receiver<()>,
    /// The time that remains after this timer, if `ms` is too long for one.
    rest_ms: u32,
    _call: Closure<dyn FnMut()>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let _ = ready!(Pin::new(&mut self.fired).poll(cx));
            self.id = None;
            if self.rest_ms == 0 {
                return Poll::Ready(());
            }
            *self = sleep(self.rest_ms);
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(id) = self.id.take() {
            clear_timeout(&id);
        }
    }
}

/// Calls a function repeatedly until it is dropped.
#[must_use = "the calls stop when it is dropped"]
pub(crate) struct Interval {
    id: Option<JsValue>,
    _call: Closure<dyn FnMut()>,
}

impl Interval {
    pub(crate) fn new(ms: u32, call: impl FnMut() + 'static) -> Self {
        let call = Closure::new(call);
        let id = set_interval(AsRef::<JsValue>::as_ref(&call).unchecked_ref(), timer_ms(ms)).ok();
        Self { id, _call: call }
    }
}

impl Drop for Interval {
    fn drop(&mut self) {
        if let Some(id) = self.id.take() {
            clear_interval(&id);
        }
    }
}

/// Caps the time at the longest of one timer. A browser fires a longer one at once.
fn timer_ms(ms: u32) -> i32 {
    i32::try_from(ms).unwrap_or(i32::MAX)
}
