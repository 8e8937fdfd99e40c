//! A value goes to localStorage, or to memory, if it is too large for a cookie or the browser refuses it.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_session::{
    IdRefreshToken,
    platform::{Change, Changes, Store, StoreError},
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
    clean().await;
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

/// A browser ignores a cookie that is too large, and keeps the old one.
#[wasm_bindgen_test]
async fn a_stale_cookie_does_not_shadow_a_large_value() {
    clean().await;
    let store = tab();
    store.write(sign_in()).unwrap();
    set_front(&store, &large("c")).unwrap();
    assert!(!text_of("document.cookie").contains("sFrontToken"));
    assert!(text_of("document.cookie").contains("sAntiCsrf"));
    assert_eq!(front_of(&tab()), Some(large("c")));
}

#[wasm_bindgen_test]
async fn a_clear_removes_a_large_value() {
    clean().await;
    set_front(&tab(), &large("d")).unwrap();
    tab().write(Changes { front: Change::Clear, ..Changes::default() }).unwrap();
    assert_eq!(text_of("localStorage.length"), "0");
    assert_eq!(front_of(&tab()), None);
}

#[wasm_bindgen_test]
async fn a_refused_domain_is_warned_of_and_the_session_goes_to_local_storage() {
    clean().await;
    let config = settings().session_token_frontend_domain("example.com").build().unwrap();
    let store = BrowserStore::new(&page(), &config);
    store.write(sign_in()).unwrap();
    assert_eq!(text_of("document.cookie"), "");
    assert_eq!(text_of("localStorage.length"), "3");
    assert_eq!(stored(&BrowserStore::new(&page(), &config)), stored(&store));
    assert!(logged()[0].contains("session_token_frontend_domain is example.com"), "{:?}", logged());
}

#[wasm_bindgen_test]
async fn without_storage_the_session_is_in_cookies() {
    clean().await;
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
async fn without_cookies_the_session_is_in_local_storage() {
    for blocked in [without_cookies, with_throwing_cookies] {
        clean().await;
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
async fn without_cookies_and_storage_the_session_is_in_memory_with_one_warning() {
    for cookies in [without_cookies, with_throwing_cookies] {
        clean().await;
        let _blocked = (cookies(), without_storage());
        let store = tab();
        store.write(sign_in()).unwrap();
        set_front(&store, &large("e")).unwrap();
        assert_eq!(front_of(&store), Some(large("e")));
        assert_eq!(stored(&store).anti_csrf.unwrap().reveal(), "anti-s3cret");
        assert_eq!(front_of(&tab()), None, "other tabs can't read it");

        let logged = logged();
        assert_eq!(logged.len(), 1, "{logged:?}");
        assert!(logged[0].starts_with("WARN") && !logged[0].contains("s3cret"), "{logged:?}");
        store.write(clear()).unwrap();
        assert_eq!(stored(&store), Default::default());
    }
}

#[wasm_bindgen_test]
async fn a_full_storage_does_not_return_the_old_value() {
    clean().await;
    let store = tab();
    set_front(&store, &large("f")).unwrap();
    let full = patch_page(
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

/// Such as a cookie with another path, which each read would return.
#[wasm_bindgen_test]
async fn a_cookie_that_can_t_be_removed_is_an_error() {
    clean().await;
    let _cookies = with_old_domain_cookie("'out.of.reach'");
    assert_eq!(set_front(&tab(), "new"), Err(StoreError::Unwritable));
    let cleared = tab().write(Changes { front: Change::Clear, ..Changes::default() });
    assert_eq!(cleared, Err(StoreError::Unwritable));
}

#[wasm_bindgen_test]
async fn without_cookies_an_older_marker_is_stored_with_its_expiry() {
    for blocked in [without_cookies, with_throwing_cookies] {
        clean().await;
        let (_blocked, _clock) = (blocked(), with_stopped_clock());
        let end = ahead_ms(1_000);
        set_id_refresh(&tab(), &format!("irt;{end}")).unwrap();
        assert_eq!(text_of("localStorage.getItem('sIRTFrontend')"), format!("irt;{end}"));
        assert_eq!(id_refresh_of(&tab()).as_deref(), Some("irt"));
        advance_clock(1_100);
        assert_eq!(id_refresh_of(&tab()), None);

        set_id_refresh(&tab(), &format!("irt;{}", ahead_ms(90_000))).unwrap();
        set_id_refresh(&tab(), &format!("irt;{}", ahead_ms(-1))).unwrap();
        assert_eq!(text_of("localStorage.length"), "0", "an expired value is removed");

        set_id_refresh(&tab(), "remove").unwrap();
        assert_eq!(text_of("localStorage.getItem('sIRTFrontend')"), "remove");
        assert_eq!(stored(&tab()).id_refresh, Some(IdRefreshToken::Removed));
        tab().write(clear()).unwrap();
        assert_eq!(text_of("localStorage.length"), "0");
        assert!(logged().is_empty(), "{:?}", logged());
    }
}

#[wasm_bindgen_test]
async fn without_cookies_and_storage_an_older_marker_expires_in_memory() {
    clean().await;
    let _blocked = (without_cookies(), without_storage(), with_stopped_clock());
    let store = tab();
    set_id_refresh(&store, &format!("irt;{}", ahead_ms(500))).unwrap();
    assert_eq!(id_refresh_of(&store).as_deref(), Some("irt"));
    advance_clock(600);
    assert_eq!(id_refresh_of(&store), None);
    let logged = logged();
    assert_eq!(logged.len(), 1, "only the warning of memory: {logged:?}");
}
