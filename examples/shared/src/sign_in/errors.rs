use std::fmt::Debug;

use supertokens_recipes::FieldError;
use supertokens_session::SessionError;

use crate::api::ApiError;

/// The errors of the form with e-mail and password.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SignInErrors {
    pub email: Option<String>,
    pub password: Option<String>,
    /// The error of the form as a whole.
    pub form: Option<String>,
}

impl SignInErrors {
    pub(super) fn of_form(text: impl Into<String>) -> Self {
        Self { form: Some(text.into()), ..Self::default() }
    }

    pub(super) fn of_fields(fields: Vec<FieldError>) -> Self {
        let mut errors = Self::default();
        for field in fields {
            let place = match field.id.as_str() {
                "email" => &mut errors.email,
                "password" => &mut errors.password,
                _ => &mut errors.form,
            };
            *place = Some(field.message);
        }
        errors
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The error of a form with one field.
#[derive(Debug, Clone, PartialEq)]
pub enum FormError {
    /// The value of the field is wrong.
    Field(String),
    /// Something else is wrong.
    Form(String),
}

impl FormError {
    /// The first error of the only field.
    pub(super) fn of_fields(fields: Vec<FieldError>) -> Self {
        let message = fields.into_iter().next().map(|field| field.message);
        Self::Field(message.unwrap_or_else(|| "This value is not valid.".to_owned()))
    }

    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Field(text) => Some(text),
            Self::Form(_) => None,
        }
    }

    pub fn form(&self) -> Option<&str> {
        match self {
            Self::Field(_) => None,
            Self::Form(text) => Some(text),
        }
    }
}

impl From<ApiError> for FormError {
    fn from(error: ApiError) -> Self {
        Self::Form(error.into())
    }
}

impl From<SessionError> for FormError {
    fn from(error: SessionError) -> Self {
        ApiError::from(error).into()
    }
}

/// A value of the field, or the message that it is missing.
pub(crate) fn filled_in(value: &str, message: &str) -> Result<String, FormError> {
    match value.trim() {
        "" => Err(FormError::Field(message.to_owned())),
        value => Ok(value.to_owned()),
    }
}

/// The text for an outcome of a newer server.
pub(crate) fn unknown(outcome: impl Debug) -> String {
    format!("The server’s response is not known to this app: {outcome:?}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_shown_at_its_field_or_at_the_form() {
        let field = |id: &str| FieldError { id: id.to_owned(), message: format!("about {id}") };
        let errors = SignInErrors::of_fields(["email", "password", "age"].map(field).into());
        let about = |id: &str| Some(format!("about {id}"));
        let expected =
            SignInErrors { email: about("email"), password: about("password"), form: about("age") };
        assert_eq!(errors, expected);
        assert_eq!(FormError::of_fields(vec![field("email")]).field(), Some("about email"));
        assert!(FormError::of_fields(Vec::new()).field().is_some());
    }
}
