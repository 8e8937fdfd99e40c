//! Every answer that is not the wanted one.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Why a request was refused; each turns into the status and body that a SuperTokens backend answers with. Whether the
/// client is to forget its tokens then is said by [`Transfer::refuse`](crate::session::transfer::Transfer::refuse).
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// The request itself is wrong.
    #[error("{1}")]
    BadRequest(StatusCode, String),
    /// No such path.
    #[error("not found")]
    NotFound,
    /// There was an access token, but it is not good any more.
    #[error("try refresh token")]
    TryRefresh,
    /// The request came without a session.
    #[error("unauthorised")]
    Unauthorised,
    /// The session of a good access token has ended.
    #[error("unauthorised")]
    Revoked,
    /// The refresh token is no good, or there is none.
    #[error("unauthorised")]
    SessionEnded,
    /// A refresh without the header that no other site can send.
    #[error("unauthorised")]
    Unproven,
    /// A rotated refresh token came back.
    #[error("token theft detected")]
    TokenTheft,
    /// A claim of the session is not as it has to be.
    #[error("invalid claim")]
    InvalidClaim {
        /// The claim's key.
        id: &'static str,
        /// In the shape of the SDKs' validators.
        reason: Value,
    },
    /// Two cookies of one name, and no way to tell which is the newer.
    #[error("The request contains multiple session cookies.")]
    DuplicateCookies,
    /// A limit of this in-memory API is reached.
    #[error("This example API keeps no more than {0} {1} in memory. Restart it to begin anew.")]
    Full(usize, &'static str),
    /// The server's own fault.
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
            Self::DuplicateCookies | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
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

/// A JSON body, with this API's errors where it is none.
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
