//! The origins of the API and of the website, for links in mails and redirects.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN, REFERER};
use url::Url;

use crate::cors::is_allowed;
use crate::options::Options;

/// The API's own origin. The `Host` header counts only where it is allowed, since anybody can send any.
pub(crate) fn api(options: &Options, headers: &HeaderMap) -> String {
    if let Some(domain) = &options.domain {
        return domain.trim_end_matches('/').to_owned();
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    host.map(|host| format!("http://{host}"))
        .filter(|origin| is_allowed(&options.allowed_origins, origin))
        .unwrap_or_else(|| format!("http://localhost:{}", options.address.port()))
}

/// The origin of the page that sent the request, or the API's own if no allowed page did.
pub(crate) fn website(options: &Options, headers: &HeaderMap) -> String {
    let origin = |name| {
        let url = Url::parse(headers.get(name)?.to_str().ok()?).ok()?;
        allowed_origin(options, headers, &url)
    };
    origin(ORIGIN).or_else(|| origin(REFERER)).unwrap_or_else(|| api(options, headers))
}

/// The URL's origin, if it is the API's own or may call the API.
pub(crate) fn allowed_origin(options: &Options, headers: &HeaderMap, url: &Url) -> Option<String> {
    let origin = url.origin().ascii_serialization();
    (is_allowed(&options.allowed_origins, &origin) || origin == api(options, headers)).then_some(origin)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(axum::http::HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn links_lead_to_allowed_pages_only() {
        let options = Options { address: ([127, 0, 0, 1], 3001).into(), ..Options::default() };
        for (pairs, expected) in [
            (&[][..], "http://localhost:3001"),
            (&[(HOST, "127.0.0.1:9")], "http://127.0.0.1:9"),
            (&[(HOST, "evil.example")], "http://localhost:3001"),
            (&[(ORIGIN, "http://localhost:8080")], "http://localhost:8080"),
            (&[(ORIGIN, "https://evil.example")], "http://localhost:3001"),
            (&[(ORIGIN, "null")], "http://localhost:3001"),
            (&[(REFERER, "http://localhost:8080/login?a=b")], "http://localhost:8080"),
            (&[(REFERER, "https://evil.example/")], "http://localhost:3001"),
        ] {
            assert_eq!(website(&options, &headers(pairs)), expected, "{pairs:?}");
        }
        let options = Options { domain: Some("https://api.example/".to_owned()), ..options };
        assert_eq!(website(&options, &headers(&[(HOST, "localhost:1")])), "https://api.example");
    }
}
