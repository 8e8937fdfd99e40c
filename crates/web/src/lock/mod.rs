//! The lock that all tabs of an origin share, with three implementations.
//!
//! [`TabLock`] uses the best one that the page allows: [`WebLocks`], the browser's own locks. Insecure contexts have
//! none; there it uses a [`JavascriptSdkLock`], an entry in localStorage. If storage is blocked too, it uses a
//! [`PageLock`].

mod javascript_sdk;
mod page_lock;
mod web_locks;

use std::{cell::Cell, pin::pin};

use futures_util::future::{Either, select};
use js_sys::Promise;
#[cfg(feature = "devtools")]
use supertokens_session::platform::LockKind;
use supertokens_session::{
    SessionConfig,
    platform::{LocalBoxFuture, Lock, LockError, LockGuard, REFRESH_LOCK},
};

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

pub use javascript_sdk::JavascriptSdkLock;
pub use page_lock::PageLock;
pub use web_locks::WebLocks;

use crate::{
    browser::{self, AbortOnDrop},
    page::{Blocked, Page},
    timer::sleep,
};

/// A dead page's lock of the JavaScript SDK becomes free within this time.
const MIN_WAIT_MS: u32 = 10_000;

/// The lock that all tabs of the origin share.
///
/// [`acquire`](Lock::acquire) fails with [`LockError::TimedOut`] after twice the refresh timeout (60 s, unless
/// configured), and at least 10 s.
///
/// Before a refresh it also waits while a page of the same origin refreshes with the JavaScript SDK, which has its own
/// lock. If no page does, this costs one read of localStorage. With
/// [`share_lock_with_javascript_sdk`](supertokens_session::SessionConfigBuilder::share_lock_with_javascript_sdk) it
/// takes that lock too, so that such pages wait for this one.
///
/// # Without Web Locks
/// Browsers have Web Locks only in secure contexts: https, and localhost. On other pages (plain http) this lock is the
/// JavaScript SDK's, an entry in localStorage. It is weaker:
/// - **It is not strictly exclusive.** localStorage has no atomic write. A page reads its entry again after 60 ms. If
///   two pages write at the same moment, and the browser takes longer to show one page the other's write, both hold the
///   lock. The backend can take their two refreshes for token theft and revoke the session.
/// - **A holder that stops for more than 5 s loses it**: a frozen tab, a page in a debugger, or a hidden tab whose
///   timers the browser runs once a minute. The holder checks [`LockGuard::still_held`] before it sends or saves a
///   refresh. A refresh that it sent before can still reach the backend beside the next holder's.
/// - The same happens to a holder if the device's clock is set forward by more than 5 s, until its next renewal.
/// - **A tab that dies while it holds the lock blocks the others** for 5 s, or 6 s if the clock was set back.
/// - Waiting pages have no order, and each acquisition takes 90 ms, or longer in a hidden tab.
///
/// If storage is blocked too, only the clients of one page exclude each other, and a warning says so.
///
/// ```no_run
/// use supertokens_session::{SessionConfig, SessionError, platform::Lock};
/// use supertokens_web::{Page, TabLock};
///
/// # async fn run() -> Result<(), SessionError> {
/// let config = SessionConfig::builder("https://api.example.com").build()?;
/// let lock = TabLock::new(&Page::current()?, &config);
/// let guard = lock.acquire("refresh").await?;
/// // No other tab holds the lock now.
/// drop(guard);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct TabLock {
    origin: String,
    web_locks: Option<WebLocks>,
    javascript_sdk: JavascriptSdkLock,
    shares_with_javascript_sdk: bool,
    max_wait_ms: u32,
    denied: Cell<bool>,
    warned: Cell<bool>,
}

impl TabLock {
    /// The lock of the page's origin.
    pub fn new(page: &Page, config: &SessionConfig) -> Self {
        Self {
            origin: page.window().location().origin().unwrap_or_default(),
            web_locks: WebLocks::detect(page),
            javascript_sdk: JavascriptSdkLock::new(page),
            shares_with_javascript_sdk: config.settings().share_lock_with_javascript_sdk,
            max_wait_ms: config.settings().refresh_timeout_ms.saturating_mul(2).max(MIN_WAIT_MS),
            denied: Cell::new(false),
            warned: Cell::new(false),
        }
    }

    async fn take(&self, name: &str) -> Result<LockGuard, LockError> {
        let (guard, web_locks) = loop {
            // Without Web Locks the page's own queue comes first, so that one client of the page competes with other tabs.
            let web_locks = self.web_locks.as_ref().filter(|_| !self.denied.get());
            let request = |abort: &_| match web_locks {
                Some(locks) => locks.request(name, abort),
                None => browser::page_lock(name, abort),
            };
            match granted(&request).await {
                Ok(guard) => break (guard, web_locks),
                // The browser gives this page no locks: its storage is blocked, or it is sandboxed.
                Err(error) if web_locks.is_some() && is_denied(&error) => self.denied.set(true),
                Err(_) => return Err(LockError::Refused),
            }
        };
        let lacks_web_locks = web_locks.is_none();
        let is_refresh = name == REFRESH_LOCK;
        if lacks_web_locks || (is_refresh && self.shares_with_javascript_sdk) {
            match self.javascript_sdk.hold(name).await {
                Ok(held) => return Ok(held.added_to(guard)),
                Err(Blocked) if lacks_web_locks && !self.warned.replace(true) => log::warn!(
                    "the browser gives this page no lock and no storage: tabs can't wait for each other"
                ),
                Err(Blocked) => {}
            }
        } else if is_refresh {
            // If storage is blocked, the JavaScript SDK has no lock either.
            let _ = self.javascript_sdk.wait_until_free(name).await;
        }
        Ok(guard)
    }
}

impl Lock for TabLock {
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(async move {
            match select(pin!(self.take(name)), sleep(self.max_wait_ms)).await {
                Either::Left((taken, _)) => taken,
                Either::Right(_) => Err(LockError::TimedOut),
            }
        })
    }

    /// The page's origin.
    fn scope(&self) -> Option<String> {
        Some(self.origin.clone())
    }

    #[cfg(feature = "devtools")]
    fn kind(&self) -> LockKind {
        let has_web_locks = self.web_locks.is_some() && !self.denied.get();
        match (has_web_locks, self.shares_with_javascript_sdk) {
            (true, false) => LockKind::WebLocks,
            (true, true) => LockKind::WebLocksAndJavascriptSdk,
            (false, _) if self.javascript_sdk.is_available() => LockKind::JavascriptSdk,
            (false, _) => LockKind::Page,
        }
    }
}

/// Waits until the promise of `request` grants a lock. An abort cancels the request, or releases the lock.
async fn granted(request: &dyn Fn(&AbortController) -> Promise) -> Result<LockGuard, JsValue> {
    let abort = AbortOnDrop::new().ok_or(JsValue::UNDEFINED)?;
    JsFuture::from(request(&abort.abort)).await?;
    Ok(LockGuard::new(move || drop(abort)))
}

fn is_denied(error: &JsValue) -> bool {
    browser::error_name(error).as_deref() == Some("SecurityError")
}
