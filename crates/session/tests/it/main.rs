//! The session algorithm in a simulated world. The list of files is the list of behaviours.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod sim;

mod aborted;
mod after_request;
mod ahead_of_the_expiry;
mod anonymous_visitors;
mod another_user;
mod anti_csrf;
mod any_status;
mod app_401;
mod backoff;
mod bad_input;
mod claim_functions;
mod claims;
mod claims_fetched;
mod claims_that_fail;
mod clock_skew;
mod damaged_headers;
mod dead_tab;
mod dropped_anywhere;
mod dropped_caller;
mod endless_bodies;
mod error_bodies;
mod events;
mod fresh_for_connections;
mod generations;
mod header_mode;
mod heard;
mod hooks;
mod json_as_browsers_read_it;
mod large_payload;
mod leaving_the_page;
mod logs;
mod lost_lock;
mod many_tabs;
mod may_exist;
mod module_order;
mod no_front_token;
mod nothing_new;
mod older_tokens;
mod one_refresh_for_many;
mod other_apis;
mod other_hosts;
mod other_origins;
mod overrides;
mod questions;
mod redirected_requests;
mod refresh_401_signs_out;
mod refresh_ahead;
mod refresh_failure_keeps_session;
mod request_builder;
mod retry_after_refresh;
mod same_session_other_user_id;
mod schedules;
mod secrets;
mod settings;
mod sign_out;
mod stale_answers;
mod store_refused;
mod the_simulation_itself;
mod wrong_setup;
