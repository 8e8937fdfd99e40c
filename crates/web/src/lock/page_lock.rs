use supertokens_session::platform::{LocalBoxFuture, Lock, LockError, LockGuard};

use super::granted;
use crate::browser;

/// A lock within one page. Waiters get it in the order of their calls.
///
/// ```no_run
/// use supertokens_session::platform::{Lock, LockError};
/// use supertokens_web::lock::PageLock;
///
/// # async fn run() -> Result<(), LockError> {
/// let guard = PageLock::new().acquire("refresh").await?;
/// // No other client of this page holds the lock now.
/// drop(guard);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct PageLock(());

impl PageLock {
    /// The page's lock. All instances share their queues.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Lock for PageLock {
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(async move {
            granted(&|abort| browser::page_lock(name, abort)).await.map_err(|_| LockError::Refused)
        })
    }
}
