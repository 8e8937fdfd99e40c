//! `supertokens-server` with tokens of the real supertokens-node, without a browser. `cargo xtask test --only sdk` runs
//! them.
//!
//! Modules `stand_in` have tests that a real core does not allow. They are skipped if SUPERTOKENS_CORE_URL is set.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod calls;
mod forgeries;
mod keys;
mod pages;
#[allow(dead_code, reason = "these tests need a part of it")]
#[path = "../../../../crates/server/tests/it/support.rs"]
mod support;

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use e2e::sdk::{Api, Tokens};
use http::HeaderMap;
use serde_json::{Value, json};
use supertokens_server::{RequestSession, Verifier};

const ADMIN: &str = "admin@example.com";

/// Longer than a verifier waits between two fetches of the keys.
const PAUSE: Duration = Duration::from_secs(6);

/// A verifier for the server's tokens, by its settings alone.
fn verifier(api: &Api) -> Verifier {
    Verifier::new(api.url(), "/auth").unwrap()
}

/// A page request with these tokens in cookies.
async fn visit(verifier: &Verifier, tokens: &Tokens) -> RequestSession {
    verifier.verify(&support::page(Some(&tokens.front), Some(&tokens.access))).await
}

async fn outcome(verifier: &Verifier, tokens: &Tokens) -> &'static str {
    support::outcome(&visit(verifier, tokens).await)
}

fn bearer(token: &str) -> HeaderMap {
    support::headers(&[("authorization", &format!("Bearer {token}"))])
}

/// The header and the payload of a token.
fn decoded(token: &str) -> [Value; 2] {
    let mut parts = token.split('.').map(|part| BASE64_URL_SAFE_NO_PAD.decode(part).unwrap());
    [(); 2].map(|()| serde_json::from_slice(&parts.next().unwrap()).unwrap())
}

/// The token with another payload and the old signature.
fn with_payload(token: &str, changes: Value) -> String {
    let [header, payload] = decoded(token);
    let signature = token.rsplit_once('.').unwrap().1;
    format!("{}.{signature}", support::unsigned(&header, &support::with(payload, changes)))
}

/// Lets the SDK write a nickname into the payload, and returns the new tokens.
async fn with_nickname(api: &Api, tokens: &Tokens) -> Tokens {
    let body = json!({ "nickname": "Zoë" });
    let response = api.call(http::Method::POST, "/api/profile", bearer(&tokens.access), body).await;
    assert_eq!(response.status(), 200);
    tokens.updated_by(&response)
}
