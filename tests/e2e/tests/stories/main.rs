//! Stories of users of the example app, by topic. `cargo xtask test --only e2e` plays them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod accessibility;
mod admin;
mod anti_csrf;
mod api_down;
mod back_button;
mod clients;
mod csp;
mod denials;
mod devtools;
mod expiry;
mod generations;
mod guard;
mod header_mode;
mod hidden_and_cached_tabs;
mod leaks;
mod live_feed;
mod login_on_another_site;
mod magic_link;
mod nested_guards;
mod no_script_cookies;
mod no_web_locks;
mod oauth2_login;
mod one_time_code;
mod open_redirect;
mod password_reset;
mod payload;
mod refresh_failure;
mod reload;
mod revoke;
mod roles;
mod second_factor;
mod server_fn;
mod sign_in;
mod sign_out;
mod sign_up;
mod step_up;
mod tenants;
mod third_party;
mod twelve_tabs;
mod two_hosts;
mod two_tabs;
