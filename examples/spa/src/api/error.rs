use std::fmt;

use serde::Deserialize;
use supertokens_leptos::{ClaimError, SessionError};

use crate::text::{reason, sentence};

/// Why a call did not give what was asked for.
#[derive(Debug, Clone)]
pub(crate) enum ApiError {
    /// There was no answer, or there is no session.
    Session(SessionError),
    /// The API refused for claims, such as a role that the user has not.
    Denied(Vec<ClaimError>),
    /// The API answered with an error.
    Refused { status: u16, message: Option<String> },
    /// The API said that the user is signed in, but sent no session along.
    NoSessionBegan,
}

impl From<SessionError> for ApiError {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Session(error) => f.write_str(&sentence(&error.to_string())),
            Self::Denied(claims) => {
                let reasons: Vec<_> = claims.iter().map(|claim| reason("The API", claim)).collect();
                f.write_str(&reasons.join(" "))
            }
            Self::Refused { message: Some(message), .. } => f.write_str(&sentence(message)),
            Self::Refused { status, message: None } => {
                write!(f, "The server answered with status {status}.")
            }
            Self::NoSessionBegan => f.write_str(
                "The server accepted the sign-in, but its answer began no session. Does it send and expose the \
                 front-token header?",
            ),
        }
    }
}

impl From<ApiError> for String {
    fn from(error: ApiError) -> Self {
        error.to_string()
    }
}

/// The body of an answer that is an error.
#[derive(Deserialize, Default)]
pub(super) struct Problem {
    pub(super) message: Option<String>,
    #[serde(default, rename = "claimValidationErrors")]
    pub(super) claims: Vec<ClaimError>,
}
