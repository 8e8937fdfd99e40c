//! Extractors of axum, and the response of a refusal. They need [`SessionLayer`](crate::SessionLayer).

use axum_core::{
    body::Body,
    extract::{FromRequestParts, OptionalFromRequestParts},
    response::{IntoResponse, Response},
};
use http::request::Parts;

use crate::{
    refusal::{Reason, Refusal},
    request_session::RequestSession,
    verified::VerifiedSession,
};

impl<S: Sync> FromRequestParts<S> for RequestSession {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        parts.extensions.get().cloned().ok_or_else(Refusal::no_layer)
    }
}

/// The session of a call: see [`RequestSession::call`].
impl<S: Sync> FromRequestParts<S> for VerifiedSession {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        RequestSession::from_request_parts(parts, state).await?.call()
    }
}

/// None if the call has no access token. An expired one is refused all the same, so that the frontend refreshes it.
impl<S: Sync> OptionalFromRequestParts<S> for VerifiedSession {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Refusal> {
        match RequestSession::from_request_parts(parts, state).await?.call() {
            Ok(session) => Ok(Some(session)),
            Err(refusal) if *refusal.reason() == Reason::Unauthorised => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.to_response::<Body>()
    }
}
