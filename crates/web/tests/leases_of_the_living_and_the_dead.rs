//! A lease in localStorage: nobody takes it from one who lives, and it outlives the dead by seconds only.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_session::platform::{Lock, LockError};
use supertokens_web::lock::LeaseLock;
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn tab_lock() -> LeaseLock {
    LeaseLock::new(&page())
}

#[wasm_bindgen_test]
async fn a_dead_holder_s_lease_ends_and_is_taken_over() {
    clean();
    js("localStorage.setItem('st-lock-dead', 'ghost:' + (Date.now() + 1500))");
    let lock = tab_lock();
    assert!(within(1_200, lock.acquire("dead")).await.is_none());
    let held = within(2_000, lock.acquire("dead")).await.unwrap().unwrap();
    assert!(!text_of("localStorage.getItem('st-lock-dead')").contains("ghost"));
    drop(held);
    assert!(is_true("localStorage.getItem('st-lock-dead') === null"));
}

#[wasm_bindgen_test]
async fn a_living_holder_keeps_it_beyond_the_lease() {
    clean();
    let (one, other) = (tab_lock(), tab_lock());
    let held = one.acquire("alive").await.unwrap();
    assert!(within(7_000, other.acquire("alive")).await.is_none(), "robbed");
    drop(held);
    assert!(within(1_000, other.acquire("alive")).await.is_some());
}

#[wasm_bindgen_test]
async fn a_released_lease_is_renewed_no_more() {
    clean();
    drop(tab_lock().acquire("once").await.unwrap());
    pause(1_300).await;
    assert_eq!(text_of("localStorage.length"), "0");
}

#[wasm_bindgen_test]
async fn one_who_was_robbed_leaves_the_robber_alone() {
    clean();
    let held = tab_lock().acquire("robbed").await.unwrap();
    js("window.robber = 'robber:' + (Date.now() + 4000); localStorage.setItem('st-lock-robbed', robber)");
    pause(1_300).await;
    drop(held);
    assert!(is_true("localStorage.getItem('st-lock-robbed') === robber"));
}

/// Two that write in the same moment: the last one stands, the first one sees it in time.
#[wasm_bindgen_test]
async fn one_who_was_overwritten_while_settling_has_nothing() {
    clean();
    let lock = tab_lock();
    let mut first = lock.acquire("race");
    assert!(futures_util::poll!(&mut first).is_pending());
    js("localStorage.setItem('st-lock-race', 'second:' + (Date.now() + 1000))");
    assert!(within(800, &mut first).await.is_none(), "two hold it");
    assert!(within(2_000, first).await.is_some());
}

#[wasm_bindgen_test]
async fn garbage_or_a_clock_set_back_locks_nobody_out() {
    for text in ["", "garbage", "a:b", "ghost:9999999999999"] {
        clean();
        js(&format!("localStorage.setItem('st-lock-odd', '{text}')"));
        assert!(within(1_000, tab_lock().acquire("odd")).await.is_some(), "{text:?}");
    }
}

#[wasm_bindgen_test]
async fn without_storage_there_is_no_lease() {
    clean();
    let _blocked = without_storage();
    assert_eq!(tab_lock().acquire("blocked").await.unwrap_err(), LockError::Refused);
}
