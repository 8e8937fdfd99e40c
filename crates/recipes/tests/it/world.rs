use std::{
    any::Any,
    cell::{Cell, RefCell},
    collections::VecDeque,
    future::{IntoFuture, poll_fn, ready},
    rc::Rc,
    task::Poll,
};

use futures_util::FutureExt;
use serde_json::Value;
use supertokens_session::{
    Marker, SessionClient, SessionConfig, SessionConfigBuilder, SessionError,
    platform::{
        Body, Changes, Clock, LocalBoxFuture, Lock, LockError, LockGuard, Platform, Spawn, Store, StoreError,
        StoredSession, Transport, TransportError, TransportRequest, TransportResponse,
    },
};

/// A signed-out browser, and a backend whose responses are in the test.
#[derive(Default)]
pub struct World {
    stored: RefCell<StoredSession>,
    responses: RefCell<VecDeque<(u16, String)>>,
    request: RefCell<Option<TransportRequest>>,
    is_held: Cell<bool>,
    pub now_ms: Cell<i64>,
}

impl World {
    pub fn new() -> Rc<Self> {
        let world = Self::default();
        world.stored.borrow_mut().marker = Marker::parse("1").ok();
        world.now_ms.set(1_700_000_000_000);
        Rc::new(world)
    }

    pub fn client(self: &Rc<Self>) -> SessionClient {
        self.client_with(SessionConfig::builder("https://api.example.com"))
    }

    pub fn client_with(self: &Rc<Self>, config: SessionConfigBuilder) -> SessionClient {
        let platform = Platform {
            store: self.clone(),
            transport: self.clone(),
            lock: self.clone(),
            clock: self.clone(),
            spawn: self.clone(),
        };
        SessionClient::new(config.build().unwrap(), platform)
    }

    /// Awaits a call that gets this response.
    pub fn call<C: IntoFuture>(&self, status: u16, body: impl Into<String>, call: C) -> C::Output {
        self.is_held.set(false);
        self.responses.borrow_mut().push_front((status, body.into()));
        call.into_future().now_or_never().expect("each part responds at once")
    }

    /// Until the next call, requests get no response.
    pub fn hold_responses(&self) {
        self.is_held.set(true);
    }

    /// The response to the request after the next one.
    pub fn second_response(&self, status: u16, body: impl Into<String>) {
        self.responses.borrow_mut().push_back((status, body.into()));
    }

    /// The last request; none if the call has sent none.
    pub fn request(&self) -> Option<TransportRequest> {
        self.request.take()
    }

    /// The JSON body of the last request.
    pub fn sent(&self) -> Value {
        match self.request().expect("a request").body {
            Body::Text(text) => serde_json::from_str(&text).unwrap(),
            body => panic!("{body:?}"),
        }
    }
}

pub fn message(error: SessionError) -> String {
    match error {
        SessionError::DeserializeBody { message, .. } => message,
        error => panic!("{error:?}"),
    }
}

impl Store for World {
    fn read(&self) -> Result<StoredSession, StoreError> {
        Ok(self.stored.borrow().clone())
    }

    fn write(&self, changes: Changes) -> Result<(), StoreError> {
        self.stored.borrow_mut().apply(changes);
        Ok(())
    }
}

impl Transport for World {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        self.request.replace(Some(request));
        Box::pin(poll_fn(|_| {
            if self.is_held.get() {
                return Poll::Pending;
            }
            let response = self.responses.borrow_mut().pop_front();
            let response = response.map(|(status, body)| Box::new(Response { status, body }) as _);
            Poll::Ready(response.ok_or(TransportError::Unreachable))
        }))
    }
}

struct Response {
    status: u16,
    body: String,
}

impl TransportResponse for Response {
    fn status(&self) -> u16 {
        self.status
    }

    fn header(&self, _: &str) -> Option<String> {
        None
    }

    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(ready(Ok(self.body.into_bytes())))
    }

    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(ready(Ok(self.body.clone().into_bytes())))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Lock for World {
    fn acquire<'a>(&'a self, _: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(ready(Ok(LockGuard::new(|| ()))))
    }
}

impl Clock for World {
    fn now_ms(&self) -> i64 {
        self.now_ms.get()
    }

    fn sleep(&self, _: u32) -> LocalBoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

impl Spawn for World {
    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        // A refresh ends at once. Other tasks would wait for the clock.
        task.now_or_never();
    }
}
