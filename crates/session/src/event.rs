use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What happened to the session. Events carry no token.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SessionEvent {
    /// A session began.
    SessionCreated,
    /// The tokens were refreshed, by this tab or by another tab that sent a message.
    RefreshSession,
    /// The access token's payload differs from the stored one. Current backends write the time of issue into the
    /// payload, so every refresh also emits this event.
    AccessTokenPayloadUpdated,
    /// The session now belongs to another user: drop cached data of the previous user.
    UserChanged,
    /// The session ended by a sign-out.
    SignOut,
    /// The API responded with the expired status, and there is no session.
    Unauthorised {
        /// True if this response ended a session; false if there was no session.
        session_expired_or_revoked: bool,
    },
    /// The API rejected a request because claims are invalid.
    ApiInvalidClaim {
        /// The claims that the API names.
        errors: Arc<[ClaimError]>,
    },
}

impl SessionEvent {
    /// The event's name, for logs.
    ///
    /// ```
    /// assert_eq!(supertokens_session::SessionEvent::SignOut.name(), "SignOut");
    /// ```
    pub fn name(&self) -> &'static str {
        match self {
            Self::SessionCreated => "SessionCreated",
            Self::RefreshSession => "RefreshSession",
            Self::AccessTokenPayloadUpdated => "AccessTokenPayloadUpdated",
            Self::UserChanged => "UserChanged",
            Self::SignOut => "SignOut",
            Self::Unauthorised { .. } => "Unauthorised",
            Self::ApiInvalidClaim { .. } => "ApiInvalidClaim",
        }
    }
}

/// A claim that the API found invalid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClaimError {
    /// The validator's id.
    pub id: String,
    /// The reason, in the validator's own format.
    #[serde(default)]
    pub reason: Value,
}
