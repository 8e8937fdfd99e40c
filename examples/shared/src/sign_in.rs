use crate::api::{ApiError, SignIn};

/// The demo users of the example API.
pub const DEMO_USERS: [(&str, &str); 2] =
    [("user@example.com", "a user"), ("admin@example.com", "an administrator")];
pub const DEMO_PASSWORD: &str = "Passw0rd!";

/// The errors of the sign-in form.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SignInErrors {
    pub email: Option<String>,
    pub password: Option<String>,
    /// The error of the form as a whole.
    pub form: Option<String>,
}

impl SignInErrors {
    fn of_form(text: impl Into<String>) -> Self {
        Self { form: Some(text.into()), ..Self::default() }
    }
}

impl From<Result<SignIn, ApiError>> for SignInErrors {
    fn from(outcome: Result<SignIn, ApiError>) -> Self {
        match outcome {
            Ok(SignIn::Ok) => Self::default(),
            Ok(SignIn::FieldErrors { fields }) => {
                let mut errors = Self::default();
                for field in fields {
                    let place = match field.id.as_str() {
                        "email" => &mut errors.email,
                        "password" => &mut errors.password,
                        _ => &mut errors.form,
                    };
                    *place = Some(field.error);
                }
                errors
            }
            Ok(SignIn::WrongCredentials) => Self::of_form("The e-mail or the password is wrong."),
            Ok(SignIn::General { message: text } | SignIn::NotAllowed { reason: text }) => {
                Self::of_form(text)
            }
            Err(error) => Self::of_form(error),
        }
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
    use super::*;
    use crate::api::FieldError;

    #[test]
    fn an_error_is_shown_at_its_field_or_at_the_form() {
        let field = |id: &str| FieldError { id: id.to_owned(), error: format!("about {id}") };
        let fields = ["email", "password", "age"].map(field).into();
        let errors = SignInErrors::from(Ok(SignIn::FieldErrors { fields }));
        let about = |id: &str| Some(format!("about {id}"));
        let expected =
            SignInErrors { email: about("email"), password: about("password"), form: about("age") };
        assert_eq!(errors, expected);
        assert_eq!(SignInErrors::from(Ok(SignIn::Ok)), SignInErrors::default());
        assert!(SignInErrors::from(Err(ApiError::NoSessionCreated)).form.is_some());
    }
}
