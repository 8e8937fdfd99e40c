//! The session as signals.

mod claims;
mod ready;

use std::{mem, sync::Arc, task::Waker, time::Duration};

use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::Value;
use supertokens_session::{
    AccessToken, ClientFuture, FrontToken, FrontTokenError, SessionClient, SessionConfig, SessionError,
    SessionEvent,
};
use supertokens_ui::{SessionStatus, SessionSync, Snapshot};

use crate::{browser_value::BrowserValue, reactive::ErasedMemo};

pub use claims::use_claim_value;

/// The session of the nearest [`SessionProvider`](crate::SessionProvider). `Copy`, like a signal.
///
/// A signal notifies only when its value changes: after a refresh with the same user and payload, only readers of the
/// expiry run again.
///
/// While a server renders, the signals have the values of the request's session if the feature `ssr` is on, and never
/// change. Otherwise the status is [`Loading`](SessionStatus::Loading) and the other signals are `None`. Methods such as [`recheck`](Self::recheck) do nothing, listeners are dropped, and requests of
/// [`client`](Self::client) return errors.
///
/// ```
/// use leptos::prelude::*;
/// use supertokens_leptos::use_session;
///
/// #[component]
/// fn Greeting() -> impl IntoView {
///     let session = use_session();
///     view! { <p>"Hello, " {move || session.user_id().get()}</p> }
/// }
/// ```
#[derive(Clone, Copy)]
pub struct Session {
    pub(crate) sync: BrowserValue<SessionSync>,
    pub(crate) snapshot: RwSignal<Arc<Snapshot>>,
    client: StoredValue<SessionClient>,
    status: Signal<SessionStatus>,
    front_token: Signal<Option<FrontToken>>,
    user_id: Signal<Option<String>>,
    expires_at: Signal<Option<Duration>>,
    error: Signal<Option<SessionError>>,
    /// Tasks that wait for the first status.
    ready_wakers: StoredValue<Vec<Waker>>,
}

impl Session {
    /// Creates the signals with the snapshot that a server `embedded` in the page. In a browser, it also starts to check
    /// whether there is a session.
    pub(crate) fn start(client: SessionClient, login: String, embedded: &str) -> Self {
        let first = Arc::new(Snapshot::from_embedded(embedded));
        let is_hydrating = !embedded.is_empty();
        let snapshot = RwSignal::new(first.clone());
        let ready_wakers = StoredValue::new(Vec::new());
        let handle = StoredValue::new(client.clone());
        let publish = move |next| {
            snapshot.try_set(next);
            let wakers: Vec<Waker> = ready_wakers.try_update_value(mem::take).unwrap_or_default();
            wakers.into_iter().for_each(Waker::wake);
        };
        // The count makes an error notify although it equals the last one.
        let error = ErasedMemo::new(move || {
            snapshot.with(|snapshot: &Arc<Snapshot>| (snapshot.error_count, snapshot.error.clone()))
        });
        Self {
            sync: BrowserValue::new(|| SessionSync::start(client, login, first, is_hydrating, publish)),
            snapshot,
            client: handle,
            status: derive(snapshot, |snapshot| snapshot.status),
            front_token: derive(snapshot, |snapshot| snapshot.front_token.clone()),
            user_id: derive(snapshot, |snapshot| Some(snapshot.front_token.as_ref()?.user_id().to_owned())),
            expires_at: derive(snapshot, |snapshot| Some(snapshot.front_token.as_ref()?.expires_at())),
            error: Signal::derive(move || error.get().1),
            ready_wakers,
        }
    }

    /// Whether a user is signed in.
    #[doc(alias = "doesSessionExist")]
    pub fn status(&self) -> Signal<SessionStatus> {
        self.status
    }

    /// The signed-in user's id.
    #[doc(alias = "getUserId")]
    pub fn user_id(&self) -> Signal<Option<String>> {
        self.user_id
    }

    /// When the access token expires, since the Unix epoch, by the server's clock. The session continues after that:
    /// the next request refreshes it.
    pub fn expires_at(&self) -> Signal<Option<Duration>> {
        self.expires_at
    }

    /// The decoded front token.
    pub fn front_token(&self) -> Signal<Option<FrontToken>> {
        self.front_token
    }

    /// The access token's payload as JSON.
    pub fn raw_payload(&self) -> Signal<Option<Value>> {
        derive(self.snapshot, |snapshot| Some(snapshot.front_token.as_ref()?.payload().clone()))
    }

    /// The access token's payload as a type of the app. `None` without a session, or if the payload does not
    /// deserialize. [`try_payload`](Self::try_payload) distinguishes the two. A debug build
    /// warns once about the second.
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use supertokens_leptos::use_session;
    ///
    /// #[derive(Clone, PartialEq, serde::Deserialize)]
    /// struct Profile {
    ///     plan: String,
    /// }
    ///
    /// #[component]
    /// fn Plan() -> impl IntoView {
    ///     let profile = use_session().payload::<Profile>();
    ///     view! { <p>{move || profile.get().map(|profile| profile.plan)}</p> }
    /// }
    /// ```
    #[doc(alias = "accessTokenPayload")]
    pub fn payload<T>(&self) -> Signal<Option<T>>
    where
        T: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
    {
        derive(self.snapshot, Snapshot::payload_or_warn)
    }

    /// The access token's payload as a type of the app. `None` without a session.
    ///
    /// # Errors
    /// The signal holds [`FrontTokenError::Payload`] if the payload does not deserialize as `T`.
    pub fn try_payload<T>(&self) -> Signal<Option<Result<T, FrontTokenError>>>
    where
        T: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
    {
        derive(self.snapshot, |snapshot| Some(snapshot.front_token.as_ref()?.payload_as()))
    }

    /// The last error: why the session is [`Unreachable`](SessionStatus::Unreachable), or why
    /// [`sign_out`](Self::sign_out) did not reach the server. Each error notifies, even if it equals the last one. A
    /// read that finds a session clears it.
    pub fn error(&self) -> Signal<Option<SessionError>> {
        self.error
    }

    /// The client that calls the API with this session. The client and its futures are `Send`. On a server, its futures
    /// return [`SessionError::NotInBrowser`].
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use supertokens_leptos::use_session;
    ///
    /// #[component]
    /// fn Orders() -> impl IntoView {
    ///     let client = use_session().client();
    ///     let orders = Resource::new(|| (), move |()| {
    ///         let request = client.get("/orders").send();
    ///         async move { request.await.map_err(|error| error.to_string())?.text().await.map_err(|error| error.to_string()) }
    ///     });
    ///     view! { <Suspense>{move || Suspend::new(async move { orders.await })}</Suspense> }
    /// }
    /// ```
    pub fn client(&self) -> SessionClient {
        match self.client.try_get_value() {
            Some(client) => client,
            // When a client of a server disconnects, Leptos disposes of the page while it is still rendered.
            None if !cfg!(target_arch = "wasm32") => without_page(),
            None => self.client.get_value(),
        }
    }

    /// Starts a task that signs out on the server and in this browser. If the server is unreachable, the session still
    /// ends in this browser, and [`error`](Self::error) says so. To await the result, use
    /// `session.client().sign_out()`.
    #[doc(alias = "signOut")]
    pub fn sign_out(&self) {
        self.sync.with(SessionSync::sign_out);
    }

    /// Checks again whether there is a session. Call it after [`Unreachable`](SessionStatus::Unreachable), or when a
    /// session may have begun outside of this client. Guards also fetch due claims. Views stay until there is a
    /// response.
    pub fn recheck(&self) {
        self.sync.with(SessionSync::recheck);
    }

    /// Refreshes the access token if it expires soon. Call it before a connection that this client does not open, such
    /// as a WebSocket: see [`SessionClient::ensure_fresh`].
    ///
    /// # Errors
    /// [`SessionError::NoSession`] without a session, and the errors of a refresh.
    pub fn ensure_fresh(&self) -> ClientFuture<()> {
        self.client().ensure_fresh()
    }

    /// The access token of header mode for requests that this client does not send. It is refreshed first if it expires
    /// soon: see [`SessionClient::fresh_access_token`].
    ///
    /// # Errors
    /// [`SessionError::TokenInCookie`] in cookie mode, [`SessionError::NoSession`] without a session, and the errors of
    /// a refresh.
    pub fn fresh_access_token(&self) -> ClientFuture<AccessToken> {
        self.client().fresh_access_token()
    }

    /// Calls `listener` on each event, until the current owner is cleaned up.
    #[doc(alias = "onHandleEvent")]
    pub fn on_event(&self, listener: impl Fn(&SessionEvent) + 'static) {
        self.sync.map(|sync| sync.client().on_event(listener));
    }

    /// Tracks the signals that decisions depend on.
    pub(crate) fn track(&self) {
        self.status.track();
        self.front_token.track();
    }
}

/// Derives a signal from the snapshot. It notifies only when its value changes.
fn derive<T: Clone + PartialEq + Send + Sync + 'static>(
    snapshot: RwSignal<Arc<Snapshot>>,
    read: impl Fn(&Snapshot) -> T + Send + Sync + 'static,
) -> Signal<T> {
    ErasedMemo::new(move || snapshot.with(|snapshot| read(snapshot))).signal()
}

fn without_page() -> SessionClient {
    match SessionConfig::same_origin().build() {
        Ok(config) => SessionClient::without_page(config),
        Err(_) => unreachable!("the default settings are valid"),
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

/// The session of the nearest [`SessionProvider`](crate::SessionProvider).
///
/// # Panics
/// Outside a `SessionProvider`. [`try_use_session`] returns `None` there.
#[track_caller]
#[doc(alias = "useSessionContext")]
pub fn use_session() -> Session {
    match try_use_session() {
        Some(session) => session,
        #[allow(
            clippy::panic,
            reason = "like Leptos' hooks: it is a mistake in the app's code that shows at the first run"
        )]
        None => panic!(
            "use_session() needs a <SessionProvider> above it: wrap the app's root in one. In async code, call it before \
             the first await"
        ),
    }
}

/// The session of the nearest [`SessionProvider`](crate::SessionProvider), if there is one.
pub fn try_use_session() -> Option<Session> {
    use_context()
}
