//! The example API, typed.

use std::fmt;

use serde::{Deserialize, Serialize};
use supertokens_leptos::{ClaimError, RequestBuilder, Session, SessionError, SessionResponse, use_session};

use crate::text::sentence;

/// The calls of the app, all with the session.
#[derive(Clone, Copy)]
pub(crate) struct Api(Session);

pub(crate) fn use_api() -> Api {
    Api(use_session())
}

impl Api {
    pub(crate) async fn sign_in(self, form: &Credentials, is_new: bool) -> Result<SignIn, ApiError> {
        let path = if is_new { "/auth/signup" } else { "/auth/signin" };
        let answer = self.answer(self.0.client().post(path).json(&form.to_fdi())?).await?.json().await?;
        if matches!(answer, SignIn::Ok) && !self.0.client().does_session_exist().await? {
            return Err(ApiError::NoSessionBegan);
        }
        Ok(answer)
    }

    /// `GET /api/me`, for its status alone.
    pub(crate) async fn me(self) -> Result<u16, ApiError> {
        Ok(self.answer(self.0.client().get("/api/me")).await?.status())
    }

    pub(crate) async fn orders(self) -> Result<Vec<Order>, ApiError> {
        Ok(self.answer(self.0.client().get("/api/orders")).await?.json().await?)
    }

    pub(crate) async fn users(self) -> Result<Vec<User>, ApiError> {
        Ok(self.answer(self.0.client().get("/api/admin/users")).await?.json().await?)
    }

    pub(crate) async fn save_nickname(self, nickname: &str) -> Result<(), ApiError> {
        let profile = serde_json::json!({ "nickname": nickname });
        self.answer(self.0.client().post("/api/profile").json(&profile)?).await.map(drop)
    }

    pub(crate) async fn expire_access_token(self) -> Result<(), ApiError> {
        self.answer(self.0.client().post("/api/session/expire")).await.map(drop)
    }

    pub(crate) async fn revoke_session(self) -> Result<(), ApiError> {
        self.answer(self.0.client().post("/api/session/revoke")).await.map(drop)
    }

    /// Sends a request; whatever is not the wanted answer is an error.
    async fn answer(self, request: RequestBuilder) -> Result<SessionResponse, ApiError> {
        let response = request.send().await?.error_for_session()?;
        if response.ok() {
            return Ok(response);
        }
        let status = response.status();
        let problem: Problem = response.json().await.unwrap_or_default();
        Err(match problem.claims {
            claims if claims.is_empty() => ApiError::Refused { status, message: problem.message },
            claims => ApiError::Denied(claims),
        })
    }
}

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
                let reasons: Vec<_> = claims.iter().map(reason).collect();
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

/// A claim that did not pass, in words.
fn reason(claim: &ClaimError) -> String {
    let expected = claim.reason["expectedToInclude"].as_str();
    let actual: Vec<_> = claim.reason["actualValue"].as_array().into_iter().flatten().collect();
    let actual: Vec<_> = actual.into_iter().filter_map(|value| value.as_str()).collect();
    match (claim.id.as_str(), expected, claim.reason["message"].as_str()) {
        ("st-role", Some(role), _) if actual.is_empty() => {
            format!("The API asks for the role {role}; your session has none.")
        }
        ("st-role", Some(role), _) => {
            format!("The API asks for the role {role}; your session has: {}.", actual.join(", "))
        }
        (id, _, Some(message)) => sentence(&format!("{id}: {message}")),
        (id, ..) => format!("{id} does not allow it."),
    }
}

/// The body of an answer that is an error.
#[derive(Deserialize, Default)]
struct Problem {
    message: Option<String>,
    #[serde(default, rename = "claimValidationErrors")]
    claims: Vec<ClaimError>,
}

/// What the sign-in form holds.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) email: String,
    pub(crate) password: String,
}

impl Credentials {
    /// In the shape of SuperTokens' frontend API.
    fn to_fdi(&self) -> impl Serialize {
        serde_json::json!({ "formFields": [
            { "id": "email", "value": self.email },
            { "id": "password", "value": self.password },
        ] })
    }
}

/// The answer to a sign-in or a sign-up.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "status")]
pub(crate) enum SignIn {
    #[serde(rename = "OK")]
    Ok,
    #[serde(rename = "FIELD_ERROR")]
    FieldErrors {
        #[serde(rename = "formFields")]
        fields: Vec<FieldError>,
    },
    #[serde(rename = "WRONG_CREDENTIALS_ERROR")]
    WrongCredentials,
    #[serde(rename = "GENERAL_ERROR")]
    General { message: String },
    #[serde(rename = "SIGN_IN_NOT_ALLOWED", alias = "SIGN_UP_NOT_ALLOWED")]
    NotAllowed { reason: String },
}

/// What is wrong with a field of the form.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct FieldError {
    pub(crate) id: String,
    pub(crate) error: String,
}

/// What the app reads of the access token's payload.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Profile {
    pub(crate) email: String,
    pub(crate) nickname: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) item: String,
    pub(crate) quantity: u32,
    pub(crate) total_cents: u32,
    pub(crate) placed_at: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct User {
    pub(crate) email: String,
    pub(crate) roles: Vec<String>,
    pub(crate) joined_at: String,
}
