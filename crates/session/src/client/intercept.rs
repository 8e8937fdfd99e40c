use super::{
    Look, SessionClient, SessionResponse, diagnosis,
    refresh::Refreshed,
    request::{Outgoing, Parcel, SendAgain},
    save::Said,
};
use crate::{
    SessionEvent,
    error::SessionError,
    platform::{LocalBoxFuture, TransportRequest, TransportResponse},
    state::{self, AfterResponse, BeforeRequest, LocalState, ResponseRules},
    wire::{claims, outgoing},
};

impl SessionClient {
    /// Sends a request; one that goes to the API takes part in the session.
    //
    // Boxed: the body of an async function is compiled into each place that awaits it, this one once.
    pub(super) fn execute(
        &self,
        outgoing: Outgoing,
    ) -> LocalBoxFuture<'_, Result<SessionResponse, SessionError>> {
        Box::pin(async move {
            let request = &outgoing.parcel.content;
            // Path and query may name people: they stay out of the log.
            let part = if outgoing.takes_part { "takes part in the session" } else { "is left alone" };
            log::debug!("{} request to {} {part}", request.method.as_str(), request.url.origin());
            if outgoing.takes_part {
                self.execute_with_session(outgoing).await
            } else {
                Ok(SessionResponse::new(self.send(outgoing.parcel).await?, None))
            }
        })
    }

    async fn execute_with_session(&self, outgoing: Outgoing) -> Result<SessionResponse, SessionError> {
        let Outgoing { parcel: request, again, made, .. } = outgoing;
        let rules = self.response_rules(again);
        let (now, (mut look, mut failed_refresh)) = self.ready_to_send(&request.content).await?;
        let made = made.unwrap_or(now);
        if !may_send(again, &made, &look.state) {
            return Err(SessionError::SessionChanged);
        }
        // Made before anybody was known, it is the request of whoever it is first sent for.
        let made = if made.key().is_some() { made } else { look.state.clone() };
        let mut retries = 0;
        loop {
            let response = self.send_with_session(&request, &look).await?;
            if !self.is_from_api(&*response) {
                return Ok(SessionResponse::new(response, None));
            }
            let (said, problem) = match self.save_answer(&look, &*response).await {
                Ok(said) => (said, diagnosis::answer_without_front_token(said, &request.content)),
                Err(error) => (Said::Nothing, Some(error)),
            };
            let decision = state::after_response(response.status(), said == Said::Ended, retries, rules);
            log::debug!("answer {}: {decision:?}", response.status());
            match decision {
                AfterResponse::Deliver => {
                    // What a sign-in has brought makes up for a refresh that failed before it.
                    let failed = failed_refresh.take().filter(|_| said == Said::Nothing);
                    let problem = problem.or(failed.filter(|error| *error != SessionError::NoSession));
                    if said == Said::Nothing && problem.is_none() && look.state.key().is_none() {
                        diagnosis::sign_in_without_front_token(self, &request.content, &*response);
                    }
                    return Ok(SessionResponse::new(response, problem));
                }
                AfterResponse::ReportClaims => {
                    self.report_claims(&*response);
                    return Ok(SessionResponse::new(response, problem));
                }
                AfterResponse::OutOfRetries => {
                    let tried = again != SendAgain::Never;
                    let problem = tried.then(|| {
                        let (status, config) = (response.status(), &self.0.config);
                        diagnosis::too_many_retries(retries, status, &request.content, config)
                    });
                    return Ok(SessionResponse::new(response, problem));
                }
                AfterResponse::SessionEnded => {
                    return Ok(self.refused_without_session(response, &made));
                }
                AfterResponse::Refresh => {}
            }
            // A refresh that has just failed for this very request is not tried again.
            match failed_refresh.take() {
                Some(SessionError::NoSession) if self.look().await?.state == LocalState::NotExists => {
                    return Ok(self.refused_without_session(response, &made));
                }
                Some(SessionError::NoSession) | None => {}
                Some(error) => return Err(error),
            }
            match self.refresh(look.state).await? {
                Refreshed::Yes => {
                    retries += 1;
                    log::debug!("sending again, {retries} of at most {}", rules.max_retries);
                }
                Refreshed::NoSession => return Ok(self.refused_without_session(response, &made)),
            }
            look = self.look_around().await?;
            if !may_send(again, &made, &look.state) {
                return Ok(SessionResponse::new(response, Some(SessionError::SessionChanged)));
            }
        }
    }

    /// The API has refused a request of the app, and there is no session. A session that was there when the request was
    /// made has ended, which is an event already.
    fn refused_without_session(
        &self,
        response: Box<dyn TransportResponse>,
        made: &LocalState,
    ) -> SessionResponse {
        if made.key().is_none() {
            self.emit(&[SessionEvent::Unauthorised { session_expired_or_revoked: false }]);
        }
        SessionResponse::new(response, Some(SessionError::NoSession))
    }

    /// Waits for a refresh under way, and refreshes first where the session has expired or is not known. Where that
    /// fails or finds no session, the request is sent as it is (its endpoint may need none), and the error is kept
    /// for the case that it does. If the refresh had no response, it is sent only where nothing is known of a session:
    /// else it would go with an expired token. The state in which the request was made comes first.
    async fn ready_to_send(
        &self,
        request: &TransportRequest,
    ) -> Result<(LocalState, (Look, Option<SessionError>)), SessionError> {
        let made = if self.0.flight.is_under_way() { Some(self.look().await?.state) } else { None };
        let failure = self.settled().await;
        let look = self.look_around().await?;
        let made = made.unwrap_or_else(|| look.state.clone());
        let now = self.server_now_ms(&look);
        let has_one_go = !request.body.can_be_sent_again();
        if state::before_request(&look.state, look.front.as_ref(), now, has_one_go) == BeforeRequest::Send {
            return Ok((made, (look, None)));
        }
        match look.state {
            LocalState::MayExist => log::debug!("refreshing first: nothing is known of a session"),
            _ => log::debug!("refreshing first: the access token has expired"),
        }
        let may_exist = look.state == LocalState::MayExist;
        // Another refresh would fail as the one just waited for.
        let outcome = match failure {
            Some(failure) => Err(failure),
            None => self.refresh(look.state).await,
        };
        let failed = match outcome {
            Ok(Refreshed::Yes) => None,
            Ok(Refreshed::NoSession) => Some(SessionError::NoSession),
            Err(error @ SessionError::HookLeftApi { .. }) => return Err(error),
            Err(error @ (SessionError::RefreshUnreachable(_) | SessionError::Lock(_))) if !may_exist => {
                return Err(error);
            }
            Err(error) => Some(error),
        };
        Ok((made, (self.look_around().await?, failed)))
    }

    async fn send_with_session(
        &self,
        request: &Parcel,
        look: &Look,
    ) -> Result<Box<dyn TransportResponse>, SessionError> {
        let mut content = request.content.clone();
        outgoing::add_session(&mut content, &look.kept, &self.0.config);
        self.send(Parcel { content, way: request.way.clone() }).await
    }

    async fn send(&self, request: Parcel) -> Result<Box<dyn TransportResponse>, SessionError> {
        let way = request.way.as_ref().unwrap_or(&self.0.platform.transport);
        way.send(request.content).await.map_err(SessionError::Network)
    }

    fn response_rules(&self, again: SendAgain) -> ResponseRules {
        let config = &self.0.config;
        ResponseRules {
            expired_status: config.session_expired_status_code(),
            invalid_claim_status: config.invalid_claim_status_code(),
            max_retries: match again {
                SendAgain::Never => 0,
                SendAgain::ForTheUser | SendAgain::InTheSession => {
                    config.max_retry_attempts_for_session_refresh()
                }
            },
        }
    }

    /// Any body that does not name claims is the app's own business.
    fn report_claims(&self, response: &dyn TransportResponse) {
        self.read_later(response, |client, body| {
            if let Some(errors) = claims::errors(body) {
                log::debug!("claims refused: {}", errors.len());
                client.emit(&[SessionEvent::ApiInvalidClaim { errors: errors.into() }]);
            }
        });
    }
}

fn may_send(again: SendAgain, made: &LocalState, now: &LocalState) -> bool {
    match again {
        SendAgain::Never | SendAgain::ForTheUser => state::may_send(made, now),
        SendAgain::InTheSession => state::may_send_about(made, now),
    }
}
