//! A request of any caller, with a session in the store: the hosts that its session headers are sent to.

use std::{cell::RefCell, future::ready, rc::Rc};

use base64::prelude::{BASE64_STANDARD, Engine};
use futures_util::FutureExt;
use proptest::{collection::vec, prelude::*};
use supertokens_session::{
    AccessToken, AntiCsrfToken, FrontTokenText, Marker, RefreshToken, RequestBuilder, SessionClient,
    SessionConfig, SessionError, SessionResponse, TokenTransferMethod,
    platform::{
        Changes, LocalBoxFuture, Platform, Store, StoreError, StoredSession, Transport, TransportError,
        TransportRequest, TransportResponse,
    },
};

use crate::text::{hostile, near};

const GOOD: &[&str] = &[
    "/orders?page=2#top",
    "orders",
    "https://api.example.com/orders",
    "https://api.example.com:8443/?q=//evil.example",
    "https://evil.example/orders",
    "http://api.example.com/orders",
    "https://api.example.com.evil.example/",
    "https://b.example.com/orders",
    "https://api.example.com/x?superTokensDoNotDoInterception",
    "https://api.example.com/x#superTokensDoNotDoInterception",
    "https://api.example.com/search?q=C:\\Users#\\",
    "https://evil.example?\\@api.example.com/",
];

/// A store with a session that has not expired. It ignores writes.
struct SignedIn;

impl Store for SignedIn {
    fn read(&self) -> Result<StoredSession, StoreError> {
        let front = BASE64_STANDARD.encode(r#"{"uid":"u","ate":9999999999999,"up":{}}"#);
        Ok(StoredSession {
            front: FrontTokenText::parse(&front).ok(),
            marker: Marker::parse("1").ok(),
            anti_csrf: AntiCsrfToken::parse("s3cret-csrf").ok(),
            access: AccessToken::parse("s3cret-access").ok(),
            refresh: RefreshToken::parse("s3cret-refresh").ok(),
            ..StoredSession::default()
        })
    }

    fn write(&self, _: Changes) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A transport that records requests and returns no response.
#[derive(Default)]
struct Recorder(RefCell<Vec<TransportRequest>>);

impl Transport for Recorder {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        self.0.borrow_mut().push(request);
        Box::pin(ready(Err(TransportError::Unreachable)))
    }
}

struct Page {
    client: SessionClient,
    sent: Rc<Recorder>,
}

impl Page {
    fn new() -> Self {
        let sent = Rc::new(Recorder::default());
        let config = SessionConfig::builder("https://api.example.com")
            .token_transfer_method(TokenTransferMethod::Header)
            .build()
            .unwrap();
        let platform = Platform { store: Rc::new(SignedIn), transport: sent.clone(), ..Platform::absent() };
        Self { client: SessionClient::new(config, platform), sent }
    }

    /// The sent request, or the error.
    fn send(&self, request: RequestBuilder) -> Result<TransportRequest, SessionError> {
        let response: Result<SessionResponse, _> = request.send().now_or_never().unwrap();
        self.sent.0.borrow_mut().pop().ok_or_else(|| response.unwrap_err())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_session_is_sent_only_to_the_api(url in prop_oneof![1 => hostile(), 4 => near(GOOD)]) {
        let page = Page::new();
        let Ok(sent) = page.send(page.client.get(&url)) else { return Ok(()) };
        let seen = url::Url::parse(sent.url.as_str()).unwrap();
        let carries = format!("{:?}", sent.headers.iter().collect::<Vec<_>>()).contains("s3cret");
        let is_api = seen.scheme() == "https" && seen.host_str() == Some("api.example.com");
        let opted_out = seen.as_str().contains("superTokensDoNotDoInterception");
        prop_assert_eq!(carries, is_api && !opted_out, "{} is sent to {}", url, seen);
        prop_assert_eq!(sent.headers.iter().count() > 0, carries);
        prop_assert_eq!(sent.credentials.is_some(), carries);
    }

    #[test]
    fn a_query_arrives_as_it_was_written(
        url in prop_oneof![1 => hostile(), 4 => near(GOOD)], pairs in vec((hostile(), hostile()), 0..4)
    ) {
        let page = Page::new();
        // A browser drops them at the end of a URL, but not before a query.
        let url = url.trim_end_matches(|c| c <= ' ');
        let Ok(plain) = page.send(page.client.get(url)) else { return Ok(()) };
        let sent = page.send(page.client.get(url).query(&pairs)).unwrap();
        prop_assert_eq!(sent.url.origin(), plain.url.origin());
        let [plain, sent] = [plain, sent].map(|request| url::Url::parse(request.url.as_str()).unwrap());
        prop_assert_eq!(sent.path(), plain.path());
        let before: Vec<_> = plain.query_pairs().into_owned().collect();
        let after: Vec<_> = sent.query_pairs().into_owned().collect();
        prop_assert_eq!(after, [before, pairs].concat());
    }

    #[test]
    fn a_header_arrives_as_it_was_written_or_not_at_all(name in prop_oneof![hostile(), near(&["x-tenant", "Accept"])], value in hostile()) {
        let page = Page::new();
        match page.send(page.client.get("https://other.example/x").header(&name, &value)) {
            Ok(sent) => {
                let headers: Vec<_> = sent.headers.iter().collect();
                let lower = name.to_ascii_lowercase();
                prop_assert_eq!(headers, [(lower.as_str(), value.as_str())]);
                prop_assert!(!value.contains(|c: char| c.is_control() && c != '\t') && name.is_ascii());
                prop_assert!(!name.contains([' ', ':', '\t', '\n', '\r']) && !name.is_empty());
            }
            Err(error) => prop_assert!(matches!(error, SessionError::Header(_)), "{error:?}"),
        }
    }
}
