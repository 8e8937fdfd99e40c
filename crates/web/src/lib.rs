//! The browser platform of `supertokens-session`. The protocol and all decisions are in that crate, and this crate does
//! not depend on Leptos. Each type implements one trait of [`supertokens_session::platform`] with browser APIs:
//!
//! | part | trait | uses |
//! |---|---|---|
//! | [`BrowserStore`] | `Store` | `document.cookie`, then localStorage, then memory |
//! | [`TabLock`] | `Lock` | Web Locks, or an entry in localStorage, or a queue within the page |
//! | [`FetchTransport`] | `Transport` | `window.fetch` |
//! | [`BrowserClock`] | `Clock` | `Date.now` and `setTimeout` |
//! | [`BrowserSpawn`] | `Spawn` | the microtask queue |
//!
//! The crate also compiles for a server. There [`Page::current`] is an error. Each part needs a [`Page`], so no part
//! can call a browser API on a server.
//!
//! ```no_run
//! use supertokens_session::{SessionConfig, SessionError};
//!
//! # async fn run() -> Result<(), SessionError> {
//! let config = SessionConfig::builder("https://api.example.com").build()?;
//! let client = supertokens_web::session_client(config)?;
//! let orders = client.get("/orders").send().await?;
//! # let _ = orders; Ok(())
//! # }
//! ```
//!
//! An app with a part of its own takes the others from [`platform`], and [joins the other tabs](join_tabs):
//!
//! ```no_run
//! use std::rc::Rc;
//! use supertokens_session::{SessionClient, SessionConfig, SessionError, platform::Store};
//!
//! fn client(config: SessionConfig, store: Rc<dyn Store>) -> Result<SessionClient, SessionError> {
//!     let browser = supertokens_web::platform(&config)?;
//!     let client = SessionClient::new(config, supertokens_session::platform::Platform { store, ..browser });
//!     supertokens_web::join_tabs(&client)?.forget();
//!     Ok(client)
//! }
//! ```

#![warn(unreachable_pub)]

mod body;
mod browser;
mod clock;
mod cookie_warning;
mod cookies;
#[cfg(feature = "devtools")]
mod devtools;
mod engine;
mod fetch;
#[cfg(feature = "gloo-net")]
mod gloo;
#[cfg(feature = "http")]
mod http;
mod intercept;
mod listener;
pub mod lock;
mod native_fetch;
mod navigate;
mod page;
mod page_cover;
mod page_events;
mod requests;
mod setup_warnings;
mod spawn;
mod storage;
mod store;
mod tab_messages;
mod timer;

use std::rc::Rc;

use supertokens_session::{
    Origin, Overrides, SessionClient, SessionConfig, SessionError, platform::Platform,
};

pub use body::{body, url_encoded_body};
pub use clock::BrowserClock;
#[cfg(feature = "devtools")]
pub use devtools::{StyleSheet, utc_offset_minutes};
pub use fetch::{FetchResponse, FetchTransport};
#[cfg(feature = "gloo-net")]
pub use gloo::send_gloo;
#[cfg(feature = "http")]
pub use http::{http_request, send_http};
pub use intercept::{Interception, intercept_fetch, intercept_page, intercept_xhr};
pub use lock::TabLock;
pub use navigate::{navigate_to, navigations_ms};
pub use page::Page;
pub use page_cover::PageCover;
pub use page_events::{PageEvent, PageEvents, page_is_visible, random_jitter};
pub use requests::send_request;
pub use setup_warnings::show_setup_warnings;
pub use spawn::BrowserSpawn;
pub use store::BrowserStore;
pub use tab_messages::{JoinedTabs, join_tabs};

/// A client on the current page.
///
/// # Errors
/// - [`SessionError::NotInBrowser`] if there is no page, such as on a server.
/// - [`SessionError::Config`] if the page is https and the API http.
pub fn session_client(config: SessionConfig) -> Result<SessionClient, SessionError> {
    let page = Page::current()?;
    let config = for_page(&config, &page)?;
    let platform = parts(&config, &page);
    Ok(connect(SessionClient::new(config, platform), &page))
}

/// As [`session_client`], with the app's own hooks and functions.
///
/// ```no_run
/// use std::rc::Rc;
/// use supertokens_session::{
///     ApiAction, Overrides, SessionConfig, SessionError,
///     platform::{LocalBoxFuture, TransportRequest, TransportResponse},
/// };
///
/// struct Watch;
///
/// impl Overrides for Watch {
///     fn after_api_call<'a>(
///         &'a self,
///         action: ApiAction,
///         _: &'a TransportRequest,
///         response: &'a dyn TransportResponse,
///     ) -> LocalBoxFuture<'a, ()> {
///         log::info!("{}: {}", action.name(), response.status());
///         Box::pin(async {})
///     }
/// }
///
/// # fn run() -> Result<(), SessionError> {
/// let config = SessionConfig::builder("https://api.example.com").build()?;
/// let client = supertokens_web::session_client_with(config, Rc::new(Watch))?;
/// # let _ = client; Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`session_client`].
pub fn session_client_with(
    config: SessionConfig,
    overrides: Rc<dyn Overrides>,
) -> Result<SessionClient, SessionError> {
    let page = Page::current()?;
    let config = for_page(&config, &page)?;
    let platform = parts(&config, &page);
    Ok(connect(SessionClient::with_overrides(config, platform, overrides), &page))
}

fn connect(client: SessionClient, page: &Page) -> SessionClient {
    cookie_warning::watch(&client, page);
    tab_messages::join(&client, page).forget();
    client
}

fn for_page(config: &SessionConfig, page: &Page) -> Result<SessionConfig, SessionError> {
    Ok(match page.origin() {
        Some(origin) => config.for_page(&origin)?,
        None => config.clone(),
    })
}

/// All parts of the current page. Call [`SessionConfig::for_page`] first if the config is
/// [`same_origin`](SessionConfig::same_origin).
///
/// # Errors
/// - [`SessionError::Config`] if the page is https and the API http, since browsers refuse such calls.
/// - [`SessionError::NotInBrowser`] if there is no page, such as on a server:
///
/// ```
/// use supertokens_session::{SessionConfig, SessionError};
///
/// let config = SessionConfig::builder("https://api.example.com").build()?;
/// assert_eq!(supertokens_web::platform(&config).unwrap_err(), SessionError::NotInBrowser);
/// # Ok::<(), SessionError>(())
/// ```
pub fn platform(config: &SessionConfig) -> Result<Platform, SessionError> {
    let page = Page::current()?;
    for_page(config, &page)?;
    Ok(parts(config, &page))
}

fn parts(config: &SessionConfig, page: &Page) -> Platform {
    show_setup_warnings();
    Platform {
        store: Rc::new(BrowserStore::new(page, config)),
        transport: Rc::new(FetchTransport::new(page)),
        lock: Rc::new(TabLock::new(page, config)),
        clock: Rc::new(BrowserClock::new(page)),
        spawn: Rc::new(BrowserSpawn::new(page)),
    }
}

/// The origin of the current page. `None` if there is no page, or its origin is not http(s) (a sandboxed iframe, a
/// file).
pub fn page_origin() -> Option<Origin> {
    Page::current().ok()?.origin()
}

/// The path of the current page's URL. `None` if there is no page.
pub fn page_path() -> Option<String> {
    Page::current().ok()?.path()
}
