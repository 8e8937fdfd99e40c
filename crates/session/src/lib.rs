//! The session half of SuperTokens for a frontend, without the frontend: this crate knows no browser, no clock,
//! no network and no storage. It takes them as [`platform`] traits; `supertokens-web` implements those for
//! browsers, and `supertokens-leptos` turns the whole into signals and views.
//!
//! How it is driven:
//!
//! 1. Check the settings once: [`SessionConfig::builder`].
//! 2. Make a [`SessionClient`] of them and a [`platform::Platform`].
//! 3. Send requests with it: [`SessionClient::get`] and its like. Those that go to the API carry the session;
//!    where it has expired it is refreshed, once for all tabs, and the request is sent again.
//! 4. Ask it for the session: [`SessionClient::session_exists`], [`SessionClient::user_id`],
//!    [`SessionClient::payload`].
//! 5. Listen: [`SessionClient::on_event`].
//!
//! To see what it does, install any logger of the `log` crate and let it show the target `supertokens_session` at
//! debug level: which requests take part, why a refresh begins and how it ends, what came of a sign-out. No line holds
//! a token, a user's id, a payload, a query or a header's value. Warnings about a wrong set-up name the path; they can be
//! shown without a logger: [`on_setup_warning`].
//!
//! Modules, each of which uses only those before it: `setup_warning`, [`wire`] (formats), [`token`], [`platform`] (what the
//! client stands on), [`config`], `event`, `tab_message`, [`protocol`] (what requests and responses say of the session),
//! `error`, `transitions` (every decision), [`client`] (two loops that act on the decisions). [`timing`] stands alone.

pub mod client;
pub mod config;
mod error;
mod event;
pub mod platform;
pub mod protocol;
mod setup_warning;
mod tab_message;
pub mod timing;
pub mod token;
mod transitions;
pub mod wire;

pub use client::{
    CheckedClaims, Original, Overrides, RequestBuilder, SessionClient, SessionResponse, Subscription,
    WeakSessionClient, claims,
};
pub use config::{ConfigError, SessionConfig, SessionConfigBuilder, TokenTransferMethod};
pub use error::{ErrorBody, SessionError, SignOutFailure};
pub use event::{ClaimError, SessionEvent};
pub use protocol::ApiAction;
pub use setup_warning::{on_setup_warning, warn_of_setup};
pub use tab_message::TabMessage;
pub use token::{FrontToken, FrontTokenError};
