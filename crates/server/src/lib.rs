//! Sessions of SuperTokens on a Rust server. This crate verifies access tokens with the public keys of the backend SDK,
//! and says which session a request has. It does not sign users in, refresh sessions or call the SuperTokens core. So it
//! learns of a revoked session only when the access token expires.
//!
//! How to use it:
//!
//! 1. Create one [`Verifier`] for the process, with the two settings that the backend SDK and the frontend share.
//! 2. Verify each request once: [`Verifier::verify_parts`], or `SessionLayer` (feature `axum`), which does it for you.
//! 3. In a call of the API, ask [`RequestSession::call`]: it has a [`VerifiedSession`] or a [`Refusal`] to respond with.
//! 4. While a page is rendered, ask [`RequestSession::page`]: it has a [`PageSession`], one outcome of seven rows.
//! 5. Set what the response has to be ([`RequestSession::redirect`], [`RequestSession::set_status`]). The layer applies
//!    it, or [`RequestSession::apply`] does.
//!
//! ```no_run
//! use axum::{Json, Router, routing::get};
//! use serde_json::{Value, json};
//! use supertokens_server::{PageSession, Refusal, Require, RequestSession, SessionLayer, VerifiedSession, Verifier};
//!
//! // A call without a session is refused with 401, and this function does not run.
//! async fn orders(session: VerifiedSession) -> Result<Json<Value>, Refusal> {
//!     session.require(&Require::role("admin"))?;
//!     Ok(Json(json!({ "user": session.user_id(), "orders": [] })))
//! }
//!
//! async fn page(session: RequestSession) -> String {
//!     match session.page() {
//!         PageSession::Authenticated(verified) => format!("Hello, {}", verified.user_id()),
//!         PageSession::SignedOut | PageSession::NotTrusted => {
//!             session.redirect("/login?redirectToPath=%2F");
//!             String::new()
//!         }
//!         // The browser refreshes the session and renders the page: show a loading view.
//!         _ => "Loading".to_owned(),
//!     }
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let verifier = Verifier::new("https://api.example.com", "/auth")?;
//!     let app: Router = Router::new()
//!         .route("/", get(page))
//!         .route("/api/orders", get(orders))
//!         .layer(SessionLayer::new(verifier));
//!     let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
//!     axum::serve(listener, app).await?;
//!     Ok(())
//! }
//! ```
//!
//! The log target is `supertokens_server`. No log line contains a token, a payload or a user id.

#![warn(unreachable_pub)]

mod access_token;
mod anti_csrf;
mod cookies;
#[cfg(feature = "axum")]
mod extract;
mod key_fetch;
mod key_set;
#[cfg(feature = "axum")]
mod layer;
mod page;
mod refusal;
mod request_session;
mod rs256;
mod verified;
mod verifier;

pub use anti_csrf::AntiCsrf;
#[cfg(feature = "axum")]
pub use layer::{SessionLayer, SessionService};
pub use page::PageSession;
pub use refusal::{Reason, Refusal};
pub use request_session::RequestSession;
pub use supertokens_session::{ClaimError, FrontToken, UrlError, claims, claims::Require};
pub use verified::{PayloadError, VerifiedSession};
pub use verifier::{Verifier, VerifierError};
