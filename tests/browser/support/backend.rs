use std::{
    any::Any,
    cell::{Cell, RefCell},
    collections::VecDeque,
    future::{poll_fn, ready},
    rc::Rc,
    task::{Poll, Waker},
};

use supertokens_leptos::{
    Overrides, SessionClient, SessionConfig, SessionConfigBuilder,
    platform::{
        Changes, Clock, LocalBoxFuture, Lock, LockError, LockGuard, Platform, Spawn, Store, StoreError,
        StoredSession, Transport, TransportError, TransportRequest, TransportResponse,
    },
};

use super::{
    answer::{Answer, NOW_MS, front_token},
    settle,
};

/// The store, the network and the clock of one test.
#[derive(Clone, Default)]
pub struct Backend(Rc<Inner>);

#[derive(Default)]
struct Inner {
    stored: RefCell<StoredSession>,
    answers: RefCell<VecDeque<Answer>>,
    calls: RefCell<Vec<String>>,
    released: Cell<bool>,
    elapsed_ms: Cell<i64>,
    sleeping: RefCell<Vec<Waker>>,
    is_slow: Cell<bool>,
    reads: Cell<u32>,
}

impl Backend {
    /// A browser in which nobody has signed in or out yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A browser that knows that nobody is signed in.
    pub fn signed_out() -> Self {
        let backend = Self::new();
        backend.0.stored.borrow_mut().marker = supertokens_session::token::Marker::parse("1").ok();
        backend
    }

    /// A browser in which `user` is signed in.
    pub fn signed_in(user: &str) -> Self {
        Self::signed_in_with(user, "{}")
    }

    /// A browser in which `user` is signed in, with that payload.
    pub fn signed_in_with(user: &str, payload: &str) -> Self {
        Self::signed_out().keeping(&front_token(user, NOW_MS + 60_000, payload))
    }

    /// A browser in which the access token has expired.
    pub fn expired(user: &str) -> Self {
        Self::signed_out().keeping(&front_token(user, NOW_MS - 1, "{}"))
    }

    fn keeping(self, front: &str) -> Self {
        self.0.stored.borrow_mut().front = supertokens_session::token::FrontTokenText::parse(front).ok();
        self
    }

    /// Somebody signs in or out behind this page's back, as another tab does.
    pub fn becomes(&self, other: &Self) {
        *self.0.stored.borrow_mut() = other.0.stored.borrow().clone();
    }

    /// From now on the store takes its time.
    pub fn reads_slowly(&self) {
        self.0.is_slow.set(true);
    }

    /// Says what the backend answers next; without a word it hangs.
    pub fn answers(self, answers: impl IntoIterator<Item = Answer>) -> Self {
        self.0.answers.borrow_mut().extend(answers);
        self
    }

    /// As [`answers`](Self::answers), while the page is open.
    pub fn next(&self, answer: Answer) {
        self.0.answers.borrow_mut().push_back(answer);
    }

    /// As [`signed_in_with`](Self::signed_in_with), by a server whose clock is that far ahead of the device's.
    pub fn signed_in_ahead_by(skew_ms: i64, user: &str, payload: &str) -> Self {
        let backend = Self::signed_out().keeping(&front_token(user, NOW_MS + skew_ms + 60_000, payload));
        backend.0.stored.borrow_mut().clock_skew_ms = skew_ms;
        backend
    }

    /// Lets time pass; timers that run out ring.
    pub fn pass(&self, ms: i64) {
        self.0.elapsed_ms.set(self.0.elapsed_ms.get() + ms);
        self.0.sleeping.take().into_iter().for_each(Waker::wake);
    }

    /// Lets time pass, and no timer ring.
    pub fn set_clock_on(&self, ms: i64) {
        self.0.elapsed_ms.set(self.0.elapsed_ms.get() + ms);
    }

    /// The backend says nothing of what it was to say.
    pub fn forget_answers(&self) {
        self.0.answers.borrow_mut().clear();
    }

    /// As [`pass`](Self::pass), second by second, so that what is done in between is done in time.
    pub async fn pass_seconds(&self, count: u32) {
        for _ in 0..count {
            self.pass(1_000);
            settle().await;
        }
    }

    /// How often the store was read.
    pub fn reads(&self) -> u32 {
        self.0.reads.get()
    }

    /// Lets the answers go that were held.
    pub fn release(&self) {
        self.0.released.set(true);
    }

    /// The calls so far, as `METHOD /path`.
    pub fn calls(&self) -> Vec<String> {
        self.0.calls.borrow().clone()
    }

    pub fn client(&self) -> SessionClient {
        self.client_with(|settings| settings)
    }

    /// A client with settings of its own.
    pub fn client_with(
        &self,
        set: impl FnOnce(SessionConfigBuilder) -> SessionConfigBuilder,
    ) -> SessionClient {
        let config = set(SessionConfig::builder("https://api.example.com")).build().unwrap();
        SessionClient::new(config, self.platform())
    }

    /// A client with functions of the app's own.
    pub fn client_overridden(&self, overrides: impl Overrides + 'static) -> SessionClient {
        let config = SessionConfig::builder("https://api.example.com").build().unwrap();
        SessionClient::with_overrides(config, self.platform(), Rc::new(overrides))
    }

    fn platform(&self) -> Platform {
        let part = Rc::new(self.clone());
        Platform {
            store: part.clone(),
            transport: part.clone(),
            lock: part.clone(),
            clock: part.clone(),
            spawn: part,
        }
    }
}

impl Store for Backend {
    fn read(&self) -> Result<StoredSession, StoreError> {
        self.0.reads.set(self.0.reads.get() + 1);
        Ok(self.0.stored.borrow().clone())
    }

    fn write(&self, changes: Changes) -> Result<(), StoreError> {
        self.0.stored.borrow_mut().apply(changes);
        Ok(())
    }

    fn sync(&self) -> Option<LocalBoxFuture<'_, Result<(), StoreError>>> {
        self.0.is_slow.get().then(|| -> LocalBoxFuture<'_, _> {
            Box::pin(async {
                settle().await;
                Ok(())
            })
        })
    }
}

impl Transport for Backend {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        self.0.calls.borrow_mut().push(format!(
            "{} {}",
            request.method.as_str(),
            request.url.path_and_query()
        ));
        let mut answer = self.0.answers.borrow_mut().pop_front().unwrap_or(Answer::Hang);
        Box::pin(async move {
            while let Answer::Held(next) = answer {
                while !self.0.released.get() {
                    settle().await;
                }
                answer = *next;
            }
            match answer {
                Answer::Held(_) => unreachable!(),
                Answer::Status(status, headers) => {
                    Ok(Box::new(Reply { status, headers, body: "{}" }) as Box<dyn TransportResponse>)
                }
                Answer::Body(status, body) => {
                    Ok(Box::new(Reply { status, headers: vec![], body }) as Box<dyn TransportResponse>)
                }
                Answer::Refused(body) => {
                    Ok(Box::new(Reply { status: 403, headers: vec![], body }) as Box<dyn TransportResponse>)
                }
                Answer::Down => Err(TransportError::Unreachable),
                Answer::Hang => std::future::pending().await,
            }
        })
    }
}

struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: &'static str,
}

impl TransportResponse for Reply {
    fn status(&self) -> u16 {
        self.status
    }

    fn header(&self, name: &str) -> Option<String> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    }

    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(ready(Ok(self.body.as_bytes().to_vec())))
    }

    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(ready(Ok(self.body.as_bytes().to_vec())))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Lock for Backend {
    fn acquire<'a>(&'a self, _: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(ready(Ok(LockGuard::new(|| {}))))
    }
}

impl Clock for Backend {
    fn now_ms(&self) -> i64 {
        NOW_MS + self.0.elapsed_ms.get()
    }

    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()> {
        let (backend, until_ms) = (self.clone(), self.0.elapsed_ms.get() + i64::from(ms));
        Box::pin(poll_fn(move |context| {
            if backend.0.elapsed_ms.get() >= until_ms {
                return Poll::Ready(());
            }
            backend.0.sleeping.borrow_mut().push(context.waker().clone());
            Poll::Pending
        }))
    }
}

impl Spawn for Backend {
    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        leptos::task::spawn_local(task);
    }
}
