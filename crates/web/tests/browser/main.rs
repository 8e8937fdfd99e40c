//! The browser's half of the library, in a real browser. One program, since each starts a browser of its own. The files
//! beside this folder need a page that no other test has used.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod client_clock_and_tasks;
mod cookies_of_a_large_session;
mod exclusive_locks;
mod intercepted_bodies;
mod intercepted_failures;
mod intercepted_fetch;
mod intercepted_urls;
mod intercepted_xhr;
mod interception_timing;
mod json_as_the_browser_reads_it;
mod late_responses_of_another_user;
mod lock_of_the_javascript_sdk;
mod lock_timing;
mod objects_of_other_windows;
mod overrides_on_the_page;
mod page_events;
mod redirected_responses;
mod refresh_call_settings;
mod requests_of_the_caller;
mod rust_clients;
mod session_cookies;
mod session_lifecycle;
mod sign_out_at_pagehide;
mod support;
mod values_between_pages;
mod values_outside_cookies;
mod wrong_device_clock;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
