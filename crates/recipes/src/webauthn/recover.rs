//! A new passkey for a user who has lost the old one.

use supertokens_session::{SessionClient, platform::Method};

use super::{Credential, EMAIL, Rejection, endpoint};
use crate::{Call, call::Response, json_text::JsonObject, page, reader::Read};

/// Sends a mail with a link to create a new passkey. Without a user with this address it sends no mail, and the outcome
/// is the same.
///
/// # Errors
/// See the [crate](crate#errors).
#[doc(alias = "generateRecoverAccountToken")]
pub fn send_recover_account_email(client: &SessionClient, email: &str) -> Call<SendRecoverAccountEmail> {
    let endpoint = endpoint(Method::Post, "/user/webauthn/reset/token");
    let body = JsonObject::default().text(EMAIL, email);
    Call::new(client, endpoint, SendRecoverAccountEmail::read).body(body)
}

/// The outcome of [`send_recover_account_email`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendRecoverAccountEmail {
    /// The mail was sent if a user has this address.
    Ok,
    /// The backend refuses, since the mail could give the account to another person.
    NotAllowed {
        /// The backend's reason, with a code for the support.
        reason: String,
    },
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl SendRecoverAccountEmail {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok,
            "RECOVER_ACCOUNT_NOT_ALLOWED" => Self::NotAllowed { reason: response.body.text("reason")? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// The token in the URL of this page, to which the mail's link leads; none outside a browser.
pub fn recover_account_token() -> Option<String> {
    page::query_parameter("token")
}

/// Gives the user a new passkey with the token of a [mail](send_recover_account_email). It does not sign the user in.
/// The options are those of [`recover_account_options`](super::recover_account_options).
///
/// # Errors
/// See the [crate](crate#errors).
pub fn recover_account(
    client: &SessionClient,
    token: &str,
    options_id: &str,
    credential: &Credential,
) -> Call<RecoverAccount> {
    let endpoint = endpoint(Method::Post, "/user/webauthn/reset");
    Call::new(client, endpoint, RecoverAccount::read)
        .body(credential.to_body(options_id).text("token", token))
}

/// The outcome of [`recover_account`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecoverAccount {
    /// The user has the new passkey.
    Ok,
    /// The token is unknown, used or old. The user needs a new mail.
    InvalidToken,
    /// The backend rejects the passkey.
    Rejected(Rejection),
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl RecoverAccount {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok,
            "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR" => Self::InvalidToken,
            status => match Rejection::read(response)? {
                Some(rejection) => Self::Rejected(rejection),
                None => Self::Other { status: status.to_owned() },
            },
        })
    }
}
