use std::cell::{Cell, RefCell};

use serde_json::Value;

use super::SessionClient;
use crate::{
    client::claims::{ClaimRefresh, ClaimSource, ClaimValidator, Require, Validator},
    error::SessionError,
    event::ClaimError,
    platform::{LocalBoxFuture, Method},
    token::FrontTokenText,
    transitions::SessionKey,
};

/// A lock of its own, so that claims that are fetched anew keep no session from being refreshed.
const LOCK_NAME: &str = "supertokens-session-claims";

/// How long an answer stands that has not brought what was due.
const ANSWER_STANDS_MS: i64 = 10_000;

impl SessionClient {
    /// Checks claims: first all are fetched anew that are due, one tab at a time, then all are checked against one and
    /// the same payload. Empty where all hold.
    ///
    /// A claim that can't be fetched anew is checked as it is. Each call for one has
    /// [`refresh_timeout_ms`](crate::SessionConfig::refresh_timeout_ms) at the most. One that the API has answered
    /// without bringing what was due is not made again for ten seconds: guards check again at each event, and the
    /// answer may itself be one.
    ///
    /// ```
    /// # use supertokens_session::{SessionClient, SessionError};
    /// use supertokens_session::claims::{email_verified, roles};
    ///
    /// # async fn run(client: SessionClient) -> Result<(), SessionError> {
    /// let wanted = [email_verified().into(), roles().includes("editor".to_owned()).into()];
    /// for error in client.validate_claims(&wanted).await? {
    ///     log::info!("{} does not hold", error.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::NoSession`] where there is none, and those of a refresh.
    pub async fn validate_claims(&self, validators: &[Validator]) -> Result<Vec<ClaimError>, SessionError> {
        Ok(self.check_claims(validators).await?.errors)
    }

    /// As [`validate_claims`](Self::validate_claims), and tells whether the API could be asked: "not allowed" and "the
    /// server does not answer" are two things to a user.
    ///
    /// # Errors
    /// As [`validate_claims`](Self::validate_claims).
    pub async fn check_claims(&self, validators: &[Validator]) -> Result<CheckedClaims, SessionError> {
        self.check_all(validators).await
    }

    /// As [`check_claims`](Self::check_claims) of all [validators](Require::validators) of a requirement. One without
    /// any needs no session and no answer, and an app that has no others has nothing of this in its module.
    ///
    /// # Errors
    /// As [`validate_claims`](Self::validate_claims).
    pub async fn check_requirement(&self, require: &Require) -> Result<CheckedClaims, SessionError> {
        let validators = require.validators();
        match validators.first().map(Validator::check_all) {
            Some(check_all) => check_all(self, &validators).await,
            None => Ok(CheckedClaims { errors: Vec::new(), is_answered: true }),
        }
    }

    // Boxed: the body of an async function is compiled into each crate that awaits it, this one once.
    pub(crate) fn check_all<'a>(
        &'a self,
        validators: &'a [Validator],
    ) -> LocalBoxFuture<'a, Result<CheckedClaims, SessionError>> {
        Box::pin(async move {
            let before = self.0.claim_calls.count();
            let mut payload = self.payload().await?;
            let due = self.due(validators, &payload).await?;
            let mut is_answered = true;
            if !due.is_empty() {
                is_answered = match self.fetch_claims(&due, before).await {
                    Ok(is_answered) => is_answered,
                    // Whether that matters, the payload tells: it may be the app's own.
                    Err(SessionError::NoSession) => true,
                    Err(error) => return Err(error),
                };
                payload = self.payload().await?;
            }
            let now_ms = self.server_time_ms().await?;
            let errors = validators.iter().filter_map(|validator| {
                let reason = validator.validate(&payload, now_ms).err()?;
                Some(ClaimError { id: validator.id().to_owned(), reason })
            });
            Ok(CheckedClaims { errors: errors.collect(), is_answered })
        })
    }

    /// The validators that hold for the whole app ([`Overrides::global_claim_validators`]).
    ///
    /// [`Overrides::global_claim_validators`]: crate::Overrides::global_claim_validators
    pub fn global_claim_validators(&self) -> Vec<Validator> {
        self.overrides().map_or_else(Vec::new, |(overrides, _)| overrides.global_claim_validators())
    }

    /// The time by the server's clock, in ms since the epoch, as far as the last front token told it.
    ///
    /// # Errors
    /// [`SessionError::Store`] when the store can't be read.
    pub async fn server_time_ms(&self) -> Result<i64, SessionError> {
        let read = self.read().await?;
        Ok(self.server_now_ms(&read))
    }

    /// Fetches what is still due, and tells whether all calls were answered. `before` is the number of calls when the
    /// caller began.
    async fn fetch_claims(
        &self,
        due: &[(&Validator, &ClaimRefresh)],
        before: u64,
    ) -> Result<bool, SessionError> {
        let mut are_answered = true;
        // Functions of the app's own may be slow or check claims themselves: they run before the lock is asked for.
        if due.iter().any(|(_, refresh)| refresh.is_function()) {
            are_answered &= self.fetch_each(due, true, before).await?;
        }
        if due.iter().all(|(_, refresh)| refresh.is_function()) {
            return Ok(are_answered);
        }
        let _guard = match self.0.platform.lock.acquire(LOCK_NAME).await {
            Ok(guard) => guard,
            Err(error) => {
                log::warn!("claims are checked as they are: {error}");
                return Ok(are_answered);
            }
        };
        Ok(are_answered & self.fetch_each(due, false, before).await?)
    }

    /// Fetches what is still due, one after the other: only by functions of the app's own, or only by calls.
    async fn fetch_each(
        &self,
        due: &[(&Validator, &ClaimRefresh)],
        by_functions: bool,
        before: u64,
    ) -> Result<bool, SessionError> {
        // The client's own payload: no function of the app's is awaited under a lock.
        let mut payload = self.own_access_token_payload_securely().await?;
        let mut are_answered = true;
        for (validator, call) in due.iter().filter(|(_, refresh)| refresh.is_function() == by_functions) {
            let read = self.read().await?;
            let (session, now_ms) = (read.state.key().cloned(), self.0.platform.clock.now_ms());
            if !validator.should_refresh(&payload, self.server_now_ms(&read)) {
                continue;
            }
            if let Some(is_answered) = self.0.claim_calls.outcome(call, session.as_ref(), before, now_ms) {
                are_answered &= is_answered;
                continue;
            }
            let (validator, refresh) = ((*validator).clone(), (*call).clone());
            let fetch = ClaimFetch { validator, refresh, session, front: read.stored.front };
            are_answered &= match &call.0 {
                ClaimSource::Function(function) => function.run(self.clone(), fetch).await,
                ClaimSource::Call { method, url, is_below_base_path } => {
                    let is_answered = self.fetch_claim(*method, url, *is_below_base_path).await;
                    self.end_claim_fetch(fetch, is_answered).await?;
                    is_answered
                }
            };
            payload = self.own_access_token_payload_securely().await?;
        }
        Ok(are_answered)
    }

    /// Records the outcome, for checks that come later or have waited for it.
    pub(super) async fn end_claim_fetch(
        &self,
        fetch: ClaimFetch,
        is_answered: bool,
    ) -> Result<(), SessionError> {
        let payload = self.own_access_token_payload_securely().await?;
        let read = self.read().await?;
        // A function that brings a new token each time and fails would be run for ever: a new token is an event.
        let is_settled = is_answered || fetch.refresh.is_function() && read.stored.front != fetch.front;
        let stands = is_settled && fetch.validator.should_refresh(&payload, self.server_now_ms(&read));
        let stands_since_ms = stands.then(|| self.0.platform.clock.now_ms());
        self.0.claim_calls.end(fetch.refresh, fetch.session, is_answered, stands_since_ms);
        Ok(())
    }

    /// The validators whose claims are to be fetched anew, and by which call.
    async fn due<'a>(
        &self,
        validators: &'a [Validator],
        payload: &Value,
    ) -> Result<Vec<(&'a Validator, &'a ClaimRefresh)>, SessionError> {
        let now_ms = self.server_time_ms().await?;
        let with_call = validators.iter().filter_map(|validator| Some((validator, validator.refresh()?)));
        Ok(with_call.filter(|(validator, _)| validator.should_refresh(payload, now_ms)).collect())
    }

    /// Whether the API has answered. Bounded in time: other tabs wait for the lock.
    async fn fetch_claim(&self, method: Method, url: &str, is_below_base_path: bool) -> bool {
        let base = if is_below_base_path { self.0.config.api_base_path() } else { "" };
        let request = self.request(method, &format!("{base}{url}"));
        let answer = match self.in_time(request.send()).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => {
                log::warn!("a claim could not be fetched anew: {error}");
                return false;
            }
            Err(error) => {
                log::warn!("a claim could not be fetched anew: {error}");
                return false;
            }
        };
        if !answer.ok() {
            log::warn!("a claim could not be fetched anew: status {}", answer.status());
        }
        answer.status() < 500
    }
}

/// What came of a [check](SessionClient::check_claims) of claims.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CheckedClaims {
    /// The claims that do not hold.
    pub errors: Vec<ClaimError>,
    /// False where a claim was due, and the API did not answer the call for it: there was no answer at all, or a status
    /// of 500 or more, or a function of the app's own failed. Then [`errors`](Self::errors) stand on what was known before.
    pub is_answered: bool,
}

/// A claim that is being fetched anew.
pub(crate) struct ClaimFetch {
    pub(super) validator: Validator,
    pub(super) refresh: ClaimRefresh,
    /// The session and the front token when it began.
    pub(super) session: Option<SessionKey>,
    pub(super) front: Option<FrontTokenText>,
}

/// The calls for claims that have ended in this tab, so that none is made again in vain.
#[derive(Default)]
pub(super) struct ClaimCalls {
    count: Cell<u64>,
    ended: RefCell<Vec<Ended>>,
}

struct Ended {
    call: ClaimRefresh,
    session: Option<SessionKey>,
    number: u64,
    is_answered: bool,
    /// By the device's clock; none where it need not stand.
    stands_since_ms: Option<i64>,
}

impl ClaimCalls {
    fn count(&self) -> u64 {
        self.count.get()
    }

    /// What came of the call, where it has ended since there were `before`, or an answer to it stands: whether there was
    /// one.
    fn outcome(
        &self,
        call: &ClaimRefresh,
        session: Option<&SessionKey>,
        before: u64,
        now_ms: i64,
    ) -> Option<bool> {
        let all = self.ended.borrow();
        let ended = all.iter().find(|ended| {
            let stands = ended
                .stands_since_ms
                .is_some_and(|since| (0..ANSWER_STANDS_MS).contains(&now_ms.saturating_sub(since)));
            ended.call == *call && ended.session.as_ref() == session && (ended.number >= before || stands)
        })?;
        Some(ended.is_answered)
    }

    fn end(
        &self,
        call: ClaimRefresh,
        session: Option<SessionKey>,
        is_answered: bool,
        stands_since_ms: Option<i64>,
    ) {
        let number = self.count.replace(self.count.get() + 1);
        let mut all = self.ended.borrow_mut();
        all.retain(|ended| ended.session == session && ended.call != call);
        all.push(Ended { call, session, number, is_answered, stands_since_ms });
    }
}
