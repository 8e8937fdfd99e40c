use supertokens_recipes::email_verification::{self, SendEmail, VerifyEmail};
use supertokens_session::SessionClient;

use crate::{
    api::{Api, ApiError, Inbox},
    sign_in::{FormError, filled_in, unknown},
};

/// The outcome of a request for a code.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeRequest {
    pub message: &'static str,
    /// The mailbox with the code, if there is a code.
    pub inbox: Option<Inbox>,
}

/// Sends a code to the user's e-mail address.
pub async fn request_code(client: SessionClient) -> Result<CodeRequest, String> {
    match email_verification::send_email(&client).await.map_err(ApiError::from)? {
        SendEmail::AlreadyVerified => {
            Ok(CodeRequest { message: "The address is already verified.", inbox: None })
        }
        SendEmail::Ok => {
            Ok(CodeRequest { message: "The code was sent.", inbox: Some(Api::new(client).own_inbox().await) })
        }
        outcome => Err(unknown(outcome)),
    }
}

/// Sends a code. Returns why it does not verify the address.
pub async fn verify_code(client: SessionClient, code: String) -> Result<(), FormError> {
    let code = filled_in(&code, "Enter the code from the mail.")?;
    match email_verification::verify_email(&client, &code).await? {
        VerifyEmail::Ok => Ok(()),
        VerifyEmail::InvalidToken => {
            Err(FormError::Field("This code is wrong, or a later code has replaced it.".to_owned()))
        }
        outcome => Err(FormError::Form(unknown(outcome))),
    }
}
