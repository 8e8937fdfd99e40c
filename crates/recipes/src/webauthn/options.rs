//! The options of a ceremony: what the backend asks of the browser.

use std::fmt;

use supertokens_session::{SessionClient, platform::Method};

use super::{EMAIL, base64url, endpoint};
use crate::{
    Call,
    call::{Endpoint, Response},
    json_text::JsonObject,
    reader::{BadField, Object, Read},
};

const CHALLENGE: &str = "challenge";
const REGISTER: Endpoint = endpoint(Method::Post, "/webauthn/options/register");

/// The options for a passkey of a new user with this e-mail address, or of the signed-in user.
///
/// # Errors
/// See the [crate](crate#errors).
#[doc(alias = "getRegisterOptions")]
pub fn register_options(client: &SessionClient, email: &str) -> Call<RegisterOptionsOutcome> {
    let body = JsonObject::default().text(EMAIL, email);
    Call::new(client, REGISTER, RegisterOptionsOutcome::read).body(body)
}

/// The outcome of [`register_options`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegisterOptionsOutcome {
    /// The options are for one ceremony.
    Ok {
        /// The options.
        options: RegisterOptions,
    },
    /// The address is invalid.
    InvalidEmail {
        /// The backend's message for the user.
        message: String,
    },
    /// The backend's settings make no valid options.
    InvalidOptions,
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl RegisterOptionsOutcome {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok { options: RegisterOptions::read(response.body)? },
            "INVALID_EMAIL_ERROR" => Self::InvalidEmail { message: response.body.text("err")? },
            "INVALID_OPTIONS_ERROR" => Self::InvalidOptions,
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// The options for a new passkey of the user who has the token of a [mail](super::send_recover_account_email).
///
/// # Errors
/// See the [crate](crate#errors).
#[doc(alias = "getRegisterOptions")]
pub fn recover_account_options(client: &SessionClient, token: &str) -> Call<RecoverAccountOptionsOutcome> {
    let body = JsonObject::default().text("recoverAccountToken", token);
    Call::new(client, REGISTER, RecoverAccountOptionsOutcome::read).body(body)
}

/// The outcome of [`recover_account_options`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecoverAccountOptionsOutcome {
    /// The options are for one ceremony.
    Ok {
        /// The options.
        options: RegisterOptions,
    },
    /// The token is unknown, used or old. The user needs a new mail.
    InvalidToken,
    /// The backend's settings make no valid options.
    InvalidOptions,
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl RecoverAccountOptionsOutcome {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok { options: RegisterOptions::read(response.body)? },
            "RECOVER_ACCOUNT_TOKEN_INVALID_ERROR" => Self::InvalidToken,
            "INVALID_OPTIONS_ERROR" => Self::InvalidOptions,
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// What a new passkey has to be.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RegisterOptions {
    /// The id of these options, which the call with the credential needs.
    pub id: String,
    /// The user's name in the authenticator: the e-mail address.
    pub user_name: String,
    /// Another name that some authenticators show. An app may change it.
    pub display_name: String,
    user_id: String,
    rest: JsonObject,
}

impl RegisterOptions {
    fn read(body: &Object) -> Read<Self> {
        const EXCLUDED: &str = "excludeCredentials";
        body.objects(EXCLUDED, |credential| bytes(credential, "id"))?;
        bytes(body, CHALLENGE)?;
        let user = |user: &Object| {
            let name = user.text("name")?;
            let display_name = user.optional_text("displayName")?.unwrap_or_else(|| name.clone());
            Ok((bytes(user, "id")?, name, display_name))
        };
        let (user_id, user_name, display_name) = body.object("user", user)?;
        let rest = ["rp", CHALLENGE, "pubKeyCredParams", "timeout", "authenticatorSelection", "attestation"];
        let rest = fields(body, &rest).optional_json(EXCLUDED, body.get(EXCLUDED));
        Ok(Self { id: id(body)?, user_name, display_name, user_id, rest })
    }

    /// The options as JSON text, for a platform that has a ceremony of its own. The format is the standard's
    /// [`PublicKeyCredentialCreationOptionsJSON`].
    ///
    /// [`PublicKeyCredentialCreationOptionsJSON`]: https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialcreationoptionsjson
    pub fn to_json(&self) -> String {
        let user = JsonObject::default().text("id", &self.user_id).text("name", &self.user_name);
        let user = user.text("displayName", &self.display_name);
        self.rest.clone().json("user", &user.finish()).finish()
    }
}

impl fmt::Debug for RegisterOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegisterOptions").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The options for a sign-in with any passkey of this site.
///
/// # Errors
/// See the [crate](crate#errors).
#[doc(alias = "getSignInOptions")]
pub fn sign_in_options(client: &SessionClient) -> Call<SignInOptionsOutcome> {
    Call::new(client, endpoint(Method::Post, "/webauthn/options/signin"), SignInOptionsOutcome::read)
}

/// The outcome of [`sign_in_options`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignInOptionsOutcome {
    /// The options are for one ceremony.
    Ok {
        /// The options.
        options: SignInOptions,
    },
    /// The backend's settings make no valid options.
    InvalidOptions,
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl SignInOptionsOutcome {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok { options: SignInOptions::read(response.body)? },
            "INVALID_OPTIONS_ERROR" => Self::InvalidOptions,
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// What a passkey has to sign.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignInOptions {
    /// The id of these options, which the call with the credential needs.
    pub id: String,
    rest: JsonObject,
}

impl SignInOptions {
    fn read(body: &Object) -> Read<Self> {
        bytes(body, CHALLENGE)?;
        Ok(Self { id: id(body)?, rest: fields(body, &["rpId", CHALLENGE, "timeout", "userVerification"]) })
    }

    /// The options as JSON text, for a platform that has a ceremony of its own. The format is the standard's
    /// [`PublicKeyCredentialRequestOptionsJSON`].
    ///
    /// [`PublicKeyCredentialRequestOptionsJSON`]: https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialrequestoptionsjson
    pub fn to_json(&self) -> String {
        self.rest.clone().finish()
    }
}

impl fmt::Debug for SignInOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInOptions").field("id", &self.id).finish_non_exhaustive()
    }
}

fn id(body: &Object) -> Read<String> {
    body.text("webauthnGeneratedOptionsId")
}

/// Bytes as base64url.
fn bytes(object: &Object, name: &str) -> Read<String> {
    let text = object.text(name)?;
    base64url::decode(&text).map(|_| text).ok_or_else(|| BadField::new(name, "base64url"))
}

/// The fields that the browser checks.
fn fields(body: &Object, names: &[&str]) -> JsonObject {
    names.iter().fold(JsonObject::default(), |object, name| object.optional_json(name, body.get(name)))
}
