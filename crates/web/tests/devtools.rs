//! What the developer panel reads and changes in the browser.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_session::platform::{Lock, LockKind, REFRESH_LOCK};
use supertokens_web::{StyleSheet, TabLock, utc_offset_minutes};
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn kind() -> LockKind {
    TabLock::new(&page(), &config()).kind()
}

#[wasm_bindgen_test]
async fn the_kind_of_the_lock_is_the_best_one_that_the_page_allows() {
    clean().await;
    assert_eq!(kind(), LockKind::WebLocks);
    let shared = settings().share_lock_with_javascript_sdk(true).build().unwrap();
    assert_eq!(TabLock::new(&page(), &shared).kind(), LockKind::WebLocksAndJavascriptSdk);
    let _insecure = without_web_locks();
    assert_eq!(kind(), LockKind::JavascriptSdk);
    let _blocked = without_storage();
    assert_eq!(kind(), LockKind::Page);
}

#[wasm_bindgen_test]
async fn a_page_that_is_denied_web_locks_has_another_kind_after_its_first_refresh() {
    clean().await;
    let _denied =
        with_web_locks("{ request: () => Promise.reject(new DOMException('denied', 'SecurityError')) }");
    let lock = TabLock::new(&page(), &config());
    assert_eq!(lock.kind(), LockKind::WebLocks);
    drop(completed(lock.acquire(REFRESH_LOCK)).await.unwrap().unwrap());
    assert_eq!(lock.kind(), LockKind::JavascriptSdk);
}

/// The colour of a new element.
fn colour() -> String {
    text_of(
        "(() => {
            const element = document.body.appendChild(document.createElement('st-test'));
            const { color } = getComputedStyle(element);
            element.remove();
            return color;
        })()",
    )
}

#[wasm_bindgen_test]
fn a_style_sheet_applies_until_it_is_dropped_also_in_browsers_without_constructed_ones() {
    let (before, red) = (colour(), "rgb(255, 0, 0)");
    assert_ne!(before, red);
    for is_old in [false, true] {
        let _old = is_old.then(|| {
            patch_page(
                "const own = window.CSSStyleSheet;
                 window.CSSStyleSheet = undefined;
                 return () => { window.CSSStyleSheet = own }",
            )
        });
        let sheet = StyleSheet::add("st-test { color: red }").unwrap();
        let other = StyleSheet::add("st-test { background: red }").unwrap();
        assert_eq!(colour(), red, "{is_old}");
        drop(sheet);
        assert_eq!(colour(), before, "{is_old}");
        drop(other);
    }
    assert_eq!(text_of("document.adoptedStyleSheets.length"), "0");
    assert!(is_true("document.querySelector(':root > style') === null"));
}

#[wasm_bindgen_test]
fn the_time_zone_is_the_devices_east_of_utc() {
    let _india = patch_page(
        "const own = Date.prototype.getTimezoneOffset;
         Date.prototype.getTimezoneOffset = () => -330;
         return () => { Date.prototype.getTimezoneOffset = own }",
    );
    assert_eq!(utc_offset_minutes(1_700_000_000_000), 330);
}
