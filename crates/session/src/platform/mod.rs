//! The traits that the client needs from its environment. An app can implement each of them.
//!
//! Futures here need not be `Send`: a browser page has one thread.

mod absent;
mod body;
mod cause;
mod clock;
mod lock;
mod shared;
mod store;
mod transport;

use std::{future::Future, pin::Pin, rc::Rc};

pub use cause::Cause;
pub use clock::{Clock, Spawn};
#[cfg(feature = "devtools")]
#[doc(hidden)]
pub use lock::LockKind;
pub use lock::{Lock, LockError, LockGuard, REFRESH_LOCK};
pub use shared::{RefreshBackoff, RefreshLease, SessionOwner};
pub use store::{Change, Changes, Store, StoreError, StoredSession};
pub use transport::{
    Body, Credentials, Method, MethodName, PEEK_LIMIT, Transport, TransportError, TransportRequest,
    TransportResponse,
};

/// A future on the page's one thread.
pub type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The parts of a client's environment.
#[derive(Clone)]
#[doc(alias = "windowHandler")]
pub struct Platform {
    /// Where the session is stored.
    pub store: Rc<dyn Store>,
    /// Sends requests.
    pub transport: Rc<dyn Transport>,
    /// The lock that all tabs share.
    pub lock: Rc<dyn Lock>,
    /// The device's clock.
    pub clock: Rc<dyn Clock>,
    /// Starts separate tasks.
    pub spawn: Rc<dyn Spawn>,
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform").finish_non_exhaustive()
    }
}
