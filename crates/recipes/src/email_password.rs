//! The EmailPassword recipe: sign-up, sign-in and password reset.

use supertokens_session::{SessionClient, platform::Method};

use crate::{
    Call, FieldError, User,
    call::{Endpoint, Response, sealed},
    json_text::JsonObject,
    page,
    reader::Read,
};

const EMAIL: &str = "email";
const PASSWORD: &str = "password";

const fn endpoint(method: Method, path: &'static str) -> Endpoint {
    Endpoint { recipe: "emailpassword", method, path }
}

/// Creates a user and signs the user in. Further fields of the backend's form: [`Call::field`].
///
/// ```
/// use supertokens_recipes::email_password::{self, SignUp};
/// use supertokens_session::{SessionClient, SessionError};
///
/// async fn sign_up(client: &SessionClient) -> Result<(), SessionError> {
///     match email_password::sign_up(client, "ada@example.com", "Passw0rd").field("name", "Ada").await? {
///         SignUp::Ok { user } => println!("welcome, {}", user.id),
///         SignUp::FieldErrors(errors) => errors.iter().for_each(|error| println!("{}: {}", error.id, error.message)),
///         outcome => println!("{outcome:?}"),
///     }
///     Ok(())
/// }
/// ```
///
/// # Errors
/// See the [crate](crate#errors).
pub fn sign_up(client: &SessionClient, email: &str, password: &str) -> Call<SignUp> {
    let call = Call::new(client, endpoint(Method::Post, "/signup"), SignUp::read);
    call.form_field(EMAIL, email).form_field(PASSWORD, password)
}

impl Call<SignUp> {
    /// A further field of the sign-up form, as configured in the backend.
    pub fn field(self, id: &str, value: &str) -> Self {
        self.form_field(id, value)
    }
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
    /// Fields are invalid. An e-mail address that has a user is an error of the field `email`.
    FieldErrors(Vec<FieldError>),
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
            "FIELD_ERROR" => Self::FieldErrors(FieldError::read_all(response.body)?),
            "SIGN_UP_NOT_ALLOWED" => Self::NotAllowed { reason: response.body.text("reason")? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}

impl sealed::AcceptsLinking for SignUp {}

/// Signs a user in.
///
/// # Errors
/// See the [crate](crate#errors).
pub fn sign_in(client: &SessionClient, email: &str, password: &str) -> Call<SignIn> {
    let call = Call::new(client, endpoint(Method::Post, "/signin"), SignIn::read);
    call.form_field(EMAIL, email).form_field(PASSWORD, password)
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
    /// No user has this address and password.
    WrongCredentials,
    /// Fields are invalid.
    FieldErrors(Vec<FieldError>),
    /// The backend refuses the sign-in, for example since the address is not verified.
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
            "WRONG_CREDENTIALS_ERROR" => Self::WrongCredentials,
            "FIELD_ERROR" => Self::FieldErrors(FieldError::read_all(response.body)?),
            "SIGN_IN_NOT_ALLOWED" => Self::NotAllowed { reason: response.body.text("reason")? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}

impl sealed::AcceptsLinking for SignIn {}

/// Sends a mail with a link to reset the password. Without a user with this address it sends no mail, and the outcome is
/// the same.
///
/// # Errors
/// See the [crate](crate#errors).
pub fn send_password_reset_email(client: &SessionClient, email: &str) -> Call<SendPasswordResetEmail> {
    let endpoint = endpoint(Method::Post, "/user/password/reset/token");
    Call::new(client, endpoint, SendPasswordResetEmail::read).form_field(EMAIL, email)
}

/// The outcome of [`send_password_reset_email`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendPasswordResetEmail {
    /// If a user has this address, the mail was sent.
    Ok,
    /// The address is invalid.
    FieldErrors(Vec<FieldError>),
    /// The backend refuses the reset.
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

impl SendPasswordResetEmail {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok,
            "FIELD_ERROR" => Self::FieldErrors(FieldError::read_all(response.body)?),
            "PASSWORD_RESET_NOT_ALLOWED" => Self::NotAllowed { reason: response.body.text("reason")? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// Sets a new password with the token of a [mail](send_password_reset_email). It does not sign the user in.
///
/// ```
/// use supertokens_recipes::email_password::{self, SubmitNewPassword};
/// use supertokens_recipes::multi_tenancy;
/// use supertokens_session::{SessionClient, SessionError};
///
/// async fn reset(client: &SessionClient, password: &str) -> Result<SubmitNewPassword, SessionError> {
///     let token = email_password::password_reset_token().unwrap_or_default();
///     let tenant = multi_tenancy::tenant_of_page();
///     email_password::submit_new_password(client, &token, password).tenant(tenant.as_deref()).await
/// }
/// ```
///
/// # Errors
/// See the [crate](crate#errors).
pub fn submit_new_password(client: &SessionClient, token: &str, password: &str) -> Call<SubmitNewPassword> {
    let body = JsonObject::default().text("method", "token").text("token", token);
    let call = Call::new(client, endpoint(Method::Post, "/user/password/reset"), SubmitNewPassword::read);
    call.body(body).form_field(PASSWORD, password)
}

/// The outcome of [`submit_new_password`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubmitNewPassword {
    /// The user has the new password.
    Ok,
    /// The password does not fulfil the backend's rules.
    FieldErrors(Vec<FieldError>),
    /// The token is unknown, used or old. The user needs a new mail.
    InvalidToken,
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl SubmitNewPassword {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok,
            "FIELD_ERROR" => Self::FieldErrors(FieldError::read_all(response.body)?),
            "RESET_PASSWORD_INVALID_TOKEN_ERROR" => Self::InvalidToken,
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// The token in the URL of this page, to which the mail's link leads; none outside a browser.
#[doc(alias = "getResetPasswordTokenFromURL")]
pub fn password_reset_token() -> Option<String> {
    page::query_parameter("token")
}

/// Whether a user has this address.
///
/// # Errors
/// See the [crate](crate#errors).
pub fn does_email_exist(client: &SessionClient, email: &str) -> Call<DoesEmailExist> {
    let endpoint = endpoint(Method::Get, "/emailpassword/email/exists");
    Call::new(client, endpoint, DoesEmailExist::read).query(EMAIL, email)
}

/// The outcome of [`does_email_exist`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DoesEmailExist {
    /// The backend responded.
    Ok {
        /// Whether a user has this address.
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
