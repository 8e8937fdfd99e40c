//! A client with all parts of the browser, its clock and its tasks.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{cell::Cell, rc::Rc};

use supertokens_session::{
    SessionConfig,
    platform::{Clock, Spawn},
};
use supertokens_web::{BrowserClock, BrowserSpawn};
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The user's id is `u`, and the token lasts until the year 5138.
const FRONT: &str = "eyJ1aWQiOiJ1IiwiYXRlIjo5OTk5OTk5OTk5OTk5OSwidXAiOnt9fQ==";

#[wasm_bindgen_test]
async fn the_headers_of_a_response_start_a_session() {
    clean().await;
    let _fetch = patch_page(&format!(
        "const own = window.fetch;
         window.calls = [];
         window.fetch = async (...args) => {{
             const sent = new Request(...args);
             window.calls.push(sent.method + ' ' + new URL(sent.url).pathname);
             return sent.url.endsWith('/refresh')
                 ? new Response('', {{ status: 401 }})
                 : new Response('[]', {{ headers: {{ 'front-token': '{FRONT}' }} }});
         }};
         return () => {{ window.fetch = own }}"
    ));
    let client = supertokens_web::session_client(config()).unwrap();
    client.get("/orders").send().await.unwrap();
    assert!(text_of("document.cookie").contains(&format!("sFrontToken={FRONT}")), "{}", text_of("calls"));
    assert_eq!(text_of("calls.at(-1)"), "GET /orders");
}

#[wasm_bindgen_test]
async fn the_clock_reads_the_time_and_sleeps() {
    let clock = BrowserClock::new(&page());
    let browser_ms = || js("Date.now()").as_f64().unwrap() as i64;
    let earliest = browser_ms();
    let before = clock.now_ms();
    assert!((earliest..=browser_ms()).contains(&before));
    clock.sleep(50).await;
    assert!(clock.now_ms() - before >= 45);
}

/// A browser's `setTimeout` fires at once for a time of more than 24 days.
#[wasm_bindgen_test]
async fn a_very_long_sleep_does_not_end_at_once() {
    assert!(within(50, BrowserClock::new(&page()).sleep(u32::MAX)).await.is_none());
}

/// One timer can't be longer than 24 days.
#[wasm_bindgen_test]
async fn a_very_long_sleep_uses_several_timers() {
    let _timers = patch_page(
        "const { setTimeout } = window;
         window.delays = [];
         window.setTimeout = (work, ms) => {
             if (ms > 1e6 || ms === 1) delays.push(ms);
             return setTimeout.call(window, work, ms > 1e6 ? 0 : ms);
         };
         return () => Object.assign(window, { setTimeout })",
    );
    for ms in [2_147_483_646, 2_147_483_647, 2_150_000_000, 2_592_000_000, u32::MAX] {
        js("delays = []");
        BrowserClock::new(&page()).sleep(ms).await;
        assert_eq!(text_of("delays.reduce((sum, ms) => sum + ms)"), ms.to_string());
        assert!(is_true("delays.every(ms => ms < 2 ** 31)"), "{}", text_of("delays"));
    }
    let sleep = BrowserClock::new(&page()).sleep(u32::MAX);
    let _later = patch_page(
        "window.cleared = 0; const own = window.clearTimeout;
        window.clearTimeout = id => { cleared++; own.call(window, id) };
        return () => { window.clearTimeout = own }",
    );
    drop(sleep);
    assert_eq!(text_of("cleared"), "1");
}

#[wasm_bindgen_test]
async fn a_dropped_sleep_clears_its_timer() {
    // The delays identify the timers of this test, since earlier tests may have left others.
    let _timers = patch_page(
        "const { setTimeout, clearTimeout } = window;
         const delays = new Map();
         window.cleared = [];
         window.setTimeout = (work, ms) => {
             const id = setTimeout.call(window, work, ms);
             delays.set(id, ms);
             return id;
         };
         window.clearTimeout = id => {
             window.cleared.push(delays.get(id));
             clearTimeout.call(window, id);
         };
         return () => Object.assign(window, { setTimeout, clearTimeout })",
    );
    let clock = BrowserClock::new(&page());
    drop(clock.sleep(60_001));
    assert_eq!(text_of("cleared.filter(ms => ms === 60_001).length"), "1");
    clock.sleep(3).await;
    assert_eq!(text_of("cleared.includes(3)"), "false", "a timer that fired is not cleared");
}

#[wasm_bindgen_test]
async fn a_spawned_task_runs_to_its_end() {
    let done = Rc::new(Cell::new(false));
    let task = Box::pin({
        let done = done.clone();
        async move {
            pause(5).await;
            done.set(true);
        }
    });
    BrowserSpawn::new(&page()).spawn(task);
    assert!(!done.get());
    let runs = async {
        while !done.get() {
            pause(5).await;
        }
    };
    assert!(within(10_000, runs).await.is_some());
}

/// Such a session ends if the browser does not send the API's cookies.
#[wasm_bindgen_test]
async fn a_session_that_ends_right_after_it_began_warns_of_the_likely_cause() {
    for (api, warns) in [("http://cookies.example", true), ("", false)] {
        clean().await;
        let api = if api.is_empty() { text_of("location.origin") } else { api.to_owned() };
        let _fetch = patch_page(&format!(
            "const own = window.fetch;
             window.fetch = async url => url.endsWith('/signin')
                 ? new Response('{{}}', {{ headers: {{ 'front-token': '{FRONT}' }} }})
                 : new Response('', {{ status: 401 }});
             return () => {{ window.fetch = own }}"
        ));
        let config = SessionConfig::builder(api).build().unwrap();
        let client = supertokens_web::session_client(config).unwrap();
        client.post("/auth/signin").send().await.unwrap();
        assert_eq!(client.user_id().await.as_deref(), Ok("u"));
        assert_eq!(client.get("/orders").send().await.unwrap().status(), 401);
        assert!(client.user_id().await.is_err());
        let warned = logged().iter().filter(|line| line.contains("SameSite=None")).count();
        assert_eq!(warned, usize::from(warns), "{:?}", logged());
    }
}
