#[cfg(feature = "devtools")]
use supertokens_session::platform::LockKind;
use supertokens_session::platform::{LocalBoxFuture, Lock, LockError, LockGuard};

use super::granted;
use crate::{browser, page::Page};

/// A lock within one page. Waiters get it in the order of their calls.
///
/// ```no_run
/// use supertokens_session::{SessionError, platform::Lock};
/// use supertokens_web::{Page, lock::PageLock};
///
/// # async fn run() -> Result<(), SessionError> {
/// let guard = PageLock::new(&Page::current()?).acquire("refresh").await?;
/// // No other client of this page holds the lock now.
/// drop(guard);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct PageLock(());

impl PageLock {
    /// The page's lock. All instances share their queues.
    pub fn new(_: &Page) -> Self {
        Self(())
    }
}

impl Lock for PageLock {
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(async move {
            granted(&|abort| browser::page_lock(name, abort)).await.map_err(|_| LockError::Refused)
        })
    }

    #[cfg(feature = "devtools")]
    fn kind(&self) -> LockKind {
        LockKind::Page
    }
}
