//! Sessions like those of the SuperTokens core: signed access tokens, rotating refresh tokens, theft detection.

pub(crate) mod claims;
pub(crate) mod guard;
mod signing;
mod store;
mod tokens;
pub(crate) mod transfer;

pub(crate) use store::{CsrfCheck, Sessions};
pub(crate) use tokens::{AccessInfo, AccessToken, AntiCsrfToken, RefreshToken};

use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::factors::Factor;

/// The tokens that the client gets after a sign-in, a refresh or a change of the payload.
pub(crate) struct Issued {
    pub(crate) access: AccessToken,
    /// The content of the access token.
    pub(crate) info: AccessInfo,
    /// `None` if only the access token has changed.
    pub(crate) refresh: Option<IssuedRefresh>,
}

/// The tokens that the client gets only after a sign-in or a refresh.
pub(crate) struct IssuedRefresh {
    pub(crate) token: RefreshToken,
    /// When an unused token expires, in milliseconds since the epoch.
    pub(crate) expires_at: u64,
    /// A value that changes at each refresh.
    pub(crate) id: String,
    pub(crate) anti_csrf: Option<AntiCsrfToken>,
}

/// The verified session of a request. Handlers get it as an extension.
#[derive(Clone)]
pub struct Session {
    pub(crate) access: AccessInfo,
    pub(crate) mode: transfer::Mode,
    pub(crate) transfer: &'static dyn transfer::Transfer,
}

impl Session {
    /// The session's handle.
    pub(crate) fn handle(&self) -> &str {
        &self.access.payload.session_handle
    }

    /// The id of the session's user.
    pub fn user_id(&self) -> &str {
        &self.access.payload.sub
    }

    /// The part of the access token's payload that pages can read.
    pub(crate) fn payload(&self) -> Value {
        self.transfer.payload(&self.access.payload)
    }

    /// Writes new tokens to the response by the same transfer method as those of the request.
    pub(crate) fn attach(&self, response: &mut HeaderMap, issued: &Issued) {
        self.transfer.attach(response, issued, self.mode);
    }

    /// Rejects a session whose access token does not have this role.
    pub(crate) fn needs_role(&self, role: &str) -> Result<(), ApiError> {
        let actual = self.claim(claims::ROLES);
        if actual.and_then(Value::as_array).is_some_and(|roles| roles.iter().any(|one| one == role)) {
            return Ok(());
        }
        Err(claim_error(claims::ROLES, ("expectedToInclude", json!(role)), actual))
    }

    /// Rejects a session whose access token says that the e-mail is not verified.
    pub(crate) fn needs_verified_email(&self) -> Result<(), ApiError> {
        match self.claim(claims::EMAIL_VERIFIED) {
            Some(Value::Bool(true)) => Ok(()),
            actual => Err(claim_error(claims::EMAIL_VERIFIED, ("expectedValue", json!(true)), actual)),
        }
    }

    /// Rejects a session that has not completed this factor.
    pub(crate) fn needs_factor(&self, factor: Factor) -> Result<(), ApiError> {
        let id = factor.id();
        let claim = self.access.payload.custom.get(claims::FACTORS);
        if claim.is_some_and(|claim| claim["c"][id].is_u64()) {
            return Ok(());
        }
        let message = format!("Factor validation failed: {id} not completed");
        let reason = json!({ "message": message, "factorId": id });
        Err(ApiError::InvalidClaim { id: claims::FACTORS, reason })
    }

    fn claim(&self, key: &str) -> Option<&Value> {
        self.access.payload.custom.get(key)?.get("v")
    }
}

fn claim_error(id: &'static str, (field, expected): (&str, Value), actual: Option<&Value>) -> ApiError {
    let mut reason = match actual {
        Some(actual) => json!({ "message": "wrong value", "actualValue": actual }),
        None => json!({ "message": "value does not exist" }),
    };
    reason[field] = expected;
    ApiError::InvalidClaim { id, reason }
}
