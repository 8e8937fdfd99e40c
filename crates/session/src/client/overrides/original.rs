use std::fmt;

use serde_json::Value;

use crate::{
    client::{Client, SessionClient},
    error::SessionError,
    platform::LocalBoxFuture,
    token::{AccessToken, FrontToken},
    transitions,
    wire::url::Url,
};

/// The client's own version of each function that [`Overrides`](super::Overrides) can replace.
#[derive(Clone, Copy)]
pub struct Original<'a>(&'a Client);

impl<'a> Original<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self(client)
    }

    /// The client. A method with the same name as the running override would call that override again, endlessly.
    pub fn client(self) -> SessionClient {
        SessionClient::of(self.0.clone())
    }

    /// See [`SessionClient::session_exists`].
    pub fn session_exists(self) -> LocalBoxFuture<'a, Result<bool, SessionError>> {
        Box::pin(self.0.clone().original_session_exists())
    }

    /// See [`SessionClient::user_id`].
    pub fn user_id(self) -> LocalBoxFuture<'a, Result<String, SessionError>> {
        Box::pin(self.0.clone().original_user_id())
    }

    /// See [`SessionClient::payload`].
    pub fn payload(self) -> LocalBoxFuture<'a, Result<Value, SessionError>> {
        Box::pin(self.0.clone().original_payload())
    }

    /// See [`SessionClient::access_token`].
    pub fn access_token(self) -> LocalBoxFuture<'a, Result<Option<AccessToken>, SessionError>> {
        Box::pin(self.0.clone().original_access_token())
    }

    /// See [`SessionClient::refresh`].
    pub fn refresh(self) -> LocalBoxFuture<'a, Result<bool, SessionError>> {
        Box::pin(self.0.clone().original_refresh())
    }

    /// See [`SessionClient::sign_out`].
    pub fn sign_out(self) -> LocalBoxFuture<'a, Result<(), SessionError>> {
        Box::pin(self.0.clone().original_sign_out())
    }

    /// Whether the settings make `url` an API URL: [`SessionConfig::is_api_url`](crate::SessionConfig::is_api_url).
    pub fn is_api_url(self, url: &Url) -> bool {
        self.0.config().is_api_url(url)
    }

    /// The clock skew by the token's time of issue; 0 if the token has none, or the clocks differ by less than 7 s.
    pub fn clock_skew_ms(self, front: &FrontToken, received_at_ms: i64) -> i64 {
        transitions::clock_skew_ms(front, received_at_ms)
    }
}

impl fmt::Debug for Original<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Original")
    }
}
