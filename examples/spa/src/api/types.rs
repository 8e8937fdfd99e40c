use serde::{Deserialize, Serialize};

/// The values of the sign-in form.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) email: String,
    pub(crate) password: String,
}

impl Credentials {
    /// The request body of SuperTokens' frontend API.
    pub(super) fn to_fdi(&self) -> impl Serialize {
        serde_json::json!({ "formFields": [
            { "id": "email", "value": self.email },
            { "id": "password", "value": self.password },
        ] })
    }
}

/// The response to a sign-in or a sign-up.
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

/// An error of a form field.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct FieldError {
    pub(crate) id: String,
    pub(crate) error: String,
}

/// The fields of the access token's payload that the app uses.
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

/// A user's roles after a change.
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

/// The response to a request for a code.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "status")]
pub(crate) enum SendCode {
    #[serde(rename = "OK")]
    Sent,
    #[serde(rename = "EMAIL_ALREADY_VERIFIED_ERROR")]
    AlreadyVerified,
}

/// The response to a code.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "status")]
pub(crate) enum Verify {
    #[serde(rename = "OK")]
    Verified,
    #[serde(rename = "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR")]
    WrongCode,
}

/// The demo's replacement for the user's mailbox.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Mailbox {
    pub(crate) to: String,
    pub(crate) code: Option<String>,
}
