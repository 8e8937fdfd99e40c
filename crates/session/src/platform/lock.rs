use super::LocalBoxFuture;

/// A lock that all tabs of the origin share.
pub trait Lock {
    /// Waits for the lock of that name. Dropping the future gives up the place in the queue.
    ///
    /// # Errors
    /// [`LockError`] when the lock can't be had at all.
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>>;
}

/// Holds a lock until it is dropped.
#[must_use = "the lock is released when the guard is dropped"]
pub struct LockGuard(Option<Box<dyn FnOnce()>>);

impl LockGuard {
    /// A guard that calls `release` once, when it is dropped.
    pub fn new(release: impl FnOnce() + 'static) -> Self {
        Self(Some(Box::new(release)))
    }
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        if let Some(release) = self.0.take() {
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Another tab has held the lock for longer than a refresh may take.
    #[error("another tab has held the session's lock for too long: try again, or close the other tabs")]
    TimedOut,
    /// The browser refused the lock.
    #[error("the browser refused the session's lock: is the page sandboxed or being closed?")]
    Refused,
}
