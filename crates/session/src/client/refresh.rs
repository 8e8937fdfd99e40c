use super::{
    SessionClient, diagnosis,
    lease::LeaseStep,
    save::{AnswerTo, Saved},
};
use crate::{
    SessionEvent,
    error::SessionError,
    overrides::ApiAction,
    platform::{
        Kept, LockGuard, REFRESH_LOCK, RefreshLease, TransportError, TransportRequest, TransportResponse,
    },
    state::{self, AfterRefresh, LocalState, UnderLock},
    token::FrontToken,
    wire::{
        incoming::{Arrival, Incoming},
        names, outgoing,
    },
};

pub(super) const LOCK_NAME: &str = REFRESH_LOCK;

/// How a refresh ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refreshed {
    /// There are new tokens, our own or another tab's.
    Yes,
    /// There is no session.
    NoSession,
}

/// What a refresh leaves to do once the lock is released.
#[derive(Default)]
struct Findings {
    events: Vec<SessionEvent>,
    answers: Vec<Box<dyn TransportResponse>>,
    /// The front token that was stored, when it was received by the device's clock, and which of the answers had it.
    received: Option<(FrontToken, i64, usize)>,
}

impl SessionClient {
    /// Waits for a refresh under way in this tab, where there is one. Gives why it failed, where it did.
    pub(super) async fn settled(&self) -> Option<SessionError> {
        self.0.flight.join()?.await.ok()?.err()
    }

    /// Refreshes, or joins the refresh under way. `seen` is the state that made it necessary.
    pub(super) async fn refresh(&self, seen: LocalState) -> Result<Refreshed, SessionError> {
        let outcome = match self.0.flight.join() {
            Some(outcome) => {
                log::debug!("joining the refresh under way");
                outcome
            }
            None => {
                log::debug!("a refresh begins");
                let outcome = self.0.flight.begin();
                self.take_off(seen);
                outcome
            }
        };
        outcome.await.unwrap_or(Err(SessionError::Interrupted))
    }

    /// Begins a task of its own: the caller may be dropped, the others still wait.
    //
    // No `async` here: the body of an async function is compiled into each crate that awaits it, this one once.
    fn take_off(&self, seen: LocalState) {
        self.0.platform.spawn.spawn(Box::pin(Landing(self.clone()).fly(seen)));
    }

    /// Lets the app see the call while nobody is kept from anything but this refresh.
    async fn prepare_refresh(&self) -> Result<TransportRequest, SessionError> {
        let mut request = outgoing::refresh_request(&self.0.config);
        let prepared = self.in_time(self.before_api_call(ApiAction::RefreshSession, &mut request)).await;
        prepared.map_err(SessionError::RefreshUnreachable)??;
        Ok(request)
    }

    async fn refresh_under_lock(
        &self,
        seen: &LocalState,
        request: &TransportRequest,
        found: &mut Findings,
    ) -> Result<Refreshed, SessionError> {
        let guard = self.0.platform.lock.acquire(LOCK_NAME).await?;
        let mut lease = None;
        let outcome = self.refresh_once(seen, request, &guard, &mut lease, found).await;
        self.release_lease(lease).await;
        outcome
    }

    async fn refresh_once(
        &self,
        seen: &LocalState,
        request: &TransportRequest,
        guard: &LockGuard,
        lease: &mut Option<RefreshLease>,
        found: &mut Findings,
    ) -> Result<Refreshed, SessionError> {
        loop {
            let look = self.look().await?;
            let decision = state::under_lock(seen, &look.state);
            log::debug!("under the lock: {decision:?}");
            match decision {
                UnderLock::AlreadyRefreshed => return Ok(Refreshed::Yes),
                UnderLock::NoSession => return Ok(self.tell_of_none(&mut found.events)),
                UnderLock::CallApi => {}
            }
            self.check_backoff(&look.kept)?;
            if self.acquire_lease(&look.kept, lease).await == LeaseStep::Acquired {
                return self.call_refresh_api(guard, request, look.kept, &look.state, found).await;
            }
        }
    }

    async fn call_refresh_api(
        &self,
        guard: &LockGuard,
        request: &TransportRequest,
        mut kept: Kept,
        sent: &LocalState,
        found: &mut Findings,
    ) -> Result<Refreshed, SessionError> {
        let config = &self.0.config;
        let mut calls = 1;
        loop {
            // A tab that was frozen may have been passed over, and then the tokens are the next one's.
            if !guard.still_held().await {
                return self.what_is_there_now(&mut found.events).await;
            }
            let response =
                self.send_refresh(request, &kept).await.map_err(SessionError::RefreshUnreachable)?;
            if !self.is_from_api(&*response) {
                found.answers.push(response);
                return Err(diagnosis::refresh_redirected(config));
            }
            let status = response.status();
            let mut incoming = Incoming::read(&*response);
            let decision =
                state::after_refresh(status, config.session_expired_status_code(), &incoming.front, calls);
            log::debug!("answer {status} of the refresh API, call {calls}: {decision:?}");
            let failure = diagnosis::refresh_failure(decision, &*response, &incoming, config);
            let retry_after = response.header(names::RETRY_AFTER);
            let was_known = self.0.known.front().is_some();
            found.answers.push(response);
            if decision == AfterRefresh::EndSession {
                incoming.front = Arrival::Remove;
            }
            let received = match &incoming.front {
                Arrival::Token { front, .. } => {
                    Some((front.clone(), self.0.platform.clock.now_ms(), found.answers.len() - 1))
                }
                Arrival::None | Arrival::Unreadable | Arrival::Remove => None,
            };
            if !guard.still_held().await {
                return self.what_is_there_now(&mut found.events).await;
            }
            // Whatever failed, the backend may have rotated the tokens before.
            let Saved::Done(happened) = self.save(AnswerTo::Refresh, sent, incoming, status).await? else {
                return self.what_is_there_now(&mut found.events).await;
            };
            found.received = received.or(found.received.take());
            found.events.extend(happened);
            if let Some(failure) = failure {
                self.begin_backoff(&kept, status, retry_after.as_deref()).await;
                return Err(failure);
            }
            if decision != AfterRefresh::CallAgain {
                return Ok(conclude(decision, was_known, &mut found.events));
            }
            kept = self.look().await?.kept;
            calls += 1;
        }
    }

    /// Another tab, or another page of this site, has ended the session.
    fn tell_of_none(&self, events: &mut Vec<SessionEvent>) -> Refreshed {
        if self.0.known.replace(None).flatten().is_some() {
            events.push(SessionEvent::Unauthorised { session_expired_or_revoked: false });
        }
        Refreshed::NoSession
    }

    /// Somebody signed out or in while the call was under way, or has the lock in this tab's place.
    async fn what_is_there_now(&self, events: &mut Vec<SessionEvent>) -> Result<Refreshed, SessionError> {
        match self.look().await?.state {
            LocalState::Exists { .. } => Ok(Refreshed::Yes),
            LocalState::NotExists => Ok(self.tell_of_none(events)),
            LocalState::MayExist => Err(SessionError::Interrupted),
        }
    }

    async fn send_refresh(
        &self,
        request: &TransportRequest,
        kept: &Kept,
    ) -> Result<Box<dyn TransportResponse>, TransportError> {
        let mut request = request.clone();
        outgoing::add_refresh_tokens(&mut request, kept);
        self.in_time(self.0.platform.transport.send(request)).await?
    }
}

/// `was_known`: whether listeners knew of a session before the response. If they did not, none has ended for them.
fn conclude(decision: AfterRefresh, was_known: bool, events: &mut Vec<SessionEvent>) -> Refreshed {
    if decision == AfterRefresh::Save {
        events.push(SessionEvent::RefreshSession);
        return Refreshed::Yes;
    }
    if was_known && events.is_empty() {
        events.push(SessionEvent::Unauthorised { session_expired_or_revoked: false });
    }
    Refreshed::NoSession
}

/// Tells those who wait that the refresh was cut off, should its task be dropped, be it before it has run.
struct Landing(SessionClient);

impl Landing {
    async fn fly(self, seen: LocalState) {
        let client = self.0.clone();
        let mut found = Findings::default();
        let prepared = client.prepare_refresh().await;
        let mut outcome = match &prepared {
            Ok(request) => client.refresh_under_lock(&seen, request, &mut found).await,
            Err(error) => Err(error.clone()),
        };
        match &outcome {
            Ok(refreshed) => log::debug!("the refresh is over: {refreshed:?}"),
            Err(error) => log::debug!("the refresh failed: {error}"),
        }
        diagnosis::add_body(&mut outcome, found.answers.last().map(|answer| &**answer), &client).await;
        if let Some((front, received_at_ms, number)) = &found.received
            && let Some(response) = found.answers.get(*number)
        {
            client.correct_clock_skew(front, &**response, *received_at_ms).await;
        }
        client.0.flight.end(Some(outcome));
        drop(self);
        client.emit(&found.events);
        if let Ok(request) = &prepared {
            for answer in &found.answers {
                client.after_api_call(ApiAction::RefreshSession, request, &**answer).await;
            }
        }
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.0.0.flight.end(None);
    }
}
