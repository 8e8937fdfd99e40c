//! One read of cookies and localStorage, as JavaScript strings. If they equal those of the last read, they need not be
//! copied and parsed again.

use js_sys::JsString;
use supertokens_session::wire::names::CLOCK_SKEW_KEY;

use super::KEYS;
use crate::{cookies::Cookies, storage::LocalStorage};

/// All keys that a store reads in localStorage.
const STORAGE_KEYS: [&str; 7] = [KEYS[0], KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], CLOCK_SKEW_KEY];

/// The keys as JavaScript strings.
pub(super) struct Keys([JsString; STORAGE_KEYS.len()]);

impl Keys {
    pub(super) fn new() -> Self {
        Self(STORAGE_KEYS.map(JsString::from))
    }
}

/// One read of cookies and localStorage. It may hold secrets, so it has no `Debug`.
#[derive(PartialEq)]
pub(super) struct Raw {
    cookies: Option<JsString>,
    in_storage: [Option<JsString>; STORAGE_KEYS.len()],
}

impl Raw {
    /// Reads all keys in both places, since another tab may have written any of them.
    pub(super) fn read(cookies: &Cookies, storage: Option<&LocalStorage>, keys: &Keys) -> Self {
        let cookies = cookies.read();
        let get = |key| storage?.get_js(key).ok().flatten();
        Self { cookies, in_storage: keys.0.each_ref().map(get) }
    }

    /// The text of all cookies.
    pub(super) fn cookies(&self) -> String {
        text(self.cookies.as_ref())
    }

    pub(super) fn in_storage(&self, key: &str) -> Option<String> {
        let index = STORAGE_KEYS.iter().position(|known| *known == key)?;
        self.in_storage[index].as_ref().and_then(|text| text.as_string())
    }
}

/// A copy of a text. Empty if there is none, or if a script has replaced it by another type.
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

    /// `front marker skew`. A second read has the same result.
    fn read_twice(store: &BrowserStore) -> String {
        let [one, other] = [store.read_now(), store.read_now()];
        assert!(one == other);
        let StoredSession { front, marker, clock_skew_ms, .. } = one;
        let (front, marker) =
            (front.map(|front| front.reveal().to_owned()), marker.map(|m| m.reveal().to_owned()));
        format!("{} {} {clock_skew_ms}", front.unwrap_or_default(), marker.unwrap_or_default())
    }

    #[wasm_bindgen_test]
    fn each_read_finds_the_writes_of_other_tabs() {
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
            assert_eq!(read_twice(&store), found, "{change}");
        }
        clean();
        assert_eq!(read_twice(&store), "  0");
    }

    /// Two tabs save the tokens of responses at the same time. They take no lock for that.
    #[wasm_bindgen_test]
    fn a_write_between_two_of_another_tab_removes_nothing() {
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
        assert_eq!(read_twice(&store), "ours  0");
        clean();
    }

    #[wasm_bindgen_test]
    fn an_expired_value_is_absent_without_a_write() {
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
