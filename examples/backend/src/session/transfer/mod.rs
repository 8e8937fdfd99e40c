//! Token transfer: what each generation of the protocol reads from requests and writes to responses.

mod current;
mod headers;
mod older;

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Issued;
use super::tokens::{AccessInfo, AccessPayload, UncheckedAccess};
use crate::error::ApiError;
use crate::options::Generation;

use current::Current;
use older::Older;

/// The implementation of a generation.
pub(crate) fn of(generation: Generation) -> &'static dyn Transfer {
    match generation {
        Generation::Older => &Older,
        Generation::Current => &Current,
    }
}

/// The transfer method of a session's tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Cookies that scripts can't read.
    Cookie,
    /// Headers, whose tokens the frontend stores.
    Header,
}

/// The parts that differ between generations.
pub(crate) trait Transfer: Send + Sync {
    /// The request headers that CORS allows for other origins.
    fn allowed_headers(&self) -> &'static str;

    /// The response headers that CORS exposes to other origins.
    fn exposed_headers(&self) -> &'static str;

    /// The transfer method of this sign-in.
    fn wanted_mode(&self, request: &HeaderMap) -> Mode;

    /// The request's access token.
    fn access_token(&self, request: &HeaderMap) -> Result<(UncheckedAccess, Mode), ApiError>;

    /// The request's refresh token.
    fn refresh_token<'a>(&self, request: &'a HeaderMap) -> Result<(&'a str, Mode), ApiError>;

    /// The part of an access token's payload that pages can read.
    fn payload(&self, payload: &AccessPayload) -> Value;

    /// Writes new tokens to the response.
    fn attach(&self, response: &mut HeaderMap, issued: &Issued, mode: Mode);

    /// Writes the tokens of a sign-in or a refresh, and clears all others.
    fn attach_alone(&self, response: &mut HeaderMap, request: &HeaderMap, issued: &Issued, mode: Mode);

    /// Whether a sign-out without a valid session is an error.
    fn sign_out_takes_session(&self, request: &HeaderMap) -> bool;

    /// Writes the end of the session after a sign-out. `renewed` are the tokens that the request would have got.
    fn sign_out(&self, response: &mut HeaderMap, renewed: Option<&Issued>, mode: Mode);

    /// Whether the client must clear its tokens on this error.
    fn ends_session(&self, error: &ApiError) -> bool;

    /// Clears the client's tokens of all transfer methods.
    fn clear_everywhere(&self, response: &mut HeaderMap);

    /// Completes the response to a refresh, after a success and after an error.
    fn finish_refresh(&self, request: &HeaderMap, response: &mut Response);

    /// The response to a rejected request.
    fn refuse(&self, error: ApiError) -> Response {
        let ends_session = self.ends_session(&error);
        let mut response = error.into_response();
        if ends_session {
            self.clear_everywhere(response.headers_mut());
        }
        response
    }

    /// The access token's public half.
    fn front_token(&self, access: &AccessInfo) -> String {
        let payload = &access.payload;
        let front = json!({ "uid": payload.sub, "ate": access.expires_at(), "up": self.payload(payload) });
        STANDARD.encode(front.to_string())
    }
}
