use std::sync::Arc;

use http::{StatusCode, header, request::Parts};
use supertokens_server::{PageSession, RequestSession};
use supertokens_session::{Origin, Url};

use super::request::{PageRequest, ServerRequest};
use crate::snapshot::Snapshot;

impl ServerRequest {
    /// The request whose session a `SessionLayer` has verified. `None` without that layer.
    pub fn new(parts: &Parts) -> Option<Self> {
        let session = parts.extensions.get().cloned()?;
        Some(Self(Arc::new(Verified { session, origin: origin(parts) })))
    }
}

struct Verified {
    session: RequestSession,
    origin: Option<Origin>,
}

impl PageRequest for Verified {
    fn snapshot(&self) -> Snapshot {
        match self.session.page() {
            PageSession::Authenticated(verified) => {
                verified.front_token().cloned().map_or_else(Snapshot::default, Snapshot::authenticated)
            }
            PageSession::SignedOut | PageSession::NotTrusted => Snapshot::unauthenticated(),
            _ => Snapshot::default(),
        }
    }

    fn origin(&self) -> Option<Origin> {
        self.origin.clone()
    }

    fn redirect(&self, location: &str) {
        self.session.redirect(location);
    }

    fn deny(&self) {
        self.session.set_status(StatusCode::FORBIDDEN);
    }
}

/// The origin as the browser sees it. A proxy in front of the server sends the forwarded headers.
fn origin(Parts { headers, uri, .. }: &Parts) -> Option<Origin> {
    let header = |name: &str| {
        let text = headers.get(name)?.to_str().ok()?;
        text.split(',').next().map(str::trim)
    };
    // HTTP/2 has no `host` header.
    let authority = uri.authority().map(|authority| authority.as_str());
    let host = header("x-forwarded-host").or_else(|| header(header::HOST.as_str())).or(authority)?;
    let scheme = header("x-forwarded-proto").unwrap_or("http");
    Url::parse(&format!("{scheme}://{host}")).ok().map(|url| url.origin().clone())
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn the_origin_is_what_the_browser_sees() {
        for (headers, expected) in [
            (&[("host", "localhost:3000")][..], Some("http://localhost:3000")),
            (
                &[
                    ("host", "10.0.0.1"),
                    ("x-forwarded-host", "app.example.com"),
                    ("x-forwarded-proto", "https"),
                ],
                Some("https://app.example.com"),
            ),
            (&[("host", "a.example"), ("x-forwarded-proto", "https, http")], Some("https://a.example")),
            (&[("host", "a b")], None),
            (&[("host", "a.example"), ("x-forwarded-proto", "javascript")], None),
            (&[], None),
        ] {
            let mut request = Request::builder().uri("/orders");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            assert_eq!(text(request), expected.map(str::to_owned));
        }
        let http2 = Request::builder().uri("http://app.example.com/orders");
        assert_eq!(text(http2).as_deref(), Some("http://app.example.com"));
    }

    fn text(request: http::request::Builder) -> Option<String> {
        let (parts, ()) = request.body(()).unwrap().into_parts();
        origin(&parts).map(|origin| origin.to_string())
    }
}
