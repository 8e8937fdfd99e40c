//! One tab: a client with its tasks, which end with the tab.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    rc::Rc,
    task::Poll,
};

use futures_util::future::join_all;
use supertokens_session::{
    Overrides, SessionClient, SessionConfig, SessionError, SessionEvent, SessionResponse,
    platform::{LocalBoxFuture, Platform, Spawn},
};
use tokio::task::{AbortHandle, JoinHandle, spawn_local};

use super::{
    lock::{Locks, TabLock},
    server::SIGN_IN,
    store::TabStore,
    transport::TabTransport,
    world::World,
};

/// Records the events of a client from now on.
fn listen(client: &SessionClient) -> Rc<RefCell<Vec<SessionEvent>>> {
    let events = Rc::new(RefCell::new(Vec::new()));
    let seen = events.clone();
    client.on_event(move |event| seen.borrow_mut().push(event.clone())).forget();
    events
}

/// The identity of a tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TabId(pub u32);

/// A task of a tab; its outcome is `None` if the tab was closed first.
pub struct Task<T>(JoinHandle<T>);

impl<T> Task<T> {
    pub async fn outcome(self) -> Option<T> {
        match self.0.await {
            Ok(outcome) => Some(outcome),
            Err(error) if error.is_cancelled() => None,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// The outcome of a task whose tab is still open.
    pub async fn done(self) -> T {
        self.outcome().await.expect("the tab died before the task was done")
    }

    pub fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

/// A tab of the browser.
pub struct Tab {
    pub id: TabId,
    pub client: SessionClient,
    tasks: Tasks,
    events: Rc<RefCell<Vec<SessionEvent>>>,
}

/// The tasks of a tab.
#[derive(Clone)]
struct Tasks {
    all: Rc<RefCell<Vec<AbortHandle>>>,
    id: TabId,
    locks: Locks,
    /// The number of polls until the tab is closed, if it is to be closed.
    doom: Rc<Cell<Option<u32>>>,
}

impl Tasks {
    fn spawn<T: 'static>(&self, task: impl Future<Output = T> + 'static) -> JoinHandle<T> {
        let handle = spawn_local(self.clone().until_closed(task));
        let mut all = self.all.borrow_mut();
        all.retain(|known| !known.is_finished());
        all.push(handle.abort_handle());
        handle
    }

    /// Wraps a task so that it ends with the tab.
    fn until_closed<T>(self, task: impl Future<Output = T>) -> impl Future<Output = T> {
        let mut task = Box::pin(task);
        poll_fn(move |context| match self.doom.get() {
            Some(0) => Poll::Pending,
            Some(1) => {
                self.doom.set(Some(0));
                spawn_local(self.clone().end());
                Poll::Pending
            }
            left => {
                self.doom.set(left.map(|left| left - 1));
                task.as_mut().poll(context)
            }
        })
    }

    async fn end(self) {
        let tasks = std::mem::take(&mut *self.all.borrow_mut());
        tasks.iter().for_each(AbortHandle::abort);
        while tasks.iter().any(|task| !task.is_finished()) {
            tokio::task::yield_now().await;
        }
        self.locks.forget_tab(self.id);
    }
}

impl Spawn for Tasks {
    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        Tasks::spawn(self, task);
    }
}

impl Tab {
    pub(super) fn open(id: TabId, world: &World, config: SessionConfig) -> Self {
        let tasks = Tasks { all: Rc::default(), id, locks: world.locks.clone(), doom: Rc::default() };
        let platform = Platform {
            store: Rc::new(TabStore::new(world.store.clone(), id)),
            transport: Rc::new(TabTransport { network: world.network.clone(), tab: id }),
            lock: Rc::new(TabLock { locks: world.locks.clone(), tab: id }),
            clock: Rc::new(world.clock.clone()),
            spawn: Rc::new(tasks.clone()),
        };
        let client = SessionClient::new(config, platform);
        let events = listen(&client);
        Self { id, client, tasks, events }
    }

    pub fn id(&self) -> TabId {
        self.id
    }

    /// The same tab, whose client has these overrides.
    pub fn with_overrides(mut self, overrides: Rc<dyn Overrides>) -> Self {
        let (config, platform) = (self.client.config().clone(), self.client.platform().unwrap().clone());
        self.client = SessionClient::with_overrides(config, platform, overrides);
        self.events = listen(&self.client);
        self
    }

    /// Starts a task that ends with the tab.
    pub fn spawn<T: 'static>(&self, task: impl Future<Output = T> + 'static) -> Task<T> {
        Task(self.tasks.spawn(task))
    }

    /// Calls the client in a task that ends with the tab.
    pub fn start<T: 'static, F: Future<Output = T> + 'static>(
        &self,
        call: impl FnOnce(SessionClient) -> F,
    ) -> Task<T> {
        self.spawn(call(self.client.clone()))
    }

    /// Sends a `GET` request in a task of its own.
    pub fn start_get(&self, url: &str) -> Task<Result<SessionResponse, SessionError>> {
        self.spawn(self.client.get(url).send())
    }

    pub async fn get(&self, url: &str) -> Result<SessionResponse, SessionError> {
        self.client.get(url).send().await
    }

    /// The status of the response to a `GET` request.
    pub async fn status(&self, url: &str) -> u16 {
        self.get(url).await.unwrap().status()
    }

    /// Sends `count` `GET` requests at once, and returns the statuses of the responses.
    pub async fn burst(&self, count: usize, url: &str) -> Vec<u16> {
        let requests: Vec<_> = (0..count).map(|_| self.start_get(url).done()).collect();
        join_all(requests).await.into_iter().map(|response| response.unwrap().status()).collect()
    }

    /// Signs a user in, as an app's sign-in form does, and clears the recorded events.
    pub async fn sign_in(&self, user: &str) {
        let response = self.client.post(SIGN_IN).body(user).send().await.unwrap();
        assert_eq!((response.status(), response.session_error()), (200, None));
        assert_eq!(self.user().await.as_deref(), Some(user));
        self.forget_events();
    }

    /// The user in the store.
    pub async fn user(&self) -> Option<String> {
        match self.client.user_id().await {
            Ok(user) => Some(user),
            Err(SessionError::NoSession) => None,
            Err(error) => panic!("{error}"),
        }
    }

    /// The events since the last call.
    pub fn events(&self) -> Vec<SessionEvent> {
        std::mem::take(&mut self.events.borrow_mut())
    }

    /// Clears the recorded events.
    pub fn forget_events(&self) {
        self.events.borrow_mut().clear();
    }

    /// Closes the tab: its tasks are dropped, and the browser releases its locks.
    pub async fn kill(&self) {
        self.tasks.doom.set(Some(0));
        self.tasks.clone().end().await;
    }

    /// Closes the tab after this number of polls of its tasks, at least one.
    pub fn kill_after_polls(&self, polls: u32) {
        self.tasks.doom.set(Some(polls.max(1)));
    }

    /// Cancels [`kill_after_polls`](Self::kill_after_polls).
    pub fn cancel_kill(&self) {
        if !self.is_dead() {
            self.tasks.doom.set(None);
        }
    }

    pub fn is_dead(&self) -> bool {
        self.tasks.doom.get() == Some(0)
    }
}
