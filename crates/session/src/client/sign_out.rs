use std::pin::pin;

use futures_util::future::{Either, select};

use super::{SessionClient, SessionResponse, refresh::Refreshed, request::Outgoing};
use crate::{
    SessionEvent,
    error::{SessionError, SignOutFailure},
    platform::{Method, TransportError, TransportRequest},
    state::LocalState,
    wire::headers::Headers,
};

impl SessionClient {
    /// Ends the session, on the server and here. Without a session it only emits [`SessionEvent::SignOut`].
    ///
    /// # Errors
    /// [`SessionError::NotRevoked`] when the server could not be told; the session has ended here all the same.
    /// [`SessionError::General`] when the backend refused with a message; the session then goes on.
    pub async fn sign_out(&self) -> Result<(), SessionError> {
        self.settled().await;
        let before = self.look().await?.state;
        if before == LocalState::NotExists || self.finds_none(&before).await {
            self.emit([SessionEvent::SignOut]);
            return Ok(());
        }
        let failure = match self.call_sign_out_api().await {
            Ok(response) if response.ok() => match general_error(response).await {
                Some(message) => return Err(SessionError::General { message }),
                None => None,
            },
            // The session had ended on the server already; the refresh has said so.
            Ok(response) if response.session_error() == Some(&SessionError::NoSession) => None,
            Ok(response) => Some(SignOutFailure::Status { status: response.status() }),
            Err(SessionError::Network(error) | SessionError::RefreshUnreachable(error)) => {
                Some(SignOutFailure::Network(error))
            }
            Err(_) => Some(SignOutFailure::Refresh),
        };
        // Where the answer's own headers have not ended it: a proxy stripped them, or there was no answer.
        let now = self.look().await?.state;
        let same_session = before.key().is_none_or(|before| now.key().is_some_and(|now| before.may_be(now)));
        if now != LocalState::NotExists && same_session {
            self.end_locally(&now).await?;
        }
        failure.map_or(Ok(()), |cause| Err(SessionError::NotRevoked { cause }))
    }

    /// Bounded in time: a backend that never answers must not keep anybody signed in here.
    async fn call_sign_out_api(&self) -> Result<SessionResponse, SessionError> {
        let limit = self.0.platform.clock.sleep(self.0.config.refresh_timeout_ms());
        match select(pin!(self.execute(self.sign_out_request())), limit).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(SessionError::Network(TransportError::TimedOut)),
        }
    }

    /// Whether a refresh finds out that there is no session, where nothing is known.
    async fn finds_none(&self, state: &LocalState) -> bool {
        *state == LocalState::MayExist && self.refresh(state.clone()).await == Ok(Refreshed::NoSession)
    }

    fn sign_out_request(&self) -> Outgoing {
        Outgoing {
            request: TransportRequest {
                method: Method::Post,
                url: self.0.config.sign_out_url().clone(),
                headers: Headers::new(),
                body: Default::default(),
                credentials: None,
            },
            with_session: true,
            with_retry: true,
        }
    }
}

async fn general_error(response: SessionResponse) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Answer {
        status: String,
        #[serde(default)]
        message: String,
    }
    let answer: Answer = response.json().await.ok()?;
    (answer.status == "GENERAL_ERROR").then_some(answer.message)
}
