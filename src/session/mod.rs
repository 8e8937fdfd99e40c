//! The session as signals.

mod claims;
mod ready;

use std::{mem, sync::Arc, task::Waker};

use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::Value;
use supertokens_session::{
    FrontToken, FrontTokenError, SessionClient, SessionConfig, SessionError, SessionEvent,
    platform::Platform, token::AccessToken, warn_of_setup,
};
use supertokens_ui::{SessionStatus, SessionSync, Snapshot};

use crate::{browser_value::BrowserValue, reactive::ErasedMemo};

pub use claims::use_claim_value;

/// The session of the nearest [`SessionProvider`](crate::SessionProvider). `Copy`, like a signal.
///
/// A signal notifies only when its value changes: a refresh of the same user and payload re-runs only what reads the
/// expiry.
///
/// While a server renders, the status stays [`Loading`](SessionStatus::Loading) and the other signals none. Methods that
/// start something do nothing, listeners are dropped, and each call of [`client`](Self::client) gives an error.
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
    config: StoredValue<SessionConfig>,
    status: Signal<SessionStatus>,
    front_token: Signal<Option<FrontToken>>,
    user_id: Signal<Option<String>>,
    expires_at_ms: Signal<Option<i64>>,
    error: Signal<Option<SessionError>>,
    /// The tasks that wait for the first status.
    waiting: StoredValue<Vec<Waker>>,
}

impl Session {
    /// Makes the signals and, in a browser, starts to find out whether there is a session.
    pub(crate) fn start(client: SessionClient, login: String) -> Self {
        let snapshot = RwSignal::new(Arc::default());
        let waiting = StoredValue::new(Vec::new());
        let config = StoredValue::new(client.config().clone());
        let publish = move |next| {
            snapshot.try_set(next);
            let waiting: Vec<Waker> = waiting.try_update_value(mem::take).unwrap_or_default();
            waiting.into_iter().for_each(Waker::wake);
        };
        // An error that is equal to the last one notifies too.
        let error = ErasedMemo::new(move || {
            snapshot.with(|now: &Arc<Snapshot>| (now.error_count, now.error.clone()))
        });
        Self {
            sync: BrowserValue::new(|| SessionSync::start(client, login, publish)),
            snapshot,
            config,
            status: derive(snapshot, |now| now.status),
            front_token: derive(snapshot, |now| now.front_token.clone()),
            user_id: derive(snapshot, |now| Some(now.front_token.as_ref()?.user_id().to_owned())),
            expires_at_ms: derive(snapshot, |now| Some(now.front_token.as_ref()?.expires_at_ms())),
            error: Signal::derive(move || error.get().1),
            waiting,
        }
    }

    /// Whether a user is signed in.
    pub fn status(&self) -> Signal<SessionStatus> {
        self.status
    }

    /// The signed-in user's id.
    pub fn user_id(&self) -> Signal<Option<String>> {
        self.user_id
    }

    /// When the access token expires, in ms since the epoch, by the server's clock. The session outlives it: the
    /// next request refreshes.
    pub fn expires_at_ms(&self) -> Signal<Option<i64>> {
        self.expires_at_ms
    }

    /// The decoded front token.
    pub fn front_token(&self) -> Signal<Option<FrontToken>> {
        self.front_token
    }

    /// The access token's payload as JSON.
    pub fn raw_payload(&self) -> Signal<Option<Value>> {
        derive(self.snapshot, |now| Some(now.front_token.as_ref()?.payload().clone()))
    }

    /// The access token's payload as a type of the app's own; none without a session, or where it does not fit.
    /// [`try_payload`](Self::try_payload) tells these two apart, and a debug build warns once about the second.
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
    pub fn payload<T>(&self) -> Signal<Option<T>>
    where
        T: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
    {
        derive(self.snapshot, |now| {
            let payload = now.front_token.as_ref()?.payload_as();
            if cfg!(debug_assertions) && payload.is_err() {
                warn_of_setup(format_args!(
                    "the access token's payload does not fit `{}`, so `payload` gives none: `try_payload` gives the error",
                    std::any::type_name::<T>()
                ));
            }
            payload.ok()
        })
    }

    /// The access token's payload as a type of the app's own; none without a session.
    ///
    /// # Errors
    /// The signal holds [`FrontTokenError::Payload`] where the payload does not fit `T`.
    pub fn try_payload<T>(&self) -> Signal<Option<Result<T, FrontTokenError>>>
    where
        T: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
    {
        derive(self.snapshot, |now| Some(now.front_token.as_ref()?.payload_as()))
    }

    /// The last failure: why the session is [`Unreachable`](SessionStatus::Unreachable), or why
    /// [`sign_out`](Self::sign_out) did not reach the server. Each failure notifies, also one that is equal to the last. A
    /// read that finds a session clears it.
    pub fn error(&self) -> Signal<Option<SessionError>> {
        self.error
    }

    /// The client that calls the API with this session. On a server each of its calls gives an error.
    pub fn client(&self) -> SessionClient {
        let client = self.sync.with(|sync| sync.client().clone());
        // A server makes one for each call, since it may not leave the thread.
        client.unwrap_or_else(|| SessionClient::new(self.config.get_value(), Platform::absent()))
    }

    /// Signs out, on the server and here, in a task of its own. Where the server is not reached, the session still ends
    /// here, and [`error`](Self::error) says so. To await the outcome: `session.client().sign_out()`.
    pub fn sign_out(&self) {
        self.sync.with(SessionSync::sign_out);
    }

    /// Checks again whether there is a session: after [`Unreachable`](SessionStatus::Unreachable), or when a session may
    /// have begun outside of this client. Guards also fetch claims that are due. Views stay until there is a response.
    pub fn recheck(&self) {
        self.sync.with(SessionSync::recheck);
    }

    /// Makes sure that the access token is valid for a while. Call it before a connection that this client does not make,
    /// such as a WebSocket: see [`SessionClient::ensure_fresh`].
    ///
    /// # Errors
    /// [`SessionError::NoSession`] where there is none, and those of a refresh.
    pub fn ensure_fresh(&self) -> impl Future<Output = Result<(), SessionError>> + use<> {
        let client = self.client();
        async move { client.ensure_fresh().await }
    }

    /// Header mode's access token, valid for a while, for requests that this client does not send: see
    /// [`SessionClient::fresh_access_token`].
    ///
    /// # Errors
    /// [`SessionError::TokenInCookie`] in cookie mode, [`SessionError::NoSession`] where there is none, and those of a
    /// refresh.
    pub fn fresh_access_token(&self) -> impl Future<Output = Result<AccessToken, SessionError>> + use<> {
        let client = self.client();
        async move { client.fresh_access_token().await }
    }

    /// Calls `listener` on each event, until the owner that this is called under is cleaned up.
    pub fn on_event(&self, listener: impl Fn(&SessionEvent) + 'static) {
        self.sync.map(|sync| sync.client().on_event(listener));
    }

    /// Tracks what decisions depend on.
    pub(crate) fn track(&self) {
        self.status.track();
        self.front_token.track();
    }
}

/// What `read` makes of the snapshot. It notifies only when it changes.
fn derive<T: Clone + PartialEq + Send + Sync + 'static>(
    snapshot: RwSignal<Arc<Snapshot>>,
    read: impl Fn(&Snapshot) -> T + Send + Sync + 'static,
) -> Signal<T> {
    ErasedMemo::new(move || snapshot.with(|now| read(now))).signal()
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

/// The session of the nearest [`SessionProvider`](crate::SessionProvider).
///
/// # Panics
/// Outside a `SessionProvider`; [`try_use_session`] gives `None` there.
#[track_caller]
pub fn use_session() -> Session {
    match try_use_session() {
        Some(session) => session,
        #[allow(
            clippy::panic,
            reason = "as Leptos' own hooks: a mistake in the app's code, seen at the first run"
        )]
        None => panic!(
            "use_session() needs a <SessionProvider> above it: wrap the app's root in one. In async code, call it before \
             the first await"
        ),
    }
}

/// The session of the nearest [`SessionProvider`](crate::SessionProvider), where there is one.
pub fn try_use_session() -> Option<Session> {
    use_context()
}
