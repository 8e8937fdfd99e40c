//! Prints the time to acquire and release a free lock of each kind. Run it with `-- --include-ignored --nocapture`.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_session::platform::{Lock, REFRESH_LOCK};
use supertokens_web::{
    TabLock,
    lock::{JavascriptSdkLock, PageLock, WebLocks},
};
use support::*;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The median time in ms.
async fn median_ms(lock: &dyn Lock, times: usize) -> f64 {
    let now = || js("performance.now()").as_f64().unwrap();
    let mut all = Vec::new();
    for _ in 0..times {
        let before = now();
        drop(lock.acquire(REFRESH_LOCK).await.unwrap());
        all.push(now() - before);
    }
    all.sort_by(f64::total_cmp);
    all[times / 2]
}

#[wasm_bindgen_test]
#[ignore = "it measures and asserts nothing"]
async fn median_times_of_a_free_lock() {
    clean().await;
    let sharing = settings().share_lock_with_javascript_sdk(true).build().unwrap();
    let web_locks = WebLocks::detect(&page()).unwrap();
    console_log!(
        "page: {:.3} ms",
        median_ms(&PageLock::new(&supertokens_web::Page::current().unwrap()), 201).await
    );
    console_log!("Web Locks: {:.3} ms", median_ms(&web_locks, 201).await);
    console_log!("default of an app: {:.3} ms", median_ms(&TabLock::new(&page(), &config()), 201).await);
    console_log!("shared with the SDK: {:.3} ms", median_ms(&TabLock::new(&page(), &sharing), 21).await);
    console_log!("without Web Locks: {:.3} ms", median_ms(&JavascriptSdkLock::new(&page()), 21).await);
}
