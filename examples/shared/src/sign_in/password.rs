use supertokens_recipes::email_password::{self, SignIn, SignUp};
use supertokens_session::SessionClient;

use super::{SignInErrors, expect_session, filled_in, unknown};
use crate::api::ApiError;

/// The values of the sign-in form.
#[derive(Clone, Default, PartialEq)]
pub struct Credentials {
    pub email: String,
    pub password: String,
}

impl Credentials {
    /// An error for each empty field.
    fn check(&self) -> SignInErrors {
        let missing = |value, message| filled_in(value, message).err()?.field().map(str::to_owned);
        SignInErrors {
            email: missing(&self.email, "Enter your e-mail address."),
            password: missing(&self.password, "Enter your password."),
            form: None,
        }
    }
}

/// Signs the user in, or up. Returns no errors after a success.
pub async fn sign_in(
    client: SessionClient,
    tenant: Option<String>,
    credentials: Credentials,
    is_new: bool,
) -> SignInErrors {
    let missing = credentials.check();
    if !missing.is_empty() {
        return missing;
    }
    send(&client, tenant.as_deref(), &credentials, is_new).await.unwrap_or_else(SignInErrors::of_form)
}

async fn send(
    client: &SessionClient,
    tenant: Option<&str>,
    Credentials { email, password }: &Credentials,
    is_new: bool,
) -> Result<SignInErrors, ApiError> {
    let errors = if is_new {
        sign_up_errors(email_password::sign_up(client, email, password).tenant(tenant).await?)
    } else {
        sign_in_errors(email_password::sign_in(client, email, password).tenant(tenant).await?)
    };
    if errors.is_empty() {
        expect_session(client).await?;
    }
    Ok(errors)
}

fn sign_in_errors(outcome: SignIn) -> SignInErrors {
    match outcome {
        SignIn::Ok { .. } => SignInErrors::default(),
        SignIn::FieldErrors(fields) => SignInErrors::of_fields(fields),
        SignIn::WrongCredentials => SignInErrors::of_form("The e-mail or the password is wrong."),
        SignIn::NotAllowed { reason } => SignInErrors::of_form(reason),
        outcome => SignInErrors::of_form(unknown(outcome)),
    }
}

fn sign_up_errors(outcome: SignUp) -> SignInErrors {
    match outcome {
        SignUp::Ok { .. } => SignInErrors::default(),
        SignUp::FieldErrors(fields) => SignInErrors::of_fields(fields),
        SignUp::NotAllowed { reason } => SignInErrors::of_form(reason),
        outcome => SignInErrors::of_form(unknown(outcome)),
    }
}

/// The text of the submit button.
pub fn sign_in_label(is_busy: bool, is_new: bool) -> &'static str {
    match (is_busy, is_new) {
        (false, false) => "Sign in",
        (true, false) => "Signing in…",
        (false, true) => "Sign up",
        (true, true) => "Signing up…",
    }
}

#[cfg(test)]
mod tests {
    use supertokens_recipes::{FieldError, User};

    use super::*;

    #[test]
    fn each_outcome_has_its_error() {
        assert!(sign_in_errors(SignIn::Ok { user: User::default() }).is_empty());
        assert!(sign_in_errors(SignIn::WrongCredentials).form.is_some());
        let taken = FieldError { id: "email".to_owned(), message: "This email already exists.".to_owned() };
        let errors = sign_up_errors(SignUp::FieldErrors(vec![taken]));
        assert_eq!(errors.email.as_deref(), Some("This email already exists."));
        let reason = "ERR_CODE_007".to_owned();
        assert_eq!(sign_up_errors(SignUp::NotAllowed { reason: reason.clone() }).form, Some(reason));
    }

    #[test]
    fn empty_fields_are_errors() {
        let credentials = Credentials { email: " ".to_owned(), password: "secret".to_owned() };
        let errors = credentials.check();
        assert_eq!(errors.email.as_deref(), Some("Enter your e-mail address."));
        assert_eq!((errors.password, errors.form), (None, None));
    }
}
