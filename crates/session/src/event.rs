use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What happened to the session. Events carry no token.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SessionEvent {
    /// A session began.
    SessionCreated,
    /// The tokens were refreshed, by this tab or by another that has told of it.
    RefreshSession,
    /// The access token's payload differs from the one stored before. Current backends put the time of issue into it,
    /// so every refresh is one too.
    AccessTokenPayloadUpdated,
    /// The session belongs to another user now: drop what was cached for the first.
    UserChanged,
    /// The session ended by a sign-out.
    SignOut,
    /// A call was answered with the expired status, and there is no session.
    Unauthorised {
        /// True when a session ended by it; false when there was none.
        session_expired_or_revoked: bool,
    },
    /// The API refused a call for claims that are not valid.
    ApiInvalidClaim {
        /// The claims, as the API names them.
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
    /// The reason, in the shape of the validator's own.
    #[serde(default)]
    pub reason: Value,
}
