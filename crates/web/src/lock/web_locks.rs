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

// web-sys has these behind an unstable cfg, which every app would have to set.
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

/// The browser's own locks, which all tabs and workers of an origin share. They end with the page that holds
/// them, and serve in the order of asking.
#[derive(Debug, Clone)]
pub struct WebLocks {
    manager: LockManager,
}

impl WebLocks {
    /// The page's locks; none in insecure contexts.
    pub fn detect(page: &Page) -> Option<Self> {
        let manager = Reflect::get(&page.window().navigator(), &"locks".into()).ok()?;
        manager.is_object().then(|| Self { manager: manager.unchecked_into() })
    }

    pub(super) async fn request(&self, name: &str) -> Result<LockGuard, Denied> {
        let mut request = Request::start(&self.manager, name).map_err(|error| Denied::by(&error))?;
        poll_fn(|cx| {
            if let Poll::Ready(Ok(guard)) = Pin::new(&mut request.granted).poll(cx) {
                return Poll::Ready(Ok(guard));
            }
            // Ends before the grant only where the browser refuses.
            match Pin::new(&mut request.ended).poll(cx) {
                Poll::Ready(Err(error)) => Poll::Ready(Err(Denied::by(&error))),
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

/// Why there is no lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denied {
    /// The page may have none: its storage is blocked, or it is sandboxed.
    ToThisPage,
    /// Anything else.
    ThisTime,
}

impl Denied {
    fn by(error: &JsValue) -> Self {
        let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
        if name.as_deref() == Some("SecurityError") { Self::ToThisPage } else { Self::ThisTime }
    }
}

/// A place in the queue. Dropping it gives up the place.
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
        // The browser holds the lock until the promise that this returns is stored.
        let call = Closure::once(move |_lock: JsValue| -> JsValue {
            let mut grant = Some(grant);
            let held = Promise::new(&mut |release: Function, _| {
                let guard = LockGuard::new(move || {
                    let _ = release.call0(&JsValue::UNDEFINED);
                });
                // Where nobody takes the guard it is dropped, and releases at once.
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
        // Has no effect on a lock that was granted. A guard that nobody took goes with the channel, and releases.
        self.abort.abort();
    }
}
