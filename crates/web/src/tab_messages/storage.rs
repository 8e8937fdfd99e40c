use wasm_bindgen::JsCast;
use web_sys::StorageEvent;

use super::OnMessage;
use crate::{clock::now_ms, listener::Listener, page::Page, storage::LocalStorage};

/// localStorage tells other tabs what is written to it. What is written here is gone at once, and no token.
pub(super) struct StorageEvents {
    storage: LocalStorage,
    key: String,
    _listener: Listener,
}

impl StorageEvents {
    /// None where the browser refuses storage.
    pub(super) fn open(page: &Page, key: &str, on_message: OnMessage) -> Option<Self> {
        let storage = LocalStorage::open(page).ok()?;
        // What a tab that died left behind would keep an equal notice from being an event.
        storage.remove(key).ok()?;
        let own_key = key.to_owned();
        let listener = Listener::new(page.window(), "storage", move |event| {
            let event: StorageEvent = event.unchecked_into();
            // Without a value it is the end of a notice.
            if let (Some(key), Some(text)) = (event.key(), event.new_value())
                && key == own_key
            {
                on_message(text);
            }
        });
        Some(Self { storage, key: key.to_owned(), _listener: listener })
    }

    pub(super) fn tell(&self, text: &str) {
        // Where it is full, tabs find out when they come to the front.
        if self.storage.set(&self.key, &format!("{text} {}", now_ms())).is_ok() {
            let _ = self.storage.remove(&self.key);
        }
    }
}
