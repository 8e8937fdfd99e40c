//! The session algorithm in a simulated world. The list of files is the list of behaviours.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod sim;

mod anti_csrf;
mod app_401;
mod bad_input;
mod claims;
mod dead_tab;
mod dropped_caller;
mod events;
mod generations;
mod header_mode;
mod many_tabs;
mod may_exist;
mod no_front_token;
mod one_refresh_for_many;
mod other_hosts;
mod refresh_401_signs_out;
mod refresh_ahead;
mod refresh_failure_keeps_session;
mod request_builder;
mod retry_after_refresh;
mod secrets;
mod sign_out;
mod stale_answers;
mod store_refused;
mod the_simulation_itself;
mod wrong_setup;
