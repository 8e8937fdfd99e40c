//! The older generation: three cookies, and the header `id-refresh-token`.
//!
//! It behaves like supertokens-node 12.1.7 with a database check of each access token.

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

/// The older generation.
pub(super) struct Older;

impl Transfer for Older {
    /// The SDK does not list `st-auth-mode`, so an app whose frontend sends it must add it.
    fn allowed_headers(&self) -> &'static str {
        "content-type,rid,fdi-version,anti-csrf,st-auth-mode"
    }

    fn exposed_headers(&self) -> &'static str {
        "front-token,anti-csrf,id-refresh-token"
    }

    /// Always cookies.
    fn wanted_mode(&self, _: &HeaderMap) -> Mode {
        Mode::Cookie
    }

    /// The cookie `sIdRefreshToken` says that there is a session, even if the other two are missing.
    fn access_token(&self, request: &HeaderMap) -> Result<(UncheckedAccess, Mode), ApiError> {
        if cookie(request, ID_REFRESH_COOKIE).is_none() {
            return Err(ApiError::Unauthorised);
        }
        // Browsers delete this cookie when the token expires.
        let token = cookie(request, ACCESS_COOKIE).and_then(UncheckedAccess::parse);
        Ok((token.ok_or(ApiError::TryRefresh)?, Mode::Cookie))
    }

    fn refresh_token<'a>(&self, request: &'a HeaderMap) -> Result<(&'a str, Mode), ApiError> {
        match (cookie(request, ID_REFRESH_COOKIE), cookie(request, REFRESH_COOKIE)) {
            (Some(_), Some(token)) => Ok((token, Mode::Cookie)),
            _ => Err(ApiError::SessionEnded),
        }
    }

    /// The claims and the app's own fields, but not the ids of user and session.
    fn payload(&self, payload: &AccessPayload) -> Value {
        Value::Object(payload.custom.clone())
    }

    fn attach(&self, response: &mut HeaderMap, issued: &Issued, _: Mode) {
        put(response, FRONT_TOKEN, &self.front_token(&issued.info));
        set_cookie(response, ACCESS_COOKIE, issued.access.reveal(), "/", issued.info.expires_at());
        let Some(refresh) = &issued.refresh else { return };
        let expires_at = refresh.expires_at;
        set_cookie(response, REFRESH_COOKIE, refresh.token.reveal(), REFRESH_PATH, expires_at);
        set_cookie(response, ID_REFRESH_COOKIE, &refresh.id, "/", expires_at);
        put(response, ID_REFRESH_TOKEN, &format!("{};{expires_at}", refresh.id));
        if let Some(token) = &refresh.anti_csrf {
            put(response, ANTI_CSRF, token.reveal());
        }
    }

    fn attach_alone(&self, response: &mut HeaderMap, _: &HeaderMap, issued: &Issued, mode: Mode) {
        self.attach(response, issued, mode);
    }

    /// Only a client that can refresh, and that has a session, gets a response that asks for it.
    fn sign_out_takes_session(&self, request: &HeaderMap) -> bool {
        let can_refresh = request.contains_key("rid");
        cookie(request, ID_REFRESH_COOKIE).is_some()
            && (can_refresh || cookie(request, ACCESS_COOKIE).is_some())
    }

    /// Includes the ended session's front token if the request was the first after a refresh.
    fn sign_out(&self, response: &mut HeaderMap, renewed: Option<&Issued>, _: Mode) {
        if let Some(issued) = renewed {
            put(response, FRONT_TOKEN, &self.front_token(&issued.info));
        }
        self.clear_everywhere(response);
    }

    fn ends_session(&self, error: &ApiError) -> bool {
        matches!(error, ApiError::SessionEnded | ApiError::Revoked | ApiError::TokenTheft)
    }

    fn clear_everywhere(&self, response: &mut HeaderMap) {
        clear_cookie(response, ACCESS_COOKIE, "/");
        clear_cookie(response, REFRESH_COOKIE, REFRESH_PATH);
        clear_cookie(response, ID_REFRESH_COOKIE, "/");
        put(response, ID_REFRESH_TOKEN, "remove");
    }

    fn finish_refresh(&self, _: &HeaderMap, _: &mut Response) {}
}

/// The first of several cookies with this name, which is the one with the longest path.
fn cookie<'a>(request: &'a HeaderMap, name: &str) -> Option<&'a str> {
    cookies(request, name).first().copied()
}
