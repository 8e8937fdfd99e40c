//! The passkeys of the signed-in user.

use std::time::Duration;

use supertokens_session::{SessionClient, platform::Method};

use super::{Credential, Rejection, endpoint};
use crate::{
    Call,
    call::Response,
    json_text::JsonObject,
    reader::{Object, Read},
};

const CREDENTIAL_ID: &str = "webauthnCredentialId";
const RECIPE_USER_ID: &str = "recipeUserId";

/// The passkeys of the signed-in user.
///
/// # Errors
/// See the [crate](crate#errors).
pub fn list_credentials(client: &SessionClient) -> Call<ListCredentials> {
    Call::new(client, endpoint(Method::Get, "/webauthn/credential/list"), ListCredentials::read)
}

/// The outcome of [`list_credentials`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListCredentials {
    /// The user's passkeys.
    Ok {
        /// The passkeys.
        credentials: Vec<StoredCredential>,
    },
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

/// A passkey that the backend has stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredCredential {
    /// The id of the passkey.
    pub id: String,
    /// The id of the login method's user.
    pub recipe_user_id: String,
    /// The domain on which the passkey works.
    pub relying_party_id: String,
    /// When the user created the passkey, since the Unix epoch.
    pub created_at: Duration,
}

impl ListCredentials {
    fn read(response: &Response<'_>) -> Read<Self> {
        let credential = |credential: &Object| {
            Ok(StoredCredential {
                id: credential.text(CREDENTIAL_ID)?,
                recipe_user_id: credential.text(RECIPE_USER_ID)?,
                relying_party_id: credential.text("relyingPartyId")?,
                created_at: Duration::from_millis(credential.number("createdAt")?),
            })
        };
        Ok(match response.status {
            "OK" => Self::Ok { credentials: response.body.objects("credentials", credential)? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// Gives the signed-in user another passkey. `recipe_user_id` is that of the user's login method with the recipe
/// `webauthn`, whose e-mail address the [options](super::register_options) must have.
///
/// # Errors
/// See the [crate](crate#errors). Another user's id or address is [`SessionError::General`].
///
/// [`SessionError::General`]: supertokens_session::SessionError::General
pub fn register_credential(
    client: &SessionClient,
    recipe_user_id: &str,
    options_id: &str,
    credential: &Credential,
) -> Call<RegisterCredential> {
    let body = credential.to_body(options_id).text(RECIPE_USER_ID, recipe_user_id);
    Call::new(client, endpoint(Method::Post, "/webauthn/credential"), RegisterCredential::read).body(body)
}

/// The outcome of [`register_credential`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegisterCredential {
    /// The user has the passkey.
    Ok,
    /// The backend rejects the passkey.
    Rejected(Rejection),
    /// The backend refuses another passkey.
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

impl RegisterCredential {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok,
            "REGISTER_CREDENTIAL_NOT_ALLOWED" => Self::NotAllowed { reason: response.body.text("reason")? },
            status => match Rejection::read(response)? {
                Some(rejection) => Self::Rejected(rejection),
                None => Self::Other { status: status.to_owned() },
            },
        })
    }
}

/// Removes a passkey of the signed-in user from the backend. The authenticator still has it.
///
/// # Errors
/// See the [crate](crate#errors). A passkey that the user does not have is [`SessionError::General`].
///
/// [`SessionError::General`]: supertokens_session::SessionError::General
pub fn remove_credential(client: &SessionClient, credential_id: &str) -> Call<RemoveCredential> {
    let body = JsonObject::default().text(CREDENTIAL_ID, credential_id);
    Call::new(client, endpoint(Method::Post, "/webauthn/credential/remove"), RemoveCredential::read)
        .body(body)
}

/// The outcome of [`remove_credential`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RemoveCredential {
    /// The backend does not accept the passkey any more.
    Ok,
    /// The backend does not have this passkey.
    NotFound,
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl RemoveCredential {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok,
            "CREDENTIAL_NOT_FOUND_ERROR" => Self::NotFound,
            status => Self::Other { status: status.to_owned() },
        })
    }
}
