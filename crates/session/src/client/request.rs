//! The request loop: prepare, send, save the response, and retry after a refresh.

use std::rc::Rc;

use super::{Client, SessionResponse, diagnosis, refresh::Refreshed, save::SessionUpdate};
use crate::{
    ClaimError, SessionEvent,
    error::SessionError,
    platform::{LocalBoxFuture, Transport, TransportRequest, TransportResponse},
    protocol::{request_headers, response_headers::SessionHeaders},
    transitions::{
        self, AfterResponse, BeforeRequest, LocalState, ResponseRules, ResponseTo, Retry, StoreRead,
    },
};

/// A request as the client sends it.
pub(super) struct ClientRequest {
    pub(super) content: TransportRequest,
    /// The transport of this request; none for the platform's transport.
    pub(super) transport: Option<Rc<dyn Transport>>,
    pub(super) retry: Retry,
    /// The state when the caller made the request; none if that is now.
    pub(super) made: Option<LocalState>,
}

/// The session that a request is first sent with.
struct Prepared {
    read: StoreRead,
    /// The state when the caller made the request.
    made: LocalState,
    /// The error of the refresh before the request. The client sends the request anyway, because its endpoint may need
    /// no session.
    failed_refresh: Option<SessionError>,
}

impl Client {
    /// Sends an API request with the session.
    //
    // Boxed: the compiler would build an async body in each crate that awaits it.
    pub(super) fn send_with_session(
        &self,
        request: ClientRequest,
    ) -> LocalBoxFuture<'_, Result<SessionResponse, SessionError>> {
        Box::pin(async move {
            log_request(&request.content, "with");
            let (content, retry) = (&request.content, request.retry);
            let rules = self.response_rules(retry);
            let Prepared { mut read, made, mut failed_refresh } = self.prepare(&request).await?;
            if !retry.may_send(&made, &read.state) {
                return Err(SessionError::SessionChanged);
            }
            let mut retries = 0;
            loop {
                let mut with_session = content.clone();
                request_headers::add_session(&mut with_session, &read.stored, &self.0.config);
                let response = self.send(with_session, request.transport.as_ref()).await?;
                if !self.is_from_api(&content.url, &*response) {
                    return Ok(SessionResponse::new(response, None));
                }
                let (update, session_error) = match self.receive(&read, &*response).await {
                    Ok(update) => (update, diagnosis::response_without_front_token(update, content)),
                    Err(error) => (SessionUpdate::Nothing, Some(error)),
                };
                let has_ended = update == SessionUpdate::Ended;
                let decision = transitions::after_response(response.status(), has_ended, retries, rules);
                log::debug!("response {}: {decision:?}", response.status());
                match decision {
                    AfterResponse::Deliver => {
                        // New tokens of a sign-in make the failed refresh irrelevant.
                        let failed = failed_refresh.take().filter(|_| update == SessionUpdate::Nothing);
                        let session_error =
                            session_error.or(failed.filter(|error| *error != SessionError::NoSession));
                        if update == SessionUpdate::Nothing
                            && session_error.is_none()
                            && read.state.key().is_none()
                        {
                            diagnosis::sign_in_without_front_token(self, content, &*response);
                        }
                        return Ok(SessionResponse::new(response, session_error));
                    }
                    AfterResponse::ReportClaims => {
                        self.report_claims(&*response);
                        return Ok(SessionResponse::new(response, session_error));
                    }
                    AfterResponse::OutOfRetries => {
                        let session_error = (retry != Retry::Never)
                            .then(|| diagnosis::too_many_retries(retries, response.status(), content, self));
                        return Ok(SessionResponse::new(response, session_error));
                    }
                    AfterResponse::SessionEnded => return Ok(self.without_session(response, &made)),
                    AfterResponse::Refresh => {}
                }
                // If the refresh before this request failed, it is not retried.
                match failed_refresh.take() {
                    Some(SessionError::NoSession) if self.read().await?.state == LocalState::NotExists => {
                        return Ok(self.without_session(response, &made));
                    }
                    Some(SessionError::NoSession) | None => {}
                    Some(error) => return Err(error),
                }
                match self.refresh_session(read.state).await? {
                    Refreshed::Yes => {
                        retries += 1;
                        log::debug!("retry {retries} of at most {}", rules.max_retries);
                    }
                    Refreshed::NoSession => return Ok(self.without_session(response, &made)),
                }
                read = self.read_and_emit().await?;
                if !retry.may_send(&made, &read.state) {
                    return Ok(SessionResponse::new(response, Some(SessionError::SessionChanged)));
                }
            }
        })
    }

    /// Sends a request without the session.
    pub(super) async fn send_without_session(
        &self,
        content: TransportRequest,
        transport: Option<&Rc<dyn Transport>>,
    ) -> Result<SessionResponse, SessionError> {
        log_request(&content, "without");
        Ok(SessionResponse::new(self.send(content, transport).await?, None))
    }

    /// Waits for the refresh in progress. Then refreshes if the session has expired or its state is unknown. If the
    /// refresh fails or finds no session, the request is sent anyway, because its endpoint may need none. If the API
    /// did not respond to the refresh of a known session, the request fails: it would carry an expired token.
    async fn prepare(&self, request: &ClientRequest) -> Result<Prepared, SessionError> {
        let made = match &request.made {
            None if self.0.flight.is_running() => Some(self.read().await?.state),
            made => made.clone(),
        };
        let failure = self.join_running_refresh().await;
        let mut read = self.read_and_emit().await?;
        let made = made.unwrap_or_else(|| read.state.clone());
        let now = self.server_now_ms(&read);
        let is_sent_once = !request.content.body.can_be_sent_again();
        let decision = transitions::before_request(&read.state, read.front.as_ref(), now, is_sent_once);
        let mut failed_refresh = None;
        if decision == BeforeRequest::RefreshFirst {
            let may_exist = read.state == LocalState::MayExist;
            let reason =
                if may_exist { "the session state is unknown" } else { "the access token has expired" };
            log::debug!("refreshing first: {reason}");
            // Another refresh would fail like the one that this request waited for.
            let outcome = match failure {
                Some(failure) => Err(failure),
                None => self.refresh_session(read.state).await,
            };
            failed_refresh = match outcome {
                Ok(Refreshed::Yes) => None,
                Ok(Refreshed::NoSession) => Some(SessionError::NoSession),
                Err(error @ SessionError::HookLeftApi { .. }) => return Err(error),
                Err(error @ (SessionError::RefreshUnreachable(_) | SessionError::Lock(_))) if !may_exist => {
                    return Err(error);
                }
                Err(error) => Some(error),
            };
            read = self.read_and_emit().await?;
        }
        // A request that was made before the sign-in belongs to the first user that it is sent for.
        let made = if made.key().is_some() { made } else { read.state.clone() };
        Ok(Prepared { read, made, failed_refresh })
    }

    async fn send(
        &self,
        content: TransportRequest,
        transport: Option<&Rc<dyn Transport>>,
    ) -> Result<Box<dyn TransportResponse>, SessionError> {
        let transport = transport.unwrap_or(&self.0.platform.transport);
        transport.send(content).await.map_err(SessionError::Network)
    }

    /// Saves the session headers of an app's response, and emits the events.
    async fn receive(
        &self,
        sent: &StoreRead,
        response: &dyn TransportResponse,
    ) -> Result<SessionUpdate, SessionError> {
        let headers = SessionHeaders::read(response).without_echo(sent.stored.anti_csrf.as_ref());
        // Don't save some of the tokens only: keep the stored session.
        if let Some(unreadable) = headers.unreadable {
            return Err(unreadable.into());
        }
        let update = SessionUpdate::of(&headers);
        // A repeated token is older than the stored one, and its `iat` says nothing about the clock now.
        if headers.is_empty() || headers.is_stored(&sent.stored) {
            return Ok(update);
        }
        self.sync().await?;
        let Some(events) = self.save(ResponseTo::Request, &sent.state, headers, response)? else {
            return Ok(SessionUpdate::Nothing);
        };
        let synced = self.sync().await;
        self.emit(&events);
        synced.map(|()| update)
    }

    /// Handles the expired status when there is no session. If the request was made with a session, an event has
    /// already announced its end.
    fn without_session(&self, response: Box<dyn TransportResponse>, made: &LocalState) -> SessionResponse {
        if made.key().is_none() {
            self.emit(&[SessionEvent::Unauthorised { session_expired_or_revoked: false }]);
        }
        SessionResponse::new(response, Some(SessionError::NoSession))
    }

    fn response_rules(&self, retry: Retry) -> ResponseRules {
        let config = &self.0.config;
        ResponseRules {
            expired_status: config.settings().session_expired_status,
            invalid_claim_status: config.settings().invalid_claim_status,
            max_retries: match retry {
                Retry::Never => 0,
                Retry::SameUser | Retry::SameSession => config.settings().max_retries,
            },
        }
    }

    /// Emits the claims that the API found invalid. A body without claims is the app's own.
    fn report_claims(&self, response: &dyn TransportResponse) {
        self.read_later(response, |client, body| {
            if let Some(errors) = ClaimError::all_in(body) {
                log::debug!("the API found {} claims invalid", errors.len());
                client.emit(&[SessionEvent::ApiInvalidClaim { errors: errors.into() }]);
            }
        });
    }
}

/// Path and query may contain personal data, so the log leaves them out.
fn log_request(request: &TransportRequest, how: &str) {
    log::debug!("{} request to {}, {how} the session", request.method.as_str(), request.url.origin());
}
