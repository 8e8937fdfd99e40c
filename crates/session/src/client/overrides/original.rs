use std::fmt;

use serde_json::Value;

use crate::{
    SessionClient,
    error::SessionError,
    platform::LocalBoxFuture,
    token::{AccessToken, FrontToken},
    transitions,
    wire::url::Url,
};

/// The client's own version of each function that [`Overrides`](super::Overrides) can replace.
#[derive(Clone, Copy)]
pub struct Original<'a>(&'a SessionClient);

impl<'a> Original<'a> {
    pub(crate) fn new(client: &'a SessionClient) -> Self {
        Self(client)
    }

    /// The client itself, for everything else. The function of the same name on it is the override that is running:
    /// it would call itself for ever.
    pub fn client(self) -> &'a SessionClient {
        self.0
    }

    /// As [`SessionClient::session_exists`].
    pub fn session_exists(self) -> LocalBoxFuture<'a, Result<bool, SessionError>> {
        Box::pin(self.0.own_session_exists())
    }

    /// As [`SessionClient::user_id`].
    pub fn user_id(self) -> LocalBoxFuture<'a, Result<String, SessionError>> {
        Box::pin(self.0.own_user_id())
    }

    /// As [`SessionClient::payload`].
    pub fn payload(self) -> LocalBoxFuture<'a, Result<Value, SessionError>> {
        Box::pin(self.0.own_access_token_payload_securely())
    }

    /// As [`SessionClient::access_token`].
    pub fn access_token(self) -> LocalBoxFuture<'a, Result<Option<AccessToken>, SessionError>> {
        Box::pin(self.0.own_access_token())
    }

    /// As [`SessionClient::refresh`].
    pub fn refresh(self) -> LocalBoxFuture<'a, Result<bool, SessionError>> {
        Box::pin(self.0.own_attempt_refreshing_session())
    }

    /// As [`SessionClient::sign_out`].
    pub fn sign_out(self) -> LocalBoxFuture<'a, Result<(), SessionError>> {
        Box::pin(self.0.own_sign_out())
    }

    /// Whether the settings count `url` as the API's: [`SessionConfig::is_api_url`](crate::SessionConfig::is_api_url).
    pub fn should_do_interception(self, url: &Url) -> bool {
        self.0.config().is_api_url(url)
    }

    /// What the token's time of issue tells, or 0 where it has none or the clocks are less than 7 s apart.
    pub fn clock_skew_ms(self, front: &FrontToken, received_at_ms: i64) -> i64 {
        transitions::clock_skew_ms(front, received_at_ms)
    }
}

impl fmt::Debug for Original<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Original")
    }
}
