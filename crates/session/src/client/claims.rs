use serde_json::Value;

use super::SessionClient;
use crate::{
    claims::{ClaimRefresh, ClaimValidator, Validator},
    error::SessionError,
    event::ClaimError,
};

/// A lock of its own, so that claims that are fetched anew keep no session from being refreshed.
const LOCK_NAME: &str = "supertokens-session-claims";

impl SessionClient {
    /// Checks claims: first all are fetched anew that are due, one tab at a time, then all are checked against one and
    /// the same payload. Empty where all hold.
    ///
    /// A claim that can't be fetched anew is checked as it is.
    ///
    /// # Errors
    /// [`SessionError::NoSession`] where there is none, and those of a refresh.
    pub async fn validate_claims(&self, validators: &[Validator]) -> Result<Vec<ClaimError>, SessionError> {
        let mut payload = self.access_token_payload_securely().await?;
        if !self.due(validators, &payload).await?.is_empty() {
            payload = self.fetch_due_claims(validators).await?;
        }
        let now_ms = self.server_time_ms().await?;
        Ok(validators
            .iter()
            .filter_map(|validator| {
                let reason = validator.validate(&payload, now_ms).err()?;
                Some(ClaimError { id: validator.id().to_owned(), reason })
            })
            .collect())
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
        let look = self.look().await?;
        Ok(self.server_now_ms(&look))
    }

    async fn fetch_due_claims(&self, validators: &[Validator]) -> Result<Value, SessionError> {
        let guard = self.0.platform.lock.acquire(LOCK_NAME).await;
        // Another tab may have fetched them meanwhile.
        let payload = self.access_token_payload_securely().await?;
        if guard.is_err() {
            log::warn!("claims are checked as they are: their lock can't be had");
            return Ok(payload);
        }
        for call in self.due(validators, &payload).await? {
            self.fetch_claim(&call).await;
        }
        self.access_token_payload_securely().await
    }

    /// The calls that fetch what is due, each once.
    async fn due(
        &self,
        validators: &[Validator],
        payload: &Value,
    ) -> Result<Vec<ClaimRefresh>, SessionError> {
        let now_ms = self.server_time_ms().await?;
        let mut calls: Vec<ClaimRefresh> = Vec::new();
        for validator in validators.iter().filter(|validator| validator.should_refresh(payload, now_ms)) {
            if let Some(call) = validator.refresh()
                && !calls.contains(call)
            {
                calls.push(call.clone());
            }
        }
        Ok(calls)
    }

    /// Bounded in time: other tabs wait for the lock.
    async fn fetch_claim(&self, call: &ClaimRefresh) {
        let base = if call.is_below_base_path { self.0.config.api_base_path() } else { "" };
        let request = self.request(call.method, &format!("{base}{}", call.url));
        match self.in_time(request.send()).await {
            Ok(Ok(answer)) if answer.ok() => {}
            Ok(Ok(answer)) => log::warn!("a claim could not be fetched anew: status {}", answer.status()),
            Ok(Err(error)) => log::warn!("a claim could not be fetched anew: {error}"),
            Err(error) => log::warn!("a claim could not be fetched anew: {error}"),
        }
    }
}
