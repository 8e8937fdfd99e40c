//! The calls of the WebAuthn recipe. Outside a browser each ceremony fails.

use std::{future::IntoFuture, time::Duration};

use futures_util::FutureExt;
use serde_json::{Value, json};
use supertokens_recipes::webauthn::{
    self, AuthenticateAndSignIn, CeremonyError, Credential, DoesEmailExist, ListCredentials, RecoverAccount,
    RecoverAccountOptionsOutcome, RegisterAndRecoverAccount, RegisterAndSignUp, RegisterCredential,
    RegisterOptions, RegisterOptionsOutcome, Rejection, RemoveCredential, SendRecoverAccountEmail, SignIn,
    SignInOptions, SignInOptionsOutcome, SignUp,
};
use supertokens_session::{
    SessionClient, SessionError,
    platform::{Body, Method},
};

use crate::world::{World, message};

fn register() -> Value {
    json!({
        "status": "OK",
        "webauthnGeneratedOptionsId": "o1",
        "createdAt": 1, "expiresAt": 60_001,
        "rp": { "id": "app.example", "name": "App" },
        "user": { "id": "dTE", "name": "a@b.co", "displayName": "Ada" },
        "challenge": "-_8",
        "timeout": 60_000,
        "excludeCredentials": [{ "id": "AQI", "type": "public-key", "transports": ["usb"] }],
        "attestation": "none",
        "pubKeyCredParams": [{ "alg": -7, "type": "public-key" }],
        "authenticatorSelection": {
            "requireResidentKey": true, "residentKey": "required", "userVerification": "preferred",
        },
    })
}

fn sign_in() -> Value {
    json!({
        "status": "OK",
        "webauthnGeneratedOptionsId": "o2",
        "createdAt": 1, "expiresAt": 60_001,
        "rpId": "app.example",
        "challenge": "AQI=",
        "timeout": 60_000,
        "userVerification": "preferred",
    })
}

/// The options without the fields that are not for the browser.
fn for_the_browser(mut options: Value) -> Value {
    let fields = options.as_object_mut().unwrap();
    for name in ["status", "webauthnGeneratedOptionsId", "createdAt", "expiresAt"] {
        fields.remove(name);
    }
    options
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn credential() -> Credential {
    Credential::from_json(r#"{"id":"AQI","response":{}}"#).unwrap()
}

fn register_options(body: &Value) -> RegisterOptions {
    let world = World::new();
    let call = webauthn::register_options(&world.client(), "a@b.co");
    match world.call(200, body.to_string(), call).unwrap() {
        RegisterOptionsOutcome::Ok { options } => options,
        outcome => panic!("{outcome:?}"),
    }
}

fn sign_in_options(body: &Value) -> SignInOptions {
    let world = World::new();
    match world.call(200, body.to_string(), webauthn::sign_in_options(&world.client())).unwrap() {
        SignInOptionsOutcome::Ok { options } => options,
        outcome => panic!("{outcome:?}"),
    }
}

/// Awaits a call that gets a response with this status.
fn with_status<C, T>(call: impl FnOnce(&SessionClient) -> C, status: &str) -> T
where
    C: IntoFuture<Output = Result<T, SessionError>>,
{
    let world = World::new();
    let body = json!({ "status": status, "reason": "r", "err": "e", "user": { "id": "u1" } });
    let call = call(&world.client());
    world.call(200, body.to_string(), call).unwrap()
}

#[test]
fn each_call_has_its_path_and_its_body() {
    let world = World::new();
    let client = world.client();
    let credential = credential();
    let sent = json_of(credential.as_json());
    macro_rules! sends {
        ($call:expr, $path:literal, $body:expr) => {
            world.call(200, r#"{"status":"NEW_STATUS"}"#, $call).unwrap();
            let request = world.request().unwrap();
            assert_eq!(request.headers.get("rid"), Some("webauthn"));
            assert_eq!((request.method, request.url.path_and_query()), (Method::Post, $path));
            let Body::Text(body) = request.body else { panic!() };
            assert_eq!(json_of(&body), $body);
        };
    }
    sends!(
        webauthn::register_options(&client, "a@b.co"),
        "/auth/webauthn/options/register",
        json!({ "email": "a@b.co" })
    );
    sends!(
        webauthn::recover_account_options(&client, "t"),
        "/auth/webauthn/options/register",
        json!({ "recoverAccountToken": "t" })
    );
    sends!(webauthn::sign_in_options(&client), "/auth/webauthn/options/signin", json!({}));
    sends!(
        webauthn::sign_up(&client, "o", &credential).tenant("acme").link_session_user(true),
        "/auth/acme/webauthn/signup",
        json!({
            "webauthnGeneratedOptionsId": "o", "credential": sent, "shouldTryLinkingWithSessionUser": true,
        })
    );
    sends!(
        webauthn::sign_in(&client, "o", &credential).link_session_user(false),
        "/auth/webauthn/signin",
        json!({
            "webauthnGeneratedOptionsId": "o", "credential": sent, "shouldTryLinkingWithSessionUser": false,
        })
    );
    sends!(
        webauthn::send_recover_account_email(&client, "a@b.co"),
        "/auth/user/webauthn/reset/token",
        json!({ "email": "a@b.co" })
    );
    sends!(
        webauthn::recover_account(&client, "t", "o", &credential),
        "/auth/user/webauthn/reset",
        json!({ "webauthnGeneratedOptionsId": "o", "credential": sent, "token": "t" })
    );
    sends!(
        webauthn::register_credential(&client, "r", "o", &credential),
        "/auth/webauthn/credential",
        json!({ "webauthnGeneratedOptionsId": "o", "credential": sent, "recipeUserId": "r" })
    );
    sends!(
        webauthn::remove_credential(&client, "c"),
        "/auth/webauthn/credential/remove",
        json!({ "webauthnCredentialId": "c" })
    );
}

#[test]
fn reads_are_get_requests() {
    let world = World::new();
    let client = world.client();
    let body = r#"{"status":"OK","exists":true}"#;
    let outcome = world.call(200, body, webauthn::does_email_exist(&client, "a+b@c.co"));
    assert_eq!(outcome, Ok(DoesEmailExist::Ok { exists: true }));
    let request = world.request().unwrap();
    let path = "/auth/webauthn/email/exists?email=a%2Bb%40c.co";
    assert_eq!((request.method, request.url.path_and_query()), (Method::Get, path));

    let stored = json!({
        "recipeUserId": "r", "webauthnCredentialId": "c", "relyingPartyId": "app.example", "createdAt": 1_500,
    });
    let body = json!({ "status": "OK", "credentials": [stored] }).to_string();
    let outcome = world.call(200, body, webauthn::list_credentials(&client));
    let Ok(ListCredentials::Ok { credentials }) = outcome else { panic!("{outcome:?}") };
    assert_eq!((credentials[0].id.as_str(), credentials[0].recipe_user_id.as_str()), ("c", "r"));
    assert_eq!(credentials[0].relying_party_id, "app.example");
    assert_eq!(credentials[0].created_at, Duration::from_millis(1_500));
    let request = world.request().unwrap();
    assert_eq!((request.method, request.url.path()), (Method::Get, "/auth/webauthn/credential/list"));
}

#[test]
fn each_status_of_the_options_has_an_outcome() {
    let read = |status| with_status(|client| webauthn::register_options(client, "a"), status);
    assert_eq!(read("INVALID_EMAIL_ERROR"), RegisterOptionsOutcome::InvalidEmail { message: "e".to_owned() });
    assert_eq!(read("INVALID_OPTIONS_ERROR"), RegisterOptionsOutcome::InvalidOptions);
    assert_eq!(read("NEW"), RegisterOptionsOutcome::Other { status: "NEW".to_owned() });
    let read = |status| with_status(|client| webauthn::recover_account_options(client, "t"), status);
    assert_eq!(read("RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"), RecoverAccountOptionsOutcome::InvalidToken);
    assert_eq!(read("INVALID_OPTIONS_ERROR"), RecoverAccountOptionsOutcome::InvalidOptions);
    assert_eq!(read("NEW"), RecoverAccountOptionsOutcome::Other { status: "NEW".to_owned() });
    let read = |status| with_status(webauthn::sign_in_options, status);
    assert_eq!(read("INVALID_OPTIONS_ERROR"), SignInOptionsOutcome::InvalidOptions);
    assert_eq!(read("NEW"), SignInOptionsOutcome::Other { status: "NEW".to_owned() });
}

#[test]
fn each_status_of_a_sign_in_has_an_outcome() {
    let read = |status| with_status(|client| webauthn::sign_in(client, "o", &credential()), status);
    assert!(matches!(read("OK"), SignIn::Ok { user } if user.id == "u1"));
    assert_eq!(read("INVALID_CREDENTIALS_ERROR"), SignIn::InvalidCredentials);
    assert_eq!(read("SIGN_IN_NOT_ALLOWED"), SignIn::NotAllowed { reason: "r".to_owned() });
    assert_eq!(read("NEW"), SignIn::Other { status: "NEW".to_owned() });
}

#[test]
fn each_status_of_a_new_passkey_has_an_outcome() {
    let rejections = [
        ("INVALID_CREDENTIALS_ERROR", Rejection::InvalidCredentials),
        ("INVALID_OPTIONS_ERROR", Rejection::InvalidOptions),
        ("OPTIONS_NOT_FOUND_ERROR", Rejection::OptionsNotFound),
        ("INVALID_AUTHENTICATOR_ERROR", Rejection::InvalidAuthenticator { reason: "r".to_owned() }),
    ];
    let up = |status| with_status(|client| webauthn::sign_up(client, "o", &credential()), status);
    let recover =
        |status| with_status(|client| webauthn::recover_account(client, "t", "o", &credential()), status);
    let add =
        |status| with_status(|client| webauthn::register_credential(client, "r", "o", &credential()), status);
    for (status, rejection) in rejections {
        assert_eq!(up(status), SignUp::Rejected(rejection.clone()));
        assert_eq!(recover(status), RecoverAccount::Rejected(rejection.clone()));
        assert_eq!(add(status), RegisterCredential::Rejected(rejection));
    }
    let reason = "r".to_owned();
    assert!(matches!(up("OK"), SignUp::Ok { user } if user.id == "u1"));
    assert_eq!(up("EMAIL_ALREADY_EXISTS_ERROR"), SignUp::EmailAlreadyExists);
    assert_eq!(up("SIGN_UP_NOT_ALLOWED"), SignUp::NotAllowed { reason: reason.clone() });
    assert_eq!(recover("OK"), RecoverAccount::Ok);
    assert_eq!(recover("RECOVER_ACCOUNT_TOKEN_INVALID_ERROR"), RecoverAccount::InvalidToken);
    assert_eq!(add("OK"), RegisterCredential::Ok);
    assert_eq!(add("REGISTER_CREDENTIAL_NOT_ALLOWED"), RegisterCredential::NotAllowed { reason });
}

#[test]
fn each_status_of_a_mail_and_of_a_removal_has_an_outcome() {
    let read = |status| with_status(|client| webauthn::send_recover_account_email(client, "a"), status);
    assert_eq!(read("OK"), SendRecoverAccountEmail::Ok);
    let refused = SendRecoverAccountEmail::NotAllowed { reason: "r".to_owned() };
    assert_eq!(read("RECOVER_ACCOUNT_NOT_ALLOWED"), refused);
    let read = |status| with_status(|client| webauthn::remove_credential(client, "c"), status);
    assert_eq!(read("OK"), RemoveCredential::Ok);
    assert_eq!(read("CREDENTIAL_NOT_FOUND_ERROR"), RemoveCredential::NotFound);
    assert_eq!(webauthn::recover_account_token(), None);
}

#[test]
fn the_browser_gets_the_backends_options_unchanged() {
    let mut options = register_options(&register());
    assert_eq!((options.id.as_str(), options.user_name.as_str()), ("o1", "a@b.co"));
    assert_eq!(json_of(&options.to_json()), for_the_browser(register()));
    options.display_name = "Z\"oë".to_owned();
    assert_eq!(json_of(&options.to_json())["user"]["displayName"], json!("Z\"oë"));
    assert_eq!(format!("{options:?}"), r#"RegisterOptions { id: "o1", .. }"#);

    let options = sign_in_options(&sign_in());
    assert_eq!(json_of(&options.to_json()), for_the_browser(sign_in()));
    assert_eq!(format!("{options:?}"), r#"SignInOptions { id: "o2", .. }"#);
}

#[test]
fn an_error_of_malformed_options_names_the_field() {
    let world = World::new();
    let client = world.client();
    for (pointer, value, error) in [
        ("/webauthnGeneratedOptionsId", json!(1), "the field `webauthnGeneratedOptionsId` is not a text"),
        ("/challenge", json!(null), "the field `challenge` is not a text"),
        ("/challenge", json!("+/8"), "the field `challenge` is not base64url"),
        ("/user", json!("u1"), "the field `user` is not an object"),
        ("/user/id", json!("?"), "the field `user.id` is not base64url"),
        ("/user/name", json!([]), "the field `user.name` is not a text"),
        ("/excludeCredentials/0/id", json!("A"), "the field `excludeCredentials.id` is not base64url"),
    ] {
        let mut body = register();
        *body.pointer_mut(pointer).unwrap() = value.clone();
        let call = webauthn::recover_account_options(&client, "t");
        assert_eq!(message(world.call(200, body.to_string(), call).unwrap_err()), error);
        let mut body = sign_in();
        if let Some(field) = body.pointer_mut(pointer) {
            *field = value;
            let call = webauthn::sign_in_options(&client);
            assert_eq!(message(world.call(200, body.to_string(), call).unwrap_err()), error);
        }
    }
}

#[test]
fn a_credential_is_a_json_object() {
    for text in ["", "[]", "\"a\"", "{", "{}, {}"] {
        assert_eq!(Credential::from_json(text), None);
    }
    assert_eq!(format!("{:?}", credential()), "Credential { .. }");
}

#[test]
fn outside_a_browser_there_are_no_passkeys() {
    assert!(!webauthn::is_supported());
    let outcome = webauthn::create_credential(&register_options(&register())).now_or_never();
    assert_eq!(outcome, Some(Err(CeremonyError::NotSupported)));
    let outcome = webauthn::get_credential(&sign_in_options(&sign_in())).now_or_never();
    assert_eq!(outcome, Some(Err(CeremonyError::NotSupported)));
}

#[test]
fn a_ceremony_begins_with_the_options_of_the_tenant() {
    let world = World::new();
    let client = world.client();
    let path = || world.request().unwrap().url.path().to_owned();
    let call = webauthn::register_and_sign_up(&client, "a@b.co").tenant("acme").link_session_user(true);
    let outcome = world.call(200, register().to_string(), call);
    assert_eq!(outcome, Ok(RegisterAndSignUp::Ceremony(CeremonyError::NotSupported)));
    assert_eq!(path(), "/auth/acme/webauthn/options/register");
    let call = webauthn::authenticate_and_sign_in(&client).tenant(None);
    let outcome = world.call(200, sign_in().to_string(), call);
    assert_eq!(outcome, Ok(AuthenticateAndSignIn::Ceremony(CeremonyError::NotSupported)));
    assert_eq!(path(), "/auth/webauthn/options/signin");
    let call = webauthn::register_and_recover_account(&client, "t");
    let outcome = world.call(200, register().to_string(), call);
    assert_eq!(outcome, Ok(RegisterAndRecoverAccount::Ceremony(CeremonyError::NotSupported)));
    assert_eq!(world.sent(), json!({ "recoverAccountToken": "t" }));
}

#[test]
fn without_options_there_is_no_ceremony() {
    let up = |status| with_status(|client| webauthn::register_and_sign_up(client, "a"), status);
    assert_eq!(up("INVALID_EMAIL_ERROR"), RegisterAndSignUp::InvalidEmail { message: "e".to_owned() });
    let rejected = SignUp::Rejected(Rejection::InvalidOptions);
    assert_eq!(up("INVALID_OPTIONS_ERROR"), RegisterAndSignUp::SignUp(rejected));
    let other = SignUp::Other { status: "NEW".to_owned() };
    assert_eq!(up("NEW"), RegisterAndSignUp::SignUp(other));

    let read = |status| with_status(webauthn::authenticate_and_sign_in, status);
    assert_eq!(read("INVALID_OPTIONS_ERROR"), AuthenticateAndSignIn::InvalidOptions);
    let other = SignIn::Other { status: "NEW".to_owned() };
    assert_eq!(read("NEW"), AuthenticateAndSignIn::SignIn(other));

    for (status, outcome) in [
        ("RECOVER_ACCOUNT_TOKEN_INVALID_ERROR", RecoverAccount::InvalidToken),
        ("INVALID_OPTIONS_ERROR", RecoverAccount::Rejected(Rejection::InvalidOptions)),
        ("NEW", RecoverAccount::Other { status: "NEW".to_owned() }),
    ] {
        let read = with_status(|client| webauthn::register_and_recover_account(client, "t"), status);
        assert_eq!(read, RegisterAndRecoverAccount::RecoverAccount(outcome));
    }
}
