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

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use supertokens_session::{
        SessionConfig,
        platform::{Change, Changes, StoredSession},
        token::FrontTokenText,
    };
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use crate::{BrowserStore, Page};

    wasm_bindgen_test_configure!(run_in_browser);

    fn js(code: &str) {
        js_sys::eval(code).unwrap();
    }

    fn clean() {
        js("for (const pair of document.cookie.split('; ')) document.cookie = pair.split('=')[0] + '=; path=/; max-age=0';
            localStorage.clear()");
    }

    /// `front marker skew`, twice: what does not change is the same.
    fn shown(store: &BrowserStore) -> String {
        let [one, other] = [store.read_now(), store.read_now()];
        assert!(one == other);
        let StoredSession { front, marker, clock_skew_ms, .. } = one;
        let (front, marker) =
            (front.map(|front| front.reveal().to_owned()), marker.map(|m| m.reveal().to_owned()));
        format!("{} {} {clock_skew_ms}", front.unwrap_or_default(), marker.unwrap_or_default())
    }

    #[wasm_bindgen_test]
    fn each_read_finds_what_others_have_put_anywhere() {
        clean();
        let config = SessionConfig::builder("http://localhost:3001").build().unwrap();
        let store = BrowserStore::new(&Page::current().unwrap(), &config);
        for (change, found) in [
            ("document.cookie = 'sFrontToken=f1; path=/'", "f1  0"),
            ("document.cookie = 'sFrontToken=f2; path=/'", "f2  0"),
            ("localStorage.setItem('__st_clockSkewInMillis', '8000')", "f2  8000"),
            ("localStorage.setItem('__st_clockSkewInMillis', '9000')", "f2  9000"),
            ("localStorage.setItem('st-last-access-token-update', '1')", "f2 1 9000"),
            ("localStorage.setItem('sFrontToken', 'shadowed')", "f2 1 9000"),
            ("document.cookie = 'sFrontToken=; path=/; max-age=0'", "shadowed 1 9000"),
            ("document.cookie = 'sFrontToken=f1; path=/'", "f1 1 9000"),
            ("document.cookie = 'st-last-access-token-update=2; path=/'", "f1 2 9000"),
            ("document.cookie = 'theirs=1; path=/'", "f1 2 9000"),
            ("localStorage.clear()", "f1 2 0"),
        ] {
            js(change);
            assert_eq!(shown(&store), found, "{change}");
        }
        clean();
        assert_eq!(shown(&store), "  0");
    }

    /// Two tabs save answers to requests, for which nobody takes the lock.
    #[wasm_bindgen_test]
    fn a_write_between_two_of_another_tab_takes_nothing_away() {
        clean();
        js("window.own = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie'); window.removed = 0;
            let theirs = 0;
            Object.defineProperty(document, 'cookie', {
                configurable: true,
                get: () => own.get.call(document),
                set: text => {
                    if (text.includes('1970')) removed++;
                    own.set.call(document, text);
                    if (!theirs++) own.set.call(document, 'sFrontToken=theirs; path=/');
                },
            })");
        let config = SessionConfig::builder("http://localhost:3001").build().unwrap();
        let store = BrowserStore::new(&Page::current().unwrap(), &config);
        let front = Change::Set(FrontTokenText::parse("ours").unwrap());
        store.write_now(Changes { front, ..Changes::default() }).unwrap();
        js("delete document.cookie");
        assert_eq!(js_sys::eval("removed").unwrap(), 0);
        assert_eq!(shown(&store), "ours  0");
        clean();
    }

    #[wasm_bindgen_test]
    fn what_expires_is_gone_though_nobody_has_written() {
        clean();
        let config = SessionConfig::builder("http://localhost:3001").build().unwrap();
        let store = BrowserStore::new(&Page::current().unwrap(), &config);
        js("window.now = Date.now; localStorage.setItem('sIRTFrontend', 'irt;' + (Date.now() + 60000))");
        assert!(store.read_now().id_refresh.is_some());
        js("Date.now = () => now() + 70000");
        let later = store.read_now().id_refresh;
        js("Date.now = now");
        assert!(later.is_none() && store.read_now().id_refresh.is_some());
        clean();
    }
}
