//! What the browser keeps, as JavaScript holds it: texts that are those of the last read need not be copied, read or
//! checked again.

use js_sys::JsString;
use supertokens_session::wire::names::CLOCK_SKEW_KEY;

use super::KEYS;
use crate::{cookies::Cookies, storage::LocalStorage};

/// All that a store looks for in localStorage.
const IN_STORAGE: [&str; 7] = [KEYS[0], KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], CLOCK_SKEW_KEY];

/// The keys as JavaScript holds them.
pub(super) struct Keys([JsString; IN_STORAGE.len()]);

impl Keys {
    pub(super) fn new() -> Self {
        Self(IN_STORAGE.map(JsString::from))
    }
}

/// One read of the browser. It may hold secrets: no `Debug`.
#[derive(PartialEq)]
pub(super) struct Raw {
    cookies: Option<JsString>,
    in_storage: [Option<JsString>; IN_STORAGE.len()],
}

impl Raw {
    /// Reads all of it: another tab may have put any of it anywhere.
    pub(super) fn read(cookies: &Cookies, storage: Option<&LocalStorage>, keys: &Keys) -> Self {
        let cookies = cookies.read();
        let look_up = |key| storage?.look_up(key).ok().flatten();
        Self { cookies, in_storage: keys.0.each_ref().map(look_up) }
    }

    /// The text of all cookies.
    pub(super) fn cookies(&self) -> String {
        text(self.cookies.as_ref())
    }

    pub(super) fn in_storage(&self, key: &str) -> Option<String> {
        let at = IN_STORAGE.iter().position(|known| *known == key)?;
        self.in_storage[at].as_ref().and_then(|text| text.as_string())
    }
}

/// A copy of a text; empty where there is none, or a page has put something else in its place.
pub(super) fn text(text: Option<&JsString>) -> String {
    text.and_then(|text| text.as_string()).unwrap_or_default()
}
