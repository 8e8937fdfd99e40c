//! The ceremony of the browser, and its credential.

use std::{error::Error, fmt};

use super::{RegisterOptions, SignInOptions, platform};
use crate::{
    call::Response,
    json_text::JsonObject,
    reader::{Object, Read},
};

/// Whether this browser has passkeys. It is false on pages without https, and outside a browser.
#[doc(alias = "doesBrowserSupportWebAuthn")]
pub fn is_supported() -> bool {
    platform::is_supported()
}

/// Lets the user create a passkey. If the future is dropped, the browser closes its dialog.
///
/// # Errors
/// See [`CeremonyError`].
pub async fn create_credential(options: &RegisterOptions) -> Result<Credential, CeremonyError> {
    platform::create(options.to_json()).await
}

/// Lets the user choose a passkey, which signs the options. If the future is dropped, the browser closes its dialog.
///
/// # Errors
/// See [`CeremonyError`].
#[doc(alias = "authenticateCredential")]
pub async fn get_credential(options: &SignInOptions) -> Result<Credential, CeremonyError> {
    platform::get(options.to_json()).await
}

/// The result of a ceremony: a new passkey's public key, or a signature. A backend accepts it once.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential(String);

impl Credential {
    /// The credential of a platform that has a ceremony of its own; none if the text is no JSON object. The format is
    /// that of [`PublicKeyCredential.toJSON()`].
    ///
    /// [`PublicKeyCredential.toJSON()`]: https://developer.mozilla.org/docs/Web/API/PublicKeyCredential/toJSON
    pub fn from_json(json: impl Into<String>) -> Option<Self> {
        let json = json.into();
        Object::read(&json).map(|_| Self(json))
    }

    /// The credential as JSON text.
    pub fn as_json(&self) -> &str {
        &self.0
    }

    #[cfg(target_arch = "wasm32")]
    pub(super) fn new(json: JsonObject) -> Self {
        Self(json.finish())
    }

    /// The body of a call with this credential.
    pub(super) fn to_body(&self, options_id: &str) -> JsonObject {
        JsonObject::default().text("webauthnGeneratedOptionsId", options_id).json("credential", &self.0)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").finish_non_exhaustive()
    }
}

/// Why a ceremony has no credential.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CeremonyError {
    /// There is no browser, the browser has no passkeys, or none of the kind in the options.
    NotSupported,
    /// The user cancelled, had no passkey, or did not respond in time. Browsers don't say which.
    Cancelled,
    /// The authenticator already has a passkey of this user.
    AlreadyRegistered,
    /// Another error, with its name, such as `SecurityError` if the page is not of the options' domain.
    Other(String),
}

impl CeremonyError {
    /// The error with the name of a `DOMException`.
    #[cfg(any(target_arch = "wasm32", test))]
    pub(super) fn named(name: &str) -> Self {
        match name {
            "NotSupportedError" => Self::NotSupported,
            "NotAllowedError" => Self::Cancelled,
            "InvalidStateError" => Self::AlreadyRegistered,
            name => Self::Other(name.to_owned()),
        }
    }
}

impl fmt::Display for CeremonyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSupported => f.write_str("passkeys are not supported here"),
            Self::Cancelled => f.write_str("the user has not used a passkey"),
            Self::AlreadyRegistered => f.write_str("the authenticator already has a passkey of this user"),
            Self::Other(name) => write!(f, "the browser failed with {name}"),
        }
    }
}

impl Error for CeremonyError {}

/// Why the backend rejects a new passkey. The user has to start again, with new options.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejection {
    /// The credential does not fit the options, or the backend already has it.
    InvalidCredentials,
    /// The options are too old.
    InvalidOptions,
    /// The backend does not know the options, for example since they are of another tenant.
    OptionsNotFound,
    /// The backend does not accept the authenticator.
    InvalidAuthenticator {
        /// The backend's reason.
        reason: String,
    },
}

impl Rejection {
    /// None if the response has another status.
    pub(super) fn read(response: &Response<'_>) -> Read<Option<Self>> {
        Ok(Some(match response.status {
            "INVALID_CREDENTIALS_ERROR" => Self::InvalidCredentials,
            "INVALID_OPTIONS_ERROR" => Self::InvalidOptions,
            "OPTIONS_NOT_FOUND_ERROR" => Self::OptionsNotFound,
            "INVALID_AUTHENTICATOR_ERROR" => {
                Self::InvalidAuthenticator { reason: response.body.text("reason")? }
            }
            _ => return Ok(None),
        }))
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_browsers_errors_are_known_by_their_names() {
        for (name, error) in [
            ("NotSupportedError", CeremonyError::NotSupported),
            ("NotAllowedError", CeremonyError::Cancelled),
            ("InvalidStateError", CeremonyError::AlreadyRegistered),
            ("SecurityError", CeremonyError::Other("SecurityError".to_owned())),
        ] {
            assert_eq!(CeremonyError::named(name), error);
        }
    }
}
