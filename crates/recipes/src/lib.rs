//! Typed calls of SuperTokens' sign-in recipes, on top of a [`SessionClient`]. These are functions and not forms: an app
//! has its own views.
//!
//! Each recipe has a module, and each function returns an enum with every status that the backend documents. A status
//! of a newer backend is `Other`. `GENERAL_ERROR` is [`SessionError::General`] everywhere. A function that an app does
//! not call adds nothing to its module.
//!
//! After a successful sign-in the client has stored the session: the app's signals change, and guards open.
//!
//! ```
//! use supertokens_recipes::email_password::{self, SignIn};
//! use supertokens_session::{SessionClient, SessionError};
//!
//! /// Returns the message for the user.
//! async fn sign_in(client: &SessionClient, email: &str, password: &str) -> Result<String, SessionError> {
//!     Ok(match email_password::sign_in(client, email, password).await? {
//!         SignIn::Ok { user } => format!("Welcome, {}", user.emails.join(", ")),
//!         SignIn::WrongCredentials => "The e-mail or the password is wrong.".to_owned(),
//!         SignIn::FieldErrors(errors) => errors.into_iter().map(|error| error.message).collect(),
//!         SignIn::NotAllowed { reason } => reason,
//!         outcome => format!("Please try again later ({outcome:?})."),
//!     })
//! }
//! ```
//!
//! # Errors
//! Each call returns the errors of its request, such as [`SessionError::Network`]. A response that is not of the
//! recipe is [`SessionError::DeserializeBody`], whose message names the field.
//!
//! [`SessionClient`]: supertokens_session::SessionClient
//! [`SessionError::General`]: supertokens_session::SessionError::General
//! [`SessionError::Network`]: supertokens_session::SessionError::Network
//! [`SessionError::DeserializeBody`]: supertokens_session::SessionError::DeserializeBody

#![warn(unreachable_pub)]

mod call;
pub mod email_password;
pub mod email_verification;
mod form;
mod json_text;
pub mod multi_factor_auth;
pub mod multi_tenancy;
pub mod oauth2_provider;
mod page;
pub mod passwordless;
mod reader;
pub mod third_party;
pub mod totp;
mod user;
#[cfg(feature = "webauthn")]
pub mod webauthn;

pub use call::{AcceptsLinking, Call, CallFuture};
pub use form::FieldError;
pub use user::{LoginMethod, ThirdPartyId, User};
