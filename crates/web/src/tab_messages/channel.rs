use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

use super::OnMessage;

/// A `BroadcastChannel`, closed when it is dropped.
pub(super) struct Channel {
    channel: BroadcastChannel,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// `None` if the browser has no channels, or refuses them, as some do where storage is blocked.
    pub(super) fn open(name: &str, on_message: OnMessage) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let on_message = Closure::new(move |message: MessageEvent| {
            on_message(message.data().as_string().unwrap_or_default());
        });
        channel.set_onmessage(Some(AsRef::<JsValue>::as_ref(&on_message).unchecked_ref()));
        Some(Self { channel, _on_message: on_message })
    }

    pub(super) fn send(&self, text: &str) {
        // It fails on a closed channel. Then other tabs read the store when they become visible.
        let _ = self.channel.post_message(&JsValue::from_str(text));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
