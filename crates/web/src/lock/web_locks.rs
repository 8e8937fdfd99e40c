use js_sys::{Promise, Reflect};
#[cfg(feature = "devtools")]
use supertokens_session::platform::LockKind;
use supertokens_session::platform::{LocalBoxFuture, Lock, LockError, LockGuard};
use wasm_bindgen::JsValue;
use web_sys::AbortController;

use super::granted;
use crate::{browser, page::Page};

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

    pub(super) fn request(&self, name: &str, abort: &AbortController) -> Promise {
        browser::lock(&self.manager, name, abort)
    }
}

impl Lock for WebLocks {
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(
            async move { granted(&|abort| self.request(name, abort)).await.map_err(|_| LockError::Refused) },
        )
    }

    #[cfg(feature = "devtools")]
    fn kind(&self) -> LockKind {
        LockKind::WebLocks
    }
}
