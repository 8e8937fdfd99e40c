//! SuperTokens sessions for Yew apps. This crate has no forms and no server, and it does not protect data: guards
//! and gates only control display; your API enforces access.
//!
//! It provides hooks that read the session, a client that refreshes once for all tabs and retries, and components that
//! show routes and views by session, roles and claims.
//!
//! 1. Wrap the app in a [`SessionProvider`] with a [`SessionConfig`].
//! 2. Read the session in the components below: [`use_session_status`], [`use_user_id`], [`use_payload`].
//! 3. Call the API with [`Session::client`] of [`use_session`].
//! 4. Guard routes with [`Protected`] and views with [`SignedIn`]; a [`Require`] names the roles and claims.
//! 5. Sign users in with the calls of [`recipes`].
//! 6. On the login page, and on the step-up pages of claims, send the user back with [`use_return_address`].
//!
//! A component renders again only when a value that it reads has changed. A refresh with the same user and payload
//! renders no component, except those that read the expiry.
//!
//! ```
//! # #[cfg(feature = "router")] mod app {
//! use supertokens_yew::{Protected, Require, SessionConfig, SessionProvider, use_session, use_user_id};
//! use yew::prelude::*;
//! use yew_router::prelude::*;
//!
//! #[derive(Clone, PartialEq, Routable)]
//! enum Route {
//!     #[at("/login")]
//!     Login,
//!     #[at("/")]
//!     Dashboard,
//!     #[at("/admin")]
//!     Admin,
//! }
//!
//! #[component]
//! fn App() -> Html {
//!     html! {
//!         <SessionProvider config={SessionConfig::builder("https://api.example.com").build()}>
//!             <BrowserRouter><Switch<Route> render={page}/></BrowserRouter>
//!         </SessionProvider>
//!     }
//! }
//!
//! fn page(route: Route) -> Html {
//!     match route {
//!         Route::Login => html! { "Sign in here" },
//!         Route::Dashboard => html! { <Protected><Dashboard/></Protected> },
//!         Route::Admin => html! { <Protected require={Require::role("admin")}>{"Administration"}</Protected> },
//!     }
//! }
//!
//! #[component]
//! fn Dashboard() -> Html {
//!     let (session, user) = (use_session(), use_user_id());
//!     html! {
//!         <>
//!             <p>{user}</p>
//!             <button onclick={move |_| session.sign_out()}>{"Sign out"}</button>
//!         </>
//!     }
//! }
//! # }
//! ```

#![warn(unreachable_pub)]

#[cfg(feature = "devtools")]
mod devtools;
mod for_user;
mod gates;
#[cfg(feature = "router")]
mod guard;
mod hooks;
#[cfg(any(feature = "hydration", feature = "ssr"))]
mod prepared;
mod provider;
#[cfg(feature = "router")]
mod return_address;
#[cfg(feature = "router")]
mod router;
mod session;
mod source;

#[cfg(feature = "devtools")]
pub use devtools::SessionDevtools;
pub use gates::{SessionLoading, SessionLoadingProps, SignedIn, SignedInProps, SignedOut, SignedOutProps};
#[cfg(feature = "router")]
pub use guard::{Protected, ProtectedProps, use_denied};
pub use hooks::{
    use_allows, use_claim_value, use_denial, use_expires_at, use_front_token, use_payload, use_raw_payload,
    use_session_error, use_session_event, use_session_status, use_try_payload, use_user_id,
};
pub use provider::{SessionProvider, SessionProviderProps};
#[cfg(feature = "router")]
pub use return_address::{
    ReturnAddress, use_go_when_signed_in, use_return_address, use_return_when_signed_in,
};
pub use session::{Session, use_session, use_try_session};
pub use source::ProviderSource;
/// Typed calls of the sign-in recipes.
#[doc(inline)]
pub use supertokens_recipes as recipes;
#[cfg(all(feature = "ssr", not(target_arch = "wasm32")))]
pub use supertokens_server as server;
pub use supertokens_session::claims::{self, ClaimValidator, Denied, Require, Validator};
pub use supertokens_session::{
    AccessToken, ApiAction, CheckedClaims, ClaimError, ClientFuture, ConfigError, ErrorBody, FrontToken,
    FrontTokenError, Original, Overrides, RequestBuilder, SessionClient, SessionConfig, SessionConfigBuilder,
    SessionError, SessionEvent, SessionResponse, SignOutFailure, Subscription, TokenTransferMethod, Url,
    platform,
};
pub use supertokens_ui::{
    ClaimValue, ServerRequest, SessionSource, SessionStatus, Snapshot, UnauthenticatedReason,
};
#[cfg(feature = "gloo-net")]
pub use supertokens_web::send_gloo;
pub use supertokens_web::{
    Interception, JoinedTabs, body, intercept_fetch, intercept_page, intercept_xhr, join_tabs, send_request,
    session_client, url_encoded_body,
};
#[cfg(feature = "http")]
pub use supertokens_web::{http_request, send_http};
