use std::error::Error;

use super::{Cause, LocalBoxFuture};

/// The name of the refresh lock. All API domains use one lock, because they use the same cookie names.
pub const REFRESH_LOCK: &str = "supertokens-session-refresh";

/// A lock that all tabs of the origin share.
#[doc(alias = "lockFactory")]
pub trait Lock {
    /// Waits for the lock with that name. Dropping the future leaves the queue.
    ///
    /// # Errors
    /// [`LockError`] if the lock is not available.
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>>;

    /// Identifies the pages that share this lock, for example by their origin. Pages with another scope, or without a
    /// scope, use the store's lease if they [share the store](super::Store::settles_between_origins_ms).
    fn scope(&self) -> Option<String> {
        None
    }

    /// What the developer panel says about this lock.
    #[cfg(feature = "devtools")]
    #[doc(hidden)]
    fn kind(&self) -> LockKind {
        LockKind::Custom
    }
}

/// The kind of a lock, for the developer panel.
#[cfg(feature = "devtools")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockKind {
    /// The browser's own locks.
    WebLocks,
    /// The browser's own locks, and the lock entry of the JavaScript SDK in localStorage.
    WebLocksAndJavascriptSdk,
    /// The lock entry of the JavaScript SDK in localStorage.
    JavascriptSdk,
    /// A queue within the page: tabs can't wait for each other.
    Page,
    /// A lock of the app.
    Custom,
}

/// Holds a lock until it is dropped.
#[must_use = "the lock is released when the guard is dropped"]
pub struct LockGuard {
    release: Option<Box<dyn FnOnce()>>,
    check: Option<Box<dyn Fn() -> bool>>,
}

impl LockGuard {
    /// Creates a guard that calls `release` once, when it is dropped.
    pub fn new(release: impl FnOnce() + 'static) -> Self {
        Self { release: Some(Box::new(release)), check: None }
    }

    /// For a lock that a tab can lose: `check` returns whether the tab still holds it.
    pub fn with_check(mut self, check: impl Fn() -> bool + 'static) -> Self {
        self.check = Some(Box::new(check));
        self
    }

    /// Also owns `other`, which is dropped right before the lock is released.
    pub fn keeping(mut self, other: impl Sized + 'static) -> Self {
        let release = self.release.take();
        self.release = Some(Box::new(move || {
            drop(other);
            release.into_iter().for_each(|release| release());
        }));
        self
    }

    /// Whether the lock is still held. This is always true for most locks. A tab that was frozen for some seconds loses
    /// a lock that must be renewed.
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

/// The lock is not available.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Another tab has held the lock for longer than a refresh may take.
    #[error("another tab has held the session's lock for too long: retry, or close the other tabs")]
    TimedOut,
    /// The browser refused the lock.
    #[error("the browser refused the session's lock: is the page sandboxed or being closed?")]
    Refused,
    /// The app's own [`Lock`] failed; the cause says why. The session is unchanged.
    #[error("the session's lock failed: {0}")]
    Other(#[source] Cause),
}

impl LockError {
    /// An error of the app's own lock. The cause is any error, a `String` or a `&str`.
    ///
    /// ```
    /// use supertokens_session::platform::LockError;
    ///
    /// let error = LockError::other("the service worker has stopped");
    /// assert_eq!(error.to_string(), "the session's lock failed: the service worker has stopped");
    /// ```
    pub fn other(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Other(Cause::new(cause))
    }
}
