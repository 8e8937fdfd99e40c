//! The three anti-CSRF modes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use backend::{AntiCsrf, Generation};
use common::{Browser, anti_csrf_api, in_both_generations};
use serde_json::{Value, json};

in_both_generations! {
    mode_none_requires_no_token
    via_token_requires_the_token_for_all_methods_but_get
    via_token_requires_the_token_at_a_refresh_and_issues_a_new_one
    via_custom_header_requires_any_rid_for_all_methods_but_get
}

async fn mode_none_requires_no_token(generation: Generation) {
    let (app, _) = anti_csrf_api(generation, AntiCsrf::None);
    let mut browser = Browser { rid: None, ..Browser::signed_up(&app, "jo@example.com").await };
    assert_eq!(browser.anti_csrf, None);
    browser.post("/api/session/expire", json!({})).await.is(200);
    let response = browser.refresh().await.is(200);
    assert_eq!(response.header("anti-csrf"), None);
    assert!(response.front_token()["up"]["antiCsrfToken"].is_null());
}

async fn via_token_requires_the_token_for_all_methods_but_get(generation: Generation) {
    let (app, _) = anti_csrf_api(generation, AntiCsrf::ViaToken);
    let mut browser = Browser::new(&app);
    let response = browser.sign_up("jo@example.com").await;
    let token = response.header("anti-csrf").unwrap().to_owned();
    let shown = match generation {
        Generation::Older => Value::Null,
        Generation::Current => Value::from(token.as_str()),
    };
    assert_eq!(response.front_token()["up"]["antiCsrfToken"], shown);

    let mut without = Browser { anti_csrf: None, ..browser.clone() };
    without.get("/api/orders").await.is(200);
    without.post("/api/profile", json!({ "nickname": "Jo" })).await.expect_unauthorised("try refresh token");
    without.post("/auth/signout", json!({})).await.expect_unauthorised("try refresh token");
    let mut wrong = Browser { anti_csrf: Some("x".to_owned()), ..browser.clone() };
    wrong.post("/api/profile", json!({ "nickname": "Jo" })).await.expect_unauthorised("try refresh token");

    let response = browser.post("/api/profile", json!({ "nickname": "Jo" })).await.is(200);
    assert_eq!(response.front_token()["up"]["antiCsrfToken"], shown, "a changed payload keeps the token");
}

async fn via_token_requires_the_token_at_a_refresh_and_issues_a_new_one(generation: Generation) {
    let (app, controls) = anti_csrf_api(generation, AntiCsrf::ViaToken);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let first = browser.anti_csrf.clone();

    let mut without = Browser { anti_csrf: None, ..browser.clone() };
    without.refresh().await.ends_session("unauthorised");
    browser.refresh().await.is(200);
    assert_ne!(browser.anti_csrf, first);
    browser.post("/api/profile", json!({ "nickname": "Jo" })).await.is(200);

    let mut stale = Browser { anti_csrf: first, ..browser.clone() };
    stale.refresh().await.ends_session("unauthorised");
    browser.refresh().await.is(200);
    assert_eq!(controls.thefts(), 0);
}

async fn via_custom_header_requires_any_rid_for_all_methods_but_get(generation: Generation) {
    let (app, _) = anti_csrf_api(generation, AntiCsrf::ViaCustomHeader);
    let mut browser = Browser { rid: None, ..Browser::signed_up(&app, "jo@example.com").await };
    assert_eq!(browser.anti_csrf, None);
    browser.get("/api/orders").await.is(200);
    browser.post("/api/profile", json!({ "nickname": "Jo" })).await.expect_unauthorised("try refresh token");
    let mut with = Browser { rid: Some("whatever"), ..browser.clone() };
    with.post("/api/profile", json!({ "nickname": "Jo" })).await.is(200);

    let rejected = browser.clone().refresh().await;
    match generation {
        Generation::Older => rejected.expect_unauthorised("unauthorised"),
        Generation::Current => rejected.ends_session("unauthorised"),
    };
    browser.rid = Some("session");
    browser.refresh().await.is(200);
}

#[tokio::test]
async fn header_mode_requires_no_anti_csrf_token() {
    for anti_csrf in [AntiCsrf::ViaToken, AntiCsrf::ViaCustomHeader] {
        let (app, _) = anti_csrf_api(Generation::Current, anti_csrf);
        let mut browser = Browser { rid: None, ..Browser::in_header_mode(&app) };
        let response = browser.sign_up("jo@example.com").await;
        assert_eq!(response.header("anti-csrf"), None);
        browser.post("/api/profile", json!({ "nickname": "Jo" })).await.is(200);
        assert_eq!(browser.refresh().await.is(200).header("anti-csrf"), None);
    }
}
