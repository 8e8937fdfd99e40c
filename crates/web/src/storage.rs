//! localStorage with raw strings. Every call can be refused: storage is blocked, full, or goes away.

use js_sys::JsString;
use wasm_bindgen::prelude::*;
use web_sys::Storage;

use crate::page::{Blocked, Page};

// As web-sys has it, without a copy of either text.
#[wasm_bindgen]
extern "C" {
    type Items;

    #[wasm_bindgen(method, catch, js_name = getItem)]
    fn get_item(this: &Items, key: &JsString) -> Result<Option<JsString>, JsValue>;
}

pub(crate) struct LocalStorage(Storage);

impl LocalStorage {
    pub(crate) fn open(page: &Page) -> Result<Self, Blocked> {
        // The mere look at `window.localStorage` throws where it is blocked.
        match page.window().local_storage() {
            Ok(Some(storage)) => Ok(Self(storage)),
            Ok(None) | Err(_) => Err(Blocked),
        }
    }

    pub(crate) fn get(&self, key: &str) -> Result<Option<String>, Blocked> {
        self.0.get_item(key).map_err(|_| Blocked)
    }

    /// As [`get`](Self::get), where what is there is left to JavaScript.
    pub(crate) fn look_up(&self, key: &JsString) -> Result<Option<JsString>, Blocked> {
        self.0.unchecked_ref::<Items>().get_item(key).map_err(|_| Blocked)
    }

    pub(crate) fn set(&self, key: &str, value: &str) -> Result<(), Blocked> {
        self.0.set_item(key, value).map_err(|_| Blocked)
    }

    /// Removes a value, where there is one.
    pub(crate) fn remove(&self, key: &str) -> Result<(), Blocked> {
        match self.get(key)? {
            Some(_) => self.0.remove_item(key).map_err(|_| Blocked),
            None => Ok(()),
        }
    }
}
