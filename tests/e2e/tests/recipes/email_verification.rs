//! The address of a signed-in user is verified by a mailed token.

use std::time::Duration;

use serde_json::json;
use supertokens_recipes::email_verification::{
    IsEmailVerified, SendEmail, VerifyEmail, is_email_verified, send_email, verify_email,
};
use supertokens_session::SessionError;

use crate::{EMAIL, newcomer, text, visitor, with_recipes};

#[tokio::test]
async fn a_mailed_token_verifies_the_address_once_and_without_a_session() {
    with_recipes(async |api| {
        let (client, _) = newcomer(api, EMAIL).await;
        assert_eq!(is_email_verified(&client).await, Ok(IsEmailVerified::Ok { is_verified: false }));
        assert_eq!(client.payload().await.unwrap()["st-ev"]["v"], json!(false));
        assert_eq!(send_email(&client).await, Ok(SendEmail::Ok));
        let token = text(&api.controls.last_mail_to(EMAIL).await, "token");

        let elsewhere = visitor(api);
        assert_eq!(verify_email(&elsewhere, &token).await, Ok(VerifyEmail::Ok));
        assert_eq!(verify_email(&elsewhere, &token).await, Ok(VerifyEmail::InvalidToken));

        assert_eq!(is_email_verified(&client).await, Ok(IsEmailVerified::Ok { is_verified: true }));
        assert_eq!(client.payload().await.unwrap()["st-ev"]["v"], json!(true));
        assert_eq!(send_email(&client).await, Ok(SendEmail::AlreadyVerified));
    })
    .await;
}

#[tokio::test]
async fn an_old_token_verifies_nothing() {
    with_recipes(async |api| {
        let (client, _) = newcomer(api, EMAIL).await;
        api.controls.set_code_lifetime(Duration::ZERO).await;
        assert_eq!(send_email(&client).await, Ok(SendEmail::Ok));
        let token = text(&api.controls.last_mail_to(EMAIL).await, "token");
        assert_eq!(verify_email(&client, &token).await, Ok(VerifyEmail::InvalidToken));
        assert_eq!(is_email_verified(&client).await, Ok(IsEmailVerified::Ok { is_verified: false }));
    })
    .await;
}

#[tokio::test]
async fn without_a_session_no_mail_is_sent() {
    with_recipes(async |api| {
        let client = visitor(api);
        assert_eq!(send_email(&client).await, Err(SessionError::NoSession));
        assert_eq!(is_email_verified(&client).await, Err(SessionError::NoSession));
    })
    .await;
}
