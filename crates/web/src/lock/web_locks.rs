use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

use futures_channel::oneshot;
use js_sys::{Function, Object, Promise, Reflect};
use supertokens_session::platform::{LocalBoxFuture, Lock, LockError, LockGuard};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use crate::page::Page;

// web-sys has Web Locks only behind an unstable cfg, which every app would have to set.
#[wasm_bindgen]
extern "C" {
    #[derive(Debug, Clone)]
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        granted: &Function,
    ) -> Result<Promise, JsValue>;
}

/// The browser's own locks, which all tabs and workers of an origin share. The browser releases a lock when its page
/// closes, and grants it in the order of the requests.
#[derive(Debug, Clone)]
pub struct WebLocks {
    manager: LockManager,
}

impl WebLocks {
    /// The page's locks. `None` in insecure contexts.
    pub fn detect(page: &Page) -> Option<Self> {
        let manager = Reflect::get(&page.window().navigator(), &"locks".into()).ok()?;
        manager.is_object().then(|| Self { manager: manager.unchecked_into() })
    }

    pub(super) async fn request(&self, name: &str) -> Result<LockGuard, Denied> {
        let mut request = Request::start(&self.manager, name).map_err(|error| Denied::from_error(&error))?;
        poll_fn(|cx| {
            if let Poll::Ready(Ok(guard)) = Pin::new(&mut request.granted).poll(cx) {
                return Poll::Ready(Ok(guard));
            }
            // The request ends before the grant only if the browser refuses it.
            match Pin::new(&mut request.ended).poll(cx) {
                Poll::Ready(Err(error)) => Poll::Ready(Err(Denied::from_error(&error))),
                Poll::Ready(Ok(_)) => Poll::Ready(Err(Denied::ThisTime)),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
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

impl Denied {
    fn from_error(error: &JsValue) -> Self {
        let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
        if name.as_deref() == Some("SecurityError") { Self::ToThisPage } else { Self::ThisTime }
    }
}

/// A request in the browser's queue. Dropping it cancels the request.
struct Request {
    granted: oneshot::Receiver<LockGuard>,
    ended: JsFuture,
    abort: AbortController,
    _call: Closure<dyn FnMut(JsValue) -> JsValue>,
}

impl Request {
    fn start(locks: &LockManager, name: &str) -> Result<Self, JsValue> {
        let abort = AbortController::new()?;
        let options = Object::new();
        Reflect::set(&options, &"signal".into(), &abort.signal())?;
        let (grant, granted) = oneshot::channel();
        // The browser holds the lock until the promise that this closure returns is resolved.
        let call = Closure::once(move |_lock: JsValue| -> JsValue {
            let mut grant = Some(grant);
            let held = Promise::new(&mut |release: Function, _| {
                let guard = LockGuard::new(move || {
                    let _ = release.call0(&JsValue::UNDEFINED);
                });
                // If the receiver was dropped, the guard is dropped too, and releases the lock at once.
                let _ = grant.take().map(|grant| grant.send(guard));
            });
            held.into()
        });
        let ended = locks.request(name, &options, call.as_ref().unchecked_ref())?;
        Ok(Self { granted, ended: ended.into(), abort, _call: call })
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        // This has no effect on a granted lock. A guard that is still in the channel is dropped, and releases the lock.
        self.abort.abort();
    }
}
