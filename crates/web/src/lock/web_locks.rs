use js_sys::Reflect;
use supertokens_session::platform::{LocalBoxFuture, Lock, LockError, LockGuard};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::{
    browser::{self, AbortOnDrop},
    page::Page,
};

/// The browser's own locks, which all tabs and workers of an origin share. The browser releases a lock when its page
/// closes, and grants it in the order of the requests.
#[derive(Debug, Clone)]
pub struct WebLocks {
    manager: JsValue,
}

impl WebLocks {
    /// The page's locks. `None` in insecure contexts.
    pub fn detect(page: &Page) -> Option<Self> {
        let manager = Reflect::get(&page.window().navigator(), &"locks".into()).ok()?;
        manager.is_object().then(|| Self { manager })
    }

    pub(super) async fn request(&self, name: &str) -> Result<LockGuard, Denied> {
        // Dropping it cancels the request, or releases the lock.
        let abort = AbortOnDrop::new().ok_or(Denied::ThisTime)?;
        match JsFuture::from(browser::lock(&self.manager, name, &abort.abort)).await {
            Ok(_) => Ok(LockGuard::new(move || drop(abort))),
            Err(error) if browser::error_name(&error).as_deref() == Some("SecurityError") => {
                Err(Denied::ToThisPage)
            }
            Err(_) => Err(Denied::ThisTime),
        }
    }
}

impl Lock for WebLocks {
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(async move { self.request(name).await.map_err(|_| LockError::Refused) })
    }
}

/// Why the browser refused a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denied {
    /// The browser gives this page no locks: its storage is blocked, or it is sandboxed.
    ToThisPage,
    /// Any other reason.
    ThisTime,
}
