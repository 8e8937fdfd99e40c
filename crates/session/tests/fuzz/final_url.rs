//! The final URL of a response: only a response from the API changes the session.

use std::{any::Any, cell::Cell, future::ready, rc::Rc};

use base64::prelude::{BASE64_STANDARD, Engine};
use futures_util::FutureExt;
use proptest::prelude::*;
use supertokens_session::{
    FrontTokenText, Marker, SessionClient, SessionConfig,
    platform::{
        Changes, LocalBoxFuture, Platform, Store, StoreError, StoredSession, Transport, TransportError,
        TransportRequest, TransportResponse,
    },
};

use crate::text::{hostile, near};

const GOOD: &[&str] = &[
    "https://api.example.com/orders?page=2",
    "https://api.example.com:8443/?q=//evil.example",
    "https://evil.example/https://api.example.com/",
    "http://api.example.com/orders",
    "https://user@api.example.com/",
    "https://api.example.com.evil.example/",
    "https://api.example.com/x?superTokensDoNotDoInterception",
];

/// A store with a session that counts writes.
#[derive(Default)]
struct SignedIn(Cell<u32>);

impl Store for SignedIn {
    fn read(&self) -> Result<StoredSession, StoreError> {
        let front = BASE64_STANDARD.encode(r#"{"uid":"u","ate":9999999999999,"up":{}}"#);
        let (front, marker) = (FrontTokenText::parse(&front).ok(), Marker::parse("1").ok());
        Ok(StoredSession { front, marker, ..StoredSession::default() })
    }

    fn write(&self, _: Changes) -> Result<(), StoreError> {
        self.0.set(self.0.get() + 1);
        Ok(())
    }
}

/// A response from this URL that ends the session.
#[derive(Clone)]
struct Redirected(String);

impl Transport for Redirected {
    fn send(
        &self,
        _: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        Box::pin(ready(Ok(Box::new(self.clone()) as Box<dyn TransportResponse>)))
    }
}

impl TransportResponse for Redirected {
    fn status(&self) -> u16 {
        200
    }

    fn url(&self) -> Option<String> {
        Some(self.0.clone())
    }

    fn header(&self, name: &str) -> Option<String> {
        (name == "front-token").then(|| "remove".to_owned())
    }

    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(ready(Ok(Vec::new())))
    }

    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(ready(Ok(Vec::new())))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Whether a response with this URL changes the session.
fn is_believed(url: &str) -> bool {
    let store = Rc::new(SignedIn::default());
    let config = SessionConfig::builder("https://api.example.com").build().unwrap();
    let transport = Rc::new(Redirected(url.to_owned()));
    let client =
        SessionClient::new(config, Platform { store: store.clone(), transport, ..Platform::absent() });
    client.get("/orders").send().now_or_never().unwrap().unwrap();
    store.0.get() > 0
}

fn is_api(url: &url::Url) -> bool {
    (url.scheme(), url.host_str()) == ("https", Some("api.example.com"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn only_responses_from_the_api_change_the_session(text in prop_oneof![1 => hostile(), 4 => near(GOOD)]) {
        let Ok(mut url) = url::Url::parse(&text) else {
            prop_assert!(!is_believed(&text), "{}", text);
            return Ok(());
        };
        prop_assert!(is_api(&url) || !is_believed(&text), "{}", text);
        // As a browser returns it.
        url.set_fragment(None);
        let is_plain = url.username().is_empty() && url.password().is_none();
        if !url.as_str().contains("superTokensDoNotDoInterception") {
            prop_assert_eq!(is_believed(url.as_str()), is_api(&url) && is_plain, "{}", url);
        }
    }
}
