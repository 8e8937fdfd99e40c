use std::cell::{Cell, RefCell};

use serde_json::Value;

use super::{Client, SessionClient};
use crate::{
    client::claims::{ClaimRefresh, ClaimSource, ClaimValidator, Validator},
    error::SessionError,
    event::ClaimError,
    platform::{LocalBoxFuture, Method},
    token::FrontTokenText,
    transitions::SessionKey,
};

/// A separate lock, so that claim fetches don't block refreshes.
const LOCK_NAME: &str = "supertokens-session-claims";

/// How long the client does not repeat a claim fetch whose response did not make the claim valid.
const FETCH_INTERVAL_MS: i64 = 10_000;

impl Client {
    pub(super) async fn check_requirement(
        &self,
        validators: &[Validator],
    ) -> Result<CheckedClaims, SessionError> {
        match validators.first().map(Validator::check_all) {
            Some(check_all) => check_all(self, validators).await,
            None => Ok(CheckedClaims { errors: Vec::new(), has_response: true }),
        }
    }

    // Boxed: the compiler would build an async body in each crate that awaits it.
    pub(crate) fn check_all<'a>(
        &'a self,
        validators: &'a [Validator],
    ) -> LocalBoxFuture<'a, Result<CheckedClaims, SessionError>> {
        Box::pin(async move {
            let before = self.0.claim_calls.count();
            let mut payload = self.clone().payload().await?;
            let due = self.due(validators, &payload).await?;
            let mut has_response = true;
            if !due.is_empty() {
                has_response = match self.fetch_claims(&due, before).await {
                    Ok(has_response) => has_response,
                    // The next payload read shows whether the session has ended: the payload may come from an override.
                    Err(SessionError::NoSession) => true,
                    Err(error) => return Err(error),
                };
                payload = self.clone().payload().await?;
            }
            let now_ms = self.server_time_ms().await?;
            let errors = validators.iter().filter_map(|validator| {
                let reason = validator.validate(&payload, now_ms).err()?;
                Some(ClaimError::new(validator.id(), &reason))
            });
            Ok(CheckedClaims { errors: errors.collect(), has_response })
        })
    }

    pub(super) async fn server_time_ms(&self) -> Result<i64, SessionError> {
        let read = self.read().await?;
        Ok(self.server_now_ms(&read))
    }

    /// Fetches the claims that are still outdated. Returns whether all fetches got a response. `before` is the number
    /// of fetches when the caller began.
    async fn fetch_claims(
        &self,
        due: &[(&Validator, &ClaimRefresh)],
        before: u64,
    ) -> Result<bool, SessionError> {
        let mut have_responses = true;
        // App functions may be slow or check claims themselves, so they run without the lock.
        if due.iter().any(|(_, refresh)| refresh.is_function()) {
            have_responses &= self.fetch_each(due, true, before).await?;
        }
        if due.iter().all(|(_, refresh)| refresh.is_function()) {
            return Ok(have_responses);
        }
        let _guard = match self.0.platform.lock.acquire(LOCK_NAME).await {
            Ok(guard) => guard,
            Err(error) => {
                log::warn!("checking claims without fetching them: {error}");
                return Ok(have_responses);
            }
        };
        Ok(have_responses & self.fetch_each(due, false, before).await?)
    }

    /// Fetches the outdated claims one after the other: either only by app functions, or only by API calls.
    async fn fetch_each(
        &self,
        due: &[(&Validator, &ClaimRefresh)],
        by_functions: bool,
        before: u64,
    ) -> Result<bool, SessionError> {
        // The client's original payload: an override must not run under a lock.
        let mut payload = self.clone().original_payload().await?;
        let mut have_responses = true;
        for (validator, call) in due.iter().filter(|(_, refresh)| refresh.is_function() == by_functions) {
            let read = self.read().await?;
            let (session, now_ms) = (read.state.key().cloned(), self.0.platform.clock.now_ms());
            if !validator.should_refresh(&payload, self.server_now_ms(&read)) {
                continue;
            }
            if let Some(has_response) = self.0.claim_calls.outcome(call, session.as_ref(), before, now_ms) {
                have_responses &= has_response;
                continue;
            }
            let (validator, refresh) = ((*validator).clone(), (*call).clone());
            let fetch = ClaimFetch { validator, refresh, session, front: read.stored.front };
            have_responses &= match &call.0 {
                ClaimSource::Function(function) => function.run(self.clone(), fetch).await,
                ClaimSource::Call { method, url, is_below_base_path } => {
                    let has_response = self.fetch_claim(*method, url, *is_below_base_path).await;
                    self.end_claim_fetch(fetch, has_response).await?;
                    has_response
                }
            };
            payload = self.clone().original_payload().await?;
        }
        Ok(have_responses)
    }

    /// Records the outcome for later and waiting checks.
    pub(super) async fn end_claim_fetch(
        &self,
        fetch: ClaimFetch,
        has_response: bool,
    ) -> Result<(), SessionError> {
        let payload = self.clone().original_payload().await?;
        let read = self.read().await?;
        // If a function brings a new token and then fails, don't repeat it: each new token is an event that starts a
        // check.
        let is_settled = has_response || fetch.refresh.is_function() && read.stored.front != fetch.front;
        let is_reusable = is_settled && fetch.validator.should_refresh(&payload, self.server_now_ms(&read));
        let reusable_since_ms = is_reusable.then(|| self.0.platform.clock.now_ms());
        self.0.claim_calls.end(fetch.refresh, fetch.session, has_response, reusable_since_ms);
        Ok(())
    }

    /// The validators whose claims are outdated, with their fetches.
    async fn due<'a>(
        &self,
        validators: &'a [Validator],
        payload: &Value,
    ) -> Result<Vec<(&'a Validator, &'a ClaimRefresh)>, SessionError> {
        let now_ms = self.server_time_ms().await?;
        let with_call = validators.iter().filter_map(|validator| Some((validator, validator.refresh()?)));
        Ok(with_call.filter(|(validator, _)| validator.should_refresh(payload, now_ms)).collect())
    }

    /// Whether the API responded. It has a time limit, because other tabs wait for the lock.
    async fn fetch_claim(&self, method: Method, url: &str, is_below_base_path: bool) -> bool {
        let base = if is_below_base_path { self.0.config.settings().api_base_path.as_str() } else { "" };
        let client = SessionClient::of(self.clone());
        let request = client.request(method, &format!("{base}{url}"));
        let outcome = self.in_time(Box::pin(request.send())).await;
        let response = match outcome.unwrap_or_else(|error| Err(SessionError::Network(error))) {
            Ok(response) => response,
            Err(error) => {
                log::warn!("a claim could not be fetched: {error}");
                return false;
            }
        };
        if !response.ok() {
            log::warn!("a claim could not be fetched: status {}", response.status());
        }
        response.status() < 500
    }
}

/// The result of a claim [check](SessionClient::check_requirement).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CheckedClaims {
    /// The invalid claims.
    pub errors: Vec<ClaimError>,
    /// False if a claim fetch failed: the API did not respond or returned a status of 500 or more, or an app function
    /// failed. Then [`errors`](Self::errors) is based on the old payload.
    pub has_response: bool,
}

/// A claim fetch in progress.
pub(crate) struct ClaimFetch {
    pub(super) validator: Validator,
    pub(super) refresh: ClaimRefresh,
    /// The session when the fetch began.
    pub(super) session: Option<SessionKey>,
    pub(super) front: Option<FrontTokenText>,
}

/// The fetches that ended in this tab, so that the client does not repeat them needlessly.
#[derive(Default)]
pub(super) struct ClaimCalls {
    count: Cell<u64>,
    ended: RefCell<Vec<EndedFetch>>,
}

struct EndedFetch {
    call: ClaimRefresh,
    session: Option<SessionKey>,
    number: u64,
    has_response: bool,
    /// By the device's clock; none if the client may repeat the fetch.
    reusable_since_ms: Option<i64>,
}

impl ClaimCalls {
    fn count(&self) -> u64 {
        self.count.get()
    }

    /// Whether the fetch got a response. None if it has to run: it has not ended since `before`, and no earlier outcome
    /// is reusable.
    fn outcome(
        &self,
        call: &ClaimRefresh,
        session: Option<&SessionKey>,
        before: u64,
        now_ms: i64,
    ) -> Option<bool> {
        let all = self.ended.borrow();
        let ended = all.iter().find(|ended| {
            let is_reusable = ended
                .reusable_since_ms
                .is_some_and(|since| (0..FETCH_INTERVAL_MS).contains(&now_ms.saturating_sub(since)));
            ended.call == *call
                && ended.session.as_ref() == session
                && (ended.number >= before || is_reusable)
        })?;
        Some(ended.has_response)
    }

    fn end(
        &self,
        call: ClaimRefresh,
        session: Option<SessionKey>,
        has_response: bool,
        reusable_since_ms: Option<i64>,
    ) {
        let number = self.count.replace(self.count.get() + 1);
        let mut all = self.ended.borrow_mut();
        all.retain(|ended| ended.session == session && ended.call != call);
        all.push(EndedFetch { call, session, number, has_response, reusable_since_ms });
    }
}
