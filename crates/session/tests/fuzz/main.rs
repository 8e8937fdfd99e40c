//! Input from outside: servers, cookies, links, callers. One file for each input. Any text gives a
//! result or a typed error, never a panic, and accepted input has the same meaning in a browser.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod text;

mod any_settings;
mod claim_checks;
mod claims_in_a_403_body;
mod cookies;
mod final_url;
mod front_token;
mod id_refresh_token;
mod redirect_target;
mod request;
mod response_headers;
mod urls;
