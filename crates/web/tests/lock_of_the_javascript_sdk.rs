//! How this library reads and writes the entry of the JavaScript SDK's lock, `browser-tabs-lock`. The tests write
//! entries in the SDK's format, and do not run its code.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use supertokens_session::{
    SessionConfigBuilder,
    platform::{LocalBoxFuture, Lock, LockError, LockGuard, REFRESH_LOCK},
};
use supertokens_web::TabLock;
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const KEY: &str = "browser-tabs-lock-key-REFRESH_TOKEN_USE";

/// Waits for the SDK's lock and does not take it.
fn lock() -> TabLock {
    lock_with(settings())
}

/// Takes the SDK's lock beside a Web Lock.
fn sharing_lock() -> TabLock {
    lock_with(settings().share_lock_with_javascript_sdk(true))
}

/// Takes the SDK's lock instead of a Web Lock.
fn lock_without_web_locks() -> TabLock {
    let _insecure = without_web_locks();
    lock()
}

fn lock_with(settings: SessionConfigBuilder) -> TabLock {
    TabLock::new(&page(), &settings.build().unwrap())
}

fn locks_with_an_entry() -> [TabLock; 2] {
    [sharing_lock(), lock_without_web_locks()]
}

fn all_locks() -> [TabLock; 3] {
    [lock(), sharing_lock(), lock_without_web_locks()]
}

/// Writes an entry as the SDK's `acquireLock` did `ago_ms` ago.
fn write_sdk_entry(ago_ms: i64) {
    js(&format!(
        "localStorage.setItem('{KEY}', JSON.stringify({{
            id: '1700000000000abcdefghijklmno', iat: '1700000000000abcd',
            timeoutKey: '1700000000000abcdefghijklmno-REFRESH_TOKEN_USE-1700000000000abcd',
            timeAcquired: Date.now() - 60000, timeRefreshed: Date.now() - {ago_ms},
        }}))"
    ));
}

/// Only this function polls the wait, so the wait can't end before the function has read its entry, even with late
/// timers.
async fn poll_until_it_has_an_entry(waiting: &mut LocalBoxFuture<'_, Result<LockGuard, LockError>>) {
    let polls = async {
        loop {
            assert!(futures_util::poll!(&mut *waiting).is_pending());
            if is_true(&format!("localStorage.getItem('{KEY}') !== null")) {
                return;
            }
            pause(1).await;
        }
    };
    assert!(completed(polls).await.is_some());
}

#[wasm_bindgen_test]
async fn without_an_entry_of_the_sdk_the_lock_writes_nothing() {
    clean().await;
    let held = lock().acquire(REFRESH_LOCK).await.unwrap();
    assert_eq!(text_of("localStorage.length"), "0");
    drop(held);
}

#[wasm_bindgen_test]
async fn a_lock_waits_for_a_live_holder_with_the_sdk() {
    for lock in all_locks() {
        clean().await;
        let _clock = with_stopped_clock();
        write_sdk_entry(0);
        assert!(within(400, lock.acquire(REFRESH_LOCK)).await.is_none());
        let mut waiting = lock.acquire(REFRESH_LOCK);
        assert!(within(100, &mut waiting).await.is_none());
        js(&format!("localStorage.removeItem('{KEY}')"));
        assert!(completed(waiting).await.unwrap().is_ok());
    }
}

#[wasm_bindgen_test]
async fn an_entry_older_than_five_seconds_does_not_block() {
    for lock in all_locks() {
        clean().await;
        let _clock = with_stopped_clock();
        write_sdk_entry(4_700);
        assert!(within(150, lock.acquire(REFRESH_LOCK)).await.is_none(), "not stale yet");
        advance_clock(301);
        assert!(completed(lock.acquire(REFRESH_LOCK)).await.unwrap().is_ok());
    }
}

#[wasm_bindgen_test]
async fn a_text_that_is_no_entry_does_not_block() {
    for lock in all_locks() {
        for text in ["", "garbage", "null", "7", "{}", "[1]", "{\"timeRefreshed\":\"x\"}"] {
            clean().await;
            js(&format!("localStorage.setItem('{KEY}', '{text}')"));
            assert!(completed(lock.acquire(REFRESH_LOCK)).await.unwrap().is_ok(), "{text:?}");
        }
    }
}

/// Such an entry is left if a page dies before the clock is set back.
#[wasm_bindgen_test]
async fn an_entry_from_the_future_blocks_for_seconds_only() {
    for lock in all_locks() {
        clean().await;
        let _clock = with_stopped_clock();
        write_sdk_entry(-3_600_000);
        let mut waiting = lock.acquire(REFRESH_LOCK);
        assert!(within(300, &mut waiting).await.is_none(), "its page may be alive");
        advance_clock(6_001);
        assert!(completed(waiting).await.unwrap().is_ok());
    }
}

#[wasm_bindgen_test]
async fn a_clock_that_is_set_back_repeatedly_does_not_block() {
    for lock in locks_with_an_entry() {
        clean().await;
        let _clock = with_stopped_clock();
        write_sdk_entry(-3_600_000);
        let mut waiting = lock.acquire(REFRESH_LOCK);
        assert!(within(100, &mut waiting).await.is_none());
        for _ in 0..3 {
            js("window.clock -= 60000");
            assert!(within(100, &mut waiting).await.is_none());
        }
        advance_clock(6_001);
        assert!(completed(waiting).await.unwrap().is_ok());
    }
}

#[wasm_bindgen_test]
async fn a_wait_for_the_sdk_s_lock_times_out_and_releases_the_web_lock() {
    for shares in [false, true] {
        clean().await;
        let _clock = with_stopped_clock();
        write_sdk_entry(0);
        let lock = lock_with(
            settings().refresh_timeout(Duration::from_millis(200)).share_lock_with_javascript_sdk(shares),
        );
        let waited = completed(lock.acquire(REFRESH_LOCK)).await.unwrap();
        assert_eq!(waited.unwrap_err(), LockError::TimedOut);
        js(&format!("localStorage.removeItem('{KEY}')"));
        assert!(completed(lock.acquire(REFRESH_LOCK)).await.unwrap().is_ok());
    }
}

#[wasm_bindgen_test]
async fn locks_of_other_names_ignore_the_sdk_s_entry() {
    for lock in all_locks() {
        clean().await;
        write_sdk_entry(0);
        assert!(within(5_000, lock.acquire("supertokens-session-claims")).await.is_some());
    }
}

/// The SDK's `lockCorrector`, `acquireLock` and `releaseLock` read these fields.
#[wasm_bindgen_test]
async fn a_held_lock_has_an_entry_in_the_sdk_s_format_that_is_renewed_and_removed_with_the_guard() {
    for lock in locks_with_an_entry() {
        clean().await;
        let held = lock.acquire(REFRESH_LOCK).await.unwrap();
        js(&format!(
            "window.entry = () => JSON.parse(localStorage.getItem('{KEY}')); window.first = entry()"
        ));
        assert_eq!(text_of("Object.keys(first).join()"), "id,iat,timeoutKey,timeAcquired,timeRefreshed");
        assert!(is_true(
            r"/^\d{13}\w{15}$/.test(first.id) && /^\d{13}\w{4}$/.test(first.iat)
              && first.timeoutKey === `${first.id}-REFRESH_TOKEN_USE-${first.iat}`
              && Math.abs(Date.now() - first.timeAcquired) < 60000"
        ));
        assert!(is_true(&format!("JSON.stringify(first) === localStorage.getItem('{KEY}')")));
        assert!(
            becomes_true("entry().timeRefreshed > first.timeRefreshed + 1500 && entry().id === first.id")
                .await
        );
        drop(held);
        pause(1_300).await;
        assert_eq!(text_of("localStorage.length"), "0");
    }
}

#[wasm_bindgen_test]
async fn a_page_whose_new_entry_is_overwritten_waits_and_leaves_the_other_entry() {
    for lock in locks_with_an_entry() {
        clean().await;
        let _clock = with_stopped_clock();
        let mut waiting = lock.acquire(REFRESH_LOCK);
        poll_until_it_has_an_entry(&mut waiting).await;
        write_sdk_entry(0);
        js(&format!("window.other = localStorage.getItem('{KEY}')"));
        assert!(within(500, &mut waiting).await.is_none(), "two pages hold the lock");
        drop(waiting);
        assert!(is_true(&format!("localStorage.getItem('{KEY}') === other")));
    }
}

/// This happens to a tab that was frozen for more than five seconds.
#[wasm_bindgen_test]
async fn a_holder_whose_entry_was_replaced_has_lost_the_lock_and_leaves_the_new_entry() {
    for lock in locks_with_an_entry() {
        clean().await;
        let held = lock.acquire(REFRESH_LOCK).await.unwrap();
        assert!(held.still_held());
        write_sdk_entry(0);
        js(&format!("window.other = localStorage.getItem('{KEY}')"));
        assert!(!held.still_held());
        pause(1_300).await;
        drop(held);
        assert!(is_true(&format!("localStorage.getItem('{KEY}') === other")));
    }
}

/// If no other tab took the lock of a frozen tab, the tab continues, and others wait for it again.
#[wasm_bindgen_test]
async fn a_holder_with_a_stale_entry_that_still_exists_keeps_the_lock() {
    for lock in locks_with_an_entry() {
        clean().await;
        let _clock = with_stopped_clock();
        let held = lock.acquire(REFRESH_LOCK).await.unwrap();
        advance_clock(60_000);
        assert!(held.still_held());
        assert!(within(300, self::lock().acquire(REFRESH_LOCK)).await.is_none(), "two pages hold the lock");
    }
}

#[wasm_bindgen_test]
async fn a_dropped_wait_leaves_no_entry() {
    for lock in locks_with_an_entry() {
        clean().await;
        let mut waiting = lock.acquire(REFRESH_LOCK);
        poll_until_it_has_an_entry(&mut waiting).await;
        drop(waiting);
        assert_eq!(text_of("localStorage.length"), "0");
    }
}

#[wasm_bindgen_test]
async fn with_blocked_storage_the_lock_does_not_wait() {
    clean().await;
    let _blocked = without_storage();
    for lock in all_locks() {
        assert!(completed(lock.acquire(REFRESH_LOCK)).await.unwrap().is_ok());
    }
}

/// The clients of one page still exclude each other.
#[wasm_bindgen_test]
async fn without_web_locks_and_storage_the_page_still_has_a_lock() {
    for refused in [without_storage, with_full_storage, with_storage_that_stores_nothing] {
        clean().await;
        let _refused = refused();
        let (one, other) = (lock_without_web_locks(), lock_without_web_locks());
        let held = completed(one.acquire(REFRESH_LOCK)).await.unwrap().unwrap();
        assert!(held.still_held());
        assert!(within(300, other.acquire(REFRESH_LOCK)).await.is_none(), "two pages hold the lock");
        drop(held);
        assert!(completed(other.acquire(REFRESH_LOCK)).await.unwrap().is_ok());
        assert!(logged()[0].contains("tabs can't wait for each other"), "{:?}", logged());
    }
}

fn with_full_storage() -> PagePatch {
    with_set_item("() => { throw new DOMException('full', 'QuotaExceededError') }")
}

fn with_storage_that_stores_nothing() -> PagePatch {
    with_set_item("() => {}")
}

fn with_set_item(function: &str) -> PagePatch {
    patch_page(&format!(
        "const own = Storage.prototype.setItem;
         Storage.prototype.setItem = {function};
         return () => {{ Storage.prototype.setItem = own }}"
    ))
}
