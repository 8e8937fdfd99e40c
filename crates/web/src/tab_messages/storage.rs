use wasm_bindgen::JsCast;
use web_sys::StorageEvent;

use super::OnMessage;
use crate::{clock::now_ms, listener::Listener, page::Page, storage::LocalStorage};

/// Sends messages as `storage` events: the browser emits one in other tabs for each write to localStorage. The written
/// message holds no token and is removed at once.
pub(super) struct StorageEvents {
    storage: LocalStorage,
    key: String,
    _listener: Listener,
}

impl StorageEvents {
    /// `None` if the browser blocks storage.
    pub(super) fn open(page: &Page, key: &str, on_message: OnMessage) -> Option<Self> {
        let storage = LocalStorage::open(page).ok()?;
        // A tab that died may have left its message. An equal one would emit no event.
        storage.remove(key).ok()?;
        let own_key = key.to_owned();
        let listener = Listener::new(page.window(), "storage", move |event| {
            let event: StorageEvent = event.unchecked_into();
            // Without a value the event is the removal of a message.
            if let (Some(key), Some(text)) = (event.key(), event.new_value())
                && key == own_key
            {
                on_message(text);
            }
        });
        Some(Self { storage, key: key.to_owned(), _listener: listener })
    }

    pub(super) fn send(&self, text: &str) {
        // If storage is full, other tabs read the store when they become visible.
        if self.storage.set(&self.key, &format!("{text} {}", now_ms())).is_ok() {
            let _ = self.storage.remove(&self.key);
        }
    }
}
