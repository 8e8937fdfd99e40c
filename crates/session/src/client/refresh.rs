//! The refresh loop: acquire the lock, read again, call the API, save, release the lock.

use super::{
    Client, diagnosis,
    lease::{LeaseStep, OwnLease},
};
use crate::{
    SessionEvent,
    error::SessionError,
    platform::{LockGuard, REFRESH_LOCK, StoredSession, TransportError, TransportRequest, TransportResponse},
    protocol::{
        ApiAction, request_headers,
        response_headers::{FrontTokenHeader, SessionHeaders},
    },
    token::FrontToken,
    transitions::{AfterRefresh, LocalState, ResponseTo, UnderLock, after_refresh, under_lock},
    wire::names,
};

pub(super) const LOCK_NAME: &str = REFRESH_LOCK;

/// The outcome of a refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refreshed {
    /// There are new tokens, from this tab or another tab.
    Yes,
    /// There is no session.
    NoSession,
}

/// What the refresh task does after it releases the lock.
#[derive(Default)]
struct Unfinished {
    guard: Option<LockGuard>,
    lease: OwnLease,
    events: Vec<SessionEvent>,
    responses: Vec<Box<dyn TransportResponse>>,
    /// The stored front token, its time of arrival by the device's clock, and the index of its response.
    received: Option<(FrontToken, i64, usize)>,
}

impl Client {
    /// Waits for this tab's refresh in progress, if there is one. Returns its error.
    pub(super) async fn join_running_refresh(&self) -> Option<SessionError> {
        self.0.flight.join()?.await.ok()?.err()
    }

    /// Refreshes, or joins the refresh in progress. `seen` is the state that requires the refresh.
    pub(super) async fn refresh_session(&self, seen: LocalState) -> Result<Refreshed, SessionError> {
        let outcome = match self.0.flight.join() {
            Some(outcome) => {
                log::debug!("joining the running refresh");
                outcome
            }
            None => {
                log::debug!("starting a refresh");
                let outcome = self.0.flight.begin();
                self.spawn_refresh(seen);
                outcome
            }
        };
        outcome.await.unwrap_or(Err(SessionError::Interrupted))
    }

    /// Starts a separate task: the caller may be dropped while other callers still wait.
    //
    // Not async: the compiler would build an async body in each crate that awaits it.
    fn spawn_refresh(&self, seen: LocalState) {
        self.0.platform.spawn.spawn(Box::pin(RefreshTask(self.clone()).run(seen)));
    }

    /// Calls the app's hook before the client acquires the lock.
    async fn prepare_refresh(&self) -> Result<TransportRequest, SessionError> {
        let mut request = request_headers::refresh_request(&self.0.config);
        let prepared = self.before_api_call(ApiAction::RefreshSession, &mut request).await;
        prepared.map_err(SessionError::RefreshUnreachable)??;
        Ok(request)
    }

    /// Refreshes under the lock. The caller releases the lock.
    async fn refresh_under_lock(
        &self,
        seen: &LocalState,
        request: &TransportRequest,
        unfinished: &mut Unfinished,
    ) -> Result<Refreshed, SessionError> {
        let guard = unfinished.guard.insert(self.0.platform.lock.acquire(LOCK_NAME).await?);
        // Read again: another tab may have refreshed while this one waited for the lock.
        let mut read = loop {
            let read = self.read().await?;
            let decision = under_lock(seen, &read.state);
            log::debug!("under the lock: {decision:?}");
            match decision {
                UnderLock::AlreadyRefreshed => return Ok(Refreshed::Yes),
                UnderLock::NoSession => return Ok(self.ended_by_another_tab(&mut unfinished.events)),
                UnderLock::CallApi => {}
            }
            self.check_backoff(&read.stored)?;
            if self.acquire_lease(&read.stored, &mut unfinished.lease).await == LeaseStep::Acquired {
                break read;
            }
        };
        let (config, sent) = (&self.0.config, read.state.clone());
        let mut calls = 1;
        loop {
            // A frozen tab may have lost the lock. Then the stored tokens belong to another tab.
            if !guard.still_held() {
                return self.use_stored_session(&mut unfinished.events).await;
            }
            let response =
                self.send_refresh(request, &read.stored).await.map_err(SessionError::RefreshUnreachable)?;
            let number = unfinished.responses.len();
            unfinished.responses.push(response);
            let Some(response) = unfinished.responses.last() else { return Err(SessionError::Interrupted) };
            if !self.is_from_api(&request.url, &**response) {
                return Err(diagnosis::refresh_redirected(config));
            }
            let status = response.status();
            let mut headers = SessionHeaders::read(&**response);
            let decision =
                after_refresh(status, config.settings().session_expired_status, &headers.front, calls);
            log::debug!("response {status} of the refresh API, call {calls}: {decision:?}");
            let failure = diagnosis::refresh_failure(decision, &**response, &headers, config);
            let was_known = self.0.last_known.front().is_some();
            if decision == AfterRefresh::EndSession {
                headers.front = FrontTokenHeader::Remove;
            }
            if !guard.still_held() {
                return self.use_stored_session(&mut unfinished.events).await;
            }
            self.sync().await?;
            let received = match &headers.front {
                FrontTokenHeader::Token { front, .. } => {
                    Some((front.clone(), self.0.platform.clock.now_ms(), number))
                }
                FrontTokenHeader::None | FrontTokenHeader::Unreadable | FrontTokenHeader::Remove => None,
            };
            // The backend may have rotated the tokens even if it failed.
            let Some(events) = self.save(ResponseTo::Refresh, &sent, headers, &**response)? else {
                return self.use_stored_session(&mut unfinished.events).await;
            };
            unfinished.received = received;
            unfinished.events.extend(events);
            if let Some(failure) = failure {
                self.begin_backoff(&read.stored, status, response.header(names::RETRY_AFTER).as_deref());
                return Err(failure);
            }
            if decision != AfterRefresh::CallAgain {
                return Ok(conclude(decision, was_known, &mut unfinished.events));
            }
            read = self.read().await?;
            calls += 1;
        }
    }

    /// Another tab ended the session.
    fn ended_by_another_tab(&self, events: &mut Vec<SessionEvent>) -> Refreshed {
        if self.0.last_known.replace(None).flatten().is_some() {
            events.push(SessionEvent::Unauthorised { session_expired_or_revoked: false });
        }
        Refreshed::NoSession
    }

    /// Continues with the stored session: the session ended or was replaced during the call, or another tab has the
    /// lock.
    async fn use_stored_session(&self, events: &mut Vec<SessionEvent>) -> Result<Refreshed, SessionError> {
        match self.read().await?.state {
            LocalState::Exists { .. } => Ok(Refreshed::Yes),
            LocalState::NotExists => Ok(self.ended_by_another_tab(events)),
            LocalState::MayExist => Err(SessionError::Interrupted),
        }
    }

    async fn send_refresh(
        &self,
        request: &TransportRequest,
        stored: &StoredSession,
    ) -> Result<Box<dyn TransportResponse>, TransportError> {
        let mut request = request.clone();
        request_headers::add_refresh_tokens(&mut request, stored);
        self.in_time(self.0.platform.transport.send(request)).await?
    }
}

/// `was_known`: whether listeners knew a session before the response. Without one, no session ends for them.
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

/// Runs a refresh in a separate task. If the task is dropped, even before it starts, the waiting requests get an error.
struct RefreshTask(Client);

impl RefreshTask {
    async fn run(self, seen: LocalState) {
        let client = self.0.clone();
        let mut unfinished = Unfinished::default();
        let prepared = client.prepare_refresh().await;
        let mut outcome = match &prepared {
            Ok(request) => client.refresh_under_lock(&seen, request, &mut unfinished).await,
            Err(error) => Err(error.clone()),
        };
        client.release_lease(std::mem::take(&mut unfinished.lease)).await;
        let synced = client.sync().await;
        outcome = outcome.and_then(|refreshed| synced.map(|()| refreshed));
        drop(unfinished.guard.take());
        match &outcome {
            Ok(refreshed) => log::debug!("refresh done: {refreshed:?}"),
            Err(error) => log::debug!("refresh failed: {error}"),
        }
        let Unfinished { events, responses, received, .. } = unfinished;
        diagnosis::add_body(&mut outcome, responses.last().map(|response| &**response), &client).await;
        if let Some((front, received_at_ms, number)) = &received
            && let Some(response) = responses.get(*number)
        {
            client.correct_clock_skew(front, &**response, *received_at_ms).await;
        }
        client.0.flight.end(Some(outcome));
        drop(self);
        client.emit(&events);
        if let Ok(request) = &prepared {
            for response in &responses {
                client.after_api_call(ApiAction::RefreshSession, request, &**response).await;
            }
        }
    }
}

impl Drop for RefreshTask {
    fn drop(&mut self) {
        self.0.0.flight.end(None);
    }
}
