use serde::{Deserialize, Serialize};

/// What the sign-in form holds.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) email: String,
    pub(crate) password: String,
}

impl Credentials {
    /// In the shape of SuperTokens' frontend API.
    pub(super) fn to_fdi(&self) -> impl Serialize {
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

/// A user whose roles have changed.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct RolesOf {
    pub(crate) roles: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Invoice {
    pub(crate) id: String,
    pub(crate) order_id: String,
    pub(crate) total_cents: u32,
    pub(crate) issued_at: String,
}

/// The answer to the wish for a code.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "status")]
pub(crate) enum SendCode {
    #[serde(rename = "OK")]
    Sent,
    #[serde(rename = "EMAIL_ALREADY_VERIFIED_ERROR")]
    AlreadyVerified,
}

/// The answer to a code.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "status")]
pub(crate) enum Verify {
    #[serde(rename = "OK")]
    Verified,
    #[serde(rename = "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR")]
    WrongCode,
}

/// The demo's stand-in for the user's mail.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Mailbox {
    pub(crate) to: String,
    pub(crate) code: Option<String>,
}
