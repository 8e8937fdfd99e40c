use std::error::Error;

use super::{Cause, LocalBoxFuture, RefreshBackoff, RefreshLease, SessionOwner};
use crate::token::{AccessToken, AntiCsrfToken, FrontTokenText, IdRefreshToken, Marker, RefreshToken};

/// Stores the session for all tabs.
///
/// Reads and writes are synchronous, like those of cookies. A store with an asynchronous API (a browser extension,
/// Tauri) keeps a copy in memory, and updates it in [`sync`](Self::sync).
#[doc(alias = "cookieHandler")]
pub trait Store {
    /// Reads all values at once.
    ///
    /// # Errors
    /// [`StoreError`] if nothing can be read.
    fn read(&self) -> Result<StoredSession, StoreError>;

    /// Writes changes. The next [`read`](Self::read) of this page returns them. Other tabs read them after the next
    /// [`sync`](Self::sync).
    ///
    /// # Errors
    /// [`StoreError`] if a value can be stored nowhere.
    fn write(&self, changes: Changes) -> Result<(), StoreError>;

    /// Waits until other tabs can read this page's writes, and until [`read`](Self::read) returns their writes. `None`
    /// (the default) if that is always true.
    ///
    /// The client awaits it before an operation reads, after it writes, and while it holds the refresh lock.
    ///
    /// ```
    /// use std::{cell::{Cell, RefCell}, future::Future, pin::Pin, rc::Rc};
    /// use supertokens_session::platform::{Changes, StoredSession, LocalBoxFuture, Store, StoreError};
    ///
    /// /// The app's own database.
    /// trait Database {
    ///     fn load(&self) -> LocalBoxFuture<'_, Result<StoredSession, StoreError>>;
    ///     fn save(&self, values: StoredSession) -> LocalBoxFuture<'_, Result<(), StoreError>>;
    /// }
    ///
    /// struct DatabaseStore<D> {
    ///     database: D,
    ///     copy: RefCell<StoredSession>,
    ///     is_changed: Cell<bool>,
    /// }
    ///
    /// impl<D: Database> Store for DatabaseStore<D> {
    ///     fn read(&self) -> Result<StoredSession, StoreError> {
    ///         Ok(self.copy.borrow().clone())
    ///     }
    ///
    ///     fn write(&self, changes: Changes) -> Result<(), StoreError> {
    ///         self.copy.borrow_mut().apply(changes);
    ///         self.is_changed.set(true);
    ///         Ok(())
    ///     }
    ///
    ///     fn sync(&self) -> Option<LocalBoxFuture<'_, Result<(), StoreError>>> {
    ///         Some(Box::pin(async {
    ///             if self.is_changed.replace(false) {
    ///                 let values = self.copy.borrow().clone();
    ///                 return self.database.save(values).await;
    ///             }
    ///             let values = self.database.load().await?;
    ///             if !self.is_changed.get() {
    ///                 self.copy.replace(values);
    ///             }
    ///             Ok(())
    ///         }))
    ///     }
    /// }
    /// ```
    fn sync(&self) -> Option<LocalBoxFuture<'_, Result<(), StoreError>>> {
        None
    }

    /// The time in ms until pages of other origins can read a write; none if no other origin shares the store.
    /// Subdomains can share cookies, for example. If other origins share the store, refreshes write a lease, because a
    /// lock only covers one origin.
    fn settles_between_origins_ms(&self) -> Option<u32> {
        None
    }
}

/// All values that the frontend stores for a session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredSession {
    /// The front token, undecoded.
    pub front: Option<FrontTokenText>,
    /// The change marker.
    pub marker: Option<Marker>,
    /// The older generation's change marker. The store deletes it when it expires.
    pub id_refresh: Option<IdRefreshToken>,
    /// The anti-CSRF token.
    pub anti_csrf: Option<AntiCsrfToken>,
    /// Header mode's access token.
    pub access: Option<AccessToken>,
    /// Header mode's refresh token.
    pub refresh: Option<RefreshToken>,
    /// The server's clock minus the device's, in ms.
    pub clock_skew_ms: i64,
    /// The API that the session belongs to.
    pub owner: Option<SessionOwner>,
    /// The time until which no refresh is sent.
    pub backoff: Option<RefreshBackoff>,
    /// The refresh in progress, for pages of other origins.
    pub lease: Option<RefreshLease>,
}

impl StoredSession {
    /// Whether there are tokens that an API accepts, with or without a front token.
    pub fn has_tokens(&self) -> bool {
        self.access.is_some() || self.refresh.is_some() || self.anti_csrf.is_some()
    }

    /// Applies changes to the values.
    pub fn apply(&mut self, changes: Changes) {
        changes.front.apply(&mut self.front);
        changes.marker.apply(&mut self.marker);
        changes.id_refresh.apply(&mut self.id_refresh);
        changes.anti_csrf.apply(&mut self.anti_csrf);
        changes.access.apply(&mut self.access);
        changes.refresh.apply(&mut self.refresh);
        changes.owner.apply(&mut self.owner);
        changes.backoff.apply(&mut self.backoff);
        changes.lease.apply(&mut self.lease);
        if let Some(skew) = changes.clock_skew_ms {
            self.clock_skew_ms = skew;
        }
    }
}

/// The changes of a write. Values without a change stay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The change of the front token.
    pub front: Change<FrontTokenText>,
    /// The change of the marker.
    pub marker: Change<Marker>,
    /// The change of the older generation's marker.
    pub id_refresh: Change<IdRefreshToken>,
    /// The change of the anti-CSRF token.
    pub anti_csrf: Change<AntiCsrfToken>,
    /// The change of header mode's access token.
    pub access: Change<AccessToken>,
    /// The change of header mode's refresh token.
    pub refresh: Change<RefreshToken>,
    /// The new clock skew in ms.
    pub clock_skew_ms: Option<i64>,
    /// The change of the session's API.
    pub owner: Change<SessionOwner>,
    /// The change of the backoff.
    pub backoff: Change<RefreshBackoff>,
    /// The change of the lease.
    pub lease: Change<RefreshLease>,
}

/// The change of one value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// The value stays.
    #[default]
    Keep,
    /// The value is removed.
    Clear,
    /// The value is replaced.
    Set(T),
}

impl<T: PartialEq> Change<T> {
    /// Whether the change leaves `stored` as it is.
    pub(crate) fn leaves_unchanged(&self, stored: &Option<T>) -> bool {
        match self {
            Self::Keep => true,
            Self::Clear => stored.is_none(),
            Self::Set(value) => stored.as_ref() == Some(value),
        }
    }
}

impl<T> Change<T> {
    fn apply(self, stored: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *stored = None,
            Self::Set(value) => *stored = Some(value),
        }
    }
}

/// The store can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Nothing can be read.
    #[error("the session's store can't be read: allow cookies and storage for this page")]
    Unreadable,
    /// A value can't be stored.
    #[error("the session's store can't be written: allow cookies and storage for this page")]
    Unwritable,
    /// The app's own [`Store`] failed; the cause says why. The session is unchanged.
    #[error("the session's store failed: {0}")]
    Other(#[source] Cause),
}

impl StoreError {
    /// An error of the app's own store. The cause is any error, a `String` or a `&str`.
    ///
    /// [`source`](std::error::Error::source) returns the cause.
    ///
    /// ```
    /// use std::{error::Error, io};
    /// use supertokens_session::{SessionError, platform::StoreError};
    ///
    /// let full = io::Error::new(io::ErrorKind::StorageFull, "the disk is full");
    /// let error = SessionError::from(StoreError::other(full));
    /// assert_eq!(error.to_string(), "the session's store failed: the disk is full");
    /// let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    /// assert_eq!(cause.map(io::Error::kind), Some(io::ErrorKind::StorageFull));
    /// ```
    pub fn other(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Other(Cause::new(cause))
    }
}
