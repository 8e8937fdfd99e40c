//! The example API: the server half of the SuperTokens session protocol, in memory.
//!
//! It is for demos and tests: it sends no mail, stores nothing on disk and has no TLS. Users, sessions and keys are lost
//! when the process ends. A real app uses a SuperTokens backend SDK instead.
//!
//! 1. [`spawn`] starts the server on its own port, and [`Server::url`] returns its URL.
//! 2. [`Server::controls`] expires and revokes sessions, makes refreshes fail or hang, counts requests, and upgrades
//!    the server from the older protocol generation to the current one.
//! 3. [`Server::stop`] closes the port, and [`Server::restart`] opens it again with the same state.
//!
//! # Recipes
//! The routes below `/auth` have the bodies of a SuperTokens backend SDK, and accept a tenant: `/auth/acme/signin`.
//!
//! | recipe | routes |
//! |---|---|
//! | Session | `POST /signout`, `POST /session/refresh`, `GET /jwt/jwks.json` |
//! | EmailPassword | `POST /signup`, `POST /signin`, `POST /user/password/reset/token`, `POST /user/password/reset`, `GET /emailpassword/email/exists` |
//! | EmailVerification | `GET` and `POST /user/email/verify`, `POST /user/email/verify/token` |
//! | Passwordless | `POST /signinup/code`, `…/resend`, `…/consume`, `GET /passwordless/email/exists` |
//! | ThirdParty | `GET /authorisationurl`, `POST /signinup`, with the provider `demo` |
//! | MultiFactorAuth | `PUT /mfa/info` |
//! | TOTP | `POST /totp/device`, `GET …/list`, `POST …/verify`, `POST …/remove`, `POST /totp/verify` |
//! | Multitenancy | `GET /loginmethods`, with the tenants `public` and `acme` |
//! | OAuth2Provider | `GET /oauth/login/info`, `GET /oauth/login` |
//!
//! `GET /api/vault` needs a one-time password. `/demo-provider` is the third party, and `/demo-client` an app whose
//! users sign in here. `GET /api/demo/mails?to=` returns all mails to an address, and `GET /api/demo/totp` the code of
//! the user's newest device. A real API must never have these two routes: with the mails, any visitor can sign in as any user.
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
mod oauth2;
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
