//! Calls the app's overrides. No override runs under a lock, and each async one has a time limit.

use super::{Client, SessionResponse};
use crate::{
    client::overrides::{Original, Overrides},
    error::SessionError,
    platform::{Changes, TransportError, TransportRequest, TransportResponse},
    protocol::ApiAction,
    token::FrontToken,
    transitions,
    wire::url::Url,
};

impl Client {
    pub(super) fn is_api_url(&self, url: &Url) -> bool {
        let is_api_request = match self.overrides() {
            Some((overrides, original)) => overrides.is_api_url(url, original),
            None => self.0.config.is_api_url(url),
        };
        is_api_request && self.0.config.may_be_api_url(url)
    }

    pub(super) fn overrides(&self) -> Option<(&dyn Overrides, Original<'_>)> {
        let overrides = self.0.overrides.as_ref()?;
        Some((&*overrides.app, Original::new(self)))
    }

    /// Lets the app change a refresh or sign-out call, and checks the changed URL.
    pub(super) async fn before_api_call(
        &self,
        action: ApiAction,
        request: &mut TransportRequest,
    ) -> Result<Result<(), SessionError>, TransportError> {
        let Some((overrides, _)) = self.overrides() else { return Ok(Ok(())) };
        self.in_time(overrides.before_api_call(action, request)).await?;
        let is_api = self.0.config.is_api_url(&request.url);
        Ok(if is_api { Ok(()) } else { Err(SessionError::HookLeftApi { action }) })
    }

    /// Passes the response of a refresh or sign-out call to the app.
    pub(super) async fn after_api_call(
        &self,
        action: ApiAction,
        request: &TransportRequest,
        response: &dyn TransportResponse,
    ) {
        let Some((overrides, _)) = self.overrides() else { return };
        if self.in_time(overrides.after_api_call(action, request, response)).await.is_err() {
            log::warn!("`after_api_call` of the {} call took too long and was dropped", action.name());
        }
    }

    /// Passes the outcome of an API request to the app.
    pub(super) fn after_request(
        &self,
        request: Option<&TransportRequest>,
        outcome: &Result<SessionResponse, SessionError>,
    ) {
        if let (Some(request), Some((overrides, _))) = (request, self.overrides()) {
            overrides.after_request(request, outcome.as_ref());
        }
    }

    pub(super) fn clock_skew_ms(
        &self,
        front: &FrontToken,
        response: &dyn TransportResponse,
        received_at_ms: i64,
    ) -> i64 {
        match self.overrides() {
            Some((overrides, original)) => overrides.clock_skew_ms(front, response, received_at_ms, original),
            None => transitions::clock_skew_ms(front, received_at_ms),
        }
    }

    /// Stores the app's clock skew after a refresh, which leaves the stored one unchanged.
    pub(super) async fn correct_clock_skew(
        &self,
        front: &FrontToken,
        response: &dyn TransportResponse,
        received_at_ms: i64,
    ) {
        if self.overrides().is_none() {
            return;
        }
        let skew = self.clock_skew_ms(front, response, received_at_ms);
        if self.0.platform.store.read().is_ok_and(|stored| stored.clock_skew_ms != skew) {
            let changes = Changes { clock_skew_ms: Some(skew), ..Changes::default() };
            self.write_or_warn(changes, "the clock skew");
            let _ = self.sync().await;
        }
    }
}
