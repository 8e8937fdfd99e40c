//! On a server there is an error, and never a panic.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use std::rc::Rc;

use supertokens_session::{Overrides, SessionConfig, SessionError, wire::url::Url};
use supertokens_web::{Page, leave_for, page_origin, platform, session_client, session_client_with};

fn config() -> SessionConfig {
    SessionConfig::builder("https://api.example.com").build().unwrap()
}

#[test]
fn there_is_no_page() {
    assert_eq!(Page::current().unwrap_err(), SessionError::NotInBrowser);
    assert_eq!(page_origin(), None);
    let url = Url::parse("https://example.com/login").unwrap();
    assert_eq!(leave_for(&url), Err(SessionError::NotInBrowser));
}

#[test]
fn there_is_no_platform_and_no_client() {
    assert_eq!(platform(&config()).unwrap_err(), SessionError::NotInBrowser);
    assert_eq!(session_client(config()).err(), Some(SessionError::NotInBrowser));
    struct Nothing;
    impl Overrides for Nothing {}
    let client = session_client_with(config(), Rc::new(Nothing));
    assert_eq!(client.err(), Some(SessionError::NotInBrowser));
}
