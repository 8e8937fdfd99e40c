//! The current generation: tokens in cookies or headers, as the sign-in asks, and a front token.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::headers::{
    ACCESS_COOKIE, ANTI_CSRF, FRONT_TOKEN, ID_REFRESH_COOKIE, REFRESH_COOKIE, REFRESH_PATH, clear_cookie,
    cookies, put, set_cookie,
};
use super::{Mode, Transfer};
use crate::clock::now_ms;
use crate::error::ApiError;
use crate::session::Issued;
use crate::session::tokens::{AccessPayload, UncheckedAccess};

/// The lifetime of the access token's cookie: a year, since the token has its own expiry.
const ACCESS_COOKIE_MS: u64 = 365 * 24 * 3_600_000;

const ACCESS_HEADER: HeaderName = HeaderName::from_static("st-access-token");
const REFRESH_HEADER: HeaderName = HeaderName::from_static("st-refresh-token");

/// The current generation.
pub(super) struct Current;

impl Transfer for Current {
    fn allowed_headers(&self) -> &'static str {
        "content-type,authorization,rid,fdi-version,anti-csrf,st-auth-mode"
    }

    fn exposed_headers(&self) -> &'static str {
        "front-token,anti-csrf,st-access-token,st-refresh-token"
    }

    fn wanted_mode(&self, request: &HeaderMap) -> Mode {
        let wanted = request.get("st-auth-mode").and_then(|value| value.to_str().ok());
        if wanted.is_some_and(|wanted| wanted.eq_ignore_ascii_case("header")) {
            Mode::Header
        } else {
            Mode::Cookie
        }
    }

    /// The header's token if it has the form of an access token, otherwise the cookie's.
    fn access_token(&self, request: &HeaderMap) -> Result<(UncheckedAccess, Mode), ApiError> {
        if comes_from_older(request) {
            return Err(ApiError::TryRefresh);
        }
        if let Some(token) = bearer(request).and_then(UncheckedAccess::parse) {
            return Ok((token, Mode::Header));
        }
        let cookies = cookies(request, ACCESS_COOKIE);
        let token = cookies.first().and_then(|text| UncheckedAccess::parse(text));
        match token {
            Some(_) if cookies.len() > 1 => Err(ApiError::TryRefresh),
            Some(token) => Ok((token, Mode::Cookie)),
            None => Err(ApiError::Unauthorised),
        }
    }

    /// The header's token if there is one, otherwise the cookie's.
    fn refresh_token<'a>(&self, request: &'a HeaderMap) -> Result<(&'a str, Mode), ApiError> {
        let refresh = cookies(request, REFRESH_COOKIE);
        if refresh.len() > 1 || cookies(request, ACCESS_COOKIE).len() > 1 {
            return Err(ApiError::DuplicateCookies);
        }
        if let Some(token) = bearer(request) {
            return Ok((token, Mode::Header));
        }
        match refresh.first() {
            Some(token) if !token.is_empty() => Ok((token, Mode::Cookie)),
            _ => Err(ApiError::SessionEnded),
        }
    }

    fn payload(&self, payload: &AccessPayload) -> Value {
        json!(payload)
    }

    fn attach(&self, response: &mut HeaderMap, issued: &Issued, mode: Mode) {
        put(response, FRONT_TOKEN, &self.front_token(&issued.info));
        let access = issued.access.reveal();
        match mode {
            Mode::Cookie => set_cookie(response, ACCESS_COOKIE, access, "/", now_ms() + ACCESS_COOKIE_MS),
            Mode::Header => put(response, ACCESS_HEADER, access),
        }
        let Some(refresh) = &issued.refresh else { return };
        let token = refresh.token.reveal();
        match mode {
            Mode::Cookie => set_cookie(response, REFRESH_COOKIE, token, REFRESH_PATH, refresh.expires_at),
            Mode::Header => put(response, REFRESH_HEADER, token),
        }
        if let Some(token) = &refresh.anti_csrf {
            put(response, ANTI_CSRF, token.reveal());
        }
    }

    /// Clears the request's tokens of the other transfer method, so that the client has one set.
    fn attach_alone(&self, response: &mut HeaderMap, request: &HeaderMap, issued: &Issued, mode: Mode) {
        let is_set = |name: &&str| !cookies(request, name).is_empty();
        match mode {
            Mode::Cookie if bearer(request).is_some() => clear(response, Mode::Header),
            Mode::Header if [ACCESS_COOKIE, REFRESH_COOKIE].iter().any(is_set) => {
                clear(response, Mode::Cookie)
            }
            _ => {}
        }
        self.attach(response, issued, mode);
    }

    fn sign_out_takes_session(&self, _: &HeaderMap) -> bool {
        true
    }

    fn sign_out(&self, response: &mut HeaderMap, _: Option<&Issued>, mode: Mode) {
        clear(response, mode);
    }

    fn ends_session(&self, error: &ApiError) -> bool {
        matches!(error, ApiError::SessionEnded | ApiError::Unproven | ApiError::TokenTheft)
    }

    fn clear_everywhere(&self, response: &mut HeaderMap) {
        clear(response, Mode::Cookie);
        clear(response, Mode::Header);
    }

    /// Moves a session of the older generation to this one.
    fn finish_refresh(&self, request: &HeaderMap, response: &mut Response) {
        if response.status() != StatusCode::INTERNAL_SERVER_ERROR && comes_from_older(request) {
            clear_cookie(response.headers_mut(), ID_REFRESH_COOKIE, "/");
        }
    }
}

/// Clears the client's tokens of this transfer method.
fn clear(response: &mut HeaderMap, mode: Mode) {
    put(response, FRONT_TOKEN, "remove");
    match mode {
        Mode::Cookie => {
            clear_cookie(response, ACCESS_COOKIE, "/");
            clear_cookie(response, REFRESH_COOKIE, REFRESH_PATH);
        }
        Mode::Header => {
            put(response, ACCESS_HEADER, "");
            put(response, REFRESH_HEADER, "");
        }
    }
}

/// Whether the session's last refresh was on a server of the older generation.
fn comes_from_older(request: &HeaderMap) -> bool {
    !cookies(request, ID_REFRESH_COOKIE).is_empty()
}

fn bearer(request: &HeaderMap) -> Option<&str> {
    let token = request.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?.trim();
    (!token.is_empty()).then_some(token)
}
