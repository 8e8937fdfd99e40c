//! The password reset.

use supertokens_recipes::email_password::{self, SendPasswordResetEmail, SubmitNewPassword};
use supertokens_session::SessionClient;

use super::{FormError, filled_in, unknown};
use crate::api::{Api, Inbox};

pub const RESET_SENT: &str = "If an account has this address, a mail with a link is on its way.";
pub const RESET_DONE: &str = "Your password is changed. Sign in with the new one.";
const INVALID_TOKEN: &str =
    "This link is no longer valid: it was used before, or it is too old. Ask for a new mail.";

/// Sends a mail with a link, if an account has this address.
pub async fn send_reset_mail(
    client: SessionClient,
    tenant: Option<String>,
    email: String,
) -> Result<Inbox, FormError> {
    let email = filled_in(&email, "Enter your e-mail address.")?;
    match email_password::send_password_reset_email(&client, &email).tenant(tenant.as_deref()).await? {
        SendPasswordResetEmail::Ok => Ok(Api::new(client).inbox(email).await),
        SendPasswordResetEmail::FieldErrors(fields) => Err(FormError::of_fields(fields)),
        SendPasswordResetEmail::NotAllowed { reason } => Err(FormError::Form(reason)),
        outcome => Err(FormError::Form(unknown(outcome))),
    }
}

/// Sets the password with the token of a mail.
pub async fn set_new_password(
    client: SessionClient,
    tenant: Option<String>,
    token: String,
    password: String,
) -> Result<(), FormError> {
    // Spaces may be a part of a password.
    filled_in(&password, "Enter a new password.")?;
    match email_password::submit_new_password(&client, &token, &password).tenant(tenant.as_deref()).await? {
        SubmitNewPassword::Ok => Ok(()),
        SubmitNewPassword::FieldErrors(fields) => Err(FormError::of_fields(fields)),
        SubmitNewPassword::InvalidToken => Err(FormError::Form(INVALID_TOKEN.to_owned())),
        outcome => Err(FormError::Form(unknown(outcome))),
    }
}
