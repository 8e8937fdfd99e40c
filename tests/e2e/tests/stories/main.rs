//! What a user of the example app lives through, one file a story. `cargo xtask test --only e2e` plays them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod accessibility;
mod admin;
mod anti_csrf;
mod api_down;
mod back_button;
mod clients;
mod csp;
mod denials;
mod expiry;
mod generations;
mod guard;
mod header_mode;
mod leaks;
mod life_of_a_tab;
mod live_feed;
mod login_elsewhere;
mod nested;
mod no_script_cookies;
mod no_web_locks;
mod open_redirect;
mod payload;
mod refresh_failure;
mod reload;
mod revoke;
mod roles;
mod server_fn;
mod sign_in;
mod sign_out;
mod sign_up;
mod step_up;
mod twelve_tabs;
mod two_tabs;
