//! The sign-in with a code or a link from a mail.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use backend::Generation;
use common::{Browser, PASSWORD, TestResponse, api_of, default_api, form, in_both_generations};
use serde_json::{Value, json};

const JO: &str = "jo@example.com";
const CREATE: &str = "/auth/signinup/code";
const RESEND: &str = "/auth/signinup/code/resend";
const CONSUME: &str = "/auth/signinup/code/consume";

in_both_generations! {
    a_code_creates_a_user_without_a_password
    a_link_signs_the_password_user_in
}

/// Starts a sign-in, and returns its keys and the mail.
async fn start(browser: &mut Browser) -> (Value, Value) {
    let started = browser.post(CREATE, json!({ "email": " Jo@example.com " })).await.is(200).json();
    assert_eq!(started["status"], "OK");
    assert_eq!(started["flowType"], "USER_INPUT_CODE_AND_MAGIC_LINK");
    (started, browser.mail(JO).await)
}

async fn enter(browser: &mut Browser, started: &Value, code: &str) -> TestResponse {
    let body = json!({
        "preAuthSessionId": started["preAuthSessionId"],
        "deviceId": started["deviceId"],
        "userInputCode": code,
    });
    browser.post(CONSUME, body).await.is(200)
}

/// A code of six digits that differs from the mail's.
fn other(mail: &Value) -> &'static str {
    if mail["code"] == "000000" { "000001" } else { "000000" }
}

async fn a_code_creates_a_user_without_a_password(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::new(&app);
    let (started, mail) = start(&mut jo).await;
    let code = mail["code"].as_str().unwrap();
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
    let response = enter(&mut jo, &started, code).await;
    let body = response.json();
    assert_eq!((&body["status"], &body["createdNewRecipeUser"]), (&json!("OK"), &json!(true)));
    assert_eq!(body["user"]["emails"], json!([JO]));
    assert_eq!(body["user"]["loginMethods"][0]["recipeId"], "passwordless");
    let payload = &response.front_token()["up"];
    assert_eq!(payload["st-mfa"]["v"], true);
    assert!(payload["st-mfa"]["c"]["otp-email"].as_u64().unwrap() > 1_600_000_000);
    assert_eq!(payload["st-ev"]["v"], true);
    jo.get("/api/orders").await.is(200);

    let mut other = Browser::new(&app);
    let with_password = other.post("/auth/signin", form(JO, PASSWORD)).await.is(200);
    assert_eq!(with_password.json(), json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
    let sign_up = other.post("/auth/signup", form(JO, PASSWORD)).await.is(200);
    assert_eq!(
        sign_up.json()["status"],
        "SIGN_UP_NOT_ALLOWED",
        "the sign-up does not prove who owns the e-mail"
    );
    assert!(sign_up.json()["reason"].as_str().unwrap().contains("ERR_CODE_007"));

    let (started, mail) = start(&mut other).await;
    let again = enter(&mut other, &started, mail["code"].as_str().unwrap()).await.json();
    assert_eq!(again["createdNewRecipeUser"], false);
    assert_eq!(again["user"]["id"], body["user"]["id"]);
}

async fn a_link_signs_the_password_user_in(generation: Generation) {
    let (app, _) = api_of(generation);
    let id = Browser::new(&app).sign_up(JO).await.json()["user"]["id"].clone();
    let mut jo = Browser::new(&app);
    let (started, mail) = start(&mut jo).await;
    let link = mail["link"].as_str().unwrap();
    let (url, link_code) = link.split_once('#').unwrap();
    let session_id = started["preAuthSessionId"].as_str().unwrap();
    assert_eq!(url, format!("http://localhost:0/login/link?preAuthSessionId={session_id}&tenantId=public"));

    let proof = json!({ "preAuthSessionId": session_id, "linkCode": link_code });
    let response = jo.post(CONSUME, proof.clone()).await.is(200);
    assert_eq!(response.json()["status"], "OK");
    assert_eq!(response.json()["user"]["id"], id);
    let methods = response.json()["user"]["loginMethods"].clone();
    assert_eq!(
        (&methods[0]["recipeId"], &methods[1]["recipeId"]),
        (&json!("emailpassword"), &json!("passwordless"))
    );
    assert!(response.front_token()["up"]["st-mfa"]["c"]["link-email"].is_u64());
    assert_eq!(jo.post(CONSUME, proof).await.json(), json!({ "status": "RESTART_FLOW_ERROR" }));
    let with_password = jo.post("/auth/signin", form(JO, PASSWORD)).await.is(200);
    assert!(with_password.front_token()["up"]["st-mfa"]["c"]["emailpassword"].is_u64());
}

#[tokio::test]
async fn five_wrong_codes_end_the_sign_in() {
    let (app, _) = default_api();
    let mut jo = Browser::new(&app);
    let (started, mail) = start(&mut jo).await;
    for failed in 1..5 {
        let body = json!({
            "status": "INCORRECT_USER_INPUT_CODE_ERROR",
            "failedCodeInputAttemptCount": failed,
            "maximumCodeInputAttempts": 5,
        });
        assert_eq!(enter(&mut jo, &started, other(&mail)).await.json(), body);
    }
    for code in [other(&mail), mail["code"].as_str().unwrap()] {
        assert_eq!(enter(&mut jo, &started, code).await.json(), json!({ "status": "RESTART_FLOW_ERROR" }));
    }
}

#[tokio::test]
async fn an_expired_code_can_be_sent_again() {
    let (app, controls) = default_api();
    let mut jo = Browser::new(&app);
    let (started, mail) = start(&mut jo).await;
    controls.expire_codes();
    let expired = enter(&mut jo, &started, mail["code"].as_str().unwrap()).await.json();
    let body = json!({
        "status": "EXPIRED_USER_INPUT_CODE_ERROR",
        "failedCodeInputAttemptCount": 1,
        "maximumCodeInputAttempts": 5,
    });
    assert_eq!(expired, body);
    let (_, link_code) = mail["link"].as_str().unwrap().split_once('#').unwrap();
    let link = json!({ "preAuthSessionId": started["preAuthSessionId"], "linkCode": link_code });
    assert_eq!(jo.post(CONSUME, link).await.json(), json!({ "status": "RESTART_FLOW_ERROR" }));

    assert_eq!(jo.post(RESEND, started.clone()).await.is(200).json(), json!({ "status": "OK" }));
    let mail = jo.mail(JO).await;
    assert_eq!(enter(&mut jo, &started, mail["code"].as_str().unwrap()).await.json()["status"], "OK");
    assert_eq!(jo.post(RESEND, started).await.json(), json!({ "status": "RESTART_FLOW_ERROR" }));
}

#[tokio::test]
async fn invalid_bodies_are_named() {
    let (app, _) = default_api();
    let mut jo = Browser::new(&app);
    let general = jo.post(CREATE, json!({ "email": "jo" })).await.is(200).json();
    assert_eq!(general, json!({ "status": "GENERAL_ERROR", "message": "Email is invalid" }));
    for (path, body, part) in [
        (CREATE, json!({}), "exactly one of email or phoneNumber"),
        (CREATE, json!({ "phoneNumber": "+1" }), "contactMethod"),
        (RESEND, json!({ "deviceId": "a" }), "preAuthSessionId"),
        (RESEND, json!({ "preAuthSessionId": "a" }), "deviceId"),
        (CONSUME, json!({ "linkCode": "a" }), "preAuthSessionId"),
        (CONSUME, json!({ "preAuthSessionId": "a" }), "one of (linkCode)"),
        (CONSUME, json!({ "preAuthSessionId": "a", "deviceId": "a" }), "both deviceId and userInputCode"),
    ] {
        let message = jo.post(path, body.clone()).await.is(400).message();
        assert!(message.contains(part), "{path} {body}: {message}");
    }
    let unknown = json!({ "preAuthSessionId": "a", "linkCode": "a" });
    assert_eq!(jo.post(CONSUME, unknown).await.json(), json!({ "status": "RESTART_FLOW_ERROR" }));
}

#[tokio::test]
async fn whether_an_email_signs_in_by_mail() {
    let (app, _) = default_api();
    let mut jo = Browser::signed_up(&app, JO).await;
    let path = format!("/auth/passwordless/email/exists?email={JO}");
    assert_eq!(jo.get(&path).await.is(200).json(), json!({ "status": "OK", "exists": false }));
    let (started, mail) = start(&mut jo).await;
    enter(&mut jo, &started, mail["code"].as_str().unwrap()).await;
    assert_eq!(jo.get(&path).await.is(200).json(), json!({ "status": "OK", "exists": true }));
}
