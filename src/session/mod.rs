//! The session as signals.

mod claims;
mod keeper;
mod life;
mod ready;
mod status;

use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::Value;
use supertokens_session::{
    FrontToken, FrontTokenError, SessionClient, SessionConfig, SessionError, SessionEvent, claims::Require,
    platform::Platform, token::AccessToken,
};

pub(crate) use claims::Subject;
pub use claims::{ClaimValue, use_claim_value};
use keeper::{Board, Keeper};
pub use status::{SessionStatus, UnauthenticatedReason};

use crate::{browser_value::BrowserValue, reactive::effect, redirect::RedirectBudget};

/// The session of the nearest [`SessionProvider`](crate::SessionProvider). `Copy`, like a signal.
///
/// All signals change only when their value does: a refresh that leaves the user and the payload as they were
/// re-runs nothing but what reads the expiry.
///
/// While a server renders, nothing is known and nothing is called, on whichever thread: the status stays
/// [`Loading`](SessionStatus::Loading) and the other signals none, methods that start something do nothing, listeners are
/// dropped, and each call of [`client`](Self::client) gives an error. A server emits no event.
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
    client: BrowserValue<SessionClient>,
    config: StoredValue<SessionConfig>,
    keeper: BrowserValue<Keeper>,
    status: Signal<SessionStatus>,
    front_token: Signal<Option<FrontToken>>,
    user_id: Signal<Option<String>>,
    expires_at_ms: Signal<Option<i64>>,
    board: Board,
    login: StoredValue<String>,
    redirects: StoredValue<RedirectBudget>,
}

impl Session {
    /// Makes the signals and, in a browser, starts to find out whether there is a session.
    pub(crate) fn start(client: SessionClient, login: String) -> Self {
        // The client may be on a platform of the app's own.
        supertokens_web::show_setup_warnings();
        let board = Board::new();
        let snapshot = board.snapshot;
        let keeper = BrowserValue::new(|| {
            let keeper = Keeper::new(client.clone(), board);
            keeper.settle();
            keeper
        });
        effect(move || {
            snapshot.track();
            keeper.with(Keeper::plan);
        });
        Self {
            config: StoredValue::new(client.config().clone()),
            client: BrowserValue::new(|| client),
            keeper,
            status: Memo::new(move |_| snapshot.with(|s| s.status)).into(),
            front_token: Memo::new(move |_| snapshot.with(|s| s.front_token.clone())).into(),
            user_id: Memo::new(move |_| {
                snapshot.with(|s| Some(s.front_token.as_ref()?.user_id().to_owned()))
            })
            .into(),
            expires_at_ms: Memo::new(move |_| {
                snapshot.with(|s| Some(s.front_token.as_ref()?.expires_at_ms()))
            })
            .into(),
            board,
            login: StoredValue::new(login),
            redirects: StoredValue::new(RedirectBudget::of_routes()),
        }
    }

    /// Whether somebody is signed in.
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
        let front_token = self.front_token;
        Memo::new(move |_| front_token.with(|front| Some(front.as_ref()?.payload().clone()))).into()
    }

    /// The access token's payload as a type of the app's own; none without a session, or where it does not fit.
    /// [`try_payload`](Self::try_payload) tells these two apart.
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
        let front_token = self.front_token;
        Memo::new(move |_| front_token.with(|front| front.as_ref()?.payload_as().ok())).into()
    }

    /// The access token's payload as a type of the app's own; none without a session.
    ///
    /// # Errors
    /// The signal holds [`FrontTokenError::Payload`] where the payload does not fit `T`.
    pub fn try_payload<T>(&self) -> Signal<Option<Result<T, FrontTokenError>>>
    where
        T: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
    {
        let front_token = self.front_token;
        Memo::new(move |_| front_token.with(|front| Some(front.as_ref()?.payload_as()))).into()
    }

    /// The last trouble: why the session is [`Unreachable`](SessionStatus::Unreachable), or why
    /// [`sign_out`](Self::sign_out) could not tell the server. Each failed look notifies anew; a look that finds a
    /// session clears it.
    pub fn error(&self) -> Signal<Option<SessionError>> {
        self.board.error.into()
    }

    /// The client that calls the API with this session. On a server each of its calls gives an error.
    pub fn client(&self) -> SessionClient {
        let client = self.client.with(Clone::clone);
        // A server's is made anew each time, for the thread that asks.
        client.unwrap_or_else(|| SessionClient::new(self.config.get_value(), Platform::absent()))
    }

    /// Signs out, on the server and here, in a task of its own. Where the server can't be told, the session ends
    /// here all the same, and [`error`](Self::error) says so. To await the outcome: `session.client().sign_out()`.
    pub fn sign_out(&self) {
        self.keeper.with(Keeper::sign_out);
    }

    /// Looks again whether there is a session: after [`Unreachable`](SessionStatus::Unreachable), or when a session
    /// may have begun behind the client's back. Guards also fetch the claims anew that are due. What is shown stays
    /// until the answer is there.
    pub fn recheck(&self) {
        self.keeper.with(Keeper::recheck);
    }

    /// Sees to it that the access token is good for a while, before something connects that this client does not send
    /// itself, such as a WebSocket: see [`SessionClient::ensure_fresh`].
    ///
    /// # Errors
    /// [`SessionError::NoSession`] where there is none, and those of a refresh.
    pub fn ensure_fresh(&self) -> impl Future<Output = Result<(), SessionError>> + use<> {
        let client = self.client();
        async move { client.ensure_fresh().await }
    }

    /// Header mode's access token, good for a while, for what this client does not send itself: see
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
        if let Some(subscription) = self.client.with(|client| client.on_event(listener)) {
            StoredValue::new_local(subscription);
        }
    }

    /// The login page's path.
    pub(crate) fn login(&self) -> String {
        self.login.get_value()
    }

    /// The settings.
    pub(crate) fn config(&self) -> SessionConfig {
        self.config.get_value()
    }

    /// What the whole app requires; none where it requires nothing.
    pub(crate) fn global_requirement(&self) -> Option<Require> {
        let validators = self.client.with(SessionClient::global_claim_validators)?;
        validators.into_iter().map(Require::claim).reduce(Require::and)
    }

    /// Reads what is kept, and shows it.
    pub(crate) fn look(&self) -> impl Future<Output = ()> + use<> {
        let look = self.keeper.with(Keeper::look);
        async move {
            if let Some(look) = look {
                look.await;
            }
        }
    }

    /// Counts the occasions to look at claims again.
    pub(crate) fn doubts(&self) -> ReadSignal<u64> {
        self.board.doubts.read_only()
    }

    /// Counts a redirect of a guard; false when there have been too many.
    pub(crate) fn may_redirect(&self) -> bool {
        let now = self.now_ms();
        self.redirects.try_update_value(|budget| budget.take(now)).unwrap_or(false)
    }

    /// Whether a guard may load another page, after all those that it has loaded in this tab.
    pub(crate) fn may_leave(&self) -> bool {
        RedirectBudget::of_loads(supertokens_web::left_at_ms()).take(self.now_ms())
    }

    /// The time by the device's clock; 0 on a server, which decides nothing by it.
    fn now_ms(&self) -> i64 {
        self.client.with(|client| client.platform().clock.now_ms()).unwrap_or_default()
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
/// Outside a `SessionProvider`; [`try_use_session`] gives `None` there.
#[track_caller]
pub fn use_session() -> Session {
    match try_use_session() {
        Some(session) => session,
        #[allow(
            clippy::panic,
            reason = "as Leptos' own hooks: a mistake in the app's code, seen at the first run"
        )]
        None => panic!("use_session() needs a <SessionProvider> above it: wrap the app's root in one"),
    }
}

/// The session of the nearest [`SessionProvider`](crate::SessionProvider), where there is one.
pub fn try_use_session() -> Option<Session> {
    use_context()
}
