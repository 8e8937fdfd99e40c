//! The same with the real supertokens-node as the API: the servers in the project's `tests/sdk`.
//!
//! [`play`] adds a browser, for a story. [`with_api`] has none. [`native_client`] signs in to it from this process.
//!
//! With `SUPERTOKENS_CORE_URL` they use a real core. A [`Setting`] that needs the stand-in core then fails, so such
//! stories are in a module `stand_in`, which `cargo xtask test --only sdk` skips and names.

mod api;
mod controls;
mod javascript_sdk;
mod native_platform;
mod server;
mod stage;

pub use api::{Api, Tokens, with_api};
pub use backend::AntiCsrf;
pub use controls::Controls;
pub use javascript_sdk::JAVASCRIPT_SDK;
pub use native_platform::native_client;
pub use stage::{Setting, Stage, StolenTokens, newcomer, play};

pub use crate::stage::{PASSWORD, USER};
