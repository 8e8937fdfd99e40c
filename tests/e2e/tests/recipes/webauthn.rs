//! Passkeys of an authenticator in software.

use std::time::Duration;

use e2e::sdk::Api;
use serde_json::{Value, json};
use supertokens_recipes::webauthn::*;
use supertokens_session::{SessionClient, SessionError};

use crate::{EMAIL, assert_signed_in, general, visitor, with_recipes};

async fn options(client: &SessionClient, email: &str) -> RegisterOptions {
    match register_options(client, email).await.unwrap() {
        RegisterOptionsOutcome::Ok { options } => options,
        outcome => panic!("{outcome:?}"),
    }
}

fn with(json: &str, changes: Value) -> Value {
    let mut all: Value = serde_json::from_str(json).unwrap();
    all.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    all
}

async fn create(api: &Api, options: &RegisterOptions, changes: Value) -> Credential {
    let credential = api.controls.passkey("create", with(&options.to_json(), changes)).await;
    Credential::from_json(credential.to_string()).unwrap()
}

/// Signs up with a new passkey, and returns it with its id.
async fn sign_up_with_passkey(api: &Api, client: &SessionClient, email: &str) -> (Credential, String) {
    let options = options(client, email).await;
    let credential = create(api, &options, json!({})).await;
    let outcome = sign_up(client, &options.id, &credential).await.unwrap();
    let SignUp::Ok { user } = outcome else { panic!("{outcome:?}") };
    assert_signed_in(client, &user).await;
    let id = with(credential.as_json(), json!({}))["id"].as_str().unwrap().to_owned();
    (credential, id)
}

async fn sign_in_with_passkey(api: &Api, client: &SessionClient, id: &str) -> SignIn {
    let outcome = sign_in_options(client).await.unwrap();
    let SignInOptionsOutcome::Ok { options } = outcome else { panic!("{outcome:?}") };
    let request = with(&options.to_json(), json!({ "credentialId": id }));
    let credential = api.controls.passkey("get", request).await;
    let credential = Credential::from_json(credential.to_string()).unwrap();
    sign_in(client, &options.id, &credential).await.unwrap()
}

#[tokio::test]
async fn a_passkey_signs_its_user_up_and_in() {
    with_recipes(async |api| {
        let client = visitor(api);
        assert_eq!(does_email_exist(&client, EMAIL).await, Ok(DoesEmailExist::Ok { exists: false }));
        let (_, id) = sign_up_with_passkey(api, &client, EMAIL).await;
        assert_eq!(does_email_exist(&client, EMAIL).await, Ok(DoesEmailExist::Ok { exists: true }));
        let outcome = sign_in_with_passkey(api, &visitor(api), &id).await;
        assert!(matches!(outcome, SignIn::Ok { .. }), "{outcome:?}");
        let again = options(&client, EMAIL).await;
        let credential = create(api, &again, json!({})).await;
        assert_eq!(sign_up(&visitor(api), &again.id, &credential).await, Ok(SignUp::EmailAlreadyExists));
    })
    .await;
}

#[tokio::test]
async fn each_reason_to_reject_a_passkey_is_an_outcome() {
    with_recipes(async |api| {
        let client = visitor(api);
        let options_of = options(&client, EMAIL).await;
        let elsewhere = create(api, &options_of, json!({ "origin": "http://localhost:1" })).await;
        let outcome = sign_up(&client, &options_of.id, &elsewhere).await;
        assert_eq!(outcome, Ok(SignUp::Rejected(Rejection::InvalidCredentials)));
        assert_eq!(
            sign_up(&client, "unknown", &elsewhere).await,
            Ok(SignUp::Rejected(Rejection::OptionsNotFound))
        );
        let absent = create(api, &options_of, json!({ "isPresent": false })).await;
        let outcome = sign_up(&client, &options_of.id, &absent).await.unwrap();
        assert!(matches!(outcome, SignUp::Rejected(Rejection::InvalidAuthenticator { .. })), "{outcome:?}");
        api.controls.set_code_lifetime(Duration::ZERO).await;
        let expired = options(&client, EMAIL).await;
        let credential = create(api, &expired, json!({})).await;
        let outcome = sign_up(&client, &expired.id, &credential).await;
        assert_eq!(outcome, Ok(SignUp::Rejected(Rejection::InvalidOptions)));
        api.controls.restore_code_lifetime().await;
        let outcome = register_options(&client, "x").await.unwrap();
        assert!(matches!(outcome, RegisterOptionsOutcome::InvalidEmail { .. }), "{outcome:?}");
        let call = register_options(&client, "general@example.com");
        assert_eq!(call.await.map(drop), general());
        let outcome = sign_in(&client, "unknown", &elsewhere).await;
        assert_eq!(outcome, Ok(SignIn::InvalidCredentials));
        let (_, id) = sign_up_with_passkey(api, &client, "late-refused@example.com").await;
        let outcome = sign_in_with_passkey(api, &visitor(api), &id).await;
        assert!(matches!(outcome, SignIn::NotAllowed { .. }), "{outcome:?}");
    })
    .await;
}

#[tokio::test]
async fn passkeys_are_listed_and_removed() {
    with_recipes(async |api| {
        let client = visitor(api);
        let (_, id) = sign_up_with_passkey(api, &client, EMAIL).await;
        let outcome = list_credentials(&client).await.unwrap();
        let ListCredentials::Ok { credentials } = outcome else { panic!("{outcome:?}") };
        assert_eq!(credentials.len(), 1);
        assert_eq!(credentials[0].id, id);
        let more = options(&client, EMAIL).await;
        let second = create(api, &more, json!({})).await;
        let user = &credentials[0].recipe_user_id;
        assert_eq!(register_credential(&client, user, &more.id, &second).await, Ok(RegisterCredential::Ok));
        let outcome = register_credential(&client, user, &more.id, &second).await.unwrap();
        assert!(matches!(outcome, RegisterCredential::NotAllowed { .. }), "{outcome:?}");
        assert_eq!(remove_credential(&client, &id).await, Ok(RemoveCredential::Ok));
        // supertokens-node says it in this way.
        let again = remove_credential(&client, &id).await;
        assert_eq!(again, Err(SessionError::General { message: "User not found".to_owned() }));
    })
    .await;
}

#[tokio::test]
async fn a_mail_replaces_a_lost_passkey_once() {
    with_recipes(async |api| {
        let client = visitor(api);
        sign_up_with_passkey(api, &client, EMAIL).await;
        assert_eq!(send_recover_account_email(&client, EMAIL).await, Ok(SendRecoverAccountEmail::Ok));
        let mail = api.controls.last_mail_to(EMAIL).await;
        let token = mail["token"].as_str().unwrap();
        let outcome = recover_account_options(&client, token).await.unwrap();
        let RecoverAccountOptionsOutcome::Ok { options, .. } = outcome else { panic!("{outcome:?}") };
        let credential = create(api, &options, json!({})).await;
        assert_eq!(recover_account(&client, token, &options.id, &credential).await, Ok(RecoverAccount::Ok));
        let again = recover_account(&client, token, &options.id, &credential).await;
        assert_eq!(again, Ok(RecoverAccount::InvalidToken));
        let outcome = recover_account_options(&client, "unknown").await;
        assert_eq!(outcome, Ok(RecoverAccountOptionsOutcome::InvalidToken));
    })
    .await;
}
