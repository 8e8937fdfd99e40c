//! SuperTokens sessions for Leptos apps. This crate has no forms and no server, and it does not protect data:
//! guards and gates only control display; your API enforces access.
//!
//! It provides the session as signals, a client that refreshes once for all tabs and retries, and components that show
//! routes and views by session, roles and claims.
//!
//! 1. Wrap the app in a [`SessionProvider`] with a [`SessionConfig`].
//! 2. Read the session anywhere below with [`use_session`].
//! 3. Call the API with [`Session::client`].
//! 4. Guard routes with [`ProtectedRoute`] and views with [`SignedIn`]; a [`Require`] names the roles and claims.
//! 5. Sign users in with the calls of [`recipes`].
//! 6. On the login page, and on the step-up pages of claims, send the user back with [`use_return_address`].
//!
//! The crate writes a warning about each wrong setup to the browser's console, once and without a logger. To debug it,
//! install a logger of the `log` crate and enable the target `supertokens_session` at debug level. The log contains no
//! tokens and no user data.
//!
//! ```
//! use leptos::prelude::*;
//! use leptos_router::{
//!     components::{Route, Router, Routes},
//!     path,
//! };
//! use supertokens_leptos::{ProtectedRoute, Require, SessionConfig, SessionProvider, use_session};
//!
//! #[component]
//! fn App() -> impl IntoView {
//!     let config = SessionConfig::builder("https://api.example.com").build();
//!     view! {
//!         <SessionProvider config>
//!             <Router>
//!                 <Routes fallback=|| "Not found">
//!                     <Route path=path!("/login") view=|| "Sign in here"/>
//!                     <ProtectedRoute path=path!("/") view=Dashboard/>
//!                     <ProtectedRoute path=path!("/admin") view=|| "Administration" require=Require::role("admin")/>
//!                 </Routes>
//!             </Router>
//!         </SessionProvider>
//!     }
//! }
//!
//! #[component]
//! fn Dashboard() -> impl IntoView {
//!     let session = use_session();
//!     view! {
//!         <p>{move || session.user_id().get()}</p>
//!         <button on:click=move |_| session.sign_out()>"Sign out"</button>
//!     }
//! }
//! ```

/// Compiles the README's examples.
#[doc = include_str!("../README.md")]
#[cfg(doctest)]
pub struct Readme;

mod browser_value;
#[cfg(feature = "devtools")]
mod devtools;
mod gates;
mod guard;
mod on_server;
mod provider;
mod reactive;
mod return_address;
mod router;
#[cfg(all(feature = "ssr", not(target_arch = "wasm32")))]
pub mod server;
#[cfg(feature = "server-fn")]
mod server_fn;
mod session;

#[cfg(feature = "devtools")]
pub use devtools::SessionDevtools;
pub use gates::{SessionLoading, SignedIn, SignedOut};
pub use guard::{ProtectedParentRoute, ProtectedRoute, use_denied};
pub use provider::SessionProvider;
pub use return_address::{ReturnAddress, use_return_address};
#[cfg(feature = "server-fn")]
pub use server_fn::{SessionServerFnClient, SessionServerFnRequest, SessionServerFnResponse};
pub use session::{Session, try_use_session, use_claim_value, use_session};
/// Typed calls of the sign-in recipes.
#[doc(inline)]
pub use supertokens_recipes as recipes;
pub use supertokens_session::claims::{self, ClaimValidator, Denied, Require, Validator};
pub use supertokens_session::{
    AccessToken, ApiAction, CheckedClaims, ClaimError, ClientFuture, ConfigError, ErrorBody, FrontToken,
    FrontTokenError, Original, Overrides, RequestBuilder, SessionClient, SessionConfig, SessionConfigBuilder,
    SessionError, SessionEvent, SessionResponse, SignOutFailure, Subscription, TokenTransferMethod, Url,
    platform,
};
pub use supertokens_ui::{ClaimValue, SessionSource, SessionStatus, UnauthenticatedReason};
#[cfg(feature = "gloo-net")]
pub use supertokens_web::send_gloo;
pub use supertokens_web::{
    Interception, JoinedTabs, body, intercept_fetch, intercept_page, intercept_xhr, join_tabs, send_request,
    session_client, url_encoded_body,
};
#[cfg(feature = "http")]
pub use supertokens_web::{http_request, send_http};
