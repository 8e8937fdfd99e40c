//! A value that is too large for a cookie, or that the browser refuses, goes to localStorage, then to memory.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_session::{
    platform::{Change, Changes, Store, StoreError},
    token::IdRefreshToken,
};
use supertokens_web::BrowserStore;
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn large(letter: &str) -> String {
    letter.repeat(10_000)
}

#[wasm_bindgen_test]
async fn ten_kilobytes_go_to_local_storage_and_back_to_a_cookie() {
    clean();
    set_front(&tab(), &large("a")).unwrap();
    assert_eq!(text_of("document.cookie"), "");
    assert_eq!(text_of("localStorage.getItem('sFrontToken')"), large("a"));
    assert_eq!(front_of(&tab()), Some(large("a")));

    set_front(&tab(), &large("b")).unwrap();
    assert_eq!(front_of(&tab()), Some(large("b")));

    set_front(&tab(), "small").unwrap();
    assert_eq!(text_of("document.cookie"), "sFrontToken=small");
    assert!(is_true("localStorage.getItem('sFrontToken') === null"));
    assert_eq!(front_of(&tab()).as_deref(), Some("small"));
    assert!(logged().is_empty(), "{:?}", logged());
}

/// A browser drops a cookie that is too large without a word, and keeps the old one.
#[wasm_bindgen_test]
async fn a_stale_cookie_does_not_shadow_a_large_value() {
    clean();
    let store = tab();
    store.write(sign_in()).unwrap();
    set_front(&store, &large("c")).unwrap();
    assert!(!text_of("document.cookie").contains("sFrontToken"));
    assert!(text_of("document.cookie").contains("sAntiCsrf"));
    assert_eq!(front_of(&tab()), Some(large("c")));
}

#[wasm_bindgen_test]
async fn clear_removes_a_large_value() {
    clean();
    set_front(&tab(), &large("d")).unwrap();
    tab().write(Changes { front: Change::Clear, ..Changes::default() }).unwrap();
    assert_eq!(text_of("localStorage.length"), "0");
    assert_eq!(front_of(&tab()), None);
}

#[wasm_bindgen_test]
async fn a_refused_domain_is_told_and_local_storage_keeps_the_session() {
    clean();
    let config = settings().session_token_frontend_domain("example.com").build().unwrap();
    let store = BrowserStore::new(&page(), &config);
    store.write(sign_in()).unwrap();
    assert_eq!(text_of("document.cookie"), "");
    assert_eq!(text_of("localStorage.length"), "3");
    assert_eq!(stored(&BrowserStore::new(&page(), &config)), stored(&store));
    assert!(logged()[0].contains("session_token_frontend_domain is example.com"), "{:?}", logged());
}

#[wasm_bindgen_test]
async fn without_storage_cookies_do() {
    clean();
    let _blocked = without_storage();
    let store = tab();
    store.write(Changes { clock_skew_ms: Some(9000), ..sign_in() }).unwrap();
    assert_eq!(front_of(&tab()).as_deref(), Some("eyJ1aWQiOiJ1In0="));
    assert_eq!(stored(&store).clock_skew_ms, 9000, "stored in memory");
    assert_eq!(stored(&tab()).clock_skew_ms, 0);
    store.write(clear()).unwrap();
    assert_eq!(text_of("document.cookie"), "");
    assert!(logged().is_empty(), "{:?}", logged());
}

#[wasm_bindgen_test]
async fn without_cookies_storage_does() {
    for blocked in [without_cookies, with_throwing_cookies] {
        clean();
        let _blocked = blocked();
        tab().write(sign_in()).unwrap();
        assert_eq!(text_of("localStorage.length"), "3");
        assert_eq!(front_of(&tab()).as_deref(), Some("eyJ1aWQiOiJ1In0="));
        tab().write(clear()).unwrap();
        assert_eq!(text_of("localStorage.length"), "0");
        assert!(logged().is_empty(), "{:?}", logged());
    }
}

#[wasm_bindgen_test]
async fn without_both_memory_does_and_says_so_once() {
    for cookies in [without_cookies, with_throwing_cookies] {
        clean();
        let _blocked = (cookies(), without_storage());
        let store = tab();
        store.write(sign_in()).unwrap();
        set_front(&store, &large("e")).unwrap();
        assert_eq!(front_of(&store), Some(large("e")));
        assert_eq!(stored(&store).anti_csrf.unwrap().reveal(), "anti-s3cret");
        assert_eq!(front_of(&tab()), None, "no other tab can know");

        let logged = logged();
        assert_eq!(logged.len(), 1, "{logged:?}");
        assert!(logged[0].starts_with("WARN") && !logged[0].contains("s3cret"), "{logged:?}");
        store.write(clear()).unwrap();
        assert_eq!(stored(&store), Default::default());
    }
}

#[wasm_bindgen_test]
async fn a_full_storage_does_not_keep_the_old_value() {
    clean();
    let store = tab();
    set_front(&store, &large("f")).unwrap();
    let full = broken(
        "const set = Storage.prototype.setItem;
         Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') };
         return () => { Storage.prototype.setItem = set }",
    );
    set_front(&store, &large("g")).unwrap();
    assert_eq!(front_of(&store), Some(large("g")));
    drop(full);
    set_front(&store, &large("h")).unwrap();
    assert_eq!(front_of(&store), Some(large("h")));
    assert_eq!(front_of(&tab()), Some(large("h")));
}

/// Such as one with another path: it would be read in place of ours.
#[wasm_bindgen_test]
async fn a_cookie_that_can_t_be_removed_is_an_error() {
    clean();
    let _jar = with_leftover("'out.of.reach'");
    assert_eq!(set_front(&tab(), "ours"), Err(StoreError::Unwritable));
    let cleared = tab().write(Changes { front: Change::Clear, ..Changes::default() });
    assert_eq!(cleared, Err(StoreError::Unwritable));
}

#[wasm_bindgen_test]
async fn without_cookies_an_older_marker_has_its_expiry_beside_it() {
    for blocked in [without_cookies, with_throwing_cookies] {
        clean();
        let (_blocked, _clock) = (blocked(), with_clock_that_stands());
        let end = ahead_ms(1_000);
        set_id_refresh(&tab(), &format!("irt;{end}")).unwrap();
        assert_eq!(text_of("localStorage.getItem('sIRTFrontend')"), format!("irt;{end}"));
        assert_eq!(id_refresh_of(&tab()).as_deref(), Some("irt"));
        set_clock_on(1_100);
        assert_eq!(id_refresh_of(&tab()), None);

        set_id_refresh(&tab(), &format!("irt;{}", ahead_ms(90_000))).unwrap();
        set_id_refresh(&tab(), &format!("irt;{}", ahead_ms(-1))).unwrap();
        assert_eq!(text_of("localStorage.length"), "0", "nothing is left of what has expired");

        set_id_refresh(&tab(), "remove").unwrap();
        assert_eq!(text_of("localStorage.getItem('sIRTFrontend')"), "remove");
        assert_eq!(stored(&tab()).id_refresh, Some(IdRefreshToken::Removed));
        tab().write(clear()).unwrap();
        assert_eq!(text_of("localStorage.length"), "0");
        assert!(logged().is_empty(), "{:?}", logged());
    }
}

#[wasm_bindgen_test]
async fn without_both_an_older_marker_is_forgotten_in_time_too() {
    clean();
    let _blocked = (without_cookies(), without_storage(), with_clock_that_stands());
    let store = tab();
    set_id_refresh(&store, &format!("irt;{}", ahead_ms(500))).unwrap();
    assert_eq!(id_refresh_of(&store).as_deref(), Some("irt"));
    set_clock_on(600);
    assert_eq!(id_refresh_of(&store), None);
    let logged = logged();
    assert_eq!(logged.len(), 1, "the warning of memory alone: {logged:?}");
}
