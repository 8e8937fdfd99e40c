//! Sign-up and sign-in with the credential of a ceremony.

use supertokens_session::{SessionClient, platform::Method};

use super::{Credential, EMAIL, Rejection, endpoint};
use crate::{
    Call, User,
    call::{Response, sealed},
    reader::Read,
};

/// Creates a user with a passkey, and signs the user in. The e-mail address is that of the
/// [options](super::register_options).
///
/// # Errors
/// See the [crate](crate#errors).
pub fn sign_up(client: &SessionClient, options_id: &str, credential: &Credential) -> Call<SignUp> {
    let call = Call::new(client, endpoint(Method::Post, "/webauthn/signup"), SignUp::read);
    call.body(credential.to_body(options_id))
}

/// The outcome of [`sign_up`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignUp {
    /// The user exists and is signed in.
    Ok {
        /// The new user.
        user: User,
    },
    /// A user with this e-mail address has a passkey.
    EmailAlreadyExists,
    /// The backend rejects the passkey.
    Rejected(Rejection),
    /// The backend refuses the sign-up, for example since another user has this address.
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

impl SignUp {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok { user: User::read(response.body)? },
            "EMAIL_ALREADY_EXISTS_ERROR" => Self::EmailAlreadyExists,
            "SIGN_UP_NOT_ALLOWED" => Self::NotAllowed { reason: response.body.text("reason")? },
            status => match Rejection::read(response)? {
                Some(rejection) => Self::Rejected(rejection),
                None => Self::Other { status: status.to_owned() },
            },
        })
    }
}

impl sealed::AcceptsLinking for SignUp {}

/// Signs the user of a passkey in.
///
/// # Errors
/// See the [crate](crate#errors).
pub fn sign_in(client: &SessionClient, options_id: &str, credential: &Credential) -> Call<SignIn> {
    let call = Call::new(client, endpoint(Method::Post, "/webauthn/signin"), SignIn::read);
    call.body(credential.to_body(options_id))
}

/// The outcome of [`sign_in`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignIn {
    /// The user is signed in.
    Ok {
        /// The user.
        user: User,
    },
    /// No user has this passkey, or it has not signed these options.
    InvalidCredentials,
    /// The backend refuses the sign-in.
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

impl SignIn {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok { user: User::read(response.body)? },
            "INVALID_CREDENTIALS_ERROR" => Self::InvalidCredentials,
            "SIGN_IN_NOT_ALLOWED" => Self::NotAllowed { reason: response.body.text("reason")? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}

impl sealed::AcceptsLinking for SignIn {}

/// Whether a user with this address has a passkey.
///
/// # Errors
/// See the [crate](crate#errors).
#[doc(alias = "getEmailExists")]
pub fn does_email_exist(client: &SessionClient, email: &str) -> Call<DoesEmailExist> {
    let endpoint = endpoint(Method::Get, "/webauthn/email/exists");
    Call::new(client, endpoint, DoesEmailExist::read).query(EMAIL, email)
}

/// The outcome of [`does_email_exist`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DoesEmailExist {
    /// The backend responded.
    Ok {
        /// Whether a user with this address has a passkey.
        exists: bool,
    },
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl DoesEmailExist {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok { exists: response.body.flag("exists")? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}
