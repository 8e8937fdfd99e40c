//! Outside a browser, functions return an error and do not panic.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use std::rc::Rc;

use supertokens_session::{
    Overrides, SessionClient, SessionConfig, SessionError, Url, internal::redirect::Destination,
    platform::Platform,
};
use supertokens_web::{
    Page, join_tabs, navigate_to, navigations_ms, page_origin, platform, session_client, session_client_with,
};

fn config() -> SessionConfig {
    SessionConfig::builder("https://api.example.com").build().unwrap()
}

#[test]
fn outside_a_browser_there_is_no_page() {
    assert_eq!(Page::current().unwrap_err(), SessionError::NotInBrowser);
    assert_eq!(page_origin(), None);
    let url = Url::parse("https://example.com/login").unwrap();
    for destination in [Destination::Here("/login".to_owned()), Destination::Elsewhere(url)] {
        assert_eq!(navigate_to(&destination), Err(SessionError::NotInBrowser));
    }
    assert!(navigations_ms().is_empty());
}

#[test]
fn outside_a_browser_there_is_no_platform_and_no_client() {
    assert_eq!(platform(&config()).unwrap_err(), SessionError::NotInBrowser);
    assert_eq!(session_client(config()).err(), Some(SessionError::NotInBrowser));
    struct Nothing;
    impl Overrides for Nothing {}
    let client = session_client_with(config(), Rc::new(Nothing));
    assert_eq!(client.err(), Some(SessionError::NotInBrowser));
    let client = SessionClient::new(config(), Platform::absent());
    assert_eq!(join_tabs(&client).err(), Some(SessionError::NotInBrowser));
}
