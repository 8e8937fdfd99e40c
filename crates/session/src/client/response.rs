use std::any::Any;

use serde::de::DeserializeOwned;

use super::ClientFuture;
use crate::{error::SessionError, page_bound::PageBound, platform::TransportResponse, wire::json};

/// A response to a request, with an unread body. It may have any status.
///
/// It can be moved to another thread, but only the page's thread can read its headers and body.
pub struct SessionResponse {
    inner: PageBound<Box<dyn TransportResponse>>,
    status: u16,
    session_error: Option<SessionError>,
}

impl SessionResponse {
    pub(super) fn new(inner: Box<dyn TransportResponse>, session_error: Option<SessionError>) -> Self {
        Self { status: inner.status(), inner: PageBound::new(inner), session_error }
    }

    /// The platform's response; none on another thread than the page's.
    pub(super) fn inner(&self) -> Option<&dyn TransportResponse> {
        self.inner.get().map(|inner| &**inner)
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status is from 200 to 299.
    pub fn ok(&self) -> bool {
        (200..300).contains(&self.status())
    }

    /// A header's value, if the response has it and the server lets script read it.
    pub fn header(&self, name: &str) -> Option<String> {
        self.inner()?.header(name)
    }

    /// The client's error about the session:
    ///
    /// - [`SessionError::NoSession`] if a 401 is final because there is no session.
    /// - [`SessionError::TooManyRetries`] if the API rejects a valid session.
    /// - [`SessionError::ResponseWithoutFrontToken`] if the response has tokens, but no front token.
    /// - [`SessionError::FrontToken`] or [`SessionError::UnreadableHeader`] if a token can't be read. Then the client
    ///   stores none of the response's tokens.
    /// - [`SessionError::Store`] if the session can't be stored.
    pub fn session_error(&self) -> Option<&SessionError> {
        self.session_error.as_ref()
    }

    /// The response, or its [`session_error`](Self::session_error).
    ///
    /// # Errors
    /// The [`session_error`](Self::session_error).
    pub fn error_for_session(self) -> Result<Self, SessionError> {
        match self.session_error {
            Some(session_error) => Err(session_error),
            None => Ok(self),
        }
    }

    /// The response, if its status is from 200 to 299. It drops the body of an error: check [`ok`](Self::ok) to read
    /// that body.
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
    /// [`SessionError::Status`] for any other status.
    pub fn error_for_status(self) -> Result<Self, SessionError> {
        match self.status() {
            200..=299 => Ok(self),
            status => Err(SessionError::Status { status }),
        }
    }

    /// The body as bytes.
    ///
    /// # Errors
    /// [`SessionError::Network`] if the body breaks off.
    pub fn bytes(self) -> ClientFuture<Vec<u8>> {
        match self.inner.into_inner() {
            Some(inner) => {
                ClientFuture::new(Box::pin(async move { inner.bytes().await.map_err(SessionError::Network) }))
            }
            None => ClientFuture::failed(SessionError::NotInBrowser),
        }
    }

    /// The body as text, decoded as browsers do: without a byte order mark, and with U+FFFD for invalid UTF-8.
    ///
    /// # Errors
    /// [`SessionError::Network`] if the body breaks off.
    pub async fn text(self) -> Result<String, SessionError> {
        Ok(json::into_text(self.bytes().await?))
    }

    /// The body as a type of the app, from JSON, for any status. It accepts all JSON that browsers accept: half a
    /// surrogate pair becomes U+FFFD, a number too large for `f64` becomes the largest `f64`, and values below 127
    /// levels become `null`.
    ///
    /// # Errors
    /// - [`SessionError::Network`] if the body breaks off.
    /// - [`SessionError::DeserializeBody`] if the body does not match `T`. It has the status, and the line and column
    ///   of the mismatch.
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, SessionError> {
        let status = self.status();
        let text = self.text().await?;
        json::read_as(&text).map_err(|error| SessionError::DeserializeBody {
            expected: std::any::type_name::<T>(),
            status,
            message: json::reason(&error),
        })
    }

    /// The platform's own response, for everything else; in browsers a `supertokens_web::FetchResponse`. None if it has
    /// another type.
    pub fn downcast_ref<T: Any>(&self) -> Option<&T> {
        self.inner()?.as_any().downcast_ref()
    }
}

impl std::fmt::Debug for SessionResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionResponse").field("status", &self.status()).finish_non_exhaustive()
    }
}
