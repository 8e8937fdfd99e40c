use std::any::Any;

use serde::de::DeserializeOwned;

use crate::{error::SessionError, platform::TransportResponse, wire::json};

/// An answer to a request, its body unread. Any status is an answer.
pub struct SessionResponse {
    inner: Box<dyn TransportResponse>,
    problem: Option<SessionError>,
}

impl SessionResponse {
    pub(super) fn new(inner: Box<dyn TransportResponse>, problem: Option<SessionError>) -> Self {
        Self { inner, problem }
    }

    /// The platform's response.
    pub(super) fn inner(&self) -> &dyn TransportResponse {
        &*self.inner
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.inner.status()
    }

    /// Whether the status is from 200 to 299.
    pub fn ok(&self) -> bool {
        (200..300).contains(&self.status())
    }

    /// A header's value, where it is there and the server lets script read it.
    pub fn header(&self, name: &str) -> Option<String> {
        self.inner.header(name)
    }

    /// What the client knows of the session beyond the answer: [`SessionError::NoSession`] where a 401 was final
    /// because there is no session, [`SessionError::TooManyRetries`] where the API refuses a valid session,
    /// [`SessionError::AnswerWithoutFrontToken`] where tokens arrived but the front token was lost on the way,
    /// [`SessionError::FrontToken`] where the front token that arrived can't be read, and
    /// [`SessionError::UnreadableHeader`] where another token can't be: nothing of that response's session is stored.
    /// [`SessionError::Store`] where what the answer brought could not be stored.
    pub fn session_error(&self) -> Option<&SessionError> {
        self.problem.as_ref()
    }

    /// The answer, or what [`session_error`](Self::session_error) tells.
    ///
    /// # Errors
    /// What [`session_error`](Self::session_error) tells.
    pub fn error_for_session(self) -> Result<Self, SessionError> {
        match self.problem {
            Some(problem) => Err(problem),
            None => Ok(self),
        }
    }

    /// The response, where its status is from 200 to 299. What an error's body says is then lost: check
    /// [`ok`](Self::ok) to read it.
    ///
    /// ```
    /// use supertokens_session::{SessionClient, SessionError};
    ///
    /// async fn orders(client: &SessionClient) -> Result<Vec<String>, SessionError> {
    ///     client.get("/orders").send().await?.error_for_status()?.json().await
    /// }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::Status`] where the status is another one.
    pub fn error_for_status(self) -> Result<Self, SessionError> {
        match self.status() {
            200..=299 => Ok(self),
            status => Err(SessionError::Status { status }),
        }
    }

    /// The body as bytes.
    ///
    /// # Errors
    /// [`SessionError::Network`] when it breaks off.
    pub async fn bytes(self) -> Result<Vec<u8>, SessionError> {
        self.inner.bytes().await.map_err(SessionError::Network)
    }

    /// The body as text, decoded as a browser does: a byte order mark is left out, and what is no UTF-8 becomes U+FFFD.
    ///
    /// # Errors
    /// [`SessionError::Network`] when it breaks off.
    pub async fn text(self) -> Result<String, SessionError> {
        Ok(json::into_text(self.bytes().await?))
    }

    /// The body as a type of the app's own, from JSON, whatever the status. JSON that browsers read is read: half of a
    /// surrogate pair becomes U+FFFD, a number that no `f64` holds the largest one, and what is nested deeper than 127
    /// levels `null`.
    ///
    /// # Errors
    /// [`SessionError::Network`] when it breaks off, [`SessionError::DeserializeBody`] when it does not fit `T`: it tells
    /// the status, and what does not fit at which line and column.
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, SessionError> {
        let status = self.status();
        let text = self.text().await?;
        json::read_as(&text).map_err(|error| SessionError::DeserializeBody {
            expected: std::any::type_name::<T>(),
            status,
            message: json::reason(&error),
        })
    }

    /// The platform's own response, for what is not here; in browsers a `supertokens_web::FetchResponse`.
    pub fn as_any(&self) -> &dyn Any {
        self.inner.as_any()
    }
}

impl std::fmt::Debug for SessionResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionResponse").field("status", &self.status()).finish_non_exhaustive()
    }
}
