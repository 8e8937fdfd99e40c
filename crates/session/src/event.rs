use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::wire::json;

/// What happened to the session. Events carry no token.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SessionEvent {
    /// A session began.
    #[doc(alias = "SESSION_CREATED")]
    SessionCreated,
    /// The tokens were refreshed, by this tab or by another tab that sent a message.
    #[doc(alias = "REFRESH_SESSION")]
    RefreshSession,
    /// The access token's payload differs from the stored one, compared as JSON text. Current backends write the time of issue into the
    /// payload, so every refresh also emits this event.
    #[doc(alias = "ACCESS_TOKEN_PAYLOAD_UPDATED")]
    AccessTokenPayloadUpdated,
    /// The session now belongs to another user: drop cached data of the previous user.
    UserChanged,
    /// The session ended by a sign-out.
    #[doc(alias = "SIGN_OUT")]
    SignOut,
    /// The API responded with the expired status, and there is no session.
    #[doc(alias = "UNAUTHORISED")]
    Unauthorised {
        /// True if this response ended a session; false if there was no session.
        session_expired_or_revoked: bool,
    },
    /// The API rejected a request because claims are invalid.
    #[doc(alias = "API_INVALID_CLAIM")]
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

/// A claim that the API found invalid. Two errors are equal if their reasons are written in the same way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClaimError {
    /// The validator's id.
    pub id: String,
    /// JSON text, so that only apps that read it link the code of a JSON tree.
    #[serde(default = "null", with = "as_value")]
    reason: String,
}

impl ClaimError {
    /// The error of a validator, with the reason in the validator's own format.
    pub fn new(id: impl Into<String>, reason: &Value) -> Self {
        Self { id: id.into(), reason: reason.to_string() }
    }

    pub(crate) fn from_json(id: String, reason: &str) -> Self {
        Self { id, reason: reason.to_owned() }
    }

    /// The reason, in the validator's own format.
    ///
    /// ```
    /// use serde_json::json;
    /// use supertokens_session::ClaimError;
    ///
    /// let error = ClaimError::new("st-role", &json!({ "expectedToInclude": "admin" }));
    /// assert_eq!(error.reason()["expectedToInclude"], "admin");
    /// ```
    pub fn reason(&self) -> Value {
        json::read(&self.reason).unwrap_or_default()
    }
}

fn null() -> String {
    "null".to_owned()
}

mod as_value {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Value, json};

    pub(super) fn serialize<S: Serializer>(reason: &str, serializer: S) -> Result<S::Ok, S::Error> {
        json::read(reason).unwrap_or_default().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        Value::deserialize(deserializer).map(|reason| reason.to_string())
    }
}
