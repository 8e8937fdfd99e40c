//! Token transfer in headers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use axum::http::Method;
use common::{Browser, PASSWORD, default_api, form};
use serde_json::json;

#[tokio::test]
async fn all_tokens_are_in_headers_and_no_cookie_is_set() {
    let (app, _) = default_api();
    let mut browser = Browser::in_header_mode(&app);
    let response = browser.sign_up("jo@example.com").await;
    assert!(response.set_cookies().is_empty());
    assert_eq!(response.front_token()["up"]["email"], "jo@example.com");
    browser.get("/api/orders").await.is(200);

    let (access, refresh) = (browser.access.clone(), browser.refresh.clone());
    let response = browser.refresh().await.is(200);
    assert!(response.set_cookies().is_empty());
    assert!(browser.access != access && browser.refresh != refresh);

    let response = browser.get("/api/orders").await.is(200);
    assert!(response.set_cookies().is_empty());
    assert!(response.header("st-access-token").is_some(), "the renewed token comes the way the old one came");
    assert_eq!(response.header("st-refresh-token"), None);
}

#[tokio::test]
async fn signing_out_clears_the_headers() {
    let (app, _) = default_api();
    let mut browser = Browser::in_header_mode(&app);
    browser.sign_up("jo@example.com").await;
    let mut copy = browser.clone();
    let response = browser.post("/auth/signout", json!({})).await.is(200);
    assert_eq!(response.header("front-token"), Some("remove"));
    assert_eq!(response.header("st-access-token"), Some(""));
    assert_eq!(response.header("st-refresh-token"), Some(""));
    assert!(response.set_cookies().is_empty());
    copy.refresh().await.ends_session("unauthorised");
}

#[tokio::test]
async fn theft_is_detected_in_headers_too() {
    let (app, controls) = default_api();
    let mut browser = Browser::in_header_mode(&app);
    browser.sign_up("jo@example.com").await;
    let mut thief = browser.clone();
    browser.refresh().await.is(200);
    browser.get("/api/me").await.is(200);
    thief.refresh().await.ends_session("token theft detected");
    assert_eq!(controls.thefts(), 1);
}

#[tokio::test]
async fn with_a_bearer_token_of_the_app_the_cookie_is_used() {
    let (app, _) = default_api();
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    for own in ["Bearer of-the-app", "Basic am86cHc=", "Bearer a.b.c"] {
        browser.send(Method::GET, "/api/orders", &[("authorization", own)], None).await.is(200);
    }
}

#[tokio::test]
async fn the_header_is_used_before_the_cookie() {
    let (app, _) = default_api();
    let mut both = Browser::signed_up(&app, "cookie@example.com").await;
    let mut header = Browser::in_header_mode(&app);
    header.sign_up("header@example.com").await;
    both.access = header.access.clone();
    let me = both.get("/api/me").await.is(200).json();
    assert_eq!(me["access_token_payload"]["email"], "header@example.com");
}

#[tokio::test]
async fn signing_in_with_another_method_clears_the_first_tokens() {
    let (app, _) = default_api();
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    browser.header_mode = true;
    let response = browser.post("/auth/signin", form("jo@example.com", PASSWORD)).await.is(200);
    assert!(browser.cookies.is_empty());
    assert_eq!(response.front_token()["up"]["email"], "jo@example.com");

    browser.header_mode = false;
    browser.post("/auth/signin", form("jo@example.com", PASSWORD)).await.is(200);
    assert_eq!((browser.access.as_str(), browser.refresh.as_str()), ("", ""));
    browser.get("/api/orders").await.is(200);
}
