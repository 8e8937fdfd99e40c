use std::error::Error;

use super::{Cause, LocalBoxFuture, RefreshBackoff, RefreshLease, SessionOwner};
use crate::token::{AccessToken, AntiCsrfToken, FrontTokenText, IdRefreshToken, Marker, RefreshToken};

/// Stores the session for all tabs.
///
/// Reads and writes are synchronous, as those of cookies are. A store behind a promise (a browser extension, Tauri)
/// keeps a copy in memory for them, and brings it up to date in [`sync`](Self::sync).
pub trait Store {
    /// Reads all values at once.
    ///
    /// # Errors
    /// [`StoreError`] if nothing can be read.
    fn read(&self) -> Result<StoredSession, StoreError>;

    /// Writes changes. The next [`read`](Self::read) of this page returns them; other tabs do once the next
    /// [`sync`](Self::sync) is over.
    ///
    /// # Errors
    /// [`StoreError`] if a value can be stored nowhere.
    fn write(&self, changes: Changes) -> Result<(), StoreError>;

    /// Waits until other tabs read what this page wrote, and until [`read`](Self::read) returns what they wrote. `None`
    /// (the default) if that is always so.
    ///
    /// The client awaits it before an operation reads, after it wrote, and while it holds the refresh lock.
    ///
    /// ```
    /// use std::{cell::{Cell, RefCell}, future::Future, pin::Pin, rc::Rc};
    /// use supertokens_session::platform::{Changes, StoredSession, LocalBoxFuture, Store, StoreError};
    ///
    /// /// What an app's own database offers.
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

    /// For a store that pages of other origins share, as subdomains share cookies: how long it may take until they
    /// read a write, in ms. Then a refresh is announced in the store, since a lock is that of one origin.
    fn settles_between_origins_ms(&self) -> Option<u32> {
        None
    }
}

/// All that the frontend keeps of a session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredSession {
    /// The front token, undecoded.
    pub front: Option<FrontTokenText>,
    /// The change marker.
    pub marker: Option<Marker>,
    /// The older generation's change marker. A store forgets it when it expires.
    pub id_refresh: Option<IdRefreshToken>,
    /// The anti-CSRF token.
    pub anti_csrf: Option<AntiCsrfToken>,
    /// Header mode's access token.
    pub access: Option<AccessToken>,
    /// Header mode's refresh token.
    pub refresh: Option<RefreshToken>,
    /// The server's clock less the device's, in ms.
    pub clock_skew_ms: i64,
    /// Which API the session belongs to.
    pub owner: Option<SessionOwner>,
    /// Until when no refresh is sent.
    pub backoff: Option<RefreshBackoff>,
    /// A refresh under way, announced to pages of other origins.
    pub lease: Option<RefreshLease>,
}

impl StoredSession {
    /// Whether there are tokens that an API takes for a session, front token or not.
    pub fn has_tokens(&self) -> bool {
        self.access.is_some() || self.refresh.is_some() || self.anti_csrf.is_some()
    }

    /// What is stored after `changes`.
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

/// What to write; a value that stays is not touched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// To the front token.
    pub front: Change<FrontTokenText>,
    /// To the change marker.
    pub marker: Change<Marker>,
    /// To the older generation's change marker.
    pub id_refresh: Change<IdRefreshToken>,
    /// To the anti-CSRF token.
    pub anti_csrf: Change<AntiCsrfToken>,
    /// To header mode's access token.
    pub access: Change<AccessToken>,
    /// To header mode's refresh token.
    pub refresh: Change<RefreshToken>,
    /// The clock skew (ms), where it is known anew.
    pub clock_skew_ms: Option<i64>,
    /// To the API that the session belongs to.
    pub owner: Change<SessionOwner>,
    /// To the time until which no refresh is sent.
    pub backoff: Change<RefreshBackoff>,
    /// To the refresh under way that is announced to pages of other origins.
    pub lease: Change<RefreshLease>,
}

/// What becomes of one value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is removed.
    Clear,
    /// It is replaced.
    Set(T),
}

impl<T: PartialEq> Change<T> {
    /// Whether it changes nothing.
    pub(crate) fn is_in(&self, stored: &Option<T>) -> bool {
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
    #[error("the session's store can't be read: does the browser block cookies and storage for this page?")]
    Unreadable,
    /// A value could be stored nowhere.
    #[error(
        "the session's store can't be written: does the browser block cookies and storage for this page?"
    )]
    Unwritable,
    /// A [`Store`] of the app's own has failed; the cause says why. The session is as it was.
    #[error("the session's store failed: {0}")]
    Other(#[source] Cause),
}

impl StoreError {
    /// An error of a store of the app's own, with the cause: any error, a `String` or a `&str`.
    ///
    /// Callers find it again through [`source`](std::error::Error::source).
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
