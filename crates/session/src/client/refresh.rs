use futures_util::future::{Either, select};

use super::{
    SessionClient, diagnosis,
    save::{AnswerTo, Saved},
};
use crate::{
    SessionEvent,
    error::SessionError,
    platform::{Kept, TransportError, TransportResponse},
    state::{self, AfterRefresh, LocalState, UnderLock},
    wire::{
        incoming::{Arrival, Incoming},
        outgoing,
    },
};

/// The lock that all tabs of the origin share; one for all API domains, since the cookies' names are the same.
pub(super) const LOCK_NAME: &str = "supertokens-session-refresh";

/// How a refresh ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refreshed {
    /// There are new tokens, our own or another tab's.
    Yes,
    /// There is no session.
    NoSession,
}

impl SessionClient {
    /// Waits for a refresh under way in this tab, where there is one.
    pub(super) async fn settled(&self) {
        if let Some(outcome) = self.0.flight.join() {
            let _ = outcome.await;
        }
    }

    /// Refreshes, or joins the refresh under way. `seen` is the state that made it necessary.
    pub(super) async fn refresh(&self, seen: LocalState) -> Result<Refreshed, SessionError> {
        let outcome = match self.0.flight.join() {
            Some(outcome) => outcome,
            None => {
                let outcome = self.0.flight.begin();
                // A task of its own: the caller may be dropped, the others still wait.
                self.0.platform.spawn.spawn(Box::pin(Landing(self.clone()).fly(seen)));
                outcome
            }
        };
        outcome.await.unwrap_or(Err(SessionError::Interrupted))
    }

    async fn refresh_under_lock(
        &self,
        seen: &LocalState,
        events: &mut Vec<SessionEvent>,
    ) -> Result<Refreshed, SessionError> {
        let _guard = self.0.platform.lock.acquire(LOCK_NAME).await?;
        let look = self.look().await?;
        match state::under_lock(seen, &look.state) {
            UnderLock::AlreadyRefreshed => Ok(Refreshed::Yes),
            UnderLock::NoSession => Ok(self.tell_of_none(events)),
            UnderLock::CallApi => self.call_refresh_api(look.kept, &look.state, events).await,
        }
    }

    async fn call_refresh_api(
        &self,
        mut kept: Kept,
        sent: &LocalState,
        events: &mut Vec<SessionEvent>,
    ) -> Result<Refreshed, SessionError> {
        let config = &self.0.config;
        let mut calls = 1;
        loop {
            let response = self.send_refresh(&kept).await.map_err(SessionError::RefreshUnreachable)?;
            let status = response.status();
            let mut incoming = Incoming::read(&*response);
            let decision =
                state::after_refresh(status, config.session_expired_status_code(), &incoming.front, calls);
            match decision {
                AfterRefresh::CallAgain | AfterRefresh::NoFrontToken => {
                    // Where only the front token was lost on the way, the backend has rotated the others: an
                    // anti-CSRF token belongs to the cookies that came with it.
                    if let Saved::Stale = self.save(AnswerTo::Refresh, sent, incoming, status).await? {
                        return self.what_is_there_now(events).await;
                    }
                    if decision == AfterRefresh::NoFrontToken {
                        return Err(diagnosis::refresh_without_front_token(&*response, config));
                    }
                    kept = self.look().await?.kept;
                    calls += 1;
                    continue;
                }
                AfterRefresh::Failed => return Err(diagnosis::refresh_refused(status, config)),
                AfterRefresh::EndSession => incoming.front = Arrival::Remove,
                AfterRefresh::Save => {}
            }
            return match self.save(AnswerTo::Refresh, sent, incoming, status).await? {
                Saved::Stale => self.what_is_there_now(events).await,
                Saved::Done(happened) => {
                    events.extend(happened);
                    Ok(self.conclude(decision, sent, events))
                }
            };
        }
    }

    fn conclude(
        &self,
        decision: AfterRefresh,
        sent: &LocalState,
        events: &mut Vec<SessionEvent>,
    ) -> Refreshed {
        if decision == AfterRefresh::Save {
            events.push(SessionEvent::RefreshSession);
            return Refreshed::Yes;
        }
        if *sent == LocalState::MayExist {
            // Nobody knew of a session, so none has ended; that there is none is news all the same.
            events.push(SessionEvent::Unauthorised { session_expired_or_revoked: false });
        }
        Refreshed::NoSession
    }

    fn tell_of_none(&self, events: &mut Vec<SessionEvent>) -> Refreshed {
        // Told by this event, not by the next look.
        self.0.known.replace(Some(None));
        events.push(SessionEvent::Unauthorised { session_expired_or_revoked: false });
        Refreshed::NoSession
    }

    /// Somebody signed out or in while the call was under way.
    async fn what_is_there_now(&self, events: &mut Vec<SessionEvent>) -> Result<Refreshed, SessionError> {
        match self.look().await?.state {
            LocalState::Exists { .. } => Ok(Refreshed::Yes),
            LocalState::NotExists => Ok(self.tell_of_none(events)),
            LocalState::MayExist => Err(SessionError::Interrupted),
        }
    }

    async fn send_refresh(&self, kept: &Kept) -> Result<Box<dyn TransportResponse>, TransportError> {
        let platform = &self.0.platform;
        let call = platform.transport.send(outgoing::refresh_request(kept, &self.0.config));
        let timeout = platform.clock.sleep(self.0.config.refresh_timeout_ms());
        match select(call, timeout).await {
            Either::Left((answer, _)) => answer,
            Either::Right(((), _)) => Err(TransportError::TimedOut),
        }
    }
}

/// Tells those who wait that the refresh was cut off, should its task be dropped, be it before it has run.
struct Landing(SessionClient);

impl Landing {
    async fn fly(self, seen: LocalState) {
        let client = self.0.clone();
        let mut events = Vec::new();
        let outcome = client.refresh_under_lock(&seen, &mut events).await;
        client.0.flight.end(Some(outcome));
        drop(self);
        client.emit(events);
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.0.0.flight.end(None);
    }
}
