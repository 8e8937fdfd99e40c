//! The verification of an e-mail address, and the routes that require it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use backend::{AntiCsrf, Generation, Options};
use common::{Api, Browser, PASSWORD, TestResponse, anti_csrf_api, api_of, bare, form, in_both_generations};
use serde_json::{Value, json};

const JO: &str = "jo@example.com";
const VERIFY: &str = "/auth/user/email/verify";
const SEND: &str = "/auth/user/email/verify/token";

in_both_generations! {
    invoices_require_a_verified_email
    a_code_verifies_and_the_response_updates_this_session
    only_the_latest_code_is_valid_and_only_once
    each_request_renews_the_claim
    a_code_works_without_a_session_and_the_session_gets_the_claim_on_request
    a_code_is_valid_after_a_401
    another_users_session_does_not_change
    an_invalid_body_is_a_400
}

async fn code_of(browser: &mut Browser) -> String {
    let sent = browser.post(SEND, json!({})).await.is(200);
    assert_eq!(sent.json(), json!({ "status": "OK" }));
    assert_eq!(sent.header("front-token"), None);
    let mail = browser.get("/api/demo/mailbox").await.is(200).json();
    mail["code"].as_str().expect("a code").to_owned()
}

fn proof(code: &str) -> Value {
    json!({ "method": "token", "token": code })
}

async fn verification_status(browser: &mut Browser) -> TestResponse {
    browser.get(VERIFY).await.is(200)
}

async fn invoices_require_a_verified_email(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    assert_eq!(
        jo.get("/api/invoices").await.is(403).json(),
        json!({
            "message": "invalid claim",
            "claimValidationErrors": [{
                "id": "st-ev",
                "reason": { "message": "wrong value", "expectedValue": true, "actualValue": false },
            }],
        })
    );
    let code = code_of(&mut jo).await;
    jo.post(VERIFY, proof(&code)).await.is(200);
    let invoices = jo.get("/api/invoices").await.is(200).json();
    let orders = jo.get("/api/orders").await.is(200).json();
    assert_eq!(invoices.as_array().unwrap().len(), 12);
    assert_eq!(invoices[0]["order_id"], orders[0]["id"]);
    assert_eq!(invoices[0]["total_cents"], orders[0]["total_cents"]);
    bare(&app, "GET", "/api/invoices", &[]).await.expect_unauthorised("unauthorised");
}

async fn a_code_verifies_and_the_response_updates_this_session(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let status = verification_status(&mut jo).await;
    assert_eq!(status.json(), json!({ "status": "OK", "isVerified": false }));
    assert_eq!(status.front_token()["up"]["st-ev"]["v"], false);
    assert_eq!(jo.get("/api/demo/mailbox").await.json(), json!({ "to": JO, "code": null }));

    let code = code_of(&mut jo).await;
    let verified = jo.post(VERIFY, proof(&format!(" {} ", code.to_lowercase()))).await.is(200);
    assert_eq!(verified.json(), json!({ "status": "OK" }));
    assert_eq!(verified.front_token()["up"]["st-ev"]["v"], true);
    assert_eq!(verification_status(&mut jo).await.json()["isVerified"], true);
    assert_eq!(jo.refresh().await.front_token()["up"]["st-ev"]["v"], true);
    assert_eq!(jo.post(SEND, json!({})).await.is(200).json()["status"], "EMAIL_ALREADY_VERIFIED_ERROR");

    let again = Browser::new(&app).post("/auth/signin", form(JO, PASSWORD)).await.is(200);
    assert_eq!(again.front_token()["up"]["st-ev"]["v"], true);
    assert_eq!(again.json()["user"]["loginMethods"][0]["verified"], true);
}

async fn only_the_latest_code_is_valid_and_only_once(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let (first, second) = (code_of(&mut jo).await, code_of(&mut jo).await);
    assert_ne!(first, second);
    for code in [first.as_str(), "", "AAAAA-AAAAA"] {
        let rejected = jo.post(VERIFY, proof(code)).await.is(200);
        assert_eq!(rejected.json()["status"], "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR", "{code:?}");
        assert_eq!(rejected.header("front-token"), None);
    }
    assert_eq!(verification_status(&mut jo).await.json()["isVerified"], false);
    assert_eq!(jo.post(VERIFY, proof(&second)).await.json()["status"], "OK");
    let rejected = jo.post(VERIFY, proof(&second)).await.is(200);
    assert_eq!(rejected.json()["status"], "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR");
}

async fn each_request_renews_the_claim(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let fetched_at = |response: &TestResponse| response.front_token()["up"]["st-ev"]["t"].as_u64().unwrap();
    let first = fetched_at(&verification_status(&mut jo).await);
    std::thread::sleep(std::time::Duration::from_millis(2));
    assert!(fetched_at(&verification_status(&mut jo).await) > first);
}

async fn a_code_works_without_a_session_and_the_session_gets_the_claim_on_request(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let code = code_of(&mut jo).await;
    let elsewhere = Browser::new(&app).post(VERIFY, proof(&code)).await.is(200);
    assert_eq!(elsewhere.json(), json!({ "status": "OK" }));
    assert_eq!((elsewhere.header("front-token"), elsewhere.cookie_names()), (None, vec![]));

    jo.get("/api/invoices").await.is(403);
    assert_eq!(verification_status(&mut jo).await.front_token()["up"]["st-ev"]["v"], true);
    jo.get("/api/invoices").await.is(200);
}

async fn a_code_is_valid_after_a_401(generation: Generation) {
    let (app, controls) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let code = code_of(&mut jo).await;
    controls.expire_all();
    assert_eq!(jo.post(VERIFY, proof(&code)).await.is(401).message(), "try refresh token");
    jo.refresh().await.is(200);
    assert_eq!(jo.post(VERIFY, proof(&code)).await.is(200).front_token()["up"]["st-ev"]["v"], true);
}

async fn another_users_session_does_not_change(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let mut bo = Browser::signed_up(&app, "bo@example.com").await;
    let code = code_of(&mut jo).await;
    assert_eq!(bo.get("/api/demo/mailbox").await.json(), json!({ "to": "bo@example.com", "code": null }));
    assert_eq!(bo.post(VERIFY, proof(&code)).await.is(200).header("front-token"), None);
    assert_eq!(verification_status(&mut bo).await.json()["isVerified"], false);
    assert_eq!(verification_status(&mut jo).await.json()["isVerified"], true);
}

async fn an_invalid_body_is_a_400(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let code = code_of(&mut jo).await;
    for body in [json!({}), json!({ "token": code }), json!({ "method": "link", "token": code })] {
        assert!(!jo.post(VERIFY, body).await.is(400).message().is_empty());
    }
    for (method, path) in [("GET", VERIFY), ("POST", SEND), ("GET", "/api/demo/mailbox")] {
        bare(&app, method, path, &[]).await.expect_unauthorised("unauthorised");
    }
}

#[tokio::test]
async fn a_code_changes_no_session_without_an_anti_csrf_token() {
    let (app, _) = anti_csrf_api(Generation::Current, AntiCsrf::ViaToken);
    let mut jo = Browser::signed_up(&app, JO).await;
    let code = code_of(&mut jo).await;
    let mut foreign = Browser { anti_csrf: None, ..jo.clone() };
    foreign.post(VERIFY, proof(&code)).await.expect_unauthorised("try refresh token");
    jo.post(VERIFY, proof(&code)).await.is(200);
}

#[tokio::test]
async fn only_the_demo_administrator_is_verified() {
    let server = backend::spawn(Options { seed_demo_users: true, ..Options::default() }).await.unwrap();
    let app =
        Api { router: backend::router(Options::default(), server.state()), generation: Generation::Current };
    for (email, is_verified) in [("user@example.com", false), ("admin@example.com", true)] {
        let response = Browser::new(&app).post("/auth/signin", form(email, PASSWORD)).await.is(200);
        assert_eq!(response.front_token()["up"]["st-ev"]["v"], is_verified, "{email}");
    }
}
