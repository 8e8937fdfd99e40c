//! The session core of a SuperTokens frontend. This crate contains no browser, clock, network or storage code: it takes
//! them as [`platform`] traits. `supertokens-web` implements the traits for browsers, and `supertokens-leptos` adds
//! signals and views. The one exception is the parser of URLs, which on wasm32 is JavaScript's `URL`: pages, workers and
//! Node have it.
//!
//! How to use it:
//!
//! 1. Check the settings once: [`SessionConfig::builder`].
//! 2. Create a [`SessionClient`] from the settings and a [`platform::Platform`].
//! 3. Send requests with the client: [`SessionClient::get`], [`SessionClient::post`] and so on. Requests to the API
//!    carry the session. If the session has expired, the client refreshes it once for all tabs and retries the request.
//! 4. Read the session: [`SessionClient::session_exists`], [`SessionClient::user_id`], [`SessionClient::payload`].
//! 5. Listen to events: [`SessionClient::on_event`].
//!
//! To debug a session, install any logger of the `log` crate and enable the target `supertokens_session` at debug
//! level. The log shows which requests carry the session, why a refresh begins, how it ends, and the outcome of a
//! sign-out. The log contains no token, user id, payload, query or header value. Setup warnings contain the path;
//! [`on_setup_warning`] shows them without a logger.
//!
//! Each module uses only the modules before it: `page_bound` (values of the page's thread), `setup_warning`, `wire`
//! (formats), `token`, [`platform`] (the traits that the client needs), `config`, `event`, `tab_message`, `protocol`
//! (the session data in requests and responses), `error`, `transitions` (every decision), `client` (two loops that act
//! on the decisions). `timing` uses none.

#![warn(unreachable_pub)]

mod client;
mod config;
mod error;
mod event;
mod page_bound;
pub mod platform;
mod protocol;
mod setup_warning;
mod tab_message;
mod timing;
mod token;
mod transitions;
mod wire;

pub use client::{
    CheckedClaims, ClientFuture, Original, Overrides, RequestBuilder, SessionClient, SessionResponse,
    Subscription, WeakSessionClient, claims,
};
pub use config::{ConfigError, Problem, SessionConfig, SessionConfigBuilder, TokenTransferMethod};
pub use error::{ErrorBody, SessionError, SignOutFailure};
pub use event::{ClaimError, SessionEvent};
pub use protocol::ApiAction;
pub use setup_warning::{on_setup_warning, warn_of_setup};
pub use token::{
    AccessToken, AntiCsrfToken, FrontToken, FrontTokenError, FrontTokenText, IdRefreshToken, InvalidToken,
    Marker, RefreshToken,
};
pub use wire::{
    headers::{HeaderError, Headers},
    url::{Origin, Url, UrlError},
};

/// For the sister crates and the tests. It may change in any release.
#[doc(hidden)]
pub mod internal {
    pub use crate::{
        client::global_requirement,
        config::VisiblePage,
        protocol::{request_headers, response_headers, sign_in_response},
        tab_message::TabMessage,
        timing::{Backoff, Throttle},
        wire::{
            api_scope, cookie,
            json::{Fields, elements, into_text, nearest_integer, read as read_json, string},
            login, names, percent, redirect, site,
        },
    };
}
