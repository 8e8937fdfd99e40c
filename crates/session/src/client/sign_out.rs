use super::{SessionClient, SessionResponse, refresh::Refreshed, request::Outgoing};
use crate::{
    SessionEvent,
    error::{SessionError, SignOutFailure},
    platform::{Method, TransportRequest},
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
        let failure = match self.execute(self.sign_out_request()).await {
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
        let same_session = before.key().is_none() || before.key() == now.key();
        if now != LocalState::NotExists && same_session {
            self.end_locally(&now).await?;
        }
        failure.map_or(Ok(()), |cause| Err(SessionError::NotRevoked { cause }))
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
