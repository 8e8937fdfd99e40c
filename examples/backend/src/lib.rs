//! The example API: the server half of the SuperTokens session protocol, in memory.
//!
//! It is for demos and tests: it stores nothing on disk and has no TLS, and its users, sessions and keys are lost
//! when the process ends. A real app uses a SuperTokens backend SDK instead.
//!
//! 1. [`spawn`] starts the server on its own port, and [`Server::url`] returns its URL.
//! 2. [`Server::controls`] expires and revokes sessions, makes refreshes fail or hang, counts requests, and upgrades
//!    the server from the older protocol generation to the current one.
//! 3. [`Server::stop`] closes the port, and [`Server::restart`] opens it again with the same state.
//!
//! [`router`] is the same API without a port, and [`spa_router`] serves a built app from a folder.

#![warn(missing_docs)]

mod app;
mod clock;
mod controls;
mod cors;
mod error;
mod expiring;
mod factors;
mod mails;
mod options;
mod orders;
mod origins;
mod pages;
mod password;
mod passwordless;
mod provider;
mod random;
mod roles;
mod routes;
mod secret;
mod server;
mod session;
mod spa;
mod state;
mod switches;
mod tenants;
mod totp;
mod users;
mod verification;

pub use app::router;
pub use controls::Controls;
pub use options::{AntiCsrf, Generation, Options};
pub use server::{ServeError, Server, spawn, spawn_with_state};
pub use session::Session;
pub use spa::{Origins, spa_router};
pub use state::SharedState;
pub use switches::SeenRequest;
