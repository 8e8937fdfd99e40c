//! The Leptos layer in a real browser, on a platform whose answers each test writes itself.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod events;
mod gates;
mod guards;
mod login_page;
mod provider;
mod return_address;
mod signals;
mod support;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
