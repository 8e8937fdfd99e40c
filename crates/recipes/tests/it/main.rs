//! The calls of the recipes against a stand-in backend in memory. `tests/e2e/tests/recipes` has them against the real
//! SDK.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod bad_responses;
mod passwordless;
mod requests;
mod third_party;
mod webauthn;
mod world;
