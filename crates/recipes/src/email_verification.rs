//! The EmailVerification recipe. Guards check the claim with [`email_verified`].
//!
//! [`email_verified`]: supertokens_session::claims::email_verified

use supertokens_session::{SessionClient, platform::Method};

use crate::{
    Call,
    call::{Endpoint, Response},
    json_text::JsonObject,
    page,
    reader::Read,
};

const fn endpoint(method: Method, path: &'static str) -> Endpoint {
    Endpoint { recipe: "emailverification", method, path }
}

/// Sends the signed-in user a mail with a link that verifies the address.
///
/// # Errors
/// See the [crate](crate#errors).
#[doc(alias = "sendVerificationEmail")]
pub fn send_email(client: &SessionClient) -> Call<SendEmail> {
    Call::new(client, endpoint(Method::Post, "/user/email/verify/token"), SendEmail::read)
}

/// The outcome of [`send_email`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendEmail {
    /// The mail was sent.
    Ok,
    /// The address is already verified.
    AlreadyVerified,
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl SendEmail {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok,
            "EMAIL_ALREADY_VERIFIED_ERROR" => Self::AlreadyVerified,
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// Whether the signed-in user's address is verified. The backend also updates the claim in the session.
///
/// # Errors
/// See the [crate](crate#errors).
pub fn is_email_verified(client: &SessionClient) -> Call<IsEmailVerified> {
    Call::new(client, endpoint(Method::Get, "/user/email/verify"), IsEmailVerified::read)
}

/// The outcome of [`is_email_verified`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IsEmailVerified {
    /// The backend responded.
    Ok {
        /// Whether the address is verified.
        is_verified: bool,
    },
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl IsEmailVerified {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok { is_verified: response.body.flag("isVerified")? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// Verifies an address with the token of a mail. It needs no session: the user may open the link on another device.
///
/// # Errors
/// See the [crate](crate#errors).
pub fn verify_email(client: &SessionClient, token: &str) -> Call<VerifyEmail> {
    let body = JsonObject::default().text("method", "token").text("token", token);
    Call::new(client, endpoint(Method::Post, "/user/email/verify"), VerifyEmail::read).body(body)
}

/// The outcome of [`verify_email`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyEmail {
    /// The address is verified.
    Ok,
    /// The token is unknown, used or old. The user needs a new mail.
    InvalidToken,
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl VerifyEmail {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok,
            "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR" => Self::InvalidToken,
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// The token in the URL of this page, to which the mail's link leads; none outside a browser.
#[doc(alias = "getEmailVerificationTokenFromURL")]
pub fn email_verification_token() -> Option<String> {
    page::query_parameter("token")
}
