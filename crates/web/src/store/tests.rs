//! Reads and writes at the same time as another tab's.

#![allow(clippy::unwrap_used)]

use supertokens_session::{
    FrontTokenText, SessionConfig,
    platform::{Change, Changes, StoredSession},
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::*;
use crate::Page;

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
    let [one, other] = [store.read().unwrap(), store.read().unwrap()];
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
    store.write(Changes { front, ..Changes::default() }).unwrap();
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
    assert!(store.read().unwrap().id_refresh.is_some());
    js("Date.now = () => now() + 70000");
    let later = store.read().unwrap().id_refresh;
    js("Date.now = now");
    assert!(later.is_none() && store.read().unwrap().id_refresh.is_some());
    clean();
}
