//! The Passwordless recipe: sign-in with a code or a magic link, by e-mail or SMS.
//!
//! [`create_code`] sends a code, a link or both, and stores the [attempt]: after a reload, the app shows the code's form
//! again. [`consume_code`] and [`consume_link`] end the attempt when the user is signed in or has to start again.
//!
//! ```
//! use supertokens_recipes::passwordless::{self, ConsumeCode, Contact};
//! use supertokens_session::{SessionClient, SessionError};
//!
//! async fn begin(client: &SessionClient) -> Result<(), SessionError> {
//!     passwordless::create_code(client, Contact::Email("ada@example.com")).await.map(drop)
//! }
//!
//! /// Returns the message for the user.
//! async fn enter(client: &SessionClient, code: &str) -> Result<String, SessionError> {
//!     Ok(match passwordless::consume_code(client, code).await? {
//!         ConsumeCode::Ok { .. } => "You are signed in.".to_owned(),
//!         ConsumeCode::IncorrectCode(attempts) => format!("Wrong code: {} attempts left.", attempts.left()),
//!         ConsumeCode::ExpiredCode(_) => "The code is too old. Ask for a new one.".to_owned(),
//!         ConsumeCode::RestartFlow => "Please start again.".to_owned(),
//!         outcome => format!("{outcome:?}"),
//!     })
//! }
//! ```

mod attempt;
mod consume;

use supertokens_session::{SessionClient, SessionError, platform::Method};

pub use attempt::{Flow, LoginAttempt, attempt, clear_attempt};
#[doc(hidden)]
pub use consume::magic_link_of;
pub use consume::{Attempts, ConsumeCode, MagicLink, consume_code, consume_link, magic_link_of_page};

use crate::{
    Call,
    call::{Endpoint, Response, sealed},
    json_text::JsonObject,
    reader::Read,
};

const fn endpoint(method: Method, path: &'static str) -> Endpoint {
    Endpoint { recipe: "passwordless", method, path }
}

/// Where the code is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact<'a> {
    /// An e-mail address.
    Email(&'a str),
    /// A phone number with country code, such as `+4930123456`.
    PhoneNumber(&'a str),
}

impl Contact<'_> {
    fn field(&self) -> (&'static str, &str) {
        match self {
            Self::Email(email) => ("email", email),
            Self::PhoneNumber(number) => ("phoneNumber", number),
        }
    }
}

/// Sends a code, a magic link or both, as the backend is configured, and stores the [attempt].
///
/// # Errors
/// See the [crate](crate#errors). An invalid address or number is [`SessionError::General`] with a message for the
/// user.
pub fn create_code(client: &SessionClient, contact: Contact<'_>) -> Call<CreateCode> {
    let ((name, contact), page) = (contact.field(), client.clone());
    let contact_info = contact.to_owned();
    let read = move |response: &Response<'_>| CreateCode::read(response, &page, contact_info);
    Call::new(client, endpoint(Method::Post, "/signinup/code"), read)
        .body(JsonObject::default().text(name, contact))
}

/// The outcome of [`create_code`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CreateCode {
    /// The code was sent.
    Ok {
        /// What was sent, and what is needed to use it.
        attempt: LoginAttempt,
    },
    /// The backend refuses, for example since sign-up is closed.
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

impl CreateCode {
    fn read(response: &Response<'_>, client: &SessionClient, contact_info: String) -> Read<Self> {
        Ok(match response.status {
            "OK" => {
                let attempt = LoginAttempt::of(response, contact_info)?;
                attempt.store(client);
                Self::Ok { attempt }
            }
            "SIGN_IN_UP_NOT_ALLOWED" => Self::NotAllowed { reason: response.body.text("reason")? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}

impl sealed::AcceptsLinking for CreateCode {}

/// Sends a new code for the stored [attempt].
///
/// # Errors
/// See the [crate](crate#errors).
pub async fn resend_code(client: &SessionClient) -> Result<ResendCode, SessionError> {
    let Some(attempt) = attempt(client) else { return Ok(ResendCode::RestartFlow) };
    let outcome = Call::new(client, endpoint(Method::Post, "/signinup/code/resend"), ResendCode::read)
        .tenant(attempt.tenant_id.as_deref())
        .body(attempt.device().optional_flag("shouldTryLinkingWithSessionUser", attempt.link_session_user))
        .await?;
    if outcome == ResendCode::RestartFlow {
        attempt.end(client);
    }
    Ok(outcome)
}

/// The outcome of [`resend_code`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResendCode {
    /// A new code was sent. The ones before stay valid.
    Ok,
    /// There is no attempt, or it is too old: the user has to start again.
    RestartFlow,
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl ResendCode {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok,
            "RESTART_FLOW_ERROR" => Self::RestartFlow,
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// Whether a user has this e-mail address.
///
/// # Errors
/// See the [crate](crate#errors).
pub fn does_email_exist(client: &SessionClient, email: &str) -> Call<DoesContactExist> {
    let endpoint = endpoint(Method::Get, "/passwordless/email/exists");
    Call::new(client, endpoint, DoesContactExist::read).query("email", email)
}

/// Whether a user has this phone number.
///
/// # Errors
/// See the [crate](crate#errors).
pub fn does_phone_number_exist(client: &SessionClient, number: &str) -> Call<DoesContactExist> {
    let endpoint = endpoint(Method::Get, "/passwordless/phonenumber/exists");
    Call::new(client, endpoint, DoesContactExist::read).query("phoneNumber", number)
}

/// The outcome of [`does_email_exist`] and [`does_phone_number_exist`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DoesContactExist {
    /// The backend responded.
    Ok {
        /// Whether a user has this address or number.
        exists: bool,
    },
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl DoesContactExist {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok { exists: response.body.flag("exists")? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}
