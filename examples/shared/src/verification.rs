use crate::api::{Api, Mailbox, SendCode, Verify};

/// The outcome of a request for a code.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeRequest {
    pub message: String,
    /// The mail that the demo does not send, if there is a code.
    pub mailbox: Option<Result<Mailbox, String>>,
}

pub async fn request_code(api: Api) -> Result<CodeRequest, String> {
    Ok(match api.clone().send_code().await? {
        SendCode::AlreadyVerified => {
            CodeRequest { message: "The address is already verified.".to_owned(), mailbox: None }
        }
        SendCode::Sent => CodeRequest {
            message: "The code was sent.".to_owned(),
            mailbox: Some(api.mailbox().await.map_err(String::from)),
        },
    })
}

/// Sends a code. Returns why it does not verify the address.
pub async fn verify_code(api: Api, code: String) -> Result<(), String> {
    match api.verify_email(&code).await? {
        Verify::Verified => Ok(()),
        Verify::WrongCode => Err("This code is wrong, or a later code has replaced it.".to_owned()),
    }
}
