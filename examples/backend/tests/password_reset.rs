//! The password reset by a link from a mail.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use axum::http::Method;
use backend::Generation;
use common::{Api, Browser, PASSWORD, TestResponse, api_of, default_api, form, in_both_generations};
use serde_json::{Value, json};

const JO: &str = "jo@example.com";
const SEND: &str = "/auth/user/password/reset/token";
const RESET: &str = "/auth/user/password/reset";
const EXISTS: &str = "/auth/emailpassword/email/exists";

in_both_generations! { a_link_sets_a_new_password_once }

fn address(email: &str) -> Value {
    json!({ "formFields": [{ "id": "email", "value": email }] })
}

fn new_password(token: &str, password: &str) -> Value {
    json!({ "method": "token", "token": token, "formFields": [{ "id": "password", "value": password }] })
}

/// The token of a new mail to the user.
async fn token_of(browser: &mut Browser) -> String {
    assert_eq!(browser.post(SEND, address(JO)).await.is(200).json(), json!({ "status": "OK" }));
    let link = browser.mail(JO).await["link"].as_str().unwrap().to_owned();
    let (_, token) = link.split_once("?token=").unwrap();
    token.strip_suffix("&tenantId=public").unwrap().to_owned()
}

async fn sign_in(app: &Api, password: &str) -> TestResponse {
    Browser::new(app).post("/auth/signin", form(JO, password)).await.is(200)
}

async fn a_link_sets_a_new_password_once(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let (first, second) = (token_of(&mut jo).await, token_of(&mut jo).await);
    assert_eq!(
        jo.post(RESET, new_password(&second, "N3wPassword")).await.is(200).json(),
        json!({ "status": "OK" })
    );
    assert_eq!(sign_in(&app, PASSWORD).await.json()["status"], "WRONG_CREDENTIALS_ERROR");
    let signed_in = sign_in(&app, "N3wPassword").await;
    assert_eq!(signed_in.json()["status"], "OK");
    assert_eq!(signed_in.front_token()["up"]["st-ev"]["v"], true, "the user reads the mails of this address");
    for token in [&first, &second, "unknown"] {
        let again = jo.post(RESET, new_password(token, "0therPassword")).await.is(200);
        assert_eq!(again.json(), json!({ "status": "RESET_PASSWORD_INVALID_TOKEN_ERROR" }));
    }
}

#[tokio::test]
async fn a_weak_password_is_named_and_does_not_use_the_token() {
    let (app, _) = default_api();
    let mut jo = Browser::signed_up(&app, JO).await;
    let token = token_of(&mut jo).await;
    let weak = jo.post(RESET, new_password(&token, "password")).await.is(200).json();
    let error = json!([{ "id": "password", "error": "Password must contain at least one number" }]);
    assert_eq!(weak, json!({ "status": "FIELD_ERROR", "formFields": error }));
    assert_eq!(jo.post(RESET, new_password(&token, "N3wPassword")).await.json()["status"], "OK");
    let body = json!({ "formFields": [{ "id": "password", "value": PASSWORD }] });
    assert_eq!(jo.post(RESET, body).await.is(400).message(), "Please provide the password reset token");
}

#[tokio::test]
async fn an_expired_link_is_invalid() {
    let (app, controls) = default_api();
    let mut jo = Browser::signed_up(&app, JO).await;
    let token = token_of(&mut jo).await;
    controls.expire_codes();
    let late = jo.post(RESET, new_password(&token, "N3wPassword")).await.is(200);
    assert_eq!(late.json()["status"], "RESET_PASSWORD_INVALID_TOKEN_ERROR");
}

#[tokio::test]
async fn an_unknown_user_gets_the_same_response_and_no_mail() {
    let (app, _) = default_api();
    let mut browser = Browser::new(&app);
    assert_eq!(browser.post(SEND, address(JO)).await.is(200).json(), json!({ "status": "OK" }));
    assert_eq!(browser.mail(JO).await, Value::Null);
    let invalid = browser.post(SEND, address("jo")).await.is(200).json();
    let error = json!([{ "id": "email", "error": "Email is invalid" }]);
    assert_eq!(invalid, json!({ "status": "FIELD_ERROR", "formFields": error }));
    assert!(!browser.post(SEND, form(JO, PASSWORD)).await.is(400).message().is_empty());
}

#[tokio::test]
async fn the_link_leads_to_the_page_that_asked_for_it() {
    let (app, _) = default_api();
    let mut jo = Browser::signed_up(&app, JO).await;
    for (origin, website) in [
        ("http://localhost:8080", "http://localhost:8080/login/reset-password?token="),
        ("https://evil.example", "http://localhost:0/login/reset-password?token="),
    ] {
        jo.send(Method::POST, SEND, &[("origin", origin)], Some(address(JO))).await.is(200);
        let mail = jo.mail(JO).await;
        assert!(mail["link"].as_str().unwrap().starts_with(website), "{mail}");
        assert_eq!(mail["subject"], "Reset your password");
        assert!(mail["text"].as_str().unwrap().contains(mail["link"].as_str().unwrap()));
    }
    jo.get("/api/demo/mails").await.is(400);
}

#[tokio::test]
async fn whether_an_email_has_a_password() {
    let (app, _) = default_api();
    let mut jo = Browser::signed_up(&app, JO).await;
    for (email, exists) in [("Jo@example.com", true), ("bo@example.com", false)] {
        let response = jo.get(&format!("{EXISTS}?email={email}")).await.is(200);
        assert_eq!(response.json(), json!({ "status": "OK", "exists": exists }));
    }
    assert_eq!(jo.get(EXISTS).await.is(400).message(), "Please provide the email as a GET param");
}
