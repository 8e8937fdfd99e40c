//! Each call of `supertokens-recipes` with the real supertokens-node, without a browser: every outcome that the backend
//! documents. `cargo xtask test --only sdk` runs them.
//!
//! Each test has its own server with the stand-in core, whose README says which address produces which outcome.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod email_password;
mod email_verification;
mod linking;
mod multi_factor_auth;
mod multi_tenancy;
mod oauth2_provider;
mod one_time_codes;
mod passwordless;
mod third_party;
mod totp;
mod webauthn;

use std::time::Duration;

use e2e::sdk::{Api, PASSWORD, Setting, native_client, with_api};
use serde_json::Value;
use supertokens_recipes::{
    User,
    email_password::{SignUp, sign_up},
};
use supertokens_session::{SessionClient, SessionError};
use tokio::task::LocalSet;

const EMAIL: &str = "ada@example.com";

/// Runs a test with a server that has all recipes.
async fn with_recipes(test: impl AsyncFnOnce(&Api)) {
    LocalSet::new().run_until(with_api(Setting::default().recipes(), test)).await;
}

/// A client without a session.
fn visitor(api: &Api) -> SessionClient {
    native_client(api.client_config(), Duration::ZERO)
}

/// A client with the session of a new user.
async fn newcomer(api: &Api, email: &str) -> (SessionClient, User) {
    let client = visitor(api);
    match sign_up(&client, email, PASSWORD).await.unwrap() {
        SignUp::Ok { user } => (client, user),
        outcome => panic!("{outcome:?}"),
    }
}

async fn assert_signed_in(client: &SessionClient, user: &User) {
    assert_eq!(client.session_exists().await, Ok(true));
    assert_eq!(client.user_id().await.as_ref(), Ok(&user.id));
}

async fn assert_signed_out(client: &SessionClient) {
    assert_eq!(client.session_exists().await, Ok(false));
}

/// The factors that the session has completed, and whether they suffice.
async fn factors(client: &SessionClient) -> (Vec<String>, bool) {
    let payload = client.payload().await.unwrap();
    let claim = &payload["st-mfa"];
    let completed = claim["c"].as_object().unwrap().keys().cloned().collect();
    (completed, claim["v"].as_bool().unwrap())
}

/// The error for an address `general@…`.
fn general<T>() -> Result<T, SessionError> {
    Err(SessionError::General { message: "the backend refuses this e-mail address".to_owned() })
}

/// A text in a mail.
fn text(mail: &Value, name: &str) -> String {
    mail[name].as_str().unwrap_or_else(|| panic!("no {name}: {mail}")).to_owned()
}

/// Whether the backend's reason ends with this code for the support.
fn has_code(reason: &str, code: &str) -> bool {
    reason.ends_with(&format!("(ERR_CODE_{code})"))
}
