//! Cookies and headers, and the names that both generations use.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::clock::http_date;

pub(super) const ACCESS_COOKIE: &str = "sAccessToken";
pub(super) const REFRESH_COOKIE: &str = "sRefreshToken";
/// The older generation's third cookie: there is a session. The current one clears it away.
pub(super) const ID_REFRESH_COOKIE: &str = "sIdRefreshToken";
/// Refresh tokens go nowhere else.
pub(super) const REFRESH_PATH: &str = "/auth/session/refresh";

pub(super) const FRONT_TOKEN: HeaderName = HeaderName::from_static("front-token");
pub(super) const ANTI_CSRF: HeaderName = HeaderName::from_static("anti-csrf");

/// The values of all cookies of this name.
pub(super) fn cookies<'a>(request: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    request
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value)
        .collect()
}

pub(super) fn set_cookie(answer: &mut HeaderMap, name: &str, value: &str, path: &str, expires_at: u64) {
    let expires = http_date(expires_at);
    let cookie = format!("{name}={value}; Path={path}; Expires={expires}; HttpOnly; SameSite=Lax");
    if let Ok(value) = HeaderValue::try_from(cookie) {
        answer.append(SET_COOKIE, value);
    }
}

pub(super) fn clear_cookie(answer: &mut HeaderMap, name: &str, path: &str) {
    set_cookie(answer, name, "", path, 0);
}

/// Tokens are base64, dots and hyphens, so the value is always one that a header can have.
pub(super) fn put(answer: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        answer.insert(name, value);
    }
}
