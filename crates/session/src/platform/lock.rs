use std::error::Error;

use super::{Cause, LocalBoxFuture};

/// The name of the lock that is held while a session is refreshed: one for all API domains, since the names of the
/// cookies are the same.
pub const REFRESH_LOCK: &str = "supertokens-session-refresh";

/// A lock that all tabs of the origin share.
pub trait Lock {
    /// Waits for the lock of that name. Dropping the future gives up the place in the queue.
    ///
    /// # Errors
    /// [`LockError`] when the lock can't be had at all.
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>>;

    /// Names the pages that this lock keeps apart, such as their origin. Pages with a lock of another scope, or of
    /// none, are separated by the store's lease, where it is [shared](super::Store::settles_between_origins_ms) with
    /// them.
    fn scope(&self) -> Option<String> {
        None
    }
}

/// Holds a lock until it is dropped.
#[must_use = "the lock is released when the guard is dropped"]
pub struct LockGuard {
    release: Option<Box<dyn FnOnce()>>,
    check: Option<Box<dyn Fn() -> bool>>,
}

impl LockGuard {
    /// A guard that calls `release` once, when it is dropped.
    pub fn new(release: impl FnOnce() + 'static) -> Self {
        Self { release: Some(Box::new(release)), check: None }
    }

    /// For a lock that can be lost while it is held: `check` tells whether it still is.
    pub fn with_check(mut self, check: impl Fn() -> bool + 'static) -> Self {
        self.check = Some(Box::new(check));
        self
    }

    /// Holds something else too, which is dropped right before the lock is released.
    pub fn keeping(mut self, other: impl Sized + 'static) -> Self {
        let release = self.release.take();
        self.release = Some(Box::new(move || {
            drop(other);
            release.into_iter().for_each(|release| release());
        }));
        self
    }

    /// Whether the lock is still held. Most locks always are. A lock that has to be renewed is lost by a tab that was
    /// frozen or stopped for some seconds; this tells the tab.
    ///
    /// ```
    /// use supertokens_session::platform::LockGuard;
    ///
    /// let guard = LockGuard::new(|| {});
    /// assert!(guard.still_held());
    /// let lost = guard.with_check(|| false);
    /// assert!(!lost.still_held());
    /// ```
    pub fn still_held(&self) -> bool {
        self.check.as_ref().is_none_or(|check| check())
    }
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            release();
        }
    }
}

impl std::fmt::Debug for LockGuard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LockGuard")
    }
}

/// The lock can't be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Another tab has held the lock for longer than a refresh may take.
    #[error("another tab has held the session's lock for too long: try again, or close the other tabs")]
    TimedOut,
    /// The browser refused the lock.
    #[error("the browser refused the session's lock: is the page sandboxed or being closed?")]
    Refused,
    /// A [`Lock`] of the app's own has failed; the cause says why. The session is as it was.
    #[error("the session's lock failed: {0}")]
    Other(#[source] Cause),
}

impl LockError {
    /// An error of a lock of the app's own, with the cause: any error, a `String` or a `&str`.
    ///
    /// ```
    /// use supertokens_session::platform::LockError;
    ///
    /// let error = LockError::other("the service worker is gone");
    /// assert_eq!(error.to_string(), "the session's lock failed: the service worker is gone");
    /// ```
    pub fn other(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Other(Cause::new(cause))
    }
}
