//! Sign-in with a code or a link from a mail.

use supertokens_recipes::passwordless::{
    self, Attempts, ConsumeCode, Contact, CreateCode, Flow, LoginAttempt, ResendCode,
};
use supertokens_session::{SessionClient, SessionError};

use super::{FormError, expect_session, filled_in, unknown};
use crate::{
    api::{Api, ApiError, Inbox},
    text::attempts_left,
};

const RESTART: &str = "The code is no longer valid. Please start again.";

/// What the login page asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// E-mail and password.
    Password,
    /// The address to which a code is sent, with a message of the step before.
    Email { notice: Option<&'static str> },
    /// The code of that address.
    Code(LoginAttempt),
}

impl Step {
    /// The page's first step: that of the stored attempt, also after a reload.
    pub fn first(client: &SessionClient, tenant: Option<&str>) -> Self {
        match passwordless::attempt(client) {
            Some(attempt) if attempt.tenant_id.as_deref() == tenant => Self::Code(attempt),
            _ => Self::Password,
        }
    }

    pub fn title(&self, is_new: bool) -> &'static str {
        match self {
            Self::Password if is_new => "Create an account",
            Self::Password | Self::Email { .. } => "Sign in",
            Self::Code(_) => "Check your mail",
        }
    }

    /// The step after an attempt that is over, or that the user gives up.
    pub fn restart(client: &SessionClient, notice: Option<&'static str>) -> Self {
        passwordless::clear_attempt(client);
        Self::Email { notice }
    }
}

/// Sends a code, a link or both to an e-mail address.
pub async fn send_code(
    client: SessionClient,
    tenant: Option<String>,
    email: String,
) -> Result<LoginAttempt, FormError> {
    let email = filled_in(&email, "Enter your e-mail address.")?;
    let call = passwordless::create_code(&client, Contact::Email(&email)).tenant(tenant.as_deref());
    match call.await {
        Ok(CreateCode::Ok { attempt, .. }) => Ok(attempt),
        Ok(CreateCode::NotAllowed { reason }) => Err(FormError::Form(reason)),
        Ok(outcome) => Err(FormError::Form(unknown(outcome))),
        // The recipe reports an invalid address so.
        Err(SessionError::General { message }) => Err(FormError::Field(message)),
        Err(error) => Err(error.into()),
    }
}

/// What was sent: a text before the address and one after it.
pub fn sent_text(flow: Flow) -> (&'static str, &'static str) {
    match flow {
        Flow::Code => ("We sent a code to ", "."),
        Flow::MagicLink => ("We sent a link to ", ". Open it in this browser."),
        _ => ("We sent a code and a link to ", ". Enter the code, or open the link in this browser."),
    }
}

/// Whether the user can enter a code.
pub fn shows_code_field(flow: Flow) -> bool {
    flow != Flow::MagicLink
}

/// The outcome of a code.
#[derive(Debug, Clone, PartialEq)]
pub enum CodeOutcome {
    SignedIn,
    Failed(FormError),
    /// The user has to start again, for this reason.
    Restart(&'static str),
}

pub async fn consume_code(client: SessionClient, code: String) -> CodeOutcome {
    let code = match filled_in(&code, "Enter the code from the mail.") {
        Ok(code) => code,
        Err(error) => return CodeOutcome::Failed(error),
    };
    let outcome = match passwordless::consume_code(&client, &code).await {
        Ok(ConsumeCode::Ok { .. }) => expect_session(&client).await.map(|()| CodeOutcome::SignedIn),
        Ok(outcome) => Ok(code_outcome(outcome)),
        Err(error) => Err(ApiError::from(error)),
    };
    outcome.unwrap_or_else(|error| CodeOutcome::Failed(error.into()))
}

fn code_outcome(outcome: ConsumeCode) -> CodeOutcome {
    CodeOutcome::Failed(match outcome {
        ConsumeCode::Ok { .. } => return CodeOutcome::SignedIn,
        ConsumeCode::RestartFlow => return CodeOutcome::Restart(RESTART),
        ConsumeCode::IncorrectCode(attempts) => FormError::Field(wrong_code(attempts)),
        ConsumeCode::ExpiredCode(_) => {
            FormError::Field("This code is too old. Ask for a new one.".to_owned())
        }
        ConsumeCode::NotAllowed { reason } => FormError::Form(reason),
        outcome => FormError::Form(unknown(outcome)),
    })
}

fn wrong_code(attempts: Attempts) -> String {
    format!("This code is wrong. {}", attempts_left(attempts.left()))
}

/// The outcome of a request for a new code.
#[derive(Debug, Clone, PartialEq)]
pub enum NewCode {
    Sent(Inbox),
    Failed(String),
    /// The user has to start again, for this reason.
    Restart(&'static str),
}

/// Sends a new code for the stored attempt.
pub async fn resend_code(client: SessionClient, email: String) -> NewCode {
    match passwordless::resend_code(&client).await {
        Ok(ResendCode::Ok) => NewCode::Sent(Api::new(client).inbox(email).await),
        Ok(ResendCode::RestartFlow) => NewCode::Restart(RESTART),
        Ok(outcome) => NewCode::Failed(unknown(outcome)),
        Err(error) => NewCode::Failed(ApiError::from(error).into()),
    }
}

#[cfg(test)]
mod tests {
    use supertokens_recipes::User;

    use super::*;

    #[test]
    fn each_outcome_of_a_code_keeps_the_form_or_starts_again() {
        let signed_in = ConsumeCode::Ok { user: User::default(), created_new_user: true };
        assert_eq!(code_outcome(signed_in), CodeOutcome::SignedIn);
        assert_eq!(code_outcome(ConsumeCode::RestartFlow), CodeOutcome::Restart(RESTART));
        let CodeOutcome::Failed(error) = code_outcome(ConsumeCode::NotAllowed { reason: "No.".to_owned() })
        else {
            panic!("it is signed in");
        };
        assert_eq!((error.form(), error.field()), (Some("No."), None));
    }
}
