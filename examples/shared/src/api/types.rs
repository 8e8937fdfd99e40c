use serde::Deserialize;

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

/// The data for users with a second factor.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Vault {
    pub secret: String,
}

/// A mail of the demo, which sends none.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Mail {
    pub subject: String,
    pub code: Option<String>,
    pub link: Option<String>,
}

/// The demo's replacement for a user's mailbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Inbox {
    pub to: String,
    /// The newest mail, or why it can't be shown.
    pub newest: Result<Option<Mail>, String>,
}

/// The code in the mail to the signed-in user.
#[derive(Deserialize)]
pub(super) struct OwnMail {
    pub(super) to: String,
    pub(super) code: Option<String>,
}

/// The code that the user's authenticator app shows now.
#[derive(Deserialize)]
pub(super) struct TotpCode {
    pub(super) code: Option<String>,
}
