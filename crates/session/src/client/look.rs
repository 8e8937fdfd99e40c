//! One read of the store, and what it shows.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use super::SessionClient;
use crate::{
    error::SessionError,
    platform::{Kept, LocalBoxFuture, StoreError},
    state::{self, LocalState},
    token::FrontToken,
};

/// The session as one read of the store shows it.
pub(super) struct Look {
    pub(super) kept: Kept,
    pub(super) state: LocalState,
    pub(super) front: Option<FrontToken>,
}

impl SessionClient {
    /// Reads the store once, and decodes what it says.
    pub(super) fn look(&self) -> Looking<'_> {
        Looking { client: self, read: self.0.platform.store.read(), tells: false }
    }

    /// As [`look`](Self::look), and tells the listeners what other tabs have done since the last one. Not for places
    /// where a lock is held.
    pub(super) fn look_around(&self) -> Looking<'_> {
        Looking { tells: true, ..self.look() }
    }

    /// What was known before a look, and what is known by it; none where there is nothing to compare.
    pub(super) fn come_to_know(&self, look: &Look) -> Option<(Option<FrontToken>, Option<FrontToken>)> {
        if look.state == LocalState::MayExist {
            // Nothing is known anew: a refresh finds out.
            return None;
        }
        let now = look.front.clone().filter(|_| look.state.key().is_some());
        let before = self.0.known.replace(now.clone())?;
        Some((before, now))
    }
}

/// A look under way. Written by hand: the body of an async function is compiled into each crate that awaits it, and
/// there is hardly a function that does not look.
#[must_use = "a look sees nothing until it is awaited"]
pub(super) struct Looking<'a> {
    client: &'a SessionClient,
    read: LocalBoxFuture<'a, Result<Kept, StoreError>>,
    tells: bool,
}

impl Future for Looking<'_> {
    type Output = Result<Look, SessionError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let kept = ready!(self.read.as_mut().poll(cx))?;
        let client = self.client;
        let kept = client.own_part_of(kept);
        let front = kept.front.as_ref().and_then(|text| client.0.front.decode(text).ok());
        let state = LocalState::of(&kept, front.as_ref());
        let look = Look { kept, state, front };
        if self.tells
            && let Some((before, now)) = client.come_to_know(&look)
        {
            client.emit(&state::noticed(before.as_ref(), now.as_ref()));
        }
        Poll::Ready(Ok(look))
    }
}
