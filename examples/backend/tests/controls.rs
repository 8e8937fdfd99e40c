//! The test controls, in the process and over HTTP.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::time::{Duration, Instant};

use backend::{Generation, Options};
use common::{
    Browser, REFRESH, api, bare, controlled_api, controlled_api_of, default_api, in_both_generations,
};
use serde_json::{Value, json};

in_both_generations! {
    expiring_and_revoking
    failing_refreshes_rotate_no_tokens
}

#[tokio::test]
async fn without_test_controls_there_are_no_test_routes_and_no_records() {
    let (app, controls) = default_api();
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    for (method, path) in [
        ("POST", "/test/expire"),
        ("POST", "/test/revoke"),
        ("POST", "/test/expire-codes"),
        ("POST", "/test/fail-refreshes"),
        ("POST", "/test/delay"),
        ("POST", "/test/drop-headers"),
        ("POST", "/test/generation"),
        ("GET", "/test/counts"),
        ("GET", "/test/log"),
        ("GET", "/test/thefts"),
        ("POST", "/test/reset"),
    ] {
        bare(&app, method, path, &[]).await.is(404);
    }
    browser.get("/api/orders").await.is(200);
    assert_eq!(controls.calls("GET", "/api/orders"), 0);
    assert!(controls.requests().is_empty());
    controls.fail_refreshes(1, 500);
    browser.refresh().await.is(200);
}

#[tokio::test]
async fn expiring_codes() {
    let (app, _) = controlled_api();
    let mut jo = Browser::new(&app);
    let started = jo.post("/auth/signinup/code", json!({ "email": "jo@example.com" })).await.is(200).json();
    bare(&app, "POST", "/test/expire-codes", &[]).await.is(200);
    let code = jo.mail("jo@example.com").await["code"].clone();
    let proof = json!({
        "preAuthSessionId": started["preAuthSessionId"], "deviceId": started["deviceId"], "userInputCode": code,
    });
    let response = jo.post("/auth/signinup/code/consume", proof).await.is(200).json();
    assert_eq!(response["status"], "EXPIRED_USER_INPUT_CODE_ERROR");
}

async fn expiring_and_revoking(generation: Generation) {
    let (app, controls) = controlled_api_of(generation);
    let mut jo = Browser::signed_up(&app, "jo@example.com").await;
    let mut bo = Browser::signed_up(&app, "bo@example.com").await;
    let handle = jo.get("/api/me").await.json()["session_handle"].clone();

    jo.post("/test/expire", json!({ "handle": handle })).await.is(200);
    jo.get("/api/orders").await.expect_unauthorised("try refresh token");
    bo.get("/api/orders").await.is(200);
    bare(&app, "POST", "/test/expire", &[]).await.is(200);
    bo.get("/api/orders").await.expect_unauthorised("try refresh token");
    jo.refresh().await.is(200);
    jo.get("/api/orders").await.is(200);
    controls.expire_all();
    jo.get("/api/orders").await.expect_unauthorised("try refresh token");

    jo.post("/test/revoke", json!({ "handle": handle })).await.is(200);
    jo.post("/test/revoke", json!({ "handle": handle })).await.is(400);
    jo.refresh().await.ends_session("unauthorised");
    bo.refresh().await.is(200);
    controls.revoke_all();
    bo.get("/api/orders").await.expect_revoked();
}

async fn failing_refreshes_rotate_no_tokens(generation: Generation) {
    let (app, controls) = controlled_api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let before = browser.cookies.clone();
    browser.post("/test/fail-refreshes", json!({ "count": 2, "status": 503 })).await.is(200);
    for _ in 0..2 {
        let response = browser.refresh().await.is(503);
        assert_eq!(response.header("front-token"), None);
        assert_eq!(browser.cookies, before);
    }
    browser.refresh().await.is(200);
    controls.fail_refreshes(1, 401);
    browser.refresh().await.is(401);
    browser.refresh().await.is(200);
    browser.post("/test/fail-refreshes", json!({ "count": 1, "status": 100 })).await.is(400);
}

#[tokio::test]
async fn a_delay_delays_the_response() {
    let (app, controls) = controlled_api();
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let long = Duration::from_secs(20);
    controls.delay(REFRESH, long);
    let start = Instant::now();
    browser.get("/api/orders").await.is(200);
    assert!(start.elapsed() < long, "other paths are as quick as ever");

    browser.post("/test/delay", json!({ "path": REFRESH, "ms": 300 })).await.is(200);
    let start = Instant::now();
    browser.refresh().await.is(200);
    assert!(start.elapsed() >= Duration::from_millis(300));

    controls.delay(REFRESH, long);
    controls.delay(REFRESH, Duration::ZERO);
    let start = Instant::now();
    browser.refresh().await.is(200);
    assert!(start.elapsed() < long);
}

#[tokio::test]
async fn a_request_is_processed_before_its_delayed_response() {
    let (app, controls) = controlled_api();
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let mut late = browser.clone();
    controls.delay(REFRESH, Duration::from_millis(300));
    let refresh = tokio::spawn(async move { late.refresh().await });
    while controls.calls("POST", REFRESH) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    browser.post("/auth/signout", json!({})).await.is(200);
    assert!(refresh.await.unwrap().is(200).header("front-token").is_some());
    browser.get("/api/orders").await.is(401);
}

#[tokio::test]
async fn headers_are_dropped_from_the_next_refreshes_only() {
    let (app, _) = controlled_api();
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let body = json!({ "headers": ["Front-Token", "set-cookie"], "count": 1 });
    browser.post("/test/drop-headers", body).await.is(200);
    assert!(browser.get("/api/me").await.header("content-type").is_some());
    let response = browser.refresh().await.is(200);
    assert_eq!(response.header("front-token"), None);
    assert!(response.set_cookies().is_empty());
    let response = browser.refresh().await.is(200);
    assert!(response.header("front-token").is_some());

    let exposed = "access-control-expose-headers";
    assert!(browser.get("/api/me").await.header(exposed).is_some());
    browser.post("/test/drop-headers", json!({ "expose": false })).await.is(200);
    assert_eq!(browser.get("/api/me").await.header(exposed), None);
    browser.post("/test/drop-headers", json!({ "expose": true })).await.is(200);
    assert!(browser.get("/api/me").await.header(exposed).is_some());
}

#[tokio::test]
async fn calls_are_counted_and_logged_with_all_headers() {
    let (app, controls) = controlled_api();
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    browser.get("/api/orders?page=2").await.is(200);
    browser.get("/api/orders").await.is(200);
    bare(&app, "OPTIONS", "/api/orders", &[("origin", "http://localhost:1")]).await;

    let counts = browser.get("/test/counts").await.is(200).json();
    assert_eq!(counts, json!({ "POST /auth/signup": 1, "GET /api/orders": 2, "OPTIONS /api/orders": 1 }));
    assert_eq!(controls.calls("GET", "/api/orders"), 2);
    assert_eq!(controls.calls("POST", REFRESH), 0);

    let seen = controls.requests();
    assert_eq!(seen.len(), 4);
    assert_eq!((seen[1].path.as_str(), seen[1].query.as_deref()), ("/api/orders", Some("page=2")));
    assert!(seen[1].header("cookie").unwrap().contains(&browser.cookies["sAccessToken"]));
    assert!(!format!("{seen:?}").contains(&browser.cookies["sAccessToken"]));
    let log = browser.get("/test/log").await.is(200).json();
    assert_eq!(log[1]["method"], "GET");
    let has_cookie = |headers: &Value| headers.as_array().unwrap().iter().any(|pair| pair[0] == "cookie");
    assert!(has_cookie(&log[1]["headers"]));

    browser.post("/test/reset", json!({})).await.is(200);
    assert_eq!(browser.get("/test/counts").await.json(), json!({}));
    assert!(controls.requests().is_empty());
    browser.get("/api/orders").await.is(200);
    controls.reset_calls();
    assert_eq!(controls.calls("GET", "/api/orders"), 0);
}

#[tokio::test]
async fn the_request_log_has_a_limit() {
    let (app, controls) = api(Options { test_controls: true, ..Options::default() });
    for number in 0..2_100 {
        bare(&app, "GET", &format!("/api/public?{number}"), &[]).await.is(200);
    }
    assert_eq!(controls.calls("GET", "/api/public"), 2_100);
    let seen = controls.requests();
    assert_eq!(seen.len(), 2_000);
    assert_eq!(seen[0].query.as_deref(), Some("100"));
}
