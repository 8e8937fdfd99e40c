//! Notes in localStorage: nobody takes the lock from one who lives, and it outlives the dead by seconds only.
//!
//! The algorithm itself is simulated, with all that can go wrong between tabs, in `src/lock/lease/simulation`.

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

/// What a tab leaves that came before all others and has died.
fn put_ghost(lock: &str) {
    js(&format!("localStorage.setItem('st-lock-{lock}/000000000000000-ghost.0', '1')"));
}

#[wasm_bindgen_test]
async fn a_dead_holder_s_lease_ends_and_is_taken_over() {
    clean();
    put_ghost("dead");
    let lock = tab_lock();
    let began_ms = ahead_ms(0);
    let held = in_the_end(lock.acquire("dead")).await.unwrap().unwrap();
    // However busy the machine is: a dead holder has been asked five times before, once a second.
    assert!(ahead_ms(-4_500) >= began_ms, "not after four seconds");
    assert_eq!(text_of("Object.keys(localStorage).filter(key => key.includes('ghost')).length"), "0");
    drop(held);
    assert_eq!(text_of("localStorage.length"), "0");
}

#[wasm_bindgen_test]
async fn a_living_holder_keeps_it_beyond_the_lease() {
    clean();
    let (one, other) = (tab_lock(), tab_lock());
    let held = one.acquire("alive").await.unwrap();
    assert!(within(8_000, other.acquire("alive")).await.is_none(), "robbed");
    assert!(held.still_held().await);
    drop(held);
    assert!(in_the_end(other.acquire("alive")).await.is_some());
}

/// A frame is a page of its own, as another tab is. Its timers stand still, as those of a throttled tab do.
#[wasm_bindgen_test]
async fn a_page_that_answers_is_alive_without_any_timer_until_it_dies() {
    clean();
    js("window.frame = document.body.appendChild(document.createElement('iframe'));
        frame.contentWindow.eval(`
            localStorage.setItem('st-lock-framed/000000000000000-frame.0', '1');
            const channel = new BroadcastChannel('st-lock-framed');
            channel.onmessage = ({ data }) =>
                data === 'who is there?' && channel.postMessage('here: 000000000000000-frame.0');
        `)");
    let lock = tab_lock();
    assert!(within(7_000, lock.acquire("framed")).await.is_none(), "robbed");
    js("frame.remove()");
    assert!(in_the_end(lock.acquire("framed")).await.is_some());
}

#[wasm_bindgen_test]
async fn a_released_lease_is_renewed_no_more() {
    clean();
    drop(tab_lock().acquire("once").await.unwrap());
    pause(1_300).await;
    assert_eq!(text_of("localStorage.length"), "0");
}

/// As a tab that was frozen finds it when it goes on.
#[wasm_bindgen_test]
async fn one_who_was_passed_over_knows_and_leaves_the_next_one_alone() {
    clean();
    let held = tab_lock().acquire("robbed").await.unwrap();
    assert!(held.still_held().await);
    js("for (const key of Object.keys(localStorage)) localStorage.removeItem(key);
        localStorage.setItem('st-lock-robbed/999999999999999-robber.0', '1')");
    pause(2_300).await;
    assert!(!held.still_held().await);
    drop(held);
    assert!(is_true("localStorage.getItem('st-lock-robbed/999999999999999-robber.0') === '1'"));
}

/// Two that write in the same moment: the one that came first stays.
#[wasm_bindgen_test]
async fn one_who_sees_an_earlier_one_while_settling_has_nothing() {
    clean();
    let lock = tab_lock();
    let mut later = lock.acquire("race");
    assert!(futures_util::poll!(&mut later).is_pending());
    put_ghost("race");
    assert!(within(800, &mut later).await.is_none(), "two hold it");
    js("localStorage.removeItem('st-lock-race/000000000000000-ghost.0')");
    assert!(in_the_end(later).await.is_some());
}

#[wasm_bindgen_test]
async fn garbage_locks_nobody_out() {
    clean();
    js("for (const odd of ['', 'garbage', ':', '999999999999999999999', '\\ud83d\\udc7b'])
            localStorage.setItem('st-lock-odd/' + odd, odd);
        localStorage.setItem('st-lock-od', 'x'); localStorage.setItem('st-lock-odder/1', 'x')");
    let held = in_the_end(tab_lock().acquire("odd")).await.unwrap();
    drop(held);
    assert_eq!(text_of("Object.keys(localStorage).sort().join()"), "st-lock-od,st-lock-odder/1");
}

#[wasm_bindgen_test]
async fn without_storage_there_is_no_lease() {
    clean();
    let _blocked = without_storage();
    assert_eq!(tab_lock().acquire("blocked").await.unwrap_err(), LockError::Refused);
}
