//! Every kind of lock lets one in at a time, in this page and over tabs, and is lost by nobody.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{cell::Cell, rc::Rc};

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
    ("page", || Rc::new(PageLock::new())),
];

/// Runs `contenders` at once; each stays for a moment.
async fn one_at_a_time(contenders: Vec<Rc<dyn Lock>>, name: &str) {
    let inside = Cell::new(0);
    let served = Cell::new(0);
    let all = contenders.len();
    let run = join_all(contenders.into_iter().map(|lock| {
        let (inside, served) = (&inside, &served);
        async move {
            let guard = lock.acquire(name).await.unwrap();
            inside.set(inside.get() + 1);
            assert_eq!(inside.get(), 1, "two at once: {name}");
            pause(3).await;
            assert_eq!(inside.get(), 1, "two at once: {name}");
            inside.set(inside.get() - 1);
            served.set(served.get() + 1);
            drop(guard);
        }
    }));
    assert!(in_the_end(run).await.is_some(), "{name}: only {} of {all} were served", served.get());
    assert_eq!(served.get(), all);
}

#[wasm_bindgen_test]
async fn fifty_contenders_with_web_locks() {
    clean();
    one_at_a_time((0..50).map(|_| KINDS[0].1()).collect(), "web").await;
}

#[wasm_bindgen_test]
async fn twenty_contenders_with_an_entry_in_storage() {
    clean();
    one_at_a_time((0..20).map(|_| KINDS[1].1()).collect(), "storage").await;
    assert_eq!(text_of("localStorage.length"), "0");
}

#[wasm_bindgen_test]
async fn fifty_contenders_within_the_page() {
    one_at_a_time((0..50).map(|_| KINDS[2].1()).collect(), "page").await;
}

#[wasm_bindgen_test]
async fn fifty_contenders_with_the_best_there_is() {
    let tab_lock = || Rc::new(TabLock::new(&page(), &config())) as Rc<dyn Lock>;
    clean();
    one_at_a_time((0..50).map(|_| tab_lock()).collect(), "all there").await;
    let _insecure = without_web_locks();
    one_at_a_time((0..10).map(|_| tab_lock()).collect(), "insecure").await;
    assert!(logged().is_empty(), "{:?}", logged());
    let _blocked = without_storage();
    one_at_a_time((0..50).map(|_| tab_lock()).collect(), "blocked").await;
    assert!(logged()[0].contains("tabs can't wait for each other"), "{:?}", logged());
}

#[wasm_bindgen_test]
async fn a_held_lock_is_free_again_when_its_guard_is_dropped() {
    clean();
    for (kind, lock) in KINDS {
        let (one, other) = (lock(), lock());
        let held = one.acquire("held").await.unwrap();
        assert!(within(300, other.acquire("held")).await.is_none(), "{kind}: robbed");
        drop(held);
        assert!(in_the_end(other.acquire("held")).await.is_some(), "{kind}: not released");
        assert!(in_the_end(one.acquire("held")).await.is_some(), "{kind}: not released");
    }
}

#[wasm_bindgen_test]
async fn names_do_not_meet() {
    clean();
    for (kind, lock) in KINDS {
        let _held = lock().acquire("a name").await.unwrap();
        assert!(in_the_end(lock().acquire("another")).await.is_some(), "{kind}");
    }
}

#[wasm_bindgen_test]
async fn a_dropped_waiter_neither_takes_the_lock_nor_blocks_the_queue() {
    clean();
    for (kind, lock) in KINDS {
        let held = lock().acquire("dropped").await.unwrap();
        let (early, late) = (lock(), lock());
        assert!(within(50, early.acquire("dropped")).await.is_none(), "{kind}");
        let patient = async {
            let guard = late.acquire("dropped").await.unwrap();
            pause(1).await;
            drop(guard);
        };
        let impatient = within(50, early.acquire("dropped"));
        let release = async {
            pause(100).await;
            drop(held);
        };
        let run = futures_util::future::join3(impatient, patient, release);
        assert!(in_the_end(run).await.is_some(), "{kind}: the queue is blocked");
        assert!(in_the_end(lock().acquire("dropped")).await.is_some(), "{kind}: the lock was lost");
    }
}

/// The lock comes in the very moment in which nobody wants it any more.
#[wasm_bindgen_test]
async fn a_waiter_dropped_after_the_grant_hands_it_on() {
    clean();
    for (kind, lock) in KINDS {
        let held = lock().acquire("moment").await.unwrap();
        let waiter = lock();
        let mut waiting = waiter.acquire("moment");
        assert!(futures_util::poll!(&mut waiting).is_pending(), "{kind}");
        drop(held);
        pause(200).await;
        drop(waiting);
        assert!(in_the_end(lock().acquire("moment")).await.is_some(), "{kind}: the lock was lost");
    }
}

#[wasm_bindgen_test]
async fn a_wait_is_bounded_and_gives_up_its_place() {
    // However short a refresh may be, it takes ten seconds: the entry of a dead tab has to become stale.
    for insecure in [false, true] {
        clean();
        let _insecure = insecure.then(without_web_locks);
        let config = settings().refresh_timeout_ms(200).build().unwrap();
        let lock = || TabLock::new(&page(), &config);
        let (one, other) = (lock(), lock());
        let held = one.acquire("bounded").await.unwrap();
        let waited = in_the_end(other.acquire("bounded")).await;
        assert_eq!(waited.unwrap().unwrap_err(), LockError::TimedOut);
        drop(held);
        assert!(in_the_end(lock().acquire("bounded")).await.unwrap().is_ok());
    }
}

/// How many wait for a Web Lock, and how many hold it.
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
    // The browser hears of a release a task later.
    let released = async {
        while web_lock_users("aborted").await != ("0".to_owned(), "0".to_owned()) {
            pause(10).await;
        }
    };
    assert!(in_the_end(released).await.is_some());
}

/// A frame is a page of its own, as another tab is, and dies as one does.
#[wasm_bindgen_test]
async fn another_page_s_web_lock_holds_until_that_page_dies() {
    let lock = KINDS[0].1();
    js("window.frame = document.body.appendChild(document.createElement('iframe'));
        window.granted = false;
        frame.contentWindow.navigator.locks.request('other', () => {
            granted = true;
            return new Promise(() => {});
        })");
    assert!(comes_true("granted").await, "the frame got no lock");
    assert!(within(300, lock.acquire("other")).await.is_none());
    js("frame.remove()");
    assert!(in_the_end(lock.acquire("other")).await.is_some());
}

#[wasm_bindgen_test]
async fn a_page_that_is_denied_web_locks_uses_the_next_best() {
    for request in [
        "() => Promise.reject(new DOMException('denied', 'SecurityError'))",
        "() => { throw new DOMException('denied', 'SecurityError') }",
    ] {
        clean();
        let _denied = with_web_locks(&format!("{{ request: {request} }}"));
        let lock = TabLock::new(&page(), &config());
        let held = in_the_end(lock.acquire("denied")).await.unwrap().unwrap();
        assert_eq!(text_of("localStorage.key(0)"), "browser-tabs-lock-key-denied");
        drop(held);
        assert_eq!(text_of("localStorage.length"), "0");
    }
}

#[wasm_bindgen_test]
async fn any_other_refusal_is_an_error() {
    for request in [
        "() => Promise.reject(new DOMException('gone', 'InvalidStateError'))",
        "() => Promise.reject('text')",
        "() => Promise.reject(undefined)",
        "() => { throw undefined }",
        "() => Promise.resolve()",
    ] {
        let _refused = with_web_locks(&format!("{{ request: {request} }}"));
        let lock = TabLock::new(&page(), &config());
        let got = in_the_end(lock.acquire("refused")).await.unwrap();
        assert_eq!(got.unwrap_err(), LockError::Refused, "{request}");
    }
}
