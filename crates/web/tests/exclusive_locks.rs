//! Each kind of lock has one holder at a time, in the page and over tabs, and no dropped waiter blocks it.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{cell::Cell, rc::Rc, time::Duration};

use futures_util::future::join_all;
use js_sys::{Array, Promise};
use supertokens_session::platform::{Lock, LockError};
use supertokens_web::{
    TabLock,
    lock::{JavascriptSdkLock, PageLock, WebLocks},
};
use support::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

type MakeLock = fn() -> Rc<dyn Lock>;

/// Each call of these stands for another tab.
const KINDS: [(&str, MakeLock); 3] = [
    ("web locks", || Rc::new(WebLocks::detect(&page()).unwrap())),
    ("storage", || Rc::new(JavascriptSdkLock::new(&page()))),
    ("page", || Rc::new(PageLock::new(&supertokens_web::Page::current().unwrap()))),
];

/// Runs all contenders at once. Each holds the lock for a moment.
async fn only_one_holds(contenders: Vec<Rc<dyn Lock>>, name: &str) {
    let holders = Cell::new(0);
    let finished = Cell::new(0);
    let all = contenders.len();
    let run = join_all(contenders.into_iter().map(|lock| {
        let (holders, finished) = (&holders, &finished);
        async move {
            let guard = lock.acquire(name).await.unwrap();
            holders.set(holders.get() + 1);
            assert_eq!(holders.get(), 1, "two holders: {name}");
            pause(3).await;
            assert_eq!(holders.get(), 1, "two holders: {name}");
            holders.set(holders.get() - 1);
            finished.set(finished.get() + 1);
            drop(guard);
        }
    }));
    assert!(completed(run).await.is_some(), "{name}: only {} of {all} finished", finished.get());
    assert_eq!(finished.get(), all);
}

#[wasm_bindgen_test]
async fn fifty_contenders_with_web_locks() {
    clean().await;
    only_one_holds((0..50).map(|_| KINDS[0].1()).collect(), "web").await;
}

#[wasm_bindgen_test]
async fn twenty_contenders_with_an_entry_in_storage() {
    clean().await;
    only_one_holds((0..20).map(|_| KINDS[1].1()).collect(), "storage").await;
    assert_eq!(text_of("localStorage.length"), "0");
}

#[wasm_bindgen_test]
async fn fifty_contenders_within_the_page() {
    only_one_holds((0..50).map(|_| KINDS[2].1()).collect(), "page").await;
}

#[wasm_bindgen_test]
async fn fifty_contenders_with_the_best_available_lock() {
    let tab_lock = || Rc::new(TabLock::new(&page(), &config())) as Rc<dyn Lock>;
    clean().await;
    only_one_holds((0..50).map(|_| tab_lock()).collect(), "secure").await;
    let _insecure = without_web_locks();
    only_one_holds((0..10).map(|_| tab_lock()).collect(), "insecure").await;
    assert!(logged().is_empty(), "{:?}", logged());
    let _blocked = without_storage();
    only_one_holds((0..50).map(|_| tab_lock()).collect(), "blocked").await;
    assert!(logged()[0].contains("tabs can't wait for each other"), "{:?}", logged());
}

#[wasm_bindgen_test]
async fn a_lock_is_free_again_when_its_guard_is_dropped() {
    clean().await;
    for (kind, lock) in KINDS {
        let (one, other) = (lock(), lock());
        let held = one.acquire("held").await.unwrap();
        assert!(within(300, other.acquire("held")).await.is_none(), "{kind}: two holders");
        drop(held);
        assert!(completed(other.acquire("held")).await.is_some(), "{kind}: not released");
        assert!(completed(one.acquire("held")).await.is_some(), "{kind}: not released");
    }
}

#[wasm_bindgen_test]
async fn locks_of_different_names_are_independent() {
    clean().await;
    for (kind, lock) in KINDS {
        let _held = lock().acquire("a name").await.unwrap();
        assert!(completed(lock().acquire("another")).await.is_some(), "{kind}");
    }
}

#[wasm_bindgen_test]
async fn a_dropped_waiter_neither_takes_the_lock_nor_blocks_the_queue() {
    clean().await;
    for (kind, lock) in KINDS {
        let held = lock().acquire("dropped").await.unwrap();
        let (early, late) = (lock(), lock());
        assert!(within(50, early.acquire("dropped")).await.is_none(), "{kind}");
        let second = async {
            let guard = late.acquire("dropped").await.unwrap();
            pause(1).await;
            drop(guard);
        };
        let first = within(50, early.acquire("dropped"));
        let release = async {
            pause(100).await;
            drop(held);
        };
        let run = futures_util::future::join3(first, second, release);
        assert!(completed(run).await.is_some(), "{kind}: the queue is blocked");
        assert!(completed(lock().acquire("dropped")).await.is_some(), "{kind}: the lock was lost");
    }
}

/// The waiter is dropped between the grant and its next poll.
#[wasm_bindgen_test]
async fn a_waiter_dropped_after_the_grant_passes_the_lock_on() {
    clean().await;
    for (kind, lock) in KINDS {
        let held = lock().acquire("moment").await.unwrap();
        let waiter = lock();
        let mut waiting = waiter.acquire("moment");
        assert!(futures_util::poll!(&mut waiting).is_pending(), "{kind}");
        drop(held);
        pause(200).await;
        drop(waiting);
        assert!(completed(lock().acquire("moment")).await.is_some(), "{kind}: the lock was lost");
    }
}

#[wasm_bindgen_test]
async fn a_wait_times_out_and_leaves_the_queue() {
    // The timeout is at least ten seconds, since the entry of a dead tab must become stale first.
    for insecure in [false, true] {
        clean().await;
        let _insecure = insecure.then(without_web_locks);
        let config = settings().refresh_timeout(Duration::from_millis(200)).build().unwrap();
        let lock = || TabLock::new(&page(), &config);
        let (one, other) = (lock(), lock());
        let held = one.acquire("bounded").await.unwrap();
        let waited = completed(other.acquire("bounded")).await;
        assert_eq!(waited.unwrap().unwrap_err(), LockError::TimedOut);
        drop(held);
        assert!(completed(lock().acquire("bounded")).await.unwrap().is_ok());
    }
}

/// The numbers of waiters and of holders of a Web Lock.
async fn web_lock_users(name: &str) -> (String, String) {
    let count = |what: &str| format!("state.{what}.filter(lock => lock.name === '{name}').length");
    let query = format!("navigator.locks.query().then(state => [{}, {}])", count("pending"), count("held"));
    let counts = JsFuture::from(Promise::from(js(&query))).await.unwrap();
    let text = |index| Array::from(&counts).get(index).as_f64().unwrap().to_string();
    (text(0), text(1))
}

#[wasm_bindgen_test]
async fn a_dropped_waiter_s_web_lock_request_is_aborted_at_once() {
    let lock = KINDS[0].1();
    let held = lock.acquire("aborted").await.unwrap();
    let mut waiting = lock.acquire("aborted");
    assert!(futures_util::poll!(&mut waiting).is_pending());
    assert_eq!(web_lock_users("aborted").await, ("1".to_owned(), "1".to_owned()));
    drop(waiting);
    assert_eq!(web_lock_users("aborted").await, ("0".to_owned(), "1".to_owned()));
    drop(held);
    // The browser releases the lock in a later task.
    let released = async {
        while web_lock_users("aborted").await != ("0".to_owned(), "0".to_owned()) {
            pause(10).await;
        }
    };
    assert!(completed(released).await.is_some());
}

/// A frame is a separate page, as another tab is.
#[wasm_bindgen_test]
async fn another_page_s_web_lock_is_held_until_that_page_closes() {
    let lock = KINDS[0].1();
    js("window.frame = document.body.appendChild(document.createElement('iframe'));
        window.granted = false;
        frame.contentWindow.navigator.locks.request('other', () => {
            granted = true;
            return new Promise(() => {});
        })");
    assert!(becomes_true("granted").await, "the frame got no lock");
    assert!(within(300, lock.acquire("other")).await.is_none());
    js("frame.remove()");
    assert!(completed(lock.acquire("other")).await.is_some());
}

#[wasm_bindgen_test]
async fn a_page_that_is_denied_web_locks_uses_storage() {
    for request in [
        "() => Promise.reject(new DOMException('denied', 'SecurityError'))",
        "() => { throw new DOMException('denied', 'SecurityError') }",
    ] {
        clean().await;
        let _denied = with_web_locks(&format!("{{ request: {request} }}"));
        let lock = TabLock::new(&page(), &config());
        let held = completed(lock.acquire("denied")).await.unwrap().unwrap();
        assert_eq!(text_of("localStorage.key(0)"), "browser-tabs-lock-key-denied");
        drop(held);
        assert_eq!(text_of("localStorage.length"), "0");
    }
}

#[wasm_bindgen_test]
async fn any_other_refusal_is_an_error() {
    for request in [
        "() => Promise.reject(new DOMException('invalid', 'InvalidStateError'))",
        "() => Promise.reject('text')",
        "() => Promise.reject(undefined)",
        "() => { throw undefined }",
        "() => Promise.resolve()",
    ] {
        let _refused = with_web_locks(&format!("{{ request: {request} }}"));
        let lock = TabLock::new(&page(), &config());
        let got = completed(lock.acquire("refused")).await.unwrap();
        assert_eq!(got.unwrap_err(), LockError::Refused, "{request}");
    }
}
