//! How tokens travel: as httpOnly cookies, or in headers.

use axum::http::header::{AUTHORIZATION, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::Issued;
use super::tokens::UncheckedAccess;
use crate::clock::{http_date, now_ms};
use crate::error::ApiError;

/// How long a refresh token is good for: 100 days.
pub(crate) const REFRESH_LIFETIME_MS: u64 = 100 * 24 * 3_600_000;
/// How long a browser keeps the access token's cookie: a year, since the token says itself when it expires.
const ACCESS_COOKIE_MS: u64 = 365 * 24 * 3_600_000;

const ACCESS_COOKIE: &str = "sAccessToken";
const REFRESH_COOKIE: &str = "sRefreshToken";
const LEGACY_COOKIE: &str = "sIdRefreshToken";
const REFRESH_PATH: &str = "/auth/session/refresh";

const FRONT_TOKEN: HeaderName = HeaderName::from_static("front-token");
const ACCESS_HEADER: HeaderName = HeaderName::from_static("st-access-token");
const REFRESH_HEADER: HeaderName = HeaderName::from_static("st-refresh-token");
const ANTI_CSRF: HeaderName = HeaderName::from_static("anti-csrf");

/// Where a session's tokens travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// In cookies that no script can read.
    Cookie,
    /// In headers, kept by the frontend.
    Header,
}

impl Mode {
    /// What a sign-in asks for.
    pub(crate) fn wanted(headers: &HeaderMap) -> Self {
        let wanted = headers.get("st-auth-mode").and_then(|value| value.to_str().ok());
        if wanted.is_some_and(|wanted| wanted.eq_ignore_ascii_case("header")) {
            Self::Header
        } else {
            Self::Cookie
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Cookie => Self::Header,
            Self::Header => Self::Cookie,
        }
    }
}

/// The request's access token: the header's, where that is one of ours, else the cookie's.
pub(crate) fn access_token(headers: &HeaderMap) -> Result<(UncheckedAccess, Mode), ApiError> {
    if has_legacy_cookie(headers) {
        return Err(ApiError::TryRefresh);
    }
    if let Some(token) = bearer(headers).and_then(UncheckedAccess::parse) {
        return Ok((token, Mode::Header));
    }
    let cookies = cookies(headers, ACCESS_COOKIE);
    let token = cookies.first().and_then(|text| UncheckedAccess::parse(text));
    match token {
        Some(_) if cookies.len() > 1 => Err(ApiError::TryRefresh),
        Some(token) => Ok((token, Mode::Cookie)),
        None => Err(ApiError::Unauthorised),
    }
}

/// The request's refresh token: the header's where there is one, else the cookie's.
pub(crate) fn refresh_token(headers: &HeaderMap) -> Result<(&str, Mode), ApiError> {
    let cookies = cookies(headers, REFRESH_COOKIE);
    if cookies.len() > 1 || self::cookies(headers, ACCESS_COOKIE).len() > 1 {
        return Err(ApiError::DuplicateCookies);
    }
    if let Some(token) = bearer(headers) {
        return Ok((token, Mode::Header));
    }
    match cookies.first() {
        Some(token) if !token.is_empty() => Ok((token, Mode::Cookie)),
        _ => Err(ApiError::SessionEnded),
    }
}

/// Whether a cookie of the oldest generation is there, which only a refresh clears away.
pub(crate) fn has_legacy_cookie(headers: &HeaderMap) -> bool {
    !cookies(headers, LEGACY_COOKIE).is_empty()
}

/// Hands out new tokens.
pub(crate) fn attach(answer: &mut HeaderMap, issued: &Issued, mode: Mode) {
    put(answer, FRONT_TOKEN, &issued.front_token);
    let access = issued.access.reveal();
    match mode {
        Mode::Cookie => set_cookie(answer, ACCESS_COOKIE, access, "/", now_ms() + ACCESS_COOKIE_MS),
        Mode::Header => put(answer, ACCESS_HEADER, access),
    }
    let Some(refresh) = &issued.refresh else { return };
    let token = refresh.token.reveal();
    match mode {
        Mode::Cookie => {
            set_cookie(answer, REFRESH_COOKIE, token, REFRESH_PATH, now_ms() + REFRESH_LIFETIME_MS);
        }
        Mode::Header => put(answer, REFRESH_HEADER, token),
    }
    if let Some(token) = &refresh.anti_csrf {
        put(answer, ANTI_CSRF, token.reveal());
    }
}

/// The same, after the tokens that the request brought in the other way are cleared: two sets would be in doubt.
pub(crate) fn attach_alone(answer: &mut HeaderMap, request: &HeaderMap, issued: &Issued, mode: Mode) {
    let brings_other = match mode {
        Mode::Cookie => bearer(request).is_some(),
        Mode::Header => [ACCESS_COOKIE, REFRESH_COOKIE].iter().any(|name| !cookies(request, name).is_empty()),
    };
    if brings_other {
        clear(answer, mode.other());
    }
    attach(answer, issued, mode);
}

/// Makes the client forget the tokens that travel in this way.
pub(crate) fn clear(answer: &mut HeaderMap, mode: Mode) {
    put(answer, FRONT_TOKEN, "remove");
    match mode {
        Mode::Cookie => {
            set_cookie(answer, ACCESS_COOKIE, "", "/", 0);
            set_cookie(answer, REFRESH_COOKIE, "", REFRESH_PATH, 0);
        }
        Mode::Header => {
            put(answer, ACCESS_HEADER, "");
            put(answer, REFRESH_HEADER, "");
        }
    }
}

/// Makes the client forget all tokens, however they travel.
pub(crate) fn clear_everywhere(answer: &mut HeaderMap) {
    clear(answer, Mode::Cookie);
    clear(answer, Mode::Header);
}

/// Makes the client forget the oldest generation's cookie.
pub(crate) fn clear_legacy_cookie(answer: &mut HeaderMap) {
    set_cookie(answer, LEGACY_COOKIE, "", "/", 0);
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let token = headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?.trim();
    (!token.is_empty()).then_some(token)
}

fn cookies<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value)
        .collect()
}

fn set_cookie(answer: &mut HeaderMap, name: &str, value: &str, path: &str, expires_at: u64) {
    let expires = http_date(expires_at);
    let cookie = format!("{name}={value}; Path={path}; Expires={expires}; HttpOnly; SameSite=Lax");
    if let Ok(value) = HeaderValue::try_from(cookie) {
        answer.append(SET_COOKIE, value);
    }
}

/// Tokens are base64, dots and hyphens, so the value is always one that a header can have.
fn put(answer: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        answer.insert(name, value);
    }
}
