//! A page in memory: a store, a backend, a router and tasks.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    collections::VecDeque,
    future::ready,
    rc::Rc,
    task::{Context, Waker},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use supertokens_session::{
    FrontTokenText, Marker, Origin, SessionClient, SessionConfig, Url,
    internal::redirect::Destination,
    platform::{
        Changes, Clock, LocalBoxFuture, Lock, LockError, LockGuard, Platform, Spawn, Store, StoreError,
        StoredSession, Transport, TransportError, TransportRequest, TransportResponse,
    },
};
use supertokens_ui::{RouteLocation, Router, RouterBase};

pub(crate) const NOW_MS: i64 = 1_700_000_000_000;

pub(crate) fn front_token(payload: &str) -> String {
    BASE64_STANDARD.encode(format!(r#"{{"uid":"u1","ate":{},"up":{payload}}}"#, NOW_MS + 60_000))
}

/// A store, a backend that responds with front tokens, and the tasks of a page.
#[derive(Default)]
pub(crate) struct World {
    stored: RefCell<StoredSession>,
    responses: RefCell<VecDeque<Response>>,
    pub(crate) requests: RefCell<Vec<String>>,
    tasks: RefCell<Vec<LocalBoxFuture<'static, ()>>>,
    /// The setting, if the login page is on another origin.
    website_domain: Option<&'static str>,
}

impl World {
    pub(crate) fn signed_in(payload: &str) -> Rc<Self> {
        let world = Self::default();
        world.stored.borrow_mut().marker = Marker::parse("1").ok();
        world.stored.borrow_mut().front = FrontTokenText::parse(&front_token(payload)).ok();
        Rc::new(world)
    }

    /// No user is signed in, and the login page is on another origin.
    pub(crate) fn with_login_elsewhere(website_domain: &'static str) -> Rc<Self> {
        Rc::new(Self { website_domain: Some(website_domain), ..Self::default() })
    }

    pub(crate) fn responds(&self, status: u16, front_token: impl Into<String>) {
        self.respond(Response { status, front_token: front_token.into(), body: "{}" });
    }

    pub(crate) fn responds_with_body(&self, body: &'static str) {
        self.respond(Response { status: 200, front_token: String::new(), body });
    }

    fn respond(&self, response: Response) {
        self.responses.borrow_mut().push_back(response);
    }

    pub(crate) fn client(self: &Rc<Self>) -> SessionClient {
        let mut config = SessionConfig::builder("https://api.example.com");
        if let Some(website) = self.website_domain {
            config = config.website_domain(website);
        }
        let config = config.build().unwrap();
        let platform = Platform {
            store: self.clone(),
            transport: self.clone(),
            lock: self.clone(),
            clock: self.clone(),
            spawn: self.clone(),
        };
        SessionClient::new(config, platform)
    }

    pub(crate) fn run(&self) {
        for _ in 0..50 {
            let mut tasks = self.tasks.take();
            tasks.retain_mut(|task| task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            self.tasks.borrow_mut().append(&mut tasks);
        }
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
        self.requests.borrow_mut().push(request.url.path_and_query().to_owned());
        let response = self.responses.borrow_mut().pop_front();
        let response = response.map(|response| Box::new(response) as _);
        Box::pin(ready(response.ok_or(TransportError::Unreachable)))
    }
}

struct Response {
    status: u16,
    front_token: String,
    body: &'static str,
}

impl TransportResponse for Response {
    fn status(&self) -> u16 {
        self.status
    }

    fn header(&self, name: &str) -> Option<String> {
        (name == "front-token" && !self.front_token.is_empty()).then(|| self.front_token.clone())
    }

    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(ready(Ok(self.body.into())))
    }

    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(ready(Ok(self.body.into())))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Lock for World {
    fn acquire<'a>(&'a self, _: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(ready(Ok(LockGuard::new(|| {}))))
    }
}

impl Clock for World {
    fn now_ms(&self) -> i64 {
        NOW_MS
    }

    fn sleep(&self, _: u32) -> LocalBoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

impl Spawn for World {
    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        self.tasks.borrow_mut().push(task);
    }
}

/// A router in memory. It shows the page until the test ends.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) base: RouterBase,
    pub(crate) replaced: RefCell<Vec<String>>,
    pub(crate) loaded: RefCell<Vec<String>>,
    pub(crate) is_leaving: Cell<bool>,
    pub(crate) query: &'static str,
}

impl Router for Memory {
    fn location(&self) -> RouteLocation {
        RouteLocation::new("/orders", self.query, "")
    }

    fn is_leaving(&self) -> bool {
        self.is_leaving.get()
    }

    fn base(&self) -> &RouterBase {
        &self.base
    }

    fn origin(&self) -> Option<Origin> {
        Some(Url::parse("https://app.example.com").unwrap().origin().clone())
    }

    fn replace(&self, path: &str) {
        self.replaced.borrow_mut().push(path.to_owned());
        self.is_leaving.set(true);
    }

    fn load(&self, destination: &Destination) {
        self.loaded.borrow_mut().push(destination.to_string());
    }
}
