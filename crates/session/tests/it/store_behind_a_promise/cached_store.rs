use std::{cell::RefCell, collections::BTreeMap};

use futures_util::lock::Mutex;
use supertokens_session::{
    AccessToken, AntiCsrfToken, FrontTokenText, IdRefreshToken, Marker, RefreshToken,
    platform::{
        Change, Changes, LocalBoxFuture, RefreshBackoff, RefreshLease, SessionOwner, Store, StoreError,
        StoredSession,
    },
};

/// The storage of the shell, which all windows of the app share. Its calls are promises.
pub trait Storage {
    fn load(&self) -> LocalBoxFuture<'_, Result<BTreeMap<String, String>, StoreError>>;

    /// Stores values under their keys; a key without a value is removed. Other keys stay.
    fn save(
        &self,
        values: BTreeMap<&'static str, Option<String>>,
    ) -> LocalBoxFuture<'_, Result<(), StoreError>>;
}

/// Reads from memory, and reaches the storage in `sync`.
pub struct CachedStore<S> {
    storage: S,
    cache: RefCell<BTreeMap<String, String>>,
    /// What `write` has changed and `sync` has not saved yet.
    unsaved: RefCell<BTreeMap<&'static str, Option<String>>>,
    turn: Mutex<()>,
}

impl<S: Storage> CachedStore<S> {
    pub fn new(storage: S) -> Self {
        Self { storage, cache: RefCell::default(), unsaved: RefCell::default(), turn: Mutex::default() }
    }

    fn change<T>(&self, key: &'static str, change: Change<T>, text: impl Fn(&T) -> String) {
        let value = match change {
            Change::Keep => return,
            Change::Clear => None,
            Change::Set(value) => Some(text(&value)),
        };
        set(&mut self.cache.borrow_mut(), key, value.clone());
        self.unsaved.borrow_mut().insert(key, value);
    }
}

fn set(values: &mut BTreeMap<String, String>, key: &str, value: Option<String>) {
    match value {
        Some(value) => values.insert(key.to_owned(), value),
        None => values.remove(key),
    };
}

impl<S: Storage> Store for CachedStore<S> {
    fn read(&self) -> Result<StoredSession, StoreError> {
        let cache = self.cache.borrow();
        let text = |key| cache.get(key).map(String::as_str);
        Ok(StoredSession {
            front: text("front").and_then(|text| FrontTokenText::parse(text).ok()),
            marker: text("marker").and_then(|text| Marker::parse(text).ok()),
            id_refresh: text("id_refresh").and_then(|text| IdRefreshToken::from_store(text).ok()),
            anti_csrf: text("anti_csrf").and_then(|text| AntiCsrfToken::parse(text).ok()),
            access: text("access").and_then(|text| AccessToken::parse(text).ok()),
            refresh: text("refresh").and_then(|text| RefreshToken::parse(text).ok()),
            clock_skew_ms: text("clock_skew_ms").and_then(|text| text.parse().ok()).unwrap_or_default(),
            owner: text("owner").and_then(SessionOwner::parse),
            backoff: text("backoff").and_then(RefreshBackoff::parse),
            lease: text("lease").and_then(RefreshLease::parse),
        })
    }

    fn write(&self, changes: Changes) -> Result<(), StoreError> {
        self.change("front", changes.front, |token| token.reveal().to_owned());
        self.change("marker", changes.marker, |token| token.reveal().to_owned());
        self.change("id_refresh", changes.id_refresh, |token| token.text().to_owned());
        self.change("anti_csrf", changes.anti_csrf, |token| token.reveal().to_owned());
        self.change("access", changes.access, |token| token.reveal().to_owned());
        self.change("refresh", changes.refresh, |token| token.reveal().to_owned());
        self.change("owner", changes.owner, SessionOwner::to_text);
        self.change("backoff", changes.backoff, RefreshBackoff::to_text);
        self.change("lease", changes.lease, RefreshLease::to_text);
        let clock_skew_ms = changes.clock_skew_ms.map_or(Change::Keep, Change::Set);
        self.change("clock_skew_ms", clock_skew_ms, i64::to_string);
        Ok(())
    }

    fn sync(&self) -> Option<LocalBoxFuture<'_, Result<(), StoreError>>> {
        Some(Box::pin(async {
            // One at a time: an older load must not replace a newer one.
            let _turn = self.turn.lock().await;
            let changes = self.unsaved.borrow().clone();
            if !changes.is_empty() {
                let saved = self.storage.save(changes.clone()).await;
                // A failed change is dropped: it must not replace what another window stores meanwhile.
                self.unsaved.borrow_mut().retain(|key, value| changes.get(key) != Some(value));
                saved?;
            }
            let mut values = self.storage.load().await?;
            // What was written during the calls is newer.
            for (key, value) in &*self.unsaved.borrow() {
                set(&mut values, key, value.clone());
            }
            self.cache.replace(values);
            Ok(())
        }))
    }
}
