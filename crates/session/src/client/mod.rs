//! The client: the two loops `request` and `refresh`, and sign-out. They act on the decisions of `transitions`.

mod backoff;
mod claim_functions;
pub mod claims;
mod diagnosis;
mod events;
mod fresh;
mod hooks;
mod last_known;
mod lease;
mod overrides;
mod page_left;
mod read;
mod refresh;
mod request;
mod request_builder;
mod response;
mod response_body;
mod response_origin;
mod save;
mod session;
mod sign_out;
mod single_flight;
mod tab_message;
mod time_limit;
mod validate_claims;

use std::{
    cell::Cell,
    fmt,
    rc::{Rc, Weak},
};

pub use events::Subscription;
pub use overrides::{Original, Overrides};
pub use refresh::Refreshed;
pub use request_builder::RequestBuilder;
pub use response::SessionResponse;
pub use validate_claims::CheckedClaims;
pub(crate) use validate_claims::ClaimFetch;

use crate::{
    SessionEvent,
    config::SessionConfig,
    error::SessionError,
    platform::{Method, Platform},
    token::FrontTokenCache,
    transitions::{self, StoreRead},
};

/// Sends API requests with the session, refreshes the session, and returns its state. Cloning is cheap; clones share
/// one client.
///
/// Requests to the API carry the session's headers. If the access token has expired, the client first refreshes the
/// session. If the API responds with 401, the client refreshes the session and retries the request. All requests share
/// one refresh, and all tabs share one lock.
///
/// Dropping a request's future aborts that request, but never the refresh that other requests wait for.
#[derive(Clone)]
pub struct SessionClient(Rc<Inner>);

struct Inner {
    config: SessionConfig,
    platform: Platform,
    /// An option, so that the linker drops the functions that an app does not call.
    overrides: Option<Rc<dyn Overrides>>,
    front: FrontTokenCache,
    last_known: last_known::LastKnown,
    flight: single_flight::SingleFlight<Result<Refreshed, SessionError>>,
    listeners: events::Listeners,
    claim_calls: validate_claims::ClaimCalls,
    api: read::Api,
    running_sign_out: page_left::RunningSignOut,
    claim_functions: claim_functions::RunningFunctions,
    /// True while the client emits the events of a tab message.
    is_from_other_tab: Cell<bool>,
}

impl SessionClient {
    /// Creates a client with these settings and this platform. It starts no work.
    pub fn new(config: SessionConfig, platform: Platform) -> Self {
        Self::create(config, platform, None)
    }

    /// Like [`new`](Self::new), with the app's hooks and functions.
    ///
    /// ```
    /// use std::rc::Rc;
    /// use supertokens_session::{Original, Overrides, SessionClient, SessionConfig, platform::Platform, wire::url::Url};
    ///
    /// /// The files are on another host that uses the same session.
    /// struct WithFiles;
    ///
    /// impl Overrides for WithFiles {
    ///     fn should_do_interception(&self, url: &Url, original: Original<'_>) -> bool {
    ///         url.origin().host == "files.example.com" || original.should_do_interception(url)
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let platform = Platform::absent();
    /// let config = SessionConfig::builder("https://api.example.com").build()?;
    /// let client = SessionClient::with_overrides(config, platform, Rc::new(WithFiles));
    /// assert!(client.should_do_interception(&Url::parse("https://files.example.com/a.pdf")?));
    /// assert!(!client.should_do_interception(&Url::parse("http://files.example.com/a.pdf")?));
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_overrides(config: SessionConfig, platform: Platform, overrides: Rc<dyn Overrides>) -> Self {
        Self::create(config, platform, Some(overrides))
    }

    fn create(config: SessionConfig, platform: Platform, overrides: Option<Rc<dyn Overrides>>) -> Self {
        Self(Rc::new(Inner {
            api: read::Api::new(&config.refresh_url().to_string()),
            config,
            platform,
            overrides,
            front: FrontTokenCache::default(),
            last_known: Default::default(),
            flight: Default::default(),
            listeners: Default::default(),
            claim_calls: Default::default(),
            running_sign_out: Default::default(),
            claim_functions: Default::default(),
            is_from_other_tab: Cell::new(false),
        }))
    }

    /// A weak handle, for values that the client owns.
    pub fn downgrade(&self) -> WeakSessionClient {
        WeakSessionClient(Rc::downgrade(&self.0))
    }

    /// The settings.
    pub fn config(&self) -> &SessionConfig {
        &self.0.config
    }

    /// The platform that the client uses.
    pub fn platform(&self) -> &Platform {
        &self.0.platform
    }

    /// A `GET` request to an absolute URL or a path of the API.
    pub fn get(&self, url: &str) -> RequestBuilder {
        self.request(Method::Get, url)
    }

    /// A `POST` request to an absolute URL or a path of the API.
    pub fn post(&self, url: &str) -> RequestBuilder {
        self.request(Method::Post, url)
    }

    /// A `PUT` request to an absolute URL or a path of the API.
    pub fn put(&self, url: &str) -> RequestBuilder {
        self.request(Method::Put, url)
    }

    /// A `PATCH` request to an absolute URL or a path of the API.
    pub fn patch(&self, url: &str) -> RequestBuilder {
        self.request(Method::Patch, url)
    }

    /// A `DELETE` request to an absolute URL or a path of the API.
    pub fn delete(&self, url: &str) -> RequestBuilder {
        self.request(Method::Delete, url)
    }

    /// A request to an absolute URL or a path of the API.
    pub fn request(&self, method: Method, url: &str) -> RequestBuilder {
        RequestBuilder::new(self.clone(), method, url)
    }

    /// Calls `listener` on each event until the subscription is dropped. No lock is held during the call.
    pub fn on_event(&self, listener: impl Fn(&SessionEvent) + 'static) -> Subscription {
        self.0.listeners.add(listener)
    }

    /// Removes all listeners: the client emits no more events, and does not react to other tabs. Requests still work.
    ///
    /// Dropping all handles of a client also closes it.
    pub fn close(&self) {
        self.0.listeners.remove_all();
    }

    fn emit(&self, events: &[SessionEvent]) {
        for event in events {
            log::debug!("session event: {}", event.name());
            self.0.listeners.call(event);
        }
    }

    fn is_about_to_expire(&self, read: &StoreRead, margin_ms: u32) -> bool {
        let now_ms = self.server_now_ms(read);
        read.front.as_ref().is_some_and(|front| transitions::is_about_to_expire(front, now_ms, margin_ms))
    }

    /// The server's time, as far as the client knows the clock skew.
    fn server_now_ms(&self, read: &StoreRead) -> i64 {
        self.0.platform.clock.now_ms().saturating_add(read.stored.clock_skew_ms)
    }
}

/// A handle to a [`SessionClient`] that may have been dropped.
///
/// ```
/// use supertokens_session::{SessionClient, SessionConfig, platform::Platform};
///
/// let config = SessionConfig::builder("https://api.example.com").build().unwrap();
/// let client = SessionClient::new(config, Platform::absent());
/// let weak = client.downgrade();
/// assert_eq!(weak.upgrade().as_ref(), Some(&client));
/// drop(client);
/// assert_eq!(weak.upgrade(), None);
/// ```
#[derive(Clone)]
pub struct WeakSessionClient(Weak<Inner>);

impl WeakSessionClient {
    /// The client, unless it was dropped.
    pub fn upgrade(&self) -> Option<SessionClient> {
        self.0.upgrade().map(SessionClient)
    }
}

impl fmt::Debug for WeakSessionClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WeakSessionClient")
    }
}

/// Two handles are equal if they share one client.
impl PartialEq for SessionClient {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for SessionClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionClient").field("config", &self.0.config).finish_non_exhaustive()
    }
}
