use serde_json::Value;

use super::{Client, refresh::Refreshed};
use crate::{
    client::Work,
    error::SessionError,
    token::{AccessToken, FrontToken},
    transitions::LocalState,
};

/// Each function is the app's override, if there is one.
impl Client {
    pub(super) async fn front_token(&self) -> Result<Option<FrontToken>, SessionError> {
        let read = self.read_and_emit().await?;
        Ok(read.session_front().cloned())
    }

    pub(super) fn session_exists(self) -> Work<bool> {
        match &self.0.overrides {
            Some(overrides) => (overrides.session_exists)(self),
            None => Box::pin(self.original_session_exists()),
        }
    }

    pub(super) fn user_id(self) -> Work<String> {
        match &self.0.overrides {
            Some(overrides) => (overrides.user_id)(self),
            None => Box::pin(self.original_user_id()),
        }
    }

    pub(super) fn payload(self) -> Work<Value> {
        match &self.0.overrides {
            Some(overrides) => (overrides.payload)(self),
            None => Box::pin(self.original_payload()),
        }
    }

    pub(super) fn access_token(self) -> Work<Option<AccessToken>> {
        match &self.0.overrides {
            Some(overrides) => (overrides.access_token)(self),
            None => Box::pin(self.original_access_token()),
        }
    }

    pub(super) fn refresh(self) -> Work<bool> {
        match &self.0.overrides {
            Some(overrides) => (overrides.refresh)(self),
            None => Box::pin(self.original_refresh()),
        }
    }
}

/// The client's own versions of the functions that an app can override.
impl Client {
    pub(crate) async fn original_session_exists(self) -> Result<bool, SessionError> {
        self.exists_for(0).await
    }

    /// Whether there is a session. Refreshes first if the token expires within `margin_ms`.
    pub(super) async fn exists_for(&self, margin_ms: u32) -> Result<bool, SessionError> {
        let failure = self.join_running_refresh().await;
        let read = self.read_and_emit().await?;
        match read.state {
            LocalState::NotExists => Ok(false),
            LocalState::Exists { .. } if !self.is_about_to_expire(&read, margin_ms) => Ok(true),
            // Another refresh would fail like the one that this call waited for.
            seen => match failure {
                Some(failure) => Err(failure),
                None => Ok(self.refresh_session(seen).await? == Refreshed::Yes),
            },
        }
    }

    pub(crate) async fn original_user_id(self) -> Result<String, SessionError> {
        let front = self.front_token().await?.ok_or(SessionError::NoSession)?;
        Ok(front.user_id().to_owned())
    }

    pub(crate) async fn original_payload(self) -> Result<Value, SessionError> {
        self.require_session().await?;
        let front = self.front_token().await?.ok_or(SessionError::NoSession)?;
        Ok(front.payload().clone())
    }

    pub(crate) async fn original_access_token(self) -> Result<Option<AccessToken>, SessionError> {
        self.require_session().await?;
        Ok(self.read().await?.stored.access)
    }

    pub(crate) async fn original_refresh(self) -> Result<bool, SessionError> {
        let seen = self.read().await?.state;
        Ok(self.refresh_session(seen).await? == Refreshed::Yes)
    }

    async fn require_session(&self) -> Result<(), SessionError> {
        if self.exists_for(0).await? { Ok(()) } else { Err(SessionError::NoSession) }
    }
}
