//! Sessions as the SuperTokens core keeps them: signed access tokens, rotating refresh tokens, theft detection.

pub(crate) mod claims;
pub(crate) mod guard;
mod store;
mod tokens;
pub(crate) mod transfer;

pub(crate) use store::{CsrfCheck, Sessions};
pub(crate) use tokens::{AccessInfo, AccessToken, AntiCsrfToken, RefreshToken};

use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::error::ApiError;

/// What a sign-in, a refresh or a change of the payload hands to the client.
pub(crate) struct Issued {
    pub(crate) access: AccessToken,
    /// What the access token says.
    pub(crate) info: AccessInfo,
    /// None where only the access token changed.
    pub(crate) refresh: Option<IssuedRefresh>,
}

/// The part of it that only sign-in and refresh hand out.
pub(crate) struct IssuedRefresh {
    pub(crate) token: RefreshToken,
    /// When it expires unless it is used, in milliseconds since the epoch.
    pub(crate) expires_at: u64,
    /// A value that is another at each refresh.
    pub(crate) id: String,
    pub(crate) anti_csrf: Option<AntiCsrfToken>,
}

/// The session that a request came with, checked. It reaches handlers as an extension.
#[derive(Clone)]
pub struct Session {
    pub(crate) access: AccessInfo,
    pub(crate) mode: transfer::Mode,
    pub(crate) transfer: &'static dyn transfer::Transfer,
}

impl Session {
    /// Which session it is.
    pub(crate) fn handle(&self) -> &str {
        &self.access.payload.session_handle
    }

    /// Whose session it is.
    pub fn user_id(&self) -> &str {
        &self.access.payload.sub
    }

    /// What a page sees of the access token's payload.
    pub(crate) fn payload(&self) -> Value {
        self.transfer.payload(&self.access.payload)
    }

    /// Hands out new tokens in the way in which the old ones came.
    pub(crate) fn attach(&self, answer: &mut HeaderMap, issued: &Issued) {
        self.transfer.attach(answer, issued, self.mode);
    }

    /// Refuses a session whose user, by the access token, has not this role.
    pub(crate) fn needs_role(&self, role: &str) -> Result<(), ApiError> {
        let actual = self.claim(claims::ROLES);
        if actual.and_then(Value::as_array).is_some_and(|roles| roles.iter().any(|one| one == role)) {
            return Ok(());
        }
        Err(refusal(claims::ROLES, ("expectedToInclude", json!(role)), actual))
    }

    /// Refuses a session whose user, by the access token, has not verified her e-mail.
    pub(crate) fn needs_verified_email(&self) -> Result<(), ApiError> {
        match self.claim(claims::EMAIL_VERIFIED) {
            Some(Value::Bool(true)) => Ok(()),
            actual => Err(refusal(claims::EMAIL_VERIFIED, ("expectedValue", json!(true)), actual)),
        }
    }

    fn claim(&self, key: &str) -> Option<&Value> {
        self.access.payload.custom.get(key)?.get("v")
    }
}

fn refusal(id: &'static str, (field, expected): (&str, Value), actual: Option<&Value>) -> ApiError {
    let mut reason = match actual {
        Some(actual) => json!({ "message": "wrong value", "actualValue": actual }),
        None => json!({ "message": "value does not exist" }),
    };
    reason[field] = expected;
    ApiError::InvalidClaim { id, reason }
}
