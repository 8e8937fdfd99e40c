//! Pages with the JavaScript SDK have a lock of their own, `browser-tabs-lock`. Its code is not here; what it writes and
//! how it reads is.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_session::platform::{LocalBoxFuture, Lock, LockError, LockGuard, REFRESH_LOCK};
use supertokens_web::TabLock;
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const KEY: &str = "browser-tabs-lock-key-REFRESH_TOKEN_USE";

fn lock() -> TabLock {
    TabLock::new(&page(), &config())
}

fn sharing_lock() -> TabLock {
    TabLock::new(&page(), &settings().share_lock_with_javascript_sdk(true).build().unwrap())
}

/// Writes as their `acquireLock` does, so many ms ago.
fn write_theirs(ago_ms: i64) {
    js(&format!(
        "localStorage.setItem('{KEY}', JSON.stringify({{
            id: '1700000000000abcdefghijklmno', iat: '1700000000000abcd',
            timeoutKey: '1700000000000abcdefghijklmno-REFRESH_TOKEN_USE-1700000000000abcd',
            timeAcquired: Date.now() - 60000, timeRefreshed: Date.now() - {ago_ms},
        }}))"
    ));
}

/// However late its timers are: nothing but this polls the wait, so it can't settle before this has seen the entry.
async fn poll_until_its_entry_is_there(waiting: &mut LocalBoxFuture<'_, Result<LockGuard, LockError>>) {
    let polls = async {
        loop {
            assert!(futures_util::poll!(&mut *waiting).is_pending());
            if is_true(&format!("localStorage.getItem('{KEY}') !== null")) {
                return;
            }
            pause(1).await;
        }
    };
    assert!(in_the_end(polls).await.is_some());
}

#[wasm_bindgen_test]
async fn without_their_lock_nobody_waits_and_nothing_is_written() {
    clean();
    let held = lock().acquire(REFRESH_LOCK).await.unwrap();
    assert_eq!(text_of("localStorage.length"), "0");
    drop(held);
}

#[wasm_bindgen_test]
async fn their_living_holder_is_waited_for() {
    for lock in [lock(), sharing_lock()] {
        clean();
        let _clock = with_clock_that_stands();
        write_theirs(0);
        assert!(within(400, lock.acquire(REFRESH_LOCK)).await.is_none());
        let mut waiting = lock.acquire(REFRESH_LOCK);
        assert!(within(100, &mut waiting).await.is_none());
        js(&format!("localStorage.removeItem('{KEY}')"));
        assert!(in_the_end(waiting).await.unwrap().is_ok());
    }
}

#[wasm_bindgen_test]
async fn a_stale_holder_or_garbage_keeps_nobody_waiting() {
    for lock in [lock(), sharing_lock()] {
        clean();
        let _clock = with_clock_that_stands();
        write_theirs(4_700);
        assert!(within(150, lock.acquire(REFRESH_LOCK)).await.is_none(), "not stale yet");
        set_clock_on(301);
        assert!(in_the_end(lock.acquire(REFRESH_LOCK)).await.is_some());
        for text in ["", "garbage", "null", "{}", "[1]", "{\"timeRefreshed\":\"x\"}"] {
            js(&format!("localStorage.setItem('{KEY}', '{text}')"));
            assert!(in_the_end(lock.acquire(REFRESH_LOCK)).await.is_some(), "{text:?}");
        }
    }
}

#[wasm_bindgen_test]
async fn one_who_wrote_before_the_clock_was_set_back_is_waited_for_a_while_only() {
    clean();
    write_theirs(-3_600_000);
    assert!(in_the_end(lock().acquire(REFRESH_LOCK)).await.is_some());
}

#[wasm_bindgen_test]
async fn the_wait_for_theirs_is_bounded_and_releases_ours() {
    clean();
    let _clock = with_clock_that_stands();
    write_theirs(0);
    let lock = TabLock::new(&page(), &settings().refresh_timeout_ms(200).build().unwrap());
    let waited = in_the_end(lock.acquire(REFRESH_LOCK)).await.unwrap();
    assert_eq!(waited.unwrap_err(), LockError::TimedOut);
    js(&format!("localStorage.removeItem('{KEY}')"));
    assert!(in_the_end(lock.acquire(REFRESH_LOCK)).await.unwrap().is_ok());
}

#[wasm_bindgen_test]
async fn other_locks_do_not_mind_theirs() {
    clean();
    write_theirs(0);
    assert!(in_the_end(lock().acquire("supertokens-session-claims")).await.is_some());
}

/// What `lockCorrector`, `acquireLock` and `releaseLock` look at.
#[wasm_bindgen_test]
async fn a_shared_lock_is_an_entry_as_they_write_it_kept_fresh_and_gone_afterwards() {
    clean();
    let lock = sharing_lock();
    let held = lock.acquire(REFRESH_LOCK).await.unwrap();
    js(&format!("window.entry = () => JSON.parse(localStorage.getItem('{KEY}')); window.first = entry()"));
    assert_eq!(text_of("Object.keys(first).join()"), "id,iat,timeoutKey,timeAcquired,timeRefreshed");
    assert!(is_true(
        r"/^\d{13}\w{15}$/.test(first.id) && /^\d{13}\w{4}$/.test(first.iat)
          && first.timeoutKey === `${first.id}-REFRESH_TOKEN_USE-${first.iat}`
          && Math.abs(Date.now() - first.timeAcquired) < 60000"
    ));
    assert!(is_true(&format!("JSON.stringify(first) === localStorage.getItem('{KEY}')")));
    assert!(
        comes_true("entry().timeRefreshed > first.timeRefreshed + 1500 && entry().id === first.id").await
    );
    drop(held);
    assert_eq!(text_of("localStorage.length"), "0");
}

#[wasm_bindgen_test]
async fn one_who_was_overwritten_while_settling_waits_and_does_not_touch_theirs() {
    clean();
    let _clock = with_clock_that_stands();
    let lock = sharing_lock();
    let mut waiting = lock.acquire(REFRESH_LOCK);
    poll_until_its_entry_is_there(&mut waiting).await;
    write_theirs(0);
    js(&format!("window.theirs = localStorage.getItem('{KEY}')"));
    assert!(within(500, &mut waiting).await.is_none(), "two hold it");
    drop(waiting);
    assert!(is_true(&format!("localStorage.getItem('{KEY}') === theirs")));
}

#[wasm_bindgen_test]
async fn a_dropped_wait_leaves_no_entry() {
    clean();
    let lock = sharing_lock();
    let mut waiting = lock.acquire(REFRESH_LOCK);
    poll_until_its_entry_is_there(&mut waiting).await;
    drop(waiting);
    assert_eq!(text_of("localStorage.length"), "0");
}

#[wasm_bindgen_test]
async fn blocked_storage_is_no_reason_to_wait() {
    clean();
    let _blocked = without_storage();
    for lock in [lock(), sharing_lock()] {
        assert!(in_the_end(lock.acquire(REFRESH_LOCK)).await.unwrap().is_ok());
    }
}
