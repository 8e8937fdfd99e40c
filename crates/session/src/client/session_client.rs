//! The public handle of a client. It can be moved to any thread, but works only on the page's thread.

use std::{
    fmt,
    rc::{Rc, Weak},
    sync::Arc,
    time::Duration,
};

use serde_json::Value;

use super::{
    CheckedClaims, Client, ClientFuture, Inner, Overrides, RequestBuilder, Subscription, Work,
    overrides::AppOverrides,
};
use crate::{
    ClaimError, SessionEvent,
    claims::{Require, Validator},
    config::{SessionConfig, VisiblePage},
    error::SessionError,
    page_bound::PageBound,
    platform::{Method, Platform},
    tab_message::TabMessage,
    timing::since_epoch,
    token::{AccessToken, FrontToken},
    wire::url::Url,
};

/// Sends API requests with the session, refreshes the session, and returns its state. Cloning is cheap; clones share
/// one client.
///
/// Requests to the API carry the session's headers. If the access token has expired, the client first refreshes the
/// session. If the API responds with 401, the client refreshes the session and retries the request. All requests share
/// one refresh, and all tabs share one lock.
///
/// Dropping a request's future aborts that request, but never the refresh that other requests wait for.
///
/// Handles and futures are `Send`. On a rendering server, and on another thread than the page's, each future returns
/// [`SessionError::NotInBrowser`].
#[derive(Clone)]
pub struct SessionClient {
    config: SessionConfig,
    /// None on a rendering server.
    page: Option<Arc<PageBound<Client>>>,
}

impl SessionClient {
    /// Creates a client with these settings and this platform. It starts no work.
    pub fn new(config: SessionConfig, platform: Platform) -> Self {
        Self::of(Client::new(config, platform, None))
    }

    /// Like [`new`](Self::new), with the app's hooks and functions.
    ///
    /// ```
    /// use std::rc::Rc;
    /// use supertokens_session::{Original, Overrides, SessionClient, SessionConfig, Url, platform::Platform};
    ///
    /// /// The files are on another host that uses the same session.
    /// struct WithFiles;
    ///
    /// impl Overrides for WithFiles {
    ///     fn is_api_url(&self, url: &Url, original: Original<'_>) -> bool {
    ///         url.origin().host() == "files.example.com" || original.is_api_url(url)
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let platform = Platform::absent();
    /// let config = SessionConfig::builder("https://api.example.com").build()?;
    /// let client = SessionClient::with_overrides(config, platform, Rc::new(WithFiles));
    /// assert!(client.is_api_url(&Url::parse("https://files.example.com/a.pdf")?));
    /// assert!(!client.is_api_url(&Url::parse("http://files.example.com/a.pdf")?));
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_overrides(config: SessionConfig, platform: Platform, overrides: Rc<dyn Overrides>) -> Self {
        Self::of(Client::new(config, platform, Some(AppOverrides::new(overrides))))
    }

    /// A client for code without a page, such as a rendering server: each call returns
    /// [`SessionError::NotInBrowser`].
    ///
    /// ```
    /// use std::thread;
    /// use supertokens_session::{SessionClient, SessionConfig, SessionError};
    ///
    /// let config = SessionConfig::builder("https://api.example.com").build().unwrap();
    /// let client = SessionClient::without_page(config);
    /// let request = client.get("/orders").send();
    /// # use futures_util::FutureExt;
    /// let outcome = thread::spawn(move || request.now_or_never()).join().unwrap();
    /// assert_eq!(outcome.unwrap().unwrap_err(), SessionError::NotInBrowser);
    /// ```
    pub fn without_page(config: SessionConfig) -> Self {
        Self { config, page: None }
    }

    pub(super) fn of(client: Client) -> Self {
        Self { config: client.config().clone(), page: Some(Arc::new(PageBound::new(client))) }
    }

    /// A weak handle, for values that the client owns.
    pub fn downgrade(&self) -> WeakSessionClient {
        WeakSessionClient(self.client().map(|client| Rc::downgrade(&client.0)).unwrap_or_default())
    }

    /// The settings.
    pub fn config(&self) -> &SessionConfig {
        &self.config
    }

    /// The platform that the client uses; none without a page.
    pub fn platform(&self) -> Option<&Platform> {
        self.client().map(|client| &client.0.platform)
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
    #[doc(alias = "onHandleEvent")]
    pub fn on_event(&self, listener: impl Fn(&SessionEvent) + 'static) -> Subscription {
        match self.client() {
            Some(client) => client.0.listeners.add(listener),
            None => Subscription::default(),
        }
    }

    /// Removes all listeners: the client emits no more events, and does not react to other tabs. Requests still work.
    ///
    /// Dropping all handles of a client also closes it.
    pub fn close(&self) {
        if let Some(client) = self.client() {
            client.0.listeners.remove_all();
        }
    }

    /// The stored front token, even if it has expired. Reads only the store.
    ///
    /// # Errors
    /// [`SessionError::Store`] when the store can't be read.
    pub fn front_token(&self) -> ClientFuture<Option<FrontToken>> {
        self.run(|client| Box::pin(async move { client.front_token().await }))
    }

    /// Whether there is a session. If the access token has expired or the state is unknown, the client refreshes.
    ///
    /// # Errors
    /// The errors of a refresh: if the backend can't be reached or fails, the client can't know whether there is a
    /// session.
    #[doc(alias = "doesSessionExist")]
    pub fn session_exists(&self) -> ClientFuture<bool> {
        self.run(Client::session_exists)
    }

    /// The signed-in user's id. Reads only the store.
    ///
    /// # Errors
    /// [`SessionError::NoSession`] if there is no session.
    #[doc(alias = "getUserId")]
    pub fn user_id(&self) -> ClientFuture<String> {
        self.run(Client::user_id)
    }

    /// The access token's payload, after a refresh if the token has expired. Use it for display only: the API enforces
    /// access.
    ///
    /// # Errors
    /// [`SessionError::NoSession`] if there is no session, and the errors of a refresh.
    #[doc(alias = "getAccessTokenPayloadSecurely")]
    pub fn payload(&self) -> ClientFuture<Value> {
        self.run(Client::payload)
    }

    /// The access token of header mode, after a refresh if it has expired; none in cookie mode. For connections outside
    /// this client use [`fresh_access_token`](Self::fresh_access_token).
    ///
    /// # Errors
    /// [`SessionError::NoSession`] if there is no session, and the errors of a refresh.
    #[doc(alias = "getAccessToken")]
    pub fn access_token(&self) -> ClientFuture<Option<AccessToken>> {
        self.run(Client::access_token)
    }

    /// Makes sure that the access token stays valid for a while. It refreshes the session if the token has expired, or
    /// expires within ten seconds or half its lifetime, whichever is less.
    ///
    /// Call it for connections that this client does not send and therefore can't retry: a WebSocket, an event stream,
    /// a download. In cookie mode the browser then sends a valid cookie. The server should close a connection when its
    /// token expires; call this method before each attempt to connect.
    ///
    /// # Errors
    /// [`SessionError::NoSession`] if there is no session, and the errors of a refresh.
    pub fn ensure_fresh(&self) -> ClientFuture<()> {
        self.run(|client| Box::pin(async move { client.ensure_fresh().await }))
    }

    /// The access token of header mode, valid for a while: see [`ensure_fresh`](Self::ensure_fresh). A WebSocket in a
    /// browser can't send headers, so put the token into the first message or a subprotocol. Never put it into a URL:
    /// URLs end up in logs.
    ///
    /// ```
    /// use supertokens_session::{SessionClient, SessionError};
    ///
    /// async fn hello(client: &SessionClient) -> Result<String, SessionError> {
    ///     let token = client.fresh_access_token().await?;
    ///     Ok(format!("{{\"token\":\"{}\"}}", token.reveal()))
    /// }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::TokenInCookie`] if script can't read the token's cookie; else see
    /// [`ensure_fresh`](Self::ensure_fresh).
    pub fn fresh_access_token(&self) -> ClientFuture<AccessToken> {
        self.run(|client| Box::pin(async move { client.fresh_access_token().await }))
    }

    /// Refreshes now. `Ok(true)`: there are new tokens, from this tab or another tab. `Ok(false)`: there is no session.
    ///
    /// # Errors
    /// The backend can't be reached or fails; the session is unchanged.
    #[doc(alias = "attemptRefreshingSession")]
    pub fn refresh(&self) -> ClientFuture<bool> {
        self.run(Client::refresh)
    }

    /// Ends the session on the server and in the store. Without a session it only emits [`SessionEvent::SignOut`].
    ///
    /// Dropping the future after the client has sent the call still ends the session in the store.
    ///
    /// # Errors
    /// - [`SessionError::NotRevoked`] if the server did not revoke the session. The session has ended in the store.
    /// - [`SessionError::General`] if the backend returned a message for the user. The session continues.
    /// - [`SessionError::HookLeftApi`] if an app hook changed the URL to one outside the API. The session continues.
    /// - [`SessionError::Store`] if the store can't be read or written.
    #[doc(alias = "signOut")]
    pub fn sign_out(&self) -> ClientFuture<()> {
        self.run(Client::sign_out)
    }

    /// Checks claims. The client first fetches all outdated claims, in one tab at a time. Then it checks all claims
    /// against one payload. Returns an empty list if all claims are valid.
    ///
    /// If the client can't fetch a claim, it checks the current value. Each fetch has the time limit of a refresh. If a
    /// fetch gets a response and the claim is still outdated, the client does not repeat it for ten seconds. Otherwise
    /// guards would loop: they check again at each event, and the response itself may emit one.
    ///
    /// ```
    /// # use supertokens_session::{SessionClient, SessionError};
    /// use supertokens_session::claims::{email_verified, roles};
    ///
    /// # async fn run(client: SessionClient) -> Result<(), SessionError> {
    /// let validators = [email_verified().into(), roles().includes("editor".to_owned()).into()];
    /// for error in client.validate_claims(&validators).await? {
    ///     log::info!("{} is invalid", error.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::NoSession`] if there is no session, and the errors of a refresh.
    #[doc(alias = "validateClaims")]
    pub fn validate_claims(&self, validators: &[Validator]) -> ClientFuture<Vec<ClaimError>> {
        let validators = validators.to_vec();
        self.run(|client| Box::pin(async move { Ok(client.check_all(&validators).await?.errors) }))
    }

    /// Like [`validate_claims`](Self::validate_claims), for the [validators](Require::validators) of a requirement. It
    /// also returns whether the API responded: users should see whether access is denied or the server does not
    /// respond. A requirement without validators needs no session and no response. An app with only such requirements
    /// does not include the claim code in its module.
    ///
    /// # Errors
    /// See [`validate_claims`](Self::validate_claims).
    pub fn check_requirement(&self, require: &Require) -> ClientFuture<CheckedClaims> {
        let validators = require.validators();
        self.run(|client| Box::pin(async move { client.check_requirement(&validators).await }))
    }

    /// The validators that hold for the whole app ([`Overrides::global_claim_validators`]).
    #[doc(alias = "getGlobalClaimValidators")]
    pub fn global_claim_validators(&self) -> Vec<Validator> {
        let overrides = self.client().and_then(|client| client.0.overrides.as_ref());
        overrides.map_or_else(Vec::new, |overrides| overrides.app.global_claim_validators())
    }

    /// The [global validators](Self::global_claim_validators) as one requirement; none if there are none.
    #[doc(hidden)]
    pub fn global_requirement(&self) -> Option<Require> {
        let overrides = self.client()?.0.overrides.as_ref()?;
        (overrides.global_requirement)(&*overrides.app)
    }

    /// Whether a request to `url` is an API request, by the settings or by an override.
    #[doc(alias = "shouldDoInterceptionBasedOnUrl")]
    pub fn is_api_url(&self, url: &Url) -> bool {
        match self.client() {
            Some(client) => client.is_api_url(url),
            None => self.config.is_api_url(url),
        }
    }

    /// The server's time since the Unix epoch, by the clock skew of the last front token. Compare it with
    /// [`FrontToken::expires_at`].
    ///
    /// # Errors
    /// [`SessionError::Store`] when the store can't be read.
    pub fn server_time(&self) -> ClientFuture<Duration> {
        self.run(|client| Box::pin(async move { client.server_time_ms().await.map(since_epoch) }))
    }

    /// [`server_time`](Self::server_time) in ms.
    #[doc(hidden)]
    pub fn server_time_ms(&self) -> ClientFuture<i64> {
        self.run(|client| Box::pin(async move { client.server_time_ms().await }))
    }

    /// Refreshes ahead of the expiry while `page` exists and is visible, if
    /// [`SessionConfigBuilder::refresh_ahead`](crate::SessionConfigBuilder::refresh_ahead) is set. For adapters: call it
    /// whenever the session has changed or the page becomes visible. `page` replaces the page of the last call.
    #[doc(hidden)]
    pub fn refresh_ahead(&self, page: &Rc<VisiblePage>) {
        if let Some(client) = self.client() {
            client.refresh_ahead(page);
        }
    }

    /// The message for an event of this client; none if the event does not change the store, or came from another tab.
    #[doc(hidden)]
    pub fn tab_message_of(&self, event: &SessionEvent) -> Option<TabMessage> {
        self.client()?.tab_message_of(event)
    }

    /// Handles a message of another tab: reads the store, and emits the events of what changed. Makes no API call.
    ///
    /// # Errors
    /// [`SessionError::Store`] when the store can't be read.
    #[doc(hidden)]
    pub fn receive_tab_message(&self, message: &TabMessage) -> ClientFuture<()> {
        let message = *message;
        self.run(|client| Box::pin(async move { client.receive_tab_message(&message).await }))
    }

    /// Handles the `pagehide` event. During a sign-out, it ends the session in the store now: this page receives no
    /// response any more, and the next page must be signed out. If the sign-out call was not sent yet, for example
    /// because it waits for a refresh, the server does not revoke the session.
    ///
    /// `supertokens_web::session_client` and `join_tabs` call this method; other clients must call it themselves.
    #[doc(hidden)]
    pub fn page_is_left(&self) {
        if let Some(client) = self.client() {
            client.page_is_left();
        }
    }

    /// The client; none on another thread than the page's, and without a page.
    fn client(&self) -> Option<&Client> {
        self.page.as_ref()?.get()
    }

    pub(super) fn run<T>(&self, work: impl FnOnce(Client) -> Work<T>) -> ClientFuture<T> {
        match self.client() {
            Some(client) => ClientFuture::new(work(client.clone())),
            None => ClientFuture::failed(SessionError::NotInBrowser),
        }
    }
}

/// Two handles are equal if they share one client, or if both have none and the same settings.
impl PartialEq for SessionClient {
    fn eq(&self, other: &Self) -> bool {
        match (&self.page, &other.page) {
            (Some(one), Some(two)) => {
                let clients = || Some((self.client()?, other.client()?));
                Arc::ptr_eq(one, two) || clients().is_some_and(|(one, two)| Rc::ptr_eq(&one.0, &two.0))
            }
            (None, None) => self.config == other.config,
            _ => false,
        }
    }
}

impl fmt::Debug for SessionClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionClient").field("config", &self.config).finish_non_exhaustive()
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
#[derive(Clone, Default)]
pub struct WeakSessionClient(Weak<Inner>);

impl WeakSessionClient {
    /// The client, unless it was dropped.
    pub fn upgrade(&self) -> Option<SessionClient> {
        self.0.upgrade().map(|inner| SessionClient::of(Client(inner)))
    }
}

impl fmt::Debug for WeakSessionClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WeakSessionClient")
    }
}
