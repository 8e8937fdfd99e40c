//! Cookies and headers, and the names that both generations use.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::clock::http_date;

pub(super) const ACCESS_COOKIE: &str = "sAccessToken";
pub(super) const REFRESH_COOKIE: &str = "sRefreshToken";
/// The older generation's third cookie, which says that there is a session. The current generation clears it.
pub(super) const ID_REFRESH_COOKIE: &str = "sIdRefreshToken";
/// The only path to which browsers send refresh tokens.
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

pub(super) fn set_cookie(response: &mut HeaderMap, name: &str, value: &str, path: &str, expires_at: u64) {
    let expires = http_date(expires_at);
    let cookie = format!("{name}={value}; Path={path}; Expires={expires}; HttpOnly; SameSite=Lax");
    if let Ok(value) = HeaderValue::try_from(cookie) {
        response.append(SET_COOKIE, value);
    }
}

pub(super) fn clear_cookie(response: &mut HeaderMap, name: &str, path: &str) {
    set_cookie(response, name, "", path, 0);
}

/// Tokens are base64, dots and hyphens, so they are always valid header values.
pub(super) fn put(response: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.insert(name, value);
    }
}
