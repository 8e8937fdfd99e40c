//! The WebAuthn recipe: sign-up and sign-in with passkeys. Cargo feature: `webauthn`.
//!
//! A passkey takes three steps: the backend's options, the browser's ceremony and the call with its credential.
//! [`register_and_sign_up`], [`authenticate_and_sign_in`] and [`register_and_recover_account`] take all three. Some
//! browsers show their dialog only after a click, so call them when the user clicks.
//!
//! ```
//! use supertokens_recipes::webauthn::{self, AuthenticateAndSignIn, CeremonyError, SignIn};
//! use supertokens_session::{SessionClient, SessionError};
//!
//! /// Returns the message for the user.
//! async fn sign_in(client: &SessionClient) -> Result<String, SessionError> {
//!     Ok(match webauthn::authenticate_and_sign_in(client).await? {
//!         AuthenticateAndSignIn::SignIn(SignIn::Ok { user }) => format!("Welcome, {}", user.emails.join(", ")),
//!         AuthenticateAndSignIn::SignIn(SignIn::NotAllowed { reason }) => reason,
//!         AuthenticateAndSignIn::Ceremony(CeremonyError::Cancelled) => "No passkey was used.".to_owned(),
//!         outcome => format!("Please try again later ({outcome:?})."),
//!     })
//! }
//! ```
//!
//! The steps one by one give a signed-in user another passkey:
//!
//! ```
//! use supertokens_recipes::webauthn::{self, RegisterCredential, RegisterOptionsOutcome};
//! use supertokens_session::{SessionClient, SessionError};
//!
//! /// `recipe_user_id` is that of the user's login method with the recipe `webauthn`.
//! async fn add(client: &SessionClient, recipe_user_id: &str, email: &str) -> Result<bool, SessionError> {
//!     let RegisterOptionsOutcome::Ok { options } = webauthn::register_options(client, email).await? else {
//!         return Ok(false);
//!     };
//!     let Ok(credential) = webauthn::create_credential(&options).await else { return Ok(false) };
//!     let call = webauthn::register_credential(client, recipe_user_id, &options.id, &credential);
//!     Ok(call.await? == RegisterCredential::Ok)
//! }
//! ```

mod base64url;
#[cfg(target_arch = "wasm32")]
mod browser;
mod ceremony;
mod credential;
mod credentials;
#[cfg(not(target_arch = "wasm32"))]
mod no_browser;
mod options;
mod recover;
mod sign;

#[cfg(target_arch = "wasm32")]
use browser as platform;
#[cfg(not(target_arch = "wasm32"))]
use no_browser as platform;
use supertokens_session::platform::Method;

pub use ceremony::{
    AuthenticateAndSignIn, Ceremony, RegisterAndRecoverAccount, RegisterAndSignUp, authenticate_and_sign_in,
    register_and_recover_account, register_and_sign_up,
};
pub use credential::{CeremonyError, Credential, Rejection, create_credential, get_credential, is_supported};
pub use credentials::{
    ListCredentials, RegisterCredential, RemoveCredential, StoredCredential, list_credentials,
    register_credential, remove_credential,
};
pub use options::{
    RecoverAccountOptionsOutcome, RegisterOptions, RegisterOptionsOutcome, SignInOptions,
    SignInOptionsOutcome, recover_account_options, register_options, sign_in_options,
};
pub use recover::{
    RecoverAccount, SendRecoverAccountEmail, recover_account, recover_account_token,
    send_recover_account_email,
};
pub use sign::{DoesEmailExist, SignIn, SignUp, does_email_exist, sign_in, sign_up};

use crate::call::Endpoint;

const EMAIL: &str = "email";

const fn endpoint(method: Method, path: &'static str) -> Endpoint {
    Endpoint { recipe: "webauthn", method, path }
}
