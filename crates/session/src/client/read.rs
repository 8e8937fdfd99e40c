//! Reads of the store.

use std::{
    cell::Cell,
    pin::Pin,
    task::{Context, Poll, ready},
};

use super::Client;
use crate::{
    error::SessionError,
    platform::{LocalBoxFuture, StoreError},
    setup_warning::warn_of_setup,
    token::{Fnv, FrontToken},
    transitions::{LocalState, StoreRead, events_of_read, is_of_another_api},
};

/// The API of this client, and whether the client has warned that another app uses the same cookies.
pub(super) struct Api {
    hash: u64,
    is_warned: Cell<bool>,
}

impl Api {
    pub(super) fn new(identity: &str) -> Self {
        Self { hash: Fnv::of_text(identity), is_warned: Cell::new(false) }
    }
}

impl Client {
    /// Waits until the store contains the writes of other tabs, and other tabs can read the writes of this tab.
    pub(super) fn sync(&self) -> Syncing<'_> {
        Syncing(self.0.platform.store.sync())
    }

    /// Syncs and reads the store.
    pub(super) fn read(&self) -> Reading<'_> {
        Reading { client: self, sync: self.sync(), emits: false }
    }

    /// Like [`read`](Self::read), and emits events for the changes of other tabs since the last read. Don't call it
    /// with a lock.
    pub(super) fn read_and_emit(&self) -> Reading<'_> {
        Reading { emits: true, ..self.read() }
    }

    /// Reads the store without a sync.
    pub(super) fn read_now(&self) -> Result<StoreRead, SessionError> {
        let stored = self.0.platform.store.read()?;
        if is_of_another_api(&stored, self.api_hash()) && !self.0.api.is_warned.replace(true) {
            warn_of_setup(format_args!(
                "another app on this host uses the same cookies for another API, so only one app can have a session: \
                 give each app its own host (docs/guide/src/subdomains.md)"
            ));
        }
        Ok(StoreRead::new(stored, self.api_hash(), |text| self.0.front.decode(text).ok()))
    }

    /// Records a read. Returns the front tokens of the sessions before and now; none if there is nothing to compare.
    pub(super) fn remember(&self, read: &StoreRead) -> Option<(Option<FrontToken>, Option<FrontToken>)> {
        if read.state == LocalState::MayExist {
            // Only a refresh can decide.
            return None;
        }
        let now = read.session_front().cloned();
        let before = self.0.last_known.replace(now.clone())?;
        Some((before, now))
    }

    /// A hash of [`SessionConfig::api_identity`](crate::SessionConfig).
    pub(super) fn api_hash(&self) -> u64 {
        self.0.api.hash
    }
}

/// Waits for the store's sync, if the store needs one.
#[must_use = "the store is synced when this is awaited"]
pub(super) struct Syncing<'a>(Option<LocalBoxFuture<'a, Result<(), StoreError>>>);

impl Future for Syncing<'_> {
    type Output = Result<(), SessionError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Some(sync) => sync.as_mut().poll(cx).map_err(SessionError::from),
            None => Poll::Ready(Ok(())),
        }
    }
}

/// A read of the store. Not an async function: the compiler would build its body in each crate that awaits it.
#[must_use = "nothing is read until this is awaited"]
pub(super) struct Reading<'a> {
    client: &'a Client,
    sync: Syncing<'a>,
    emits: bool,
}

impl Future for Reading<'_> {
    type Output = Result<StoreRead, SessionError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        ready!(Pin::new(&mut self.sync).poll(cx))?;
        let read = self.client.read_now()?;
        if self.emits
            && let Some((before, now)) = self.client.remember(&read)
        {
            self.client.emit(&events_of_read(before.as_ref(), now.as_ref()));
        }
        Poll::Ready(Ok(read))
    }
}
