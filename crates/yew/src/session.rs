//! The handle to the session, and how components follow its changes.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    rc::Rc,
    sync::Arc,
    task::{Poll, Waker},
};

use supertokens_session::{AccessToken, ClientFuture, SessionClient, claims::Require};
use supertokens_ui::{Decision, OnServer, Publish, RequirementCheck, SessionStatus, SessionSync, Snapshot};
use yew::prelude::*;

/// The session of the nearest [`SessionProvider`](crate::SessionProvider). A handle that stays the same, so a component
/// that has it does not render again. [`use_session`] returns it; hooks such as [`use_user_id`](crate::use_user_id) read
/// values.
///
/// After its provider is unmounted, methods such as [`recheck`](Self::recheck) do nothing. While a server renders, they
/// do nothing either, and requests of [`client`](Self::client) return errors.
#[derive(Clone)]
pub struct Session(Rc<Inner>);

struct Inner {
    client: SessionClient,
    /// In a browser, while the provider is mounted.
    sync: RefCell<Option<SessionSync>>,
    /// While a server renders.
    on_server: Option<OnServer>,
    published: Rc<Published>,
}

/// Called after a change of the snapshot.
type OnChange = Rc<dyn Fn()>;

/// The snapshot, and what follows it.
pub(crate) struct Published {
    snapshot: RefCell<Arc<Snapshot>>,
    listeners: RefCell<Vec<(u64, OnChange)>>,
    next_id: Cell<u64>,
    /// Tasks that wait for the first status.
    wakers: RefCell<Vec<Waker>>,
    /// Called after the next render of the provider.
    when_shown: RefCell<Vec<Box<dyn FnOnce()>>>,
    /// Renders the provider.
    render: RefCell<Option<Box<dyn Fn()>>>,
}

/// Publishes to the components.
pub(crate) struct Publisher(pub(crate) Rc<Published>);

impl Publish for Publisher {
    fn publish(&self, snapshot: Arc<Snapshot>) {
        self.0.publish(snapshot);
    }

    /// Yew runs effects after all components are rendered, so that of the provider comes last.
    fn when_shown(&self, then: Box<dyn FnOnce()>) {
        self.0.when_shown.borrow_mut().push(then);
        if let Some(render) = &*self.0.render.borrow() {
            render();
        }
    }
}

impl Published {
    pub(crate) fn new(first: Arc<Snapshot>) -> Rc<Self> {
        Rc::new(Self {
            snapshot: RefCell::new(first),
            listeners: RefCell::default(),
            next_id: Cell::default(),
            wakers: RefCell::default(),
            when_shown: RefCell::default(),
            render: RefCell::default(),
        })
    }

    fn publish(&self, snapshot: Arc<Snapshot>) {
        self.snapshot.replace(snapshot);
        let ids: Vec<u64> = self.listeners.borrow().iter().map(|(id, _)| *id).collect();
        for id in ids {
            // A listener may remove others.
            let listener = self.listeners.borrow().iter().find(|(other, _)| *other == id).cloned();
            if let Some((_, listener)) = listener {
                listener();
            }
        }
        self.wakers.take().into_iter().for_each(Waker::wake);
    }
}

/// A listener of the snapshot, until this is dropped.
pub(crate) struct Listener {
    published: Rc<Published>,
    id: u64,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.published.listeners.borrow_mut().retain(|(id, _)| *id != self.id);
    }
}

impl Session {
    pub(crate) fn new(
        client: SessionClient,
        sync: Option<SessionSync>,
        on_server: Option<OnServer>,
        published: Rc<Published>,
    ) -> Self {
        Self(Rc::new(Inner { client, sync: RefCell::new(sync), on_server, published }))
    }

    /// The client that calls the API with this session.
    ///
    /// ```
    /// use supertokens_yew::use_session;
    /// use yew::{platform::spawn_local, prelude::*};
    ///
    /// #[component]
    /// fn Orders() -> Html {
    ///     let client = use_session().client();
    ///     let orders = use_state(String::new);
    ///     use_effect_with((), {
    ///         let orders = orders.setter();
    ///         move |()| spawn_local(async move {
    ///             match client.get("/orders").send().await {
    ///                 Ok(response) => orders.set(response.text().await.unwrap_or_default()),
    ///                 Err(error) => orders.set(error.to_string()),
    ///             }
    ///         })
    ///     });
    ///     html! { <p>{(*orders).clone()}</p> }
    /// }
    /// ```
    pub fn client(&self) -> SessionClient {
        self.0.client.clone()
    }

    /// Starts a task that signs out on the server and in this browser. If the server is unreachable, the session still
    /// ends in this browser, and [`use_session_error`](crate::use_session_error) says so. To await the result, use
    /// `session.client().sign_out()`.
    #[doc(alias = "signOut")]
    pub fn sign_out(&self) {
        self.with_sync(SessionSync::sign_out);
    }

    /// Checks again whether there is a session. Call it after [`Unreachable`](SessionStatus::Unreachable), or when a
    /// session may have begun outside of this client. Guards also fetch due claims. Views stay until there is a
    /// response.
    pub fn recheck(&self) {
        self.with_sync(SessionSync::recheck);
    }

    /// Refreshes the access token if it expires soon. Call it before a connection that this client does not open, such
    /// as a WebSocket: see [`SessionClient::ensure_fresh`].
    ///
    /// # Errors
    /// [`SessionError::NoSession`](crate::SessionError::NoSession) without a session, and the errors of a refresh.
    pub fn ensure_fresh(&self) -> ClientFuture<()> {
        self.0.client.ensure_fresh()
    }

    /// The access token of header mode for requests that this client does not send. It is refreshed first if it expires
    /// soon: see [`SessionClient::fresh_access_token`].
    ///
    /// # Errors
    /// [`SessionError::TokenInCookie`](crate::SessionError::TokenInCookie) in cookie mode,
    /// [`SessionError::NoSession`](crate::SessionError::NoSession) without a session, and the errors of a refresh.
    pub fn fresh_access_token(&self) -> ClientFuture<AccessToken> {
        self.0.client.fresh_access_token()
    }

    /// Waits for the first status that is not [`Loading`](SessionStatus::Loading).
    ///
    /// While a server renders, it resolves at once. After the provider is unmounted, it may never resolve.
    pub async fn ready(&self) -> SessionStatus {
        poll_fn(|context| match self.snapshot().status {
            SessionStatus::Loading if cfg!(target_arch = "wasm32") => {
                self.0.published.wakers.borrow_mut().push(context.waker().clone());
                Poll::Pending
            }
            status => Poll::Ready(status),
        })
        .await
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.0.published.snapshot.borrow().clone()
    }

    /// Whether a user is signed in, for callbacks and tasks. A component that shows it calls
    /// [`use_session_status`](crate::use_session_status), since this does not render it again.
    pub fn status(&self) -> SessionStatus {
        self.snapshot().status
    }

    /// The signed-in user's id, for callbacks and tasks. See [`status`](Self::status).
    pub fn user_id(&self) -> Option<String> {
        Some(self.snapshot().front_token.as_ref()?.user_id().to_owned())
    }

    pub(crate) fn on_server(&self) -> Option<&OnServer> {
        self.0.on_server.as_ref()
    }

    /// Calls `read` in a browser, while the provider is mounted.
    pub(crate) fn with_sync<R>(&self, read: impl FnOnce(&SessionSync) -> R) -> Option<R> {
        let sync = self.0.sync.borrow().clone();
        sync.as_ref().map(read)
    }

    /// Decides with the check of a component. `None` on a server.
    pub(crate) fn decide(&self, check: Option<&RequirementCheck>, require: &Require) -> Decision {
        match (check, self.on_server()) {
            (Some(check), _) => check.decide(require),
            (None, Some(on_server)) => on_server.decide(&self.snapshot(), require),
            (None, None) => Decision::Loading,
        }
    }

    /// Calls `listener` after each change of the snapshot.
    pub(crate) fn listen(&self, listener: Rc<dyn Fn()>) -> Listener {
        let published = self.0.published.clone();
        let id = published.next_id.get();
        published.next_id.set(id + 1);
        published.listeners.borrow_mut().push((id, listener));
        Listener { published, id }
    }

    /// The provider is mounted, and renders again when this is called.
    pub(crate) fn render_with(&self, render: impl Fn() + 'static) {
        self.0.published.render.replace(Some(Box::new(render)));
    }

    /// All components show the published snapshot.
    pub(crate) fn all_rendered(&self) {
        self.0.published.when_shown.take().into_iter().for_each(|then| then());
    }

    /// The provider is unmounted. The app's tasks may hold the session for longer.
    pub(crate) fn end(&self) {
        self.0.sync.take();
        self.0.published.render.take();
        self.all_rendered();
    }
}

impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
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
/// Outside a `SessionProvider`. [`use_try_session`] returns `None` there.
#[doc(alias = "useSessionContext")]
#[hook]
pub fn use_session() -> Session {
    match use_try_session() {
        Some(session) => session,
        #[allow(
            clippy::panic,
            reason = "like Yew's hooks: it is a mistake in the app's code that shows at the first run"
        )]
        None => panic!("use_session() needs a <SessionProvider> above it: wrap the app's root in one"),
    }
}

/// The session of the nearest [`SessionProvider`](crate::SessionProvider), if there is one.
#[hook]
pub fn use_try_session() -> Option<Session> {
    use_context()
}
