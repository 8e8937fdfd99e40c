//! How tokens travel: what each generation of the protocol reads from requests and writes into answers.

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

/// What a generation does.
pub(crate) fn of(generation: Generation) -> &'static dyn Transfer {
    match generation {
        Generation::Older => &Older,
        Generation::Current => &Current,
    }
}

/// Where a session's tokens travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// In cookies that no script can read.
    Cookie,
    /// In headers, stored by the frontend.
    Header,
}

/// All that one generation does in its own way.
pub(crate) trait Transfer: Send + Sync {
    /// The headers that pages of other origins may send, as CORS lists them.
    fn allowed_headers(&self) -> &'static str;

    /// The headers that they may read.
    fn exposed_headers(&self) -> &'static str;

    /// Where the tokens of this sign-in are to travel.
    fn wanted_mode(&self, request: &HeaderMap) -> Mode;

    /// The request's access token.
    fn access_token(&self, request: &HeaderMap) -> Result<(UncheckedAccess, Mode), ApiError>;

    /// The request's refresh token.
    fn refresh_token<'a>(&self, request: &'a HeaderMap) -> Result<(&'a str, Mode), ApiError>;

    /// What a page sees of an access token's payload.
    fn payload(&self, payload: &AccessPayload) -> Value;

    /// Hands out new tokens.
    fn attach(&self, answer: &mut HeaderMap, issued: &Issued, mode: Mode);

    /// Hands out the tokens of a sign-in or a refresh. The client is left with these alone.
    fn attach_alone(&self, answer: &mut HeaderMap, request: &HeaderMap, issued: &Issued, mode: Mode);

    /// Whether a request without a good session may not sign out.
    fn sign_out_takes_session(&self, request: &HeaderMap) -> bool;

    /// Says that the session is over because the user left. `renewed` is what the request would have had else.
    fn sign_out(&self, answer: &mut HeaderMap, renewed: Option<&Issued>, mode: Mode);

    /// Whether the client is to forget its tokens with this error.
    fn ends_session(&self, error: &ApiError) -> bool;

    /// Makes the client forget all tokens, however they travel.
    fn clear_everywhere(&self, answer: &mut HeaderMap);

    /// The last touch on the answer to a refresh, whatever became of that.
    fn finish_refresh(&self, request: &HeaderMap, answer: &mut Response);

    /// The answer to a request that is refused.
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
        let front = json!({ "uid": payload.sub, "ate": access.expires_at, "up": self.payload(payload) });
        STANDARD.encode(front.to_string())
    }
}
