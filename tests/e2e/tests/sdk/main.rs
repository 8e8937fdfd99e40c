//! The example app with the real supertokens-node, by topic. `cargo xtask test --only sdk` plays
//! them.
//!
//! Modules `stand_in` have tests that a real core does not allow. They are skipped if SUPERTOKENS_CORE_URL is set.

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

mod sdk_admin;
mod sdk_anti_csrf;
mod sdk_expiry;
mod sdk_in_javascript;
mod sdk_legacy_cookie;
mod sdk_payload;
mod sdk_payload_limit;
mod sdk_refresh_failure;
mod sdk_reload;
mod sdk_revoke;
mod sdk_roles;
mod sdk_sign_in;
mod sdk_sign_out;
mod sdk_sign_up;
mod sdk_step_up;
mod sdk_theft;
mod sdk_two_tabs;
