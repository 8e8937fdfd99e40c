//! An event listener that is removed when it is dropped.

use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

#[must_use = "the listener is removed when it is dropped"]
pub(crate) struct Listener {
    target: EventTarget,
    event: &'static str,
    call: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Listens in the capture phase: before the target's own listeners, and also to events that don't bubble.
    pub(crate) fn new(target: &EventTarget, event: &'static str, call: impl FnMut(Event) + 'static) -> Self {
        let call = Closure::new(call);
        // This never throws for a function.
        let _ = target.add_event_listener_with_callback_and_bool(event, function(&call), true);
        Self { target: target.clone(), event, call }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ =
            self.target.remove_event_listener_with_callback_and_bool(self.event, function(&self.call), true);
    }
}

fn function(call: &Closure<dyn FnMut(Event)>) -> &js_sys::Function {
    AsRef::<JsValue>::as_ref(call).unchecked_ref()
}
