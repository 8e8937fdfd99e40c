//! The stored attempt of the Passwordless recipe.

use futures_util::FutureExt;
use serde_json::json;
use supertokens_recipes::passwordless::{
    self, ConsumeCode, Contact, CreateCode, Flow, ResendCode, attempt, clear_attempt, magic_link_of,
};
use supertokens_session::{SessionClient, SessionConfig};

use crate::world::World;

const CREATED: &str = r#"{"status":"OK","deviceId":"d","preAuthSessionId":"p","flowType":"USER_INPUT_CODE"}"#;
const RESTART: &str = r#"{"status":"RESTART_FLOW_ERROR"}"#;
const SIGNED_IN: &str = r#"{"status":"OK","createdNewRecipeUser":true,"user":{"id":"u1"}}"#;

fn wrong(failed: u64) -> String {
    json!({
        "status": "INCORRECT_USER_INPUT_CODE_ERROR",
        "failedCodeInputAttemptCount": failed,
        "maximumCodeInputAttempts": 5,
    })
    .to_string()
}

#[test]
fn an_attempt_lasts_from_the_first_code_until_the_user_is_signed_in() {
    let world = World::new();
    let client = world.client();
    assert_eq!(attempt(&client), None);
    let call = passwordless::create_code(&client, Contact::Email("a@b.co")).tenant("acme");
    let CreateCode::Ok { attempt: created } = world.call(200, CREATED, call).unwrap() else { panic!() };
    assert_eq!(world.sent(), json!({ "email": "a@b.co" }));
    // After a reload there is another client.
    let client = world.client();
    assert_eq!(attempt(&client), Some(created.clone()));
    assert_eq!((created.flow, created.contact_info.as_str()), (Flow::Code, "a@b.co"));
    assert!(!format!("{created:?}").contains("\"p\""));

    let outcome = world.call(200, wrong(2), passwordless::consume_code(&client, "0"));
    let ConsumeCode::IncorrectCode(attempts) = outcome.unwrap() else { panic!() };
    assert_eq!(attempts.left(), 3);
    assert!(attempt(&client).is_some());

    let outcome = world.call(200, SIGNED_IN, passwordless::consume_code(&client, "123456"));
    assert!(matches!(outcome, Ok(ConsumeCode::Ok { created_new_user: true, .. })));
    let request = world.request().unwrap();
    assert_eq!(request.url.path_and_query(), "/auth/acme/signinup/code/consume");
    assert_eq!(attempt(&client), None);
}

#[test]
fn an_attempt_that_has_to_start_again_is_cleared() {
    let world = World::new();
    let client = world.client();
    let begin = || {
        let call = passwordless::create_code(&client, Contact::PhoneNumber("+49301")).link_session_user(true);
        world.call(200, CREATED, call).unwrap();
    };
    begin();
    assert_eq!(
        world.call(200, RESTART, passwordless::consume_code(&client, "1")),
        Ok(ConsumeCode::RestartFlow)
    );
    let sent = json!({
        "deviceId": "d", "preAuthSessionId": "p", "userInputCode": "1", "shouldTryLinkingWithSessionUser": true,
    });
    assert_eq!(world.sent(), sent);
    assert_eq!(attempt(&client), None);
    begin();
    assert_eq!(world.call(200, RESTART, passwordless::resend_code(&client)), Ok(ResendCode::RestartFlow));
    assert_eq!(attempt(&client), None);
    begin();
    clear_attempt(&client);
    world.request();
    assert_eq!(
        world.call(200, SIGNED_IN, passwordless::consume_code(&client, "1")),
        Ok(ConsumeCode::RestartFlow)
    );
    assert_eq!(world.call(200, RESTART, passwordless::resend_code(&client)), Ok(ResendCode::RestartFlow));
    assert!(world.request().is_none(), "without an attempt nothing is sent");
}

#[test]
fn a_link_signs_in_without_the_device_and_ends_its_own_attempt_only() {
    let world = World::new();
    let client = world.client();
    let foreign = magic_link_of("?preAuthSessionId=other", "code").unwrap();
    let own = magic_link_of("?preAuthSessionId=p&tenantId=acme", "code").unwrap();
    assert!(!own.is_of_this_browser(&client), "there is no attempt");
    let call = passwordless::create_code(&client, Contact::Email("a@b.co")).link_session_user(false);
    world.call(200, CREATED, call).unwrap();
    assert!(own.is_of_this_browser(&client) && !foreign.is_of_this_browser(&client));

    let outcome = world.call(200, SIGNED_IN, passwordless::consume_link(&client, &foreign));
    assert!(matches!(outcome, Ok(ConsumeCode::Ok { .. })));
    assert_eq!(world.sent(), json!({ "preAuthSessionId": "other", "linkCode": "code" }));
    assert!(attempt(&client).is_some());
    world.call(200, SIGNED_IN, passwordless::consume_link(&client, &own)).unwrap();
    let request = world.request().unwrap();
    assert_eq!(request.url.path_and_query(), "/auth/acme/signinup/code/consume");
    assert_eq!(attempt(&client), None);
}

#[test]
fn a_rendering_server_stores_no_attempt() {
    let config = SessionConfig::builder("https://api.example.com").build().unwrap();
    let client = SessionClient::without_page(config);
    clear_attempt(&client);
    assert_eq!(attempt(&client), None);
}

#[test]
fn a_resent_code_links_like_the_first_one() {
    let world = World::new();
    let client = world.client();
    let call = passwordless::create_code(&client, Contact::Email("a@b.co")).link_session_user(true);
    world.call(200, CREATED, call).unwrap();
    assert_eq!(world.call(200, r#"{"status":"OK"}"#, passwordless::resend_code(&client)), Ok(ResendCode::Ok));
    assert_eq!(world.sent()["shouldTryLinkingWithSessionUser"], true);
}

#[test]
fn another_tabs_attempt_is_not_cleared() {
    let world = World::new();
    let client = world.client();
    let begin = |body: &str| {
        let call = passwordless::create_code(&client, Contact::Email("a@b.co"));
        world.call(200, body.to_owned(), call).unwrap();
    };
    begin(CREATED);
    // The attempt is read when the call begins.
    let mut consuming = Box::pin(passwordless::consume_code(&client, "1"));
    world.hold_responses();
    assert!((&mut consuming).now_or_never().is_none());
    begin(&CREATED.replace(r#""p""#, r#""other""#));
    assert_eq!(world.call(200, RESTART, consuming), Ok(ConsumeCode::RestartFlow));
    assert!(attempt(&client).is_some());
}
