//! The Leptos layer in a real browser, on a platform whose answers each test writes itself.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod allows;
mod another_user;
mod back_forward_cache;
mod coming_back;
mod events;
mod expired;
mod flashes;
mod gates;
mod guards;
mod lazy;
mod live_roles;
mod login_page;
mod measure;
mod odd_addresses;
mod page_life;
mod provider;
mod refused;
mod return_address;
mod router_base;
mod routing;
mod server_fns;
mod setup_warnings;
mod signals;
mod signing_out;
mod step_up;
mod support;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
