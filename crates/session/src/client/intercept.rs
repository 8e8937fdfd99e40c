use super::{
    Look, SessionClient, SessionResponse, diagnosis, refresh::Refreshed, request::Outgoing, save::Said,
};
use crate::{
    SessionEvent,
    error::SessionError,
    platform::{TransportRequest, TransportResponse},
    state::{self, AfterResponse, BeforeRequest, LocalState, ResponseRules},
    wire::{claims, outgoing},
};

impl SessionClient {
    /// Sends a request; one that goes to the API takes part in the session.
    pub(super) async fn execute(&self, outgoing: Outgoing) -> Result<SessionResponse, SessionError> {
        let Outgoing { request, with_session, with_retry } = outgoing;
        if with_session && self.0.config.is_ours(&request.url) {
            self.execute_with_session(request, with_retry).await
        } else {
            Ok(SessionResponse::new(self.send(request).await?, None))
        }
    }

    async fn execute_with_session(
        &self,
        request: TransportRequest,
        with_retry: bool,
    ) -> Result<SessionResponse, SessionError> {
        let rules = self.response_rules(with_retry);
        let (mut look, mut failed_refresh) = self.ready_to_send().await?;
        let mut retries = 0;
        loop {
            let response = self.send_with_session(&request, &look).await?;
            let (said, problem) = match self.save_answer(&look, &*response).await {
                Ok(said) => (said, diagnosis::answer_without_front_token(said, &request)),
                Err(error) => (Said::Nothing, Some(error)),
            };
            match state::after_response(response.status(), said == Said::Ended, retries, rules) {
                AfterResponse::Deliver => {
                    if said == Said::Nothing && problem.is_none() && look.state.key().is_none() {
                        diagnosis::sign_in_without_front_token(&request, &*response, &self.0.config).await;
                    }
                    return Ok(SessionResponse::new(response, problem));
                }
                AfterResponse::ReportClaims => {
                    self.report_claims(&*response).await;
                    return Ok(SessionResponse::new(response, problem));
                }
                AfterResponse::OutOfRetries => {
                    let problem = with_retry.then_some(SessionError::TooManyRetries { attempts: retries });
                    return Ok(SessionResponse::new(response, problem));
                }
                AfterResponse::SessionEnded => {
                    if look.state.key().is_none() {
                        // Nobody knew of a session, so none has ended; that there is none is news all the same.
                        self.emit([SessionEvent::Unauthorised { session_expired_or_revoked: false }]);
                    }
                    return Ok(SessionResponse::new(response, Some(SessionError::NoSession)));
                }
                AfterResponse::Refresh => {}
            }
            // A refresh that has just failed for this very request is not tried again.
            match failed_refresh.take() {
                Some(SessionError::NoSession) if self.look().await?.state == LocalState::NotExists => {
                    return Ok(SessionResponse::new(response, Some(SessionError::NoSession)));
                }
                Some(SessionError::NoSession) | None => {}
                Some(error) => return Err(error),
            }
            match self.refresh(look.state).await? {
                Refreshed::Yes => retries += 1,
                Refreshed::NoSession => {
                    return Ok(SessionResponse::new(response, Some(SessionError::NoSession)));
                }
            }
            look = self.look_around().await?;
        }
    }

    /// Waits for a refresh under way, and refreshes first where the session has expired or is not known. Where that
    /// fails or finds no session, the request is sent as it is (its endpoint may need none), and the error is kept
    /// for the case that it does.
    async fn ready_to_send(&self) -> Result<(Look, Option<SessionError>), SessionError> {
        self.settled().await;
        let look = self.look_around().await?;
        let now = self.server_now_ms(&look);
        if state::before_request(&look.state, look.front.as_ref(), now) == BeforeRequest::Send {
            return Ok((look, None));
        }
        let failed = match self.refresh(look.state).await {
            Ok(Refreshed::Yes) => None,
            Ok(Refreshed::NoSession) => Some(SessionError::NoSession),
            Err(error @ (SessionError::RefreshUnreachable(_) | SessionError::Lock(_))) => return Err(error),
            Err(error) => Some(error),
        };
        Ok((self.look_around().await?, failed))
    }

    async fn send_with_session(
        &self,
        request: &TransportRequest,
        look: &Look,
    ) -> Result<Box<dyn TransportResponse>, SessionError> {
        let mut request = request.clone();
        outgoing::add_session(&mut request, &look.kept, &self.0.config);
        self.send(request).await
    }

    async fn send(&self, request: TransportRequest) -> Result<Box<dyn TransportResponse>, SessionError> {
        self.0.platform.transport.send(request).await.map_err(SessionError::Network)
    }

    fn response_rules(&self, with_retry: bool) -> ResponseRules {
        let config = &self.0.config;
        ResponseRules {
            expired_status: config.session_expired_status_code(),
            invalid_claim_status: config.invalid_claim_status_code(),
            max_retries: if with_retry { config.max_retry_attempts_for_session_refresh() } else { 0 },
        }
    }

    /// Any body that does not name claims is the app's own business.
    async fn report_claims(&self, response: &dyn TransportResponse) {
        let Ok(body) = response.peek().await else { return };
        if let Some(errors) = claims::errors(&body) {
            self.emit([SessionEvent::ApiInvalidClaim { errors: errors.into() }]);
        }
    }
}
