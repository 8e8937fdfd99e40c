//! The pure work of a request: `cargo bench -p supertokens-session`.
#![allow(missing_docs, reason = "criterion's macros make a function without any")]
#![allow(clippy::unwrap_used)]

/// There is nothing to measure: a browser has `cargo xtask bench`.
#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
mod native {

    use std::{any::Any, collections::BTreeMap, hint::black_box};

    use base64::prelude::{BASE64_STANDARD, Engine};
    use criterion::{Criterion, criterion_group};
    use supertokens_session::{
        AccessToken, AntiCsrfToken, FrontToken, Headers, SessionConfig, TokenTransferMethod,
        internal::{request_headers, response_headers::SessionHeaders},
        platform::{
            Body, LocalBoxFuture, Method, StoredSession, TransportError, TransportRequest, TransportResponse,
        },
    };

    /// A front token whose payload has about this many bytes, in many claims.
    fn front_token(bytes: usize) -> String {
        let claims: Vec<_> = (0..bytes / 12).map(|n| format!("\"claim:{n:03}\"")).collect();
        let json = format!(
            r#"{{"uid":"7f9c6a52-1b1e-4a35-b8ad-000000000001","ate":1900000000000,"up":{{"iat":1800000000,"sub":"u","sessionHandle":"h","st-role":{{"v":["admin"],"t":1}},"claims":[{}]}}}}"#,
            claims.join(",")
        );
        BASE64_STANDARD.encode(json)
    }

    struct BenchResponse(BTreeMap<&'static str, String>);

    impl TransportResponse for BenchResponse {
        fn status(&self) -> u16 {
            200
        }

        fn header(&self, name: &str) -> Option<String> {
            self.0.get(name).cloned()
        }

        fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
            Box::pin(async { Ok(Vec::new()) })
        }

        fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
            Box::pin(async { Ok(Vec::new()) })
        }

        fn as_any(&self) -> &dyn Any {
            self
        }
    }

    fn outgoing_headers(c: &mut Criterion) {
        let config = SessionConfig::builder("https://api.example.com")
            .token_transfer_method(TokenTransferMethod::Header)
            .build()
            .unwrap();
        let request = TransportRequest {
            method: Method::Get,
            url: config.resolve("/orders").unwrap(),
            headers: Headers::new(),
            body: Body::Empty,
            credentials: None,
        };
        let stored = StoredSession {
            anti_csrf: AntiCsrfToken::parse("0b2b2b2b-8f8f-4f4f-9a9a-000000000001").ok(),
            access: AccessToken::parse(&"a".repeat(600)).ok(),
            ..StoredSession::default()
        };
        c.bench_function("headers out, header mode", |b| {
            b.iter(|| {
                let mut request = request.clone();
                request_headers::add_session(&mut request, black_box(&stored), &config);
                request
            });
        });
    }

    fn incoming_headers(c: &mut Criterion) {
        let ordinary = BenchResponse(BTreeMap::new());
        c.bench_function("headers in, nothing of the session", |b| {
            b.iter(|| SessionHeaders::read(black_box(&ordinary)));
        });
        let refreshed = BenchResponse(BTreeMap::from([
            ("front-token", front_token(300)),
            ("st-access-token", "a".repeat(600)),
            ("st-refresh-token", "r".repeat(200)),
            ("anti-csrf", "0b2b2b2b-8f8f-4f4f-9a9a-000000000001".to_owned()),
        ]));
        c.bench_function("headers in, a refresh", |b| b.iter(|| SessionHeaders::read(black_box(&refreshed))));
    }

    fn front_tokens(c: &mut Criterion) {
        for (what, bytes) in [("0.3 kB", 0), ("3 kB", 2_800)] {
            let text = front_token(bytes);
            c.bench_function(&format!("a front token of {what}"), |b| {
                b.iter(|| FrontToken::decode(black_box(&text)));
            });
        }
    }

    fn urls(c: &mut Criterion) {
        let config = SessionConfig::builder("https://api.example.com").build().unwrap();
        for (what, url) in [
            ("ours, a path", "/orders/7?page=2"),
            ("ours, absolute", "https://api.example.com/orders/7?page=2"),
            ("not ours", "https://files.example.org/orders/7?page=2"),
        ] {
            c.bench_function(&format!("is the URL {what}"), |b| {
                b.iter(|| config.resolve(black_box(url)).map(|url| config.is_api_url(&url)));
            });
        }
    }

    criterion_group!(benches, outgoing_headers, incoming_headers, front_tokens, urls);
}

#[cfg(not(target_arch = "wasm32"))]
criterion::criterion_main!(native::benches);
