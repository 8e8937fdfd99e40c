//! The session algorithm in a simulated world. The list of files is the list of behaviours.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod sim;

mod after_request_hook;
mod anonymous_visitors;
mod anti_csrf_tokens;
mod app_401;
mod app_claim_functions;
mod backoff_after_failures;
mod bad_input;
mod claim_fetches;
mod claims_of_a_403;
mod clock_skew;
mod closed_tabs;
mod damaged_headers;
mod debug_log;
mod dropped_anywhere;
mod dropped_caller;
mod dropped_requests_are_aborted;
mod endless_bodies;
mod error_bodies;
mod events_of_a_session;
mod failed_claim_fetches;
mod fresh_sessions_for_websockets;
mod hooks;
mod json_as_browsers_read_it;
mod large_payload;
mod late_responses;
mod lost_lock;
mod many_tabs;
mod module_order;
mod no_request_for_another_user;
mod no_secret_is_shown;
mod older_tokens;
mod one_refresh_for_many;
mod other_apis;
mod other_hosts;
mod overrides;
mod page_left_during_sign_out;
mod protocol_generations;
mod redirected_requests;
mod refresh_401_signs_out;
mod refresh_ahead_of_expiry;
mod refresh_before_request;
mod refresh_failure_keeps_session;
mod refresh_without_front_token;
mod requests_as_built;
mod retry_after_refresh;
mod same_session_other_user_id;
mod schedules;
mod session_headers_of_any_status;
mod session_queries;
mod settings_on_the_wire;
mod sign_out_outcomes;
mod simulation_checks;
mod store_behind_a_promise;
mod store_errors;
mod subdomains_share_refreshes;
mod tab_messages_in_all_tabs;
mod tokens_in_headers;
mod unchanged_responses;
mod unknown_session;
mod wrong_setup;
