//! Error responses, and the extractors that reject invalid requests with them.

use std::collections::HashMap;
use std::convert::Infallible;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::form_urlencoded;

/// Why a request was rejected. Each variant becomes the status and body of a SuperTokens backend's response. The client
/// learns by [`Transfer::refuse`](crate::session::transfer::Transfer::refuse) whether to clear its tokens.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// The request is invalid.
    #[error("{1}")]
    BadRequest(StatusCode, String),
    /// No such path.
    #[error("not found")]
    NotFound,
    /// The access token is no longer valid.
    #[error("try refresh token")]
    TryRefresh,
    /// The request has no session.
    #[error("unauthorised")]
    Unauthorised,
    /// The access token is valid, but its session has ended.
    #[error("unauthorised")]
    Revoked,
    /// The refresh token is invalid or missing.
    #[error("unauthorised")]
    SessionEnded,
    /// The refresh has no header that other sites can't send.
    #[error("unauthorised")]
    Unproven,
    /// A rotated refresh token was used again.
    #[error("token theft detected")]
    TokenTheft,
    /// A claim of the session is invalid.
    #[error("invalid claim")]
    InvalidClaim {
        /// The claim's key.
        id: &'static str,
        /// The reason in the format of the SDKs' validators.
        reason: Value,
    },
    /// Two cookies have the same name, and the server can't know which is newer.
    #[error("The request contains multiple session cookies.")]
    DuplicateCookies,
    /// A limit of this in-memory API is reached.
    #[error("This example API stores at most {0} {1} in memory. Restart it to clear them.")]
    Full(usize, &'static str),
    /// The SDK has no status for this failure, and its server responds with 500.
    #[error("{0}")]
    Failed(&'static str),
    /// The server failed.
    #[error("internal error")]
    Internal,
}

impl ApiError {
    /// A 400 with the reason.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::BadRequest(StatusCode::BAD_REQUEST, message.into())
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(status, _) => *status,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TryRefresh
            | Self::Unauthorised
            | Self::Revoked
            | Self::SessionEnded
            | Self::Unproven
            | Self::TokenTheft => StatusCode::UNAUTHORIZED,
            Self::InvalidClaim { .. } => StatusCode::FORBIDDEN,
            Self::Full(..) => StatusCode::SERVICE_UNAVAILABLE,
            Self::DuplicateCookies | Self::Failed(_) | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut body = json!({ "message": self.to_string() });
        if let Self::InvalidClaim { id, reason } = &self {
            body["claimValidationErrors"] = json!([{ "id": id, "reason": reason }]);
        }
        (self.status(), Json(body)).into_response()
    }
}

/// A JSON body. If the body is not valid JSON, the error is one of this API.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let Json(value) = Json::from_request(request, state).await.map_err(explain)?;
        Ok(Self(value))
    }
}

fn explain(rejection: JsonRejection) -> ApiError {
    let status = match rejection {
        JsonRejection::JsonDataError(_) => StatusCode::BAD_REQUEST,
        _ => rejection.status(),
    };
    ApiError::BadRequest(status, rejection.body_text())
}

/// The parameters of the query. Of several with one name, the last counts.
pub(crate) struct Query(HashMap<String, String>);

impl Query {
    /// The value of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value of a parameter, or a 400 with this message.
    pub(crate) fn need(&self, name: &str, message: &str) -> Result<&str, ApiError> {
        self.get(name).ok_or_else(|| ApiError::bad_request(message))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}
