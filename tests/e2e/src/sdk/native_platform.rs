//! The environment of a client in this process: a store in memory, and HTTP over loopback.

use std::any::Any;
use std::cell::RefCell;
use std::future::ready;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderName, HeaderValue, Request, Response};
use supertokens_session::platform::{
    Body, Changes, Clock, LocalBoxFuture, Lock, LockError, LockGuard, PEEK_LIMIT, Platform, Spawn, Store,
    StoreError, StoredSession, Transport, TransportError, TransportRequest, TransportResponse,
};
use supertokens_session::{SessionClient, SessionConfigBuilder};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::http_client::HttpClient;

/// A client in this process, without a session, whose clock is ahead. Its tasks run in the caller's `LocalSet`.
pub fn native_client(config: SessionConfigBuilder, clock_ahead: Duration) -> SessionClient {
    let platform = Platform {
        store: Rc::new(MemoryStore::default()),
        transport: Rc::new(Http(HttpClient::new())),
        lock: Rc::new(MemoryLock::default()),
        clock: Rc::new(ClockAhead(clock_ahead)),
        spawn: Rc::new(LocalTasks),
    };
    SessionClient::new(config.build().expect("valid settings"), platform)
}

#[derive(Default)]
struct MemoryStore(RefCell<StoredSession>);

impl Store for MemoryStore {
    fn read(&self) -> Result<StoredSession, StoreError> {
        Ok(self.0.borrow().clone())
    }

    fn write(&self, changes: Changes) -> Result<(), StoreError> {
        self.0.borrow_mut().apply(changes);
        Ok(())
    }
}

struct Http(HttpClient);

impl Transport for Http {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        Box::pin(async move {
            let request = to_http(&request).ok_or(TransportError::Unsendable)?;
            let response = self.0.with_bytes(request).await.map_err(|_| TransportError::Unreachable)?;
            Ok(Box::new(HttpResponse(response)) as _)
        })
    }
}

/// None if the request can't be sent from this process.
fn to_http(request: &TransportRequest) -> Option<Request<axum::body::Body>> {
    let body = match &request.body {
        Body::Empty => axum::body::Body::empty(),
        Body::Text(text) => axum::body::Body::from(text.to_string()),
        Body::Bytes(bytes) => axum::body::Body::from(bytes.to_vec()),
        Body::Platform(_) | Body::Stream(_) => return None,
    };
    let mut sent = Request::builder().method(request.method.as_str()).uri(request.url.as_str());
    for (name, value) in request.headers.iter() {
        sent = sent.header(name.parse::<HeaderName>().ok()?, HeaderValue::from_str(value).ok()?);
    }
    sent.body(body).ok()
}

struct HttpResponse(Response<Vec<u8>>);

impl TransportResponse for HttpResponse {
    fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    fn header(&self, name: &str) -> Option<String> {
        let values: Vec<_> =
            self.0.headers().get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(ready(Ok(self.0.into_body())))
    }

    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        let body = self.0.body();
        Box::pin(ready(if body.len() <= PEEK_LIMIT { Ok(body.clone()) } else { Err(TransportError::Body) }))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A client has one lock: that for refreshes.
#[derive(Default)]
struct MemoryLock(std::sync::Arc<Mutex<()>>);

impl Lock for MemoryLock {
    fn acquire<'a>(&'a self, _: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(async {
            let guard: OwnedMutexGuard<()> = self.0.clone().lock_owned().await;
            Ok(LockGuard::new(move || drop(guard)))
        })
    }
}

struct ClockAhead(Duration);

impl Clock for ClockAhead {
    fn now_ms(&self) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        (now + self.0).as_millis().try_into().unwrap_or(i64::MAX)
    }

    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(Duration::from_millis(ms.into())))
    }
}

struct LocalTasks;

impl Spawn for LocalTasks {
    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        tokio::task::spawn_local(task);
    }
}
