use std::{fmt, sync::Arc};

use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};
use supertokens_session::ClaimError;

use crate::request_session::NO_STORE;

/// Why a call is refused, and the response to it. Status and body are those of the backend SDK, so the SDKs of all
/// frontends understand them: they refresh the session after 401, and report invalid claims after 403.
///
/// With the feature `axum` it converts into a response, so a handler can return it as its error.
#[derive(Debug, Clone)]
pub struct Refusal {
    reason: Reason,
    status: StatusCode,
}

/// The reason of a [`Refusal`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// The call has no access token of a session.
    Unauthorised,
    /// The access token has expired, is not trusted, or its anti-CSRF check failed. A refresh gets a new one.
    TryRefreshToken,
    /// The session does not meet a requirement.
    InvalidClaims(Arc<[ClaimError]>),
    /// The key of the access token can't be fetched now. No user is signed out by it: the call can be retried.
    NotVerified,
    /// The server has no layer that verifies requests. A fault of the set-up.
    NoLayer,
}

/// The statuses that an app can set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Statuses {
    pub(crate) session_expired: StatusCode,
    pub(crate) invalid_claim: StatusCode,
}

impl Default for Statuses {
    fn default() -> Self {
        Self { session_expired: StatusCode::UNAUTHORIZED, invalid_claim: StatusCode::FORBIDDEN }
    }
}

/// The time after which a call that could not be verified can be retried, in s.
const RETRY_AFTER_S: &str = "5";

impl Refusal {
    pub(crate) fn unauthorised(statuses: Statuses) -> Self {
        Self { reason: Reason::Unauthorised, status: statuses.session_expired }
    }

    pub(crate) fn try_refresh_token(statuses: Statuses) -> Self {
        Self { reason: Reason::TryRefreshToken, status: statuses.session_expired }
    }

    pub(crate) fn invalid_claims(errors: Vec<ClaimError>, statuses: Statuses) -> Self {
        Self { reason: Reason::InvalidClaims(errors.into()), status: statuses.invalid_claim }
    }

    pub(crate) fn not_verified() -> Self {
        Self { reason: Reason::NotVerified, status: StatusCode::SERVICE_UNAVAILABLE }
    }

    /// The refusal of a server whose requests no [`Verifier`](crate::Verifier) has verified: 500, and the text names
    /// the missing layer.
    ///
    /// ```
    /// use supertokens_server::Refusal;
    ///
    /// let refusal = Refusal::no_layer();
    /// assert_eq!(refusal.status(), 500);
    /// assert!(refusal.to_string().contains("SessionLayer"));
    /// ```
    pub fn no_layer() -> Self {
        Self { reason: Reason::NoLayer, status: StatusCode::INTERNAL_SERVER_ERROR }
    }

    /// The reason.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The JSON body of the response.
    pub fn body(&self) -> Value {
        match &self.reason {
            Reason::InvalidClaims(errors) => {
                json!({ "message": self.to_string(), "claimValidationErrors": &**errors })
            }
            _ => json!({ "message": self.to_string() }),
        }
    }

    /// The response with status, headers and body. No cache stores it.
    pub fn to_response<B: From<String>>(&self) -> Response<B> {
        let mut response = Response::new(B::from(self.body().to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, NO_STORE);
        if self.reason == Reason::NotVerified {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
        }
        response
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.reason {
            Reason::Unauthorised => "unauthorised",
            Reason::TryRefreshToken => "try refresh token",
            Reason::InvalidClaims(_) => "invalid claim",
            Reason::NotVerified => "session not verified",
            Reason::NoLayer => {
                "no session in the request: add `.layer(SessionLayer::new(verifier))` after the routes that need it"
            }
        })
    }
}

impl std::error::Error for Refusal {}
