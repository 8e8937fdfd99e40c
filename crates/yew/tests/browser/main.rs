//! Tests of the Yew layer in a real browser, on a platform whose responses each test sets.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod hooks;
mod hydration;
mod site;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

browser_cases::for_framework!(crate::site::Yew);
