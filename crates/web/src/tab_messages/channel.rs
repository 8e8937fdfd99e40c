use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

use super::OnMessage;

/// A `BroadcastChannel`, left when it is dropped.
pub(super) struct Channel {
    channel: BroadcastChannel,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// None where the browser has no channels, or refuses them, as where storage is partitioned away.
    pub(super) fn open(name: &str, on_message: OnMessage) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let on_message = Closure::new(move |message: MessageEvent| {
            on_message(message.data().as_string().unwrap_or_default());
        });
        channel.set_onmessage(Some(AsRef::<JsValue>::as_ref(&on_message).unchecked_ref()));
        Some(Self { channel, _on_message: on_message })
    }

    pub(super) fn tell(&self, text: &str) {
        // One that is closed meanwhile tells nobody, who then find out when they come to the front.
        let _ = self.channel.post_message(&JsValue::from_str(text));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
