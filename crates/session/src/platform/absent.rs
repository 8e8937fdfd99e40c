//! A platform without a browser, for example for server rendering: each part returns an error.

use std::{future::ready, rc::Rc};

use super::{
    Changes, Clock, LocalBoxFuture, Lock, LockError, LockGuard, Platform, Spawn, Store, StoreError,
    StoredSession, Transport, TransportError, TransportRequest, TransportResponse,
};

struct Absent;

impl Platform {
    /// A platform for code outside a browser: each part returns an error.
    pub fn absent() -> Self {
        let absent = Rc::new(Absent);
        Self {
            store: absent.clone(),
            transport: absent.clone(),
            lock: absent.clone(),
            clock: absent.clone(),
            spawn: absent,
        }
    }
}

impl Store for Absent {
    fn read(&self) -> Result<StoredSession, StoreError> {
        Err(StoreError::Unreadable)
    }

    fn write(&self, _: Changes) -> Result<(), StoreError> {
        Err(StoreError::Unwritable)
    }
}

impl Transport for Absent {
    fn send(
        &self,
        _: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        Box::pin(ready(Err(TransportError::Unreachable)))
    }
}

impl Lock for Absent {
    fn acquire<'a>(&'a self, _: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(ready(Err(LockError::Refused)))
    }
}

impl Clock for Absent {
    fn now_ms(&self) -> i64 {
        0
    }

    fn sleep(&self, _: u32) -> LocalBoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

impl Spawn for Absent {
    /// Drops the task: the client then returns an error to the waiting callers.
    fn spawn(&self, _: LocalBoxFuture<'static, ()>) {}
}
