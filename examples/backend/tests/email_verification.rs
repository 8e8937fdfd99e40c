//! An e-mail address is verified, and what is behind that.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use backend::{AntiCsrf, Generation, Options};
use common::{Answer, Api, Browser, PASSWORD, anti_csrf_api, api_of, bare, form, in_both_generations};
use serde_json::{Value, json};

const JO: &str = "jo@example.com";
const VERIFY: &str = "/auth/user/email/verify";
const SEND: &str = "/auth/user/email/verify/token";

in_both_generations! {
    invoices_take_a_verified_email
    a_code_verifies_and_this_session_has_it_in_the_same_answer
    a_code_is_good_once_and_only_the_latest
    each_question_makes_the_claim_young
    a_code_can_be_used_without_a_session_and_the_session_has_it_when_it_asks
    a_code_outlives_a_401
    another_users_session_is_left_as_it_is
    what_is_no_proof_is_a_400
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

async fn question(browser: &mut Browser) -> Answer {
    browser.get(VERIFY).await.is(200)
}

async fn invoices_take_a_verified_email(generation: Generation) {
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
    bare(&app, "GET", "/api/invoices", &[]).await.refuses_quietly("unauthorised");
}

async fn a_code_verifies_and_this_session_has_it_in_the_same_answer(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let asked = question(&mut jo).await;
    assert_eq!(asked.json(), json!({ "status": "OK", "isVerified": false }));
    assert_eq!(asked.front_token()["up"]["st-ev"]["v"], false);
    assert_eq!(jo.get("/api/demo/mailbox").await.json(), json!({ "to": JO, "code": null }));

    let code = code_of(&mut jo).await;
    let verified = jo.post(VERIFY, proof(&format!(" {} ", code.to_lowercase()))).await.is(200);
    assert_eq!(verified.json(), json!({ "status": "OK" }));
    assert_eq!(verified.front_token()["up"]["st-ev"]["v"], true);
    assert_eq!(question(&mut jo).await.json()["isVerified"], true);
    assert_eq!(jo.refresh().await.front_token()["up"]["st-ev"]["v"], true);
    assert_eq!(jo.post(SEND, json!({})).await.is(200).json()["status"], "EMAIL_ALREADY_VERIFIED_ERROR");

    let again = Browser::new(&app).post("/auth/signin", form(JO, PASSWORD)).await.is(200);
    assert_eq!(again.front_token()["up"]["st-ev"]["v"], true);
    assert_eq!(again.json()["user"]["loginMethods"][0]["verified"], true);
}

async fn a_code_is_good_once_and_only_the_latest(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let (first, second) = (code_of(&mut jo).await, code_of(&mut jo).await);
    assert_ne!(first, second);
    for code in [first.as_str(), "", "AAAAA-AAAAA"] {
        let refused = jo.post(VERIFY, proof(code)).await.is(200);
        assert_eq!(refused.json()["status"], "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR", "{code:?}");
        assert_eq!(refused.header("front-token"), None);
    }
    assert_eq!(question(&mut jo).await.json()["isVerified"], false);
    assert_eq!(jo.post(VERIFY, proof(&second)).await.json()["status"], "OK");
    let refused = jo.post(VERIFY, proof(&second)).await.is(200);
    assert_eq!(refused.json()["status"], "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR");
}

async fn each_question_makes_the_claim_young(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let fetched_at = |answer: &Answer| answer.front_token()["up"]["st-ev"]["t"].as_u64().unwrap();
    let first = fetched_at(&question(&mut jo).await);
    std::thread::sleep(std::time::Duration::from_millis(2));
    assert!(fetched_at(&question(&mut jo).await) > first);
}

async fn a_code_can_be_used_without_a_session_and_the_session_has_it_when_it_asks(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let code = code_of(&mut jo).await;
    let elsewhere = Browser::new(&app).post(VERIFY, proof(&code)).await.is(200);
    assert_eq!(elsewhere.json(), json!({ "status": "OK" }));
    assert_eq!((elsewhere.header("front-token"), elsewhere.cookie_names()), (None, vec![]));

    jo.get("/api/invoices").await.is(403);
    assert_eq!(question(&mut jo).await.front_token()["up"]["st-ev"]["v"], true);
    jo.get("/api/invoices").await.is(200);
}

async fn a_code_outlives_a_401(generation: Generation) {
    let (app, controls) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let code = code_of(&mut jo).await;
    controls.expire_all();
    assert_eq!(jo.post(VERIFY, proof(&code)).await.is(401).message(), "try refresh token");
    jo.refresh().await.is(200);
    assert_eq!(jo.post(VERIFY, proof(&code)).await.is(200).front_token()["up"]["st-ev"]["v"], true);
}

async fn another_users_session_is_left_as_it_is(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let mut bo = Browser::signed_up(&app, "bo@example.com").await;
    let code = code_of(&mut jo).await;
    assert_eq!(bo.get("/api/demo/mailbox").await.json(), json!({ "to": "bo@example.com", "code": null }));
    assert_eq!(bo.post(VERIFY, proof(&code)).await.is(200).header("front-token"), None);
    assert_eq!(question(&mut bo).await.json()["isVerified"], false);
    assert_eq!(question(&mut jo).await.json()["isVerified"], true);
}

async fn what_is_no_proof_is_a_400(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let code = code_of(&mut jo).await;
    for body in [json!({}), json!({ "token": code }), json!({ "method": "link", "token": code })] {
        assert!(!jo.post(VERIFY, body).await.is(400).message().is_empty());
    }
    for (method, path) in [("GET", VERIFY), ("POST", SEND), ("GET", "/api/demo/mailbox")] {
        bare(&app, method, path, &[]).await.refuses_quietly("unauthorised");
    }
}

#[tokio::test]
async fn a_code_proves_nothing_for_a_session_that_another_site_may_have_sent() {
    let (app, _) = anti_csrf_api(Generation::Current, AntiCsrf::ViaToken);
    let mut jo = Browser::signed_up(&app, JO).await;
    let code = code_of(&mut jo).await;
    let mut foreign = Browser { anti_csrf: None, ..jo.clone() };
    foreign.post(VERIFY, proof(&code)).await.refuses_quietly("try refresh token");
    jo.post(VERIFY, proof(&code)).await.is(200);
}

#[tokio::test]
async fn of_the_demo_users_only_the_administrator_is_verified() {
    let server = backend::spawn(Options { seed_demo_users: true, ..Options::default() }).await.unwrap();
    let app =
        Api { router: backend::router(Options::default(), server.state()), generation: Generation::Current };
    for (email, is_verified) in [("user@example.com", false), ("admin@example.com", true)] {
        let answer = Browser::new(&app).post("/auth/signin", form(email, PASSWORD)).await.is(200);
        assert_eq!(answer.front_token()["up"]["st-ev"]["v"], is_verified, "{email}");
    }
}
