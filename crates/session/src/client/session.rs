use serde_json::Value;

use super::{SessionClient, refresh::Refreshed};
use crate::{
    client::overrides::Original,
    error::SessionError,
    token::{AccessToken, FrontToken},
    transitions::LocalState,
};

impl SessionClient {
    /// The front token that is stored, expired or not. Reads the store alone.
    ///
    /// # Errors
    /// [`SessionError::Store`] when the store can't be read.
    pub async fn front_token(&self) -> Result<Option<FrontToken>, SessionError> {
        let read = self.read_and_emit().await?;
        Ok(read.session_front().cloned())
    }

    /// Whether there is a session. Where its access token has expired, or nothing is known, a refresh finds out.
    ///
    /// # Errors
    /// Those of a refresh: when the backend can't be reached or fails, nobody knows whether there is a session.
    #[doc(alias = "doesSessionExist")]
    pub async fn session_exists(&self) -> Result<bool, SessionError> {
        match self.overrides() {
            Some((overrides, original)) => overrides.session_exists(original).await,
            None => Original::new(self).session_exists().await,
        }
    }

    /// The signed-in user's id. Reads the store alone.
    ///
    /// # Errors
    /// [`SessionError::NoSession`] where there is none.
    #[doc(alias = "getUserId")]
    pub async fn user_id(&self) -> Result<String, SessionError> {
        match self.overrides() {
            Some((overrides, original)) => overrides.user_id(original).await,
            None => Original::new(self).user_id().await,
        }
    }

    /// The access token's payload, after a refresh where it has expired. It tells what to show; the API decides.
    ///
    /// # Errors
    /// [`SessionError::NoSession`] where there is none, and those of a refresh.
    #[doc(alias = "getAccessTokenPayloadSecurely")]
    pub async fn payload(&self) -> Result<Value, SessionError> {
        match self.overrides() {
            Some((overrides, original)) => overrides.payload(original).await,
            None => Original::new(self).payload().await,
        }
    }

    /// Header mode's access token, after a refresh where it has expired; none in cookie mode.
    /// [`fresh_access_token`](Self::fresh_access_token) is for connections that are not requests of this client.
    ///
    /// # Errors
    /// [`SessionError::NoSession`] where there is none, and those of a refresh.
    #[doc(alias = "getAccessToken")]
    pub async fn access_token(&self) -> Result<Option<AccessToken>, SessionError> {
        match self.overrides() {
            Some((overrides, original)) => overrides.access_token(original).await,
            None => Original::new(self).access_token().await,
        }
    }

    /// Refreshes now. `Ok(true)`: there are new tokens, our own or another tab's. `Ok(false)`: there is no session.
    ///
    /// # Errors
    /// When the backend can't be reached or fails; the session is then as it was.
    #[doc(alias = "attemptRefreshingSession")]
    pub async fn refresh(&self) -> Result<bool, SessionError> {
        match self.overrides() {
            Some((overrides, original)) => overrides.refresh(original).await,
            None => Original::new(self).refresh().await,
        }
    }
}

/// What an override can replace, as the client has it.
impl SessionClient {
    pub(crate) async fn own_session_exists(&self) -> Result<bool, SessionError> {
        self.exists_for(0).await
    }

    /// Whether there is a session, refreshed first where it will not live for `margin_ms` more.
    pub(super) async fn exists_for(&self, margin_ms: u32) -> Result<bool, SessionError> {
        let failure = self.settled().await;
        let read = self.read_and_emit().await?;
        match read.state {
            LocalState::NotExists => Ok(false),
            LocalState::Exists { .. } if !self.is_about_to_expire(&read, margin_ms) => Ok(true),
            // Another refresh would fail as the one just waited for.
            seen => match failure {
                Some(failure) => Err(failure),
                None => Ok(self.refresh_session(seen).await? == Refreshed::Yes),
            },
        }
    }

    pub(crate) async fn own_user_id(&self) -> Result<String, SessionError> {
        let front = self.front_token().await?.ok_or(SessionError::NoSession)?;
        Ok(front.user_id().to_owned())
    }

    pub(crate) async fn own_access_token_payload_securely(&self) -> Result<Value, SessionError> {
        self.require_session().await?;
        let front = self.front_token().await?.ok_or(SessionError::NoSession)?;
        Ok(front.payload().clone())
    }

    pub(crate) async fn own_access_token(&self) -> Result<Option<AccessToken>, SessionError> {
        self.require_session().await?;
        Ok(self.read().await?.stored.access)
    }

    pub(crate) async fn own_attempt_refreshing_session(&self) -> Result<bool, SessionError> {
        let seen = self.read().await?.state;
        Ok(self.refresh_session(seen).await? == Refreshed::Yes)
    }

    async fn require_session(&self) -> Result<(), SessionError> {
        if self.own_session_exists().await? { Ok(()) } else { Err(SessionError::NoSession) }
    }
}
