use serde::{Deserialize, Serialize};

/// The values of the sign-in form.
#[derive(Clone, Default, PartialEq)]
pub struct Credentials {
    pub email: String,
    pub password: String,
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
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "status")]
pub enum SignIn {
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
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct FieldError {
    pub id: String,
    pub error: String,
}

/// The fields of the access token's payload that the app uses.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Profile {
    pub email: String,
    pub nickname: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Order {
    pub id: String,
    pub item: String,
    pub quantity: u32,
    pub total_cents: u32,
    pub placed_at: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct User {
    pub email: String,
    pub roles: Vec<String>,
    pub joined_at: String,
}

/// A user's roles after a change.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RolesOf {
    pub roles: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Invoice {
    pub id: String,
    pub order_id: String,
    pub total_cents: u32,
    pub issued_at: String,
}

/// The response to a request for a code.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "status")]
pub enum SendCode {
    #[serde(rename = "OK")]
    Sent,
    #[serde(rename = "EMAIL_ALREADY_VERIFIED_ERROR")]
    AlreadyVerified,
}

/// The response to a code.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "status")]
pub enum Verify {
    #[serde(rename = "OK")]
    Verified,
    #[serde(rename = "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR")]
    WrongCode,
}

/// The demo's replacement for the user's mailbox.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Mailbox {
    pub to: String,
    pub code: Option<String>,
}
