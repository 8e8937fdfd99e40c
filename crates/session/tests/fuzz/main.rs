//! Whatever comes from outside: a server, a cookie, a link, a caller. One file for each input. For any text there is an
//! answer or a typed error, never a panic, and what is let through means the same to a browser.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod text;

mod claim_checks;
mod claims;
mod cookies;
mod final_url;
mod front_token;
mod id_refresh_token;
mod redirect_target;
mod request;
mod response_headers;
mod settings;
mod urls;
