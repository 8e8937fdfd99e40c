//! localStorage with raw strings. Every call can fail: storage is blocked, or full, or becomes blocked later.

use web_sys::Storage;

use crate::page::{Blocked, Page};

pub(crate) struct LocalStorage(Storage);

impl LocalStorage {
    pub(crate) fn open(page: &Page) -> Result<Self, Blocked> {
        // The getter `window.localStorage` throws if storage is blocked.
        match page.window().local_storage() {
            Ok(Some(storage)) => Ok(Self(storage)),
            Ok(None) | Err(_) => Err(Blocked),
        }
    }

    pub(crate) fn as_raw(&self) -> &Storage {
        &self.0
    }

    pub(crate) fn get(&self, key: &str) -> Result<Option<String>, Blocked> {
        self.0.get_item(key).map_err(|_| Blocked)
    }

    pub(crate) fn set(&self, key: &str, value: &str) -> Result<(), Blocked> {
        self.0.set_item(key, value).map_err(|_| Blocked)
    }

    /// Removes the value, if there is one.
    pub(crate) fn remove(&self, key: &str) -> Result<(), Blocked> {
        match self.get(key)? {
            Some(_) => self.0.remove_item(key).map_err(|_| Blocked),
            None => Ok(()),
        }
    }
}
