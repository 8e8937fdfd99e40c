use std::{
    any::Any,
    cell::{Cell, RefCell},
    collections::VecDeque,
    future::{poll_fn, ready},
    rc::Rc,
    task::{Poll, Waker},
};

use supertokens_session::{
    AccessToken, AntiCsrfToken, FrontTokenText, Marker, Overrides, RefreshToken, SessionClient,
    SessionConfig, SessionConfigBuilder,
    platform::{
        Changes, Clock, LocalBoxFuture, Lock, LockError, LockGuard, Platform, Spawn, Store, StoreError,
        StoredSession, Transport, TransportError, TransportRequest, TransportResponse,
    },
};

use super::{
    response::{NOW_MS, Response, front_token},
    settle,
};

/// The store, the network and the clock of one test.
#[derive(Clone, Default)]
pub struct Backend(Rc<Inner>);

#[derive(Default)]
struct Inner {
    stored: RefCell<StoredSession>,
    responses: RefCell<VecDeque<Response>>,
    requests: RefCell<Vec<String>>,
    is_released: Cell<bool>,
    elapsed_ms: Cell<i64>,
    sleeping: RefCell<Vec<Waker>>,
    has_delayed_reads: Cell<bool>,
    read_count: Cell<u32>,
}

impl Backend {
    /// A browser with an empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// A browser whose store says that no user is signed in.
    pub fn signed_out() -> Self {
        let backend = Self::new();
        backend.0.stored.borrow_mut().marker = Marker::parse("1").ok();
        backend
    }

    /// A browser in which `user` is signed in.
    pub fn signed_in(user: &str) -> Self {
        Self::signed_in_with(user, "{}")
    }

    /// A browser in which `user` is signed in with this payload.
    pub fn signed_in_with(user: &str, payload: &str) -> Self {
        Self::signed_out().with_front_token(&front_token(user, NOW_MS + 60_000, payload))
    }

    /// A browser in which the access token has expired.
    pub fn expired(user: &str) -> Self {
        Self::signed_out().with_front_token(&front_token(user, NOW_MS - 1, "{}"))
    }

    fn with_front_token(self, front: &str) -> Self {
        self.0.stored.borrow_mut().front = FrontTokenText::parse(front).ok();
        self
    }

    /// Stores the tokens of header mode, and an anti-CSRF token.
    pub fn with_tokens(self, access: &str, refresh: &str, anti_csrf: &str) -> Self {
        let mut stored = self.0.stored.borrow_mut();
        stored.access = AccessToken::parse(access).ok();
        stored.refresh = RefreshToken::parse(refresh).ok();
        stored.anti_csrf = AntiCsrfToken::parse(anti_csrf).ok();
        drop(stored);
        self
    }

    /// The texts of all tokens in the store.
    pub fn all_tokens(&self) -> Vec<String> {
        let stored = self.0.stored.borrow();
        let front = stored.front.as_ref().map(|token| token.reveal().to_owned());
        let access = stored.access.as_ref().map(|token| token.reveal().to_owned());
        let refresh = stored.refresh.as_ref().map(|token| token.reveal().to_owned());
        let anti_csrf = stored.anti_csrf.as_ref().map(|token| token.reveal().to_owned());
        [front, access, refresh, anti_csrf].into_iter().flatten().collect()
    }

    /// Replaces the store's content without an event, as another tab does.
    pub fn replace_store(&self, other: &Self) {
        *self.0.stored.borrow_mut() = other.0.stored.borrow().clone();
    }

    /// Delays all later reads of the store.
    pub fn delay_reads(&self) {
        self.0.has_delayed_reads.set(true);
    }

    /// Sets the next responses. Without one, a request stays pending.
    pub fn with_responses(self, responses: impl IntoIterator<Item = Response>) -> Self {
        self.0.responses.borrow_mut().extend(responses);
        self
    }

    /// Adds a response while the page is open.
    pub fn respond(&self, response: Response) {
        self.0.responses.borrow_mut().push_back(response);
    }

    /// Like [`signed_in_with`](Self::signed_in_with), by a server whose clock is ahead of the device's.
    pub fn signed_in_ahead_by(skew_ms: i64, user: &str, payload: &str) -> Self {
        let backend =
            Self::signed_out().with_front_token(&front_token(user, NOW_MS + skew_ms + 60_000, payload));
        backend.0.stored.borrow_mut().clock_skew_ms = skew_ms;
        backend
    }

    /// Advances the clock and fires timers.
    pub fn advance_ms(&self, ms: i64) {
        self.0.elapsed_ms.set(self.0.elapsed_ms.get() + ms);
        self.0.sleeping.take().into_iter().for_each(Waker::wake);
    }

    /// Advances the clock without firing timers.
    pub fn advance_clock_without_timers(&self, ms: i64) {
        self.0.elapsed_ms.set(self.0.elapsed_ms.get() + ms);
    }

    /// Removes all responses that are not used yet.
    pub fn clear_responses(&self) {
        self.0.responses.borrow_mut().clear();
    }

    /// Advances the clock second by second, and runs the page's tasks after each.
    pub async fn advance_seconds(&self, count: u32) {
        for _ in 0..count {
            self.advance_ms(1_000);
            settle().await;
        }
    }

    /// How often the store was read.
    pub fn read_count(&self) -> u32 {
        self.0.read_count.get()
    }

    /// Releases all held responses.
    pub fn release(&self) {
        self.0.is_released.set(true);
    }

    /// All requests, as `METHOD /path`.
    pub fn requests(&self) -> Vec<String> {
        self.0.requests.borrow().clone()
    }

    /// A client that uses this platform.
    pub fn client(&self) -> SessionClient {
        self.client_with(|settings| settings)
    }

    /// A client with changed settings.
    pub fn client_with(
        &self,
        set: impl FnOnce(SessionConfigBuilder) -> SessionConfigBuilder,
    ) -> SessionClient {
        let config = set(SessionConfig::builder("https://api.example.com")).build().unwrap();
        SessionClient::new(config, self.platform())
    }

    /// A client with overrides.
    pub fn client_with_overrides(&self, overrides: impl Overrides + 'static) -> SessionClient {
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
        self.0.read_count.set(self.0.read_count.get() + 1);
        Ok(self.0.stored.borrow().clone())
    }

    fn write(&self, changes: Changes) -> Result<(), StoreError> {
        self.0.stored.borrow_mut().apply(changes);
        Ok(())
    }

    fn sync(&self) -> Option<LocalBoxFuture<'_, Result<(), StoreError>>> {
        self.0.has_delayed_reads.get().then(|| -> LocalBoxFuture<'_, _> {
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
        self.0.requests.borrow_mut().push(format!(
            "{} {}",
            request.method.as_str(),
            request.url.path_and_query()
        ));
        let mut response = self.0.responses.borrow_mut().pop_front().unwrap_or(Response::Hang);
        Box::pin(async move {
            while let Response::Held(held) = response {
                while !self.0.is_released.get() {
                    settle().await;
                }
                response = *held;
            }
            match response {
                Response::Held(_) => unreachable!(),
                Response::Status(status, headers) => {
                    Ok(Box::new(ReceivedResponse { status, headers, body: "{}" })
                        as Box<dyn TransportResponse>)
                }
                Response::Body(status, body) => {
                    Ok(Box::new(ReceivedResponse { status, headers: vec![], body })
                        as Box<dyn TransportResponse>)
                }
                Response::Forbidden(body) => {
                    Ok(Box::new(ReceivedResponse { status: 403, headers: vec![], body })
                        as Box<dyn TransportResponse>)
                }
                Response::Down => Err(TransportError::Unreachable),
                Response::Hang => std::future::pending().await,
            }
        })
    }
}

struct ReceivedResponse {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: &'static str,
}

impl TransportResponse for ReceivedResponse {
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
        wasm_bindgen_futures::spawn_local(task);
    }
}
