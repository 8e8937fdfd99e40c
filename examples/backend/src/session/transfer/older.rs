//! The older generation: three cookies, and `id-refresh-token` says what became of the session.
//!
//! Behaves as supertokens-node 12.1.7 does where it asks the database about each access token.

use axum::http::{HeaderMap, HeaderName};
use axum::response::Response;
use serde_json::Value;

use super::headers::{
    ACCESS_COOKIE, ANTI_CSRF, FRONT_TOKEN, ID_REFRESH_COOKIE, REFRESH_COOKIE, REFRESH_PATH, clear_cookie,
    cookies, put, set_cookie,
};
use super::{Mode, Transfer};
use crate::error::ApiError;
use crate::session::Issued;
use crate::session::tokens::{AccessPayload, UncheckedAccess};

const ID_REFRESH_TOKEN: HeaderName = HeaderName::from_static("id-refresh-token");

/// See the module.
pub(super) struct Older;

impl Transfer for Older {
    /// The SDK leaves `st-auth-mode` out; an app whose frontend sends it has to add it, as this one does.
    fn allowed_headers(&self) -> &'static str {
        "content-type,rid,fdi-version,anti-csrf,st-auth-mode"
    }

    fn exposed_headers(&self) -> &'static str {
        "front-token,anti-csrf,id-refresh-token"
    }

    /// Whatever is asked for.
    fn wanted_mode(&self, _: &HeaderMap) -> Mode {
        Mode::Cookie
    }

    /// The cookie `sIdRefreshToken` says that there is a session, the other two may be missing meanwhile.
    fn access_token(&self, request: &HeaderMap) -> Result<(UncheckedAccess, Mode), ApiError> {
        if cookie(request, ID_REFRESH_COOKIE).is_none() {
            return Err(ApiError::Unauthorised);
        }
        // Browsers drop this cookie when the token expires.
        let token = cookie(request, ACCESS_COOKIE).and_then(UncheckedAccess::parse);
        Ok((token.ok_or(ApiError::TryRefresh)?, Mode::Cookie))
    }

    fn refresh_token<'a>(&self, request: &'a HeaderMap) -> Result<(&'a str, Mode), ApiError> {
        match (cookie(request, ID_REFRESH_COOKIE), cookie(request, REFRESH_COOKIE)) {
            (Some(_), Some(token)) => Ok((token, Mode::Cookie)),
            _ => Err(ApiError::SessionEnded),
        }
    }

    /// Claims and what the app put in; not whose session it is, nor which.
    fn payload(&self, payload: &AccessPayload) -> Value {
        Value::Object(payload.custom.clone())
    }

    fn attach(&self, answer: &mut HeaderMap, issued: &Issued, _: Mode) {
        put(answer, FRONT_TOKEN, &self.front_token(&issued.info));
        set_cookie(answer, ACCESS_COOKIE, issued.access.reveal(), "/", issued.info.expires_at);
        let Some(refresh) = &issued.refresh else { return };
        let expires_at = refresh.expires_at;
        set_cookie(answer, REFRESH_COOKIE, refresh.token.reveal(), REFRESH_PATH, expires_at);
        set_cookie(answer, ID_REFRESH_COOKIE, &refresh.id, "/", expires_at);
        put(answer, ID_REFRESH_TOKEN, &format!("{};{expires_at}", refresh.id));
        if let Some(token) = &refresh.anti_csrf {
            put(answer, ANTI_CSRF, token.reveal());
        }
    }

    fn attach_alone(&self, answer: &mut HeaderMap, _: &HeaderMap, issued: &Issued, mode: Mode) {
        self.attach(answer, issued, mode);
    }

    /// Only a client that is known to refresh is told to, and only where there is something to refresh.
    fn sign_out_takes_session(&self, request: &HeaderMap) -> bool {
        let can_refresh = request.contains_key("rid");
        cookie(request, ID_REFRESH_COOKIE).is_some()
            && (can_refresh || cookie(request, ACCESS_COOKIE).is_some())
    }

    /// With the front token of the session that is over, where the request was the first after a refresh.
    fn sign_out(&self, answer: &mut HeaderMap, renewed: Option<&Issued>, _: Mode) {
        if let Some(issued) = renewed {
            put(answer, FRONT_TOKEN, &self.front_token(&issued.info));
        }
        self.clear_everywhere(answer);
    }

    fn ends_session(&self, error: &ApiError) -> bool {
        matches!(error, ApiError::SessionEnded | ApiError::Revoked | ApiError::TokenTheft)
    }

    fn clear_everywhere(&self, answer: &mut HeaderMap) {
        clear_cookie(answer, ACCESS_COOKIE, "/");
        clear_cookie(answer, REFRESH_COOKIE, REFRESH_PATH);
        clear_cookie(answer, ID_REFRESH_COOKIE, "/");
        put(answer, ID_REFRESH_TOKEN, "remove");
    }

    fn finish_refresh(&self, _: &HeaderMap, _: &mut Response) {}
}

/// Of several with this name the first, which is the one with the longest path.
fn cookie<'a>(request: &'a HeaderMap, name: &str) -> Option<&'a str> {
    cookies(request, name).first().copied()
}
