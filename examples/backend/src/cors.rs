//! The CORS rules: which origins may call the API, and which headers they may send and read.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_EXPOSE_HEADERS, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::state::App;

/// Allows requests with credentials from these origins. Without origins, it allows all loopback origins of any port.
pub(crate) fn layer(allowed_origins: &[String]) -> CorsLayer {
    let allowed = allowed_origins.to_vec();
    let is_allowed =
        move |origin: &HeaderValue, _: &_| origin.to_str().is_ok_and(|origin| is_allowed(&allowed, origin));
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(is_allowed))
        .allow_credentials(true)
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
        ])
        .max_age(Duration::from_secs(600))
}

/// Adds the headers that depend on the generation: which headers pages may send, and which they may read.
pub(crate) async fn name_headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let transfer = app.transfer();
    let (name, list) = match *request.method() {
        Method::OPTIONS => (ACCESS_CONTROL_ALLOW_HEADERS, transfer.allowed_headers()),
        _ => (ACCESS_CONTROL_EXPOSE_HEADERS, transfer.exposed_headers()),
    };
    let mut response = next.run(request).await;
    response.headers_mut().insert(name, HeaderValue::from_static(list));
    response
}

/// Whether a page may open a WebSocket, for which browsers check no CORS: a page of an allowed origin or of the API's
/// own. Programs other than browsers send no origin, and only their own cookies.
pub(crate) fn may_connect(allowed_origins: &[String], handshake: &HeaderMap) -> bool {
    let Some(origin) = handshake.get(ORIGIN) else { return true };
    let host = handshake.get(HOST).and_then(|host| host.to_str().ok());
    let Ok(origin) = origin.to_str() else { return false };
    let is_own = origin.split_once("://").map(|(_, own)| own) == host;
    (is_own && host.is_some()) || is_allowed(allowed_origins, origin)
}

/// Whether pages of this origin may call the API. Without origins, all loopback origins may.
pub(crate) fn is_allowed(allowed: &[String], origin: &str) -> bool {
    match allowed {
        [] => is_loopback(origin),
        _ => allowed.iter().any(|one| one == origin),
    }
}

fn is_loopback(origin: &str) -> bool {
    let Some(rest) = origin.strip_prefix("http://") else { return false };
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| {
        rest.strip_prefix(host).is_some_and(|port| {
            port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_other_sites_open_no_websocket() {
        let handshake = |origin: Option<&'static str>| {
            let headers = [(HOST, Some("api.example:3001")), (ORIGIN, origin)];
            HeaderMap::from_iter(
                headers
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, HeaderValue::from_static(value?)))),
            )
        };
        let allowed = ["https://app.example".to_owned()];
        for origin in [None, Some("https://app.example"), Some("http://api.example:3001")] {
            assert!(may_connect(&allowed, &handshake(origin)), "{origin:?}");
        }
        for origin in ["https://evil.example", "http://api.example", "null", "http://localhost:3000", ""] {
            assert!(!may_connect(&allowed, &handshake(Some(origin))), "{origin}");
        }
        assert!(may_connect(&[], &handshake(Some("http://localhost:3000"))));
        assert!(!may_connect(&[], &HeaderMap::from_iter([(ORIGIN, HeaderValue::from_static("null"))])));
    }

    #[test]
    fn only_loopback_origins_pass_by_default() {
        for origin in ["http://localhost:8080", "http://127.0.0.1:1", "http://[::1]:3000", "http://localhost"]
        {
            assert!(is_loopback(origin), "{origin}");
        }
        for origin in [
            "http://localhost.evil.example",
            "http://localhost:8080.evil.example",
            "http://localhost:",
            "http://127.0.0.1@evil.example",
            "http://evil.example",
            "https://localhost:8080",
            "null",
        ] {
            assert!(!is_loopback(origin), "{origin}");
        }
    }
}
