//! No response makes a call panic, and an error names the field.

use std::future::IntoFuture;

use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};
use supertokens_recipes::{
    email_password, email_verification, multi_factor_auth, multi_tenancy, oauth2_provider, passwordless,
    third_party, totp, webauthn,
};
use supertokens_session::{SessionClient, SessionError};

use crate::world::{World, message};

/// Awaits each call of all recipes with the same response.
fn all(status: u16, body: &str, mut check: impl FnMut(&'static str, Result<(), SessionError>)) {
    let world = World::new();
    let client = world.client();
    let mut run = |name, call: &dyn Fn(&World, &SessionClient) -> Result<(), SessionError>| {
        check(name, call(&world, &client));
    };
    macro_rules! calls {
        ($($name:literal: $call:expr,)*) => {
            $(run($name, &|world, client| {
                let call: &dyn Fn(&SessionClient) -> _ = &$call;
                world.call(status, body, call(client)).map(drop)
            });)*
        };
    }
    let credential = webauthn::Credential::from_json("{}").expect("an object");
    let back = third_party::RedirectUri::new("https://app.example/back");
    calls! {
        "sign_up": |client| email_password::sign_up(client, "a", "b").into_future(),
        "sign_in": |client| email_password::sign_in(client, "a", "b").into_future(),
        "send_password_reset_email": |client| email_password::send_password_reset_email(client, "a").into_future(),
        "submit_new_password": |client| email_password::submit_new_password(client, "t", "p").into_future(),
        "does_email_exist": |client| email_password::does_email_exist(client, "a").into_future(),
        "send_email": |client| email_verification::send_email(client).into_future(),
        "is_email_verified": |client| email_verification::is_email_verified(client).into_future(),
        "verify_email": |client| email_verification::verify_email(client, "t").into_future(),
        "create_code": |client| {
            passwordless::create_code(client, passwordless::Contact::Email("a")).into_future()
        },
        "email_exists": |client| passwordless::does_email_exist(client, "a").into_future(),
        "phone_number_exists": |client| passwordless::does_phone_number_exist(client, "a").into_future(),
        "authorisation_url": |client| third_party::authorisation_url(client, "demo", &back).into_future(),
        "login_methods": |client| multi_tenancy::login_methods(client).into_future(),
        "mfa_info": |client| multi_factor_auth::resync_session_and_fetch_mfa_info(client).into_future(),
        "list_devices": |client| totp::list_devices(client).into_future(),
        "create_device": |client| totp::create_device(client, None).into_future(),
        "verify_device": |client| totp::verify_device(client, "d", "1").into_future(),
        "verify_code": |client| totp::verify_code(client, "1").into_future(),
        "remove_device": |client| totp::remove_device(client, "d").into_future(),
        "login_challenge_info": |client| oauth2_provider::login_challenge_info(client, "c").into_future(),
        "redirect_url": |client| oauth2_provider::redirect_url_to_continue(client, "c").into_future(),
        "log_out": |client| oauth2_provider::log_out(client, "c").into_future(),
        "register_options": |client| webauthn::register_options(client, "a").into_future(),
        "recover_account_options": |client| webauthn::recover_account_options(client, "t").into_future(),
        "sign_in_options": |client| webauthn::sign_in_options(client).into_future(),
        "passkey_sign_up": |client| webauthn::sign_up(client, "o", &credential).into_future(),
        "passkey_sign_in": |client| webauthn::sign_in(client, "o", &credential).into_future(),
        "passkey_email_exists": |client| webauthn::does_email_exist(client, "a").into_future(),
        "send_recover_account_email": |client| {
            webauthn::send_recover_account_email(client, "a").into_future()
        },
        "recover_account": |client| {
            webauthn::recover_account(client, "t", "o", &credential).into_future()
        },
        "list_credentials": |client| webauthn::list_credentials(client).into_future(),
        "register_credential": |client| {
            webauthn::register_credential(client, "r", "o", &credential).into_future()
        },
        "remove_credential": |client| webauthn::remove_credential(client, "c").into_future(),
        "register_and_sign_up": |client| webauthn::register_and_sign_up(client, "a").into_future(),
        "authenticate_and_sign_in": |client| webauthn::authenticate_and_sign_in(client).into_future(),
        "register_and_recover_account": |client| {
            webauthn::register_and_recover_account(client, "t").into_future()
        },
    }
    // These need an attempt.
    let created = r#"{"status":"OK","deviceId":"d","preAuthSessionId":"p","flowType":"MAGIC_LINK"}"#;
    let begin = passwordless::create_code(&client, passwordless::Contact::Email("a"));
    world.call(200, created, begin).expect("an attempt");
    check("resend_code", world.call(status, body, passwordless::resend_code(&client)).map(drop));
    check("consume_code", world.call(status, body, passwordless::consume_code(&client, "1")).map(drop));
}

/// A value of any type, of the names and the statuses of the recipes.
fn any_json() -> impl Strategy<Value = Value> {
    let statuses = select(vec![
        "OK",
        "FIELD_ERROR",
        "GENERAL_ERROR",
        "SIGN_IN_NOT_ALLOWED",
        "INCORRECT_USER_INPUT_CODE_ERROR",
        "INVALID_TOTP_ERROR",
        "LIMIT_REACHED_ERROR",
        "ERROR",
        "RESTART_FLOW_ERROR",
        "https://a.example",
        "",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        statuses.prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    let names = select(vec![
        "status",
        "user",
        "id",
        "emails",
        "formFields",
        "error",
        "reason",
        "exists",
        "isVerified",
        "flowType",
        "deviceId",
        "preAuthSessionId",
        "factors",
        "next",
        "devices",
        "name",
        "period",
        "info",
        "clientId",
        "frontendRedirectTo",
        "urlWithQueryParams",
        "thirdParty",
        "loginMethods",
        "message",
        "timeJoined",
        "challenge",
        "webauthnGeneratedOptionsId",
        "credentials",
        "excludeCredentials",
    ]);
    leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(names.clone(), inner, 0..8).prop_map(|fields| fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_a_call_panic(status in select(vec![200_u16, 400, 404, 500]), body in any_json()) {
        all(status, &body.to_string(), |_, _| ());
    }

    #[test]
    fn no_text_makes_a_call_panic(body in ".{0,64}") {
        all(200, &body, |_, _| ());
    }

    /// Whatever is wrong inside a success, the error names a field of it, or the call does not need that field.
    #[test]
    fn an_error_of_a_malformed_success_names_a_field(mut body in any_json()) {
        if !body.is_object() {
            body = json!({});
        }
        body["status"] = json!("OK");
        all(200, &body.to_string(), |name, outcome| {
            if let Err(error) = outcome {
                let message = message(error);
                assert!(message.starts_with("the field `"), "{name}: {message}");
            }
        });
    }
}

#[test]
fn a_body_without_json_says_so() {
    for body in ["", "<html>", "[]", "null", "{"] {
        all(200, body, |name, outcome| {
            let error = message(outcome.expect_err(name));
            assert!(error.contains("JSON"), "{name}: {error}");
        });
    }
}

#[test]
fn an_http_error_without_an_outcome_is_an_error_with_its_status() {
    for (status, body) in [(500, ""), (400, r#"{"message":"bad input"}"#), (502, "<html>")] {
        all(status, body, |name, outcome| {
            assert_eq!(outcome, Err(SessionError::Status { status }), "{name}");
        });
    }
}
