use super::{SessionClient, SessionResponse, refresh::Refreshed, request::Outgoing};
use crate::{
    SessionEvent,
    error::{SessionError, SignOutFailure},
    overrides::{ApiAction, Original},
    platform::TransportRequest,
    state::LocalState,
    wire::outgoing,
};

impl SessionClient {
    /// Ends the session, on the server and here. Without a session it only emits [`SessionEvent::SignOut`].
    ///
    /// # Errors
    /// [`SessionError::NotRevoked`] when the server could not be told; the session has ended here all the same.
    /// [`SessionError::General`] when the backend refused with a message; the session then goes on, as it does after
    /// [`SessionError::HookLeftApi`], when a hook of the app's own led the call astray.
    pub async fn sign_out(&self) -> Result<(), SessionError> {
        match self.overrides() {
            Some((overrides, original)) => overrides.sign_out(original).await,
            None => Original::new(self).sign_out().await,
        }
    }

    pub(crate) async fn own_sign_out(&self) -> Result<(), SessionError> {
        self.settled().await;
        let before = self.look().await?.state;
        if before == LocalState::NotExists || self.finds_none(&before).await {
            log::debug!("sign-out: there was no session");
            self.emit([SessionEvent::SignOut]);
            return Ok(());
        }
        let mut request = outgoing::sign_out_request(&self.0.config);
        let answer = match self.in_time(self.before_api_call(ApiAction::SignOut, &mut request)).await {
            Ok(Ok(())) if self.is_replaced(&before).await? => return Ok(()),
            Ok(Ok(())) => self.call_sign_out_api(request.clone()).await,
            Ok(Err(error)) => {
                log::debug!("sign-out: {error}");
                return Err(error);
            }
            Err(error) => Err(SessionError::Network(error)),
        };
        let outcome = self.end_after_sign_out(&before, &answer).await;
        match &outcome {
            Ok(()) => log::debug!("sign-out: done"),
            // The message is between the backend and the user.
            Err(SessionError::General { .. }) => log::debug!("sign-out: the backend refused"),
            Err(error) => log::debug!("sign-out: {error}"),
        }
        if let Ok(response) = &answer {
            self.after_api_call(ApiAction::SignOut, &request, response.inner()).await;
        }
        outcome
    }

    /// Whether another session has begun while a hook took its time: nobody asked to end that one.
    async fn is_replaced(&self, before: &LocalState) -> Result<bool, SessionError> {
        if self.overrides().is_none() {
            return Ok(false);
        }
        let now = self.look().await?.state;
        Ok(now.key().is_some() && !is_same_session(before, &now))
    }

    /// Bounded in time: a backend that never answers must not keep anybody signed in here.
    async fn call_sign_out_api(
        &self,
        mut request: TransportRequest,
    ) -> Result<SessionResponse, SessionError> {
        outgoing::make_way_for_tokens(&mut request, &self.0.config);
        let outgoing = Outgoing { request, takes_part: true, with_retry: true };
        self.in_time(self.execute(outgoing)).await.map_err(SessionError::Network)?
    }

    /// Ends the session here as well, unless the backend refused.
    async fn end_after_sign_out(
        &self,
        before: &LocalState,
        answer: &Result<SessionResponse, SessionError>,
    ) -> Result<(), SessionError> {
        let failure = match answer {
            Ok(response) if response.ok() => match general_error(response).await {
                Some(message) => return Err(SessionError::General { message }),
                None => None,
            },
            // The session had ended on the server already; the refresh has said so.
            Ok(response) if response.session_error() == Some(&SessionError::NoSession) => None,
            Ok(response) => Some(SignOutFailure::Status { status: response.status() }),
            Err(SessionError::Network(error) | SessionError::RefreshUnreachable(error)) => {
                Some(SignOutFailure::Network(*error))
            }
            Err(_) => Some(SignOutFailure::Refresh),
        };
        // Where the answer's own headers have not ended it: a proxy stripped them, or there was no answer.
        let now = self.look().await?.state;
        if now != LocalState::NotExists && is_same_session(before, &now) {
            self.end_locally(&now).await?;
        }
        failure.map_or(Ok(()), |cause| Err(SessionError::NotRevoked { cause }))
    }

    /// Whether a refresh finds out that there is no session, where nothing is known.
    async fn finds_none(&self, state: &LocalState) -> bool {
        *state == LocalState::MayExist && self.refresh(state.clone()).await == Ok(Refreshed::NoSession)
    }
}

fn is_same_session(before: &LocalState, now: &LocalState) -> bool {
    before.key().is_none_or(|before| now.key().is_some_and(|now| before.may_be(now)))
}

async fn general_error(response: &SessionResponse) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Answer {
        status: String,
        #[serde(default)]
        message: String,
    }
    // The body itself stays unread: the app's hook may want it.
    let body = response.inner().peek().await.ok()?;
    let answer: Answer = serde_json::from_slice(&body).ok()?;
    (answer.status == "GENERAL_ERROR").then_some(answer.message)
}
