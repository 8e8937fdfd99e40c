//! Reads of the store.

use std::{
    cell::Cell,
    pin::Pin,
    task::{Context, Poll, ready},
};

use super::SessionClient;
use crate::{
    error::SessionError,
    platform::{LocalBoxFuture, StoreError},
    setup_warning::warn_of_setup,
    token::{Fnv, FrontToken},
    transitions::{LocalState, StoreRead, events_of_read, is_of_another_api},
};

/// Which API this client calls, and whether its developer was warned that another app uses the same cookies.
pub(super) struct Api {
    hash: u64,
    is_warned: Cell<bool>,
}

impl Api {
    pub(super) fn new(refresh_url: &str) -> Self {
        Self { hash: Fnv::of_text(refresh_url), is_warned: Cell::new(false) }
    }
}

impl SessionClient {
    /// Waits until the store has what other tabs wrote, and they have what this one wrote.
    pub(super) fn sync(&self) -> Syncing<'_> {
        Syncing(self.0.platform.store.sync())
    }

    /// Syncs the store, and reads it.
    pub(super) fn read(&self) -> Reading<'_> {
        Reading { client: self, sync: self.sync(), emits: false }
    }

    /// As [`read`](Self::read), and emits the events of what other tabs changed since the last read. Not for places that
    /// hold a lock.
    pub(super) fn read_and_emit(&self) -> Reading<'_> {
        Reading { emits: true, ..self.read() }
    }

    /// Reads the store as it is.
    pub(super) fn read_now(&self) -> Result<StoreRead, SessionError> {
        let stored = self.0.platform.store.read()?;
        if is_of_another_api(&stored, self.api_hash()) && !self.0.api.is_warned.replace(true) {
            warn_of_setup(format_args!(
                "another app of this host is signed in to another API with the same cookies: only one of them can have \
                 a session at a time. Give each app a host of its own (docs/shared-cookies.md)"
            ));
        }
        Ok(StoreRead::new(stored, self.api_hash(), |text| self.0.front.decode(text).ok()))
    }

    /// Remembers what was read. Gives the front tokens of the session before and now; none if there is nothing to compare.
    pub(super) fn remember(&self, read: &StoreRead) -> Option<(Option<FrontToken>, Option<FrontToken>)> {
        if read.state == LocalState::MayExist {
            // A refresh finds out.
            return None;
        }
        let now = read.session_front().cloned();
        let before = self.0.last_known.replace(now.clone())?;
        Some((before, now))
    }

    /// A hash of the URL of this client's refresh call.
    pub(super) fn api_hash(&self) -> u64 {
        self.0.api.hash
    }
}

/// Waits for the store, if there is something to wait for.
#[must_use = "a store is synced when this is awaited"]
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

/// A read of the store. No async function: its body would be compiled into each crate that awaits it.
#[must_use = "nothing is read until this is awaited"]
pub(super) struct Reading<'a> {
    client: &'a SessionClient,
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
