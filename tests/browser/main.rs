//! Tests of the Leptos layer in a real browser, on a platform whose responses each test sets.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod another_user;
mod back_forward_cache;
mod flashes;
mod gates;
mod guards;
mod lazy;
mod lifecycle;
mod live_claims;
mod login_page;
mod measure;
mod on_session_expired;
mod page_events;
mod provider;
mod rejected_claims;
mod requirements;
mod return_address;
mod return_address_characters;
mod router_base;
mod routing;
mod server_fns;
mod session_events;
mod setup_warnings;
mod signals;
mod signing_out;
mod step_up;
mod support;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
