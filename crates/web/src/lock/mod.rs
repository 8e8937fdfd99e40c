//! The lock that all tabs of an origin share, in three ways.
//!
//! [`TabLock`] picks the best that the page has: [`WebLocks`], which is the browser's own; in insecure contexts,
//! which have none, a [`LeaseLock`] of notes in localStorage; and where storage is blocked too, a [`PageLock`], since no
//! other tab can see this one's session then.

mod javascript_sdk;
mod lease;
mod lease_lock;
mod note_board;
mod page_lock;
mod web_locks;

use std::{cell::Cell, pin::pin};

use futures_util::future::{Either, select};
use supertokens_session::{
    SessionConfig,
    platform::{LocalBoxFuture, Lock, LockError, LockGuard, REFRESH_LOCK},
};

pub use lease_lock::LeaseLock;
pub use page_lock::PageLock;
pub use web_locks::WebLocks;

use crate::{
    lock::{javascript_sdk::JavascriptSdkLock, web_locks::Denied},
    page::Page,
    timer::sleep,
};

/// The lock that all tabs of the origin share.
///
/// A wait is bounded: after twice the time that a refresh may take (60 s, unless configured) the lock counts as
/// lost, and [`acquire`](Lock::acquire) is [`LockError::TimedOut`]. Without Web Locks it may take 10 s in any case,
/// so that a dead tab's lock can be taken over.
///
/// Before a refresh it also waits while a page of the same origin refreshes with the JavaScript SDK, which has a lock of
/// its own; that is one look into localStorage. With
/// [`share_lock_with_javascript_sdk`](supertokens_session::SessionConfigBuilder::share_lock_with_javascript_sdk) it
/// takes that lock too, so that such pages wait for this one.
///
/// ```no_run
/// use supertokens_session::{SessionConfig, SessionError, platform::Lock};
/// use supertokens_web::{Page, TabLock};
///
/// # async fn run() -> Result<(), SessionError> {
/// let config = SessionConfig::builder("https://api.example.com").build()?;
/// let lock = TabLock::new(&Page::current()?, &config);
/// let guard = lock.acquire("refresh").await?;
/// // No other tab is here now.
/// drop(guard);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct TabLock {
    origin: String,
    web_locks: Option<WebLocks>,
    lease: LeaseLock,
    page: PageLock,
    javascript_sdk: JavascriptSdkLock,
    shares_with_javascript_sdk: bool,
    patience_ms: u32,
    denied: Cell<bool>,
    warned: Cell<bool>,
}

impl TabLock {
    /// The lock of the page's origin.
    pub fn new(page: &Page, config: &SessionConfig) -> Self {
        Self {
            origin: page.window().location().origin().unwrap_or_default(),
            web_locks: WebLocks::detect(page),
            lease: LeaseLock::new(page),
            page: PageLock::new(),
            javascript_sdk: JavascriptSdkLock::new(page),
            shares_with_javascript_sdk: config.share_lock_with_javascript_sdk(),
            patience_ms: config.refresh_timeout_ms().saturating_mul(2),
            denied: Cell::new(false),
            warned: Cell::new(false),
        }
    }

    async fn wait(&self, name: &str) -> Result<LockGuard, LockError> {
        if let Some(locks) = self.web_locks.as_ref().filter(|_| !self.denied.get()) {
            match in_time(self.patience_ms, locks.request(name)).await? {
                Err(Denied::ToThisPage) => self.denied.set(true),
                Err(Denied::ThisTime) => return Err(LockError::Refused),
                Ok(guard) => return Ok(guard),
            }
        }
        in_time(self.patience_ms.max(self.lease.takeover_ms()), self.wait_without(name)).await?
    }

    /// With `guard` in hand: waits for pages with the JavaScript SDK, or keeps them waiting.
    async fn among_javascript_sdks(&self, guard: LockGuard) -> Result<LockGuard, LockError> {
        if !self.shares_with_javascript_sdk {
            in_time(self.patience_ms, self.javascript_sdk.pass()).await?;
            return Ok(guard);
        }
        match in_time(self.patience_ms, self.javascript_sdk.hold()).await? {
            Some(held) => Ok(guard.keeping(held)),
            None => Ok(guard),
        }
    }

    /// Without Web Locks.
    async fn wait_without(&self, name: &str) -> Result<LockGuard, LockError> {
        // Within the page first: only the head of its queue competes with other tabs.
        let turn = self.page.acquire(name).await?;
        match self.lease.acquire(name).await {
            Ok(lease) => Ok(lease.keeping(turn)),
            Err(_) => {
                if !self.warned.replace(true) {
                    log::warn!(
                        "the browser gives this page no lock and no storage: tabs can't wait for each other"
                    );
                }
                Ok(turn)
            }
        }
    }
}

impl Lock for TabLock {
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(async move {
            let guard = self.wait(name).await?;
            if name == REFRESH_LOCK { self.among_javascript_sdks(guard).await } else { Ok(guard) }
        })
    }

    /// The page's origin.
    fn scope(&self) -> Option<String> {
        Some(self.origin.clone())
    }
}

async fn in_time<T>(ms: u32, wait: impl Future<Output = T>) -> Result<T, LockError> {
    match select(pin!(wait), sleep(ms)).await {
        Either::Left((got, _)) => Ok(got),
        Either::Right(_) => Err(LockError::TimedOut),
    }
}
