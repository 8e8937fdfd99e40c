use std::fmt;

use serde::Deserialize;
use supertokens_session::{ClaimError, SessionError};

use crate::text::{reason, sentence};

/// Why a request failed.
#[derive(Debug, Clone, PartialEq)]
pub enum ApiError {
    /// There is no response, or no session.
    Session(SessionError),
    /// The API rejected the session's claims, such as a missing role.
    Denied(Vec<ClaimError>),
    /// The API responded with an error.
    Status { status: u16, message: Option<String> },
    /// The API accepted the sign-in but sent no session.
    NoSessionCreated,
}

impl From<SessionError> for ApiError {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // A recipe's call reads no message of such a response.
            Self::Session(SessionError::Status { status }) | Self::Status { status, message: None } => {
                write!(f, "The server responded with status {status}.")
            }
            Self::Session(error) => f.write_str(&sentence(&error.to_string())),
            Self::Denied(claims) => {
                let reasons: Vec<_> = claims.iter().map(|claim| reason("The API", claim)).collect();
                f.write_str(&reasons.join(" "))
            }
            Self::Status { message: Some(message), .. } => f.write_str(&sentence(message)),
            Self::NoSessionCreated => f.write_str(
                "The server accepted the sign-in, but its response created no session. Check that the server sends \
                 and exposes the front-token header.",
            ),
        }
    }
}

impl From<ApiError> for String {
    fn from(error: ApiError) -> Self {
        error.to_string()
    }
}

/// The body of an error response.
#[derive(Deserialize, Default)]
pub(super) struct ErrorResponse {
    pub(super) message: Option<String>,
    #[serde(default, rename = "claimValidationErrors")]
    pub(super) claims: Vec<ClaimError>,
}
