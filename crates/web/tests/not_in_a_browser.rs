//! On a server there is an error, and never a panic.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use supertokens_session::{SessionConfig, SessionError};
use supertokens_web::{Page, page_origin, platform, session_client};

fn config() -> SessionConfig {
    SessionConfig::builder("https://api.example.com").build().unwrap()
}

#[test]
fn there_is_no_page() {
    assert_eq!(Page::current().unwrap_err(), SessionError::NotInBrowser);
    assert_eq!(page_origin(), None);
}

#[test]
fn there_is_no_platform_and_no_client() {
    assert_eq!(platform(&config()).unwrap_err(), SessionError::NotInBrowser);
    assert_eq!(session_client(config()).err(), Some(SessionError::NotInBrowser));
}
