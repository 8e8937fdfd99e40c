//! What the calls send.

use serde_json::json;
use supertokens_recipes::{
    email_password::{self, SignIn, SignUp},
    multi_tenancy, oauth2_provider,
    oauth2_provider::{LoginChallengeInfo, RedirectUrl},
    totp,
};
use supertokens_session::{SessionConfig, SessionError, platform::Method};

use crate::world::World;

const USER: &str = r#"{"status":"OK","user":{"id":"u1","emails":["a@b.co"],"tenantIds":["public"]}}"#;

#[test]
fn a_sign_in_sends_its_form_with_the_recipe_and_the_versions() {
    let world = World::new();
    let outcome = world.call(200, USER, email_password::sign_in(&world.client(), "a@b.co", "p\"w"));
    let SignIn::Ok { user } = outcome.unwrap() else { panic!() };
    assert_eq!((user.id.as_str(), user.emails), ("u1", vec!["a@b.co".to_owned()]));
    let request = world.request().unwrap();
    assert_eq!((request.method, request.url.as_str()), (Method::Post, "https://api.example.com/auth/signin"));
    assert_eq!(request.headers.get("rid"), Some("emailpassword"));
    assert!(request.headers.get("fdi-version").unwrap().ends_with("4.2"));
    assert_eq!(request.headers.get("content-type"), Some("application/json"));
}

#[test]
fn fields_and_options_are_in_the_body() {
    let world = World::new();
    let sign_up = email_password::sign_up(&world.client(), "a@b.co", "p").field("name", "Zoë");
    let outcome = world.call(200, r#"{"status":"NEW_STATUS"}"#, sign_up.link_session_user(true));
    assert_eq!(outcome, Ok(SignUp::Other { status: "NEW_STATUS".to_owned() }));
    let fields = [("email", "a@b.co"), ("password", "p"), ("name", "Zoë")];
    let fields = fields.map(|(id, value)| json!({ "id": id, "value": value }));
    assert_eq!(world.sent(), json!({ "formFields": fields, "shouldTryLinkingWithSessionUser": true }));
}

#[test]
fn the_tenant_is_an_argument_or_a_setting() {
    let world = World::new();
    let ok = r#"{"status":"OK"}"#;
    let path = || world.request().unwrap().url.path_and_query().to_owned();
    let acme = world.client_with(SessionConfig::builder("https://api.example.com").tenant_id("acme"));
    world.call(200, ok, multi_tenancy::login_methods(&acme)).unwrap();
    assert_eq!(path(), "/auth/acme/loginmethods");
    world.call(200, ok, multi_tenancy::login_methods(&acme).tenant("other")).unwrap();
    assert_eq!(path(), "/auth/other/loginmethods");
    world.call(200, ok, multi_tenancy::login_methods(&world.client()).tenant(None)).unwrap();
    assert_eq!(path(), "/auth/loginmethods");

    let call = multi_tenancy::login_methods(&world.client()).tenant("../signout");
    assert!(matches!(world.call(200, ok, call), Err(SessionError::Config(_))));
    assert!(world.request().is_none(), "nothing is sent for a tenant that would change the path");
}

#[test]
fn a_query_is_encoded() {
    let world = World::new();
    let call = email_password::does_email_exist(&world.client(), "a+b@c.co&x=#");
    world.call(200, r#"{"status":"OK","exists":true}"#, call).unwrap();
    let query = "/auth/emailpassword/email/exists?email=a%2Bb%40c.co%26x%3D%23";
    assert_eq!(world.request().unwrap().url.path_and_query(), query);
}

#[test]
fn an_optional_field_without_a_value_is_not_sent() {
    let world = World::new();
    let body = r#"{"status":"DEVICE_ALREADY_EXISTS_ERROR"}"#;
    world.call(200, body, totp::create_device(&world.client(), None)).unwrap();
    assert_eq!(world.sent(), json!({}));
}

#[test]
fn a_message_for_the_user_is_an_error_of_each_call() {
    let world = World::new();
    let body = r#"{"status":"GENERAL_ERROR","message":"Try tomorrow."}"#;
    let outcome = world.call(200, body, email_password::sign_in(&world.client(), "a", "b"));
    assert_eq!(outcome, Err(SessionError::General { message: "Try tomorrow.".to_owned() }));
}

#[test]
fn oauth2_has_outcomes_without_a_status() {
    let world = World::new();
    let client = world.client();
    let call = || oauth2_provider::redirect_url_to_continue(&client, "c");
    let ok = world.call(200, r#"{"frontendRedirectTo":"https://other.example/back?code=1"}"#, call());
    let Ok(RedirectUrl::Ok { url }) = ok else { panic!("{ok:?}") };
    assert_eq!(url, "https://other.example/back?code=1");
    let error = r#"{"error":"not_found","error_description":"no such challenge"}"#;
    let Ok(RedirectUrl::Error(error_found)) = world.call(404, error, call()) else { panic!() };
    assert_eq!(
        (error_found.error.as_str(), error_found.description.as_str()),
        ("not_found", "no such challenge")
    );
    let info = world.call(404, error, oauth2_provider::login_challenge_info(&client, "c"));
    assert!(matches!(info, Ok(LoginChallengeInfo::Error(_))));

    let script = world.call(200, r#"{"frontendRedirectTo":"javascript:alert(1)"}"#, call());
    assert!(matches!(script, Err(SessionError::DeserializeBody { .. })), "{script:?}");
    let other_recipe = world.call(404, error, email_password::sign_in(&client, "a", "b"));
    assert_eq!(other_recipe, Err(SessionError::Status { status: 404 }));
}

#[test]
fn oauth2_continues_after_a_refresh_if_the_backend_asks_for_one() {
    let world = World::new();
    let client = world.client();
    let refresh = r#"{"frontendRedirectTo":"https://app.example/auth/try-refresh?loginChallenge=c"}"#;
    for (second, path) in [
        ("https://other.example/back?code=1", "/back"),
        ("https://app.example/auth?loginChallenge=c", "/auth"),
        ("https://app.example/auth/try-refresh?loginChallenge=c", "/auth/try-refresh"),
    ] {
        world.second_response(200, format!(r#"{{"frontendRedirectTo":"{second}"}}"#));
        let outcome = world.call(200, refresh, oauth2_provider::redirect_url_to_continue(&client, "c"));
        let Ok(RedirectUrl::Ok { url }) = outcome else { panic!("{outcome:?}") };
        assert!(url.contains(path), "{url}");
    }
}

#[test]
fn no_secret_is_in_a_debug_text() {
    let world = World::new();
    let call = email_password::sign_in(&world.client(), "a@b.co", "my-secret");
    assert!(!format!("{call:?}").contains("my-secret"));
    let body = r#"{"status":"OK","deviceName":"d","secret":"my-secret","qrCodeString":"otpauth:my-secret"}"#;
    let device = world.call(200, body, totp::create_device(&world.client(), "d")).unwrap();
    assert!(!format!("{device:?}").contains("my-secret"));
}
