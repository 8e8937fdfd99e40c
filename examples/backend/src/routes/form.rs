//! The forms with e-mail and password, with SuperTokens' rules and messages.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::password::Password;

const EMAIL: &str = "email";
const PASSWORD: &str = "password";

/// The fields of sign-up, sign-in and password reset.
#[derive(Deserialize)]
pub(crate) struct Form {
    #[serde(rename = "formFields")]
    fields: Vec<Field>,
}

#[derive(Deserialize)]
struct Field {
    id: String,
    value: String,
}

/// A valid e-mail and password.
pub(crate) struct Credentials {
    pub(crate) email: String,
    pub(crate) password: Password,
}

/// The invalid fields, each with the reason.
pub(crate) struct FieldErrors(Vec<(&'static str, &'static str)>);

impl FieldErrors {
    /// Another user has this e-mail.
    pub(crate) fn email_taken() -> Self {
        Self(vec![(EMAIL, "This email already exists. Please sign in instead.")])
    }

    fn of<const N: usize>(fields: [(&'static str, Option<&'static str>); N]) -> Result<(), Self> {
        let errors: Vec<_> =
            fields.into_iter().filter_map(|(id, error)| error.map(|error| (id, error))).collect();
        if errors.is_empty() { Ok(()) } else { Err(Self(errors)) }
    }

    /// The response's body.
    pub(crate) fn to_json(&self) -> Value {
        let fields: Vec<Value> =
            self.0.iter().map(|(id, error)| json!({ "id": id, "error": error })).collect();
        json!({ "status": "FIELD_ERROR", "formFields": fields })
    }
}

impl Form {
    /// Checks e-mail and password. Only a new password must be strong.
    pub(crate) fn check(self, is_new: bool) -> Result<Result<Credentials, FieldErrors>, ApiError> {
        let (email, password) = self.read(&[EMAIL, PASSWORD])?;
        let errors = [(EMAIL, email_error(&email)), (PASSWORD, password_error(&password, is_new))];
        Ok(FieldErrors::of(errors).map(|()| Credentials { email, password: Password::new(password) }))
    }

    /// Checks a form that has only an e-mail.
    pub(crate) fn email(self) -> Result<Result<String, FieldErrors>, ApiError> {
        let (email, _) = self.read(&[EMAIL])?;
        Ok(FieldErrors::of([(EMAIL, email_error(&email))]).map(|()| email))
    }

    /// Checks a form that has only a new password.
    pub(crate) fn new_password(self) -> Result<Result<Password, FieldErrors>, ApiError> {
        let (_, password) = self.read(&[PASSWORD])?;
        let errors = [(PASSWORD, password_error(&password, true))];
        Ok(FieldErrors::of(errors).map(|()| Password::new(password)))
    }

    /// The values of e-mail and password. A missing one is empty.
    fn read(self, ids: &[&str]) -> Result<(String, String), ApiError> {
        if self.fields.len() > ids.len() {
            return Err(ApiError::bad_request("Are you sending too many formFields?"));
        }
        let (mut email, mut password) = (String::new(), String::new());
        for field in self.fields {
            match field.id.as_str() {
                EMAIL if ids.contains(&EMAIL) => field.value.trim().clone_into(&mut email),
                PASSWORD if ids.contains(&PASSWORD) => password = field.value,
                other => return Err(ApiError::bad_request(format!("Unknown form field: {other}"))),
            }
        }
        Ok((email, password))
    }
}

/// What is wrong with an e-mail.
pub(crate) fn email_error(email: &str) -> Option<&'static str> {
    if email.is_empty() {
        return Some("Field is not optional");
    }
    (!is_email(email)).then_some("Email is invalid")
}

fn is_email(email: &str) -> bool {
    let Some((name, domain)) = email.split_once('@') else { return false };
    let Some((labels, top)) = domain.rsplit_once('.') else { return false };
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    email.len() <= 254
        && name.split('.').all(|part| !part.is_empty())
        && !name.contains(|c: char| c.is_whitespace() || c.is_control() || "<>()[]\\,;:\"".contains(c))
        && labels.split('.').all(is_label)
        && top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn password_error(password: &str, is_new: bool) -> Option<&'static str> {
    if password.is_empty() {
        return Some("Field is not optional");
    }
    if !is_new {
        return None;
    }
    let length = password.chars().count();
    if length < 8 {
        return Some("Password must contain at least 8 characters, including a number");
    }
    if length >= 100 {
        return Some("Password's length must be lesser than 100 characters");
    }
    if !password.contains(|c: char| c.is_ascii_alphabetic()) {
        return Some("Password must contain at least one alphabet");
    }
    if !password.contains(|c: char| c.is_ascii_digit()) {
        return Some("Password must contain at least one number");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{is_email, password_error};

    #[test]
    fn emails() {
        for email in ["a@b.co", "first.last+tag@mail.example.com", "ü@example.org"] {
            assert!(is_email(email), "{email}");
        }
        for email in ["", "a", "@b.co", "a@b", "a@b.c", "a@@b.co", "a b@c.de", "a@b..co", ".a@b.co", "a@b.c0"]
        {
            assert!(!is_email(email), "{email}");
        }
    }

    #[test]
    fn passwords() {
        assert_eq!(password_error("Passw0rd", true), None);
        for weak in ["", "Pass0rd", "password", "12345678", &"a1".repeat(50)] {
            assert!(password_error(weak, true).is_some(), "{weak}");
        }
        assert_eq!(password_error("old", false), None, "the rules apply to new passwords only");
    }
}
