//! The example app with the real supertokens-node behind it, one file a story. `cargo xtask test --only sdk` plays
//! them.
//!
//! Modules `stand_in` hold what a real core lets no test do; they are left out where SUPERTOKENS_CORE_URL is set.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

/// Plays stories with the current SDK and with the older one.
macro_rules! with_both {
    ($($(#[$attribute:meta])* $story:ident)*) => {
        with_current! { $($story)* }
        mod older {
            $(#[tokio::test] $(#[$attribute])* async fn $story() {
                super::$story(e2e::sdk::Setting::older()).await;
            })*
        }
    };
}

/// The same with the current SDK and tokens in headers.
macro_rules! with_headers {
    ($($story:ident)*) => {
        mod headers {
            $(#[tokio::test] async fn $story() {
                super::$story(e2e::sdk::Setting::default().header_mode()).await;
            })*
        }
    };
}

macro_rules! with_current {
    ($($story:ident)*) => {
        mod current {
            $(#[tokio::test] async fn $story() {
                super::$story(e2e::sdk::Setting::default()).await;
            })*
        }
    };
}

mod admin;
mod anti_csrf;
mod expiry;
mod javascript_sdk;
mod legacy_cookie;
mod payload;
mod refresh_failure;
mod reload;
mod revoke;
mod roles;
mod sign_in;
mod sign_out;
mod sign_up;
mod step_up;
mod theft;
mod two_tabs;
