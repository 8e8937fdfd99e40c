//! Access tokens that expire, refreshes that replace them, and sessions that end.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::time::Duration;

use backend::{Generation, Options};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::{Browser, REFRESH, api, api_of, bare, default_api, in_both_generations};
use serde_json::json;

in_both_generations! {
    a_refresh_replaces_both_tokens_of_the_same_session
    the_first_use_after_a_refresh_renews_only_the_access_token
    an_access_token_expires_within_its_lifetime
    without_any_token_a_request_is_unauthorised_and_clears_nothing
    a_refresh_without_a_valid_token_ends_the_session
    a_forged_access_token_is_rejected
    signing_out_ends_the_session_on_client_and_server
    an_expired_token_is_noticed_at_the_next_request
    a_revoked_session_is_noticed_at_the_next_request
}

async fn a_refresh_replaces_both_tokens_of_the_same_session(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut browser = Browser::new(&app);
    let first = browser.sign_up("jo@example.com").await.front_token();
    let handle = browser.get("/api/me").await.json()["session_handle"].clone();
    let before = browser.clone();

    let response = browser.refresh().await.is(200);
    assert_eq!(response.json(), json!({}));
    assert_ne!(browser.cookies["sAccessToken"], before.cookies["sAccessToken"]);
    assert_ne!(browser.cookies["sRefreshToken"], before.cookies["sRefreshToken"]);
    let second = response.front_token();
    assert_eq!(second["uid"], first["uid"]);
    assert_eq!(second["up"]["st-role"], first["up"]["st-role"]);
    assert_eq!(browser.get("/api/me").await.is(200).json()["session_handle"], handle);
}

async fn an_access_token_expires_within_its_lifetime(generation: Generation) {
    let lifetime = Duration::from_secs(2);
    let (app, _) = api(Options { access_token_lifetime: lifetime, generation, ..Options::default() });
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    browser.get("/api/orders").await.is(200);
    tokio::time::sleep(lifetime).await;
    browser.get("/api/orders").await.expect_unauthorised("try refresh token");
    browser.post("/auth/signout", json!({})).await.expect_unauthorised("try refresh token");
    browser.refresh().await.is(200);
    browser.get("/api/orders").await.is(200);
}

async fn the_first_use_after_a_refresh_renews_only_the_access_token(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let refreshed = browser.refresh().await.is(200).front_token();
    let first = browser.get("/api/orders").await.is(200);
    assert_eq!(first.front_token()["uid"], refreshed["uid"]);
    assert_eq!(first.cookie_names(), ["sAccessToken"], "the refresh token stays");
    assert_eq!(first.header("id-refresh-token"), None);
    let second = browser.get("/api/orders").await.is(200);
    assert_eq!(second.header("front-token"), None);
    assert!(second.set_cookies().is_empty());
}

#[tokio::test]
async fn the_first_use_after_a_refresh_makes_it_final_with_a_token_that_names_no_parent() {
    let (app, _) = default_api();
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let refreshed = browser.refresh().await.is(200).front_token();
    assert!(refreshed["up"]["parentRefreshTokenHash1"].is_string());

    let first = browser.get("/api/orders").await.is(200);
    assert!(first.front_token()["up"]["parentRefreshTokenHash1"].is_null());
    assert_eq!(first.front_token()["up"]["refreshTokenHash1"], refreshed["up"]["refreshTokenHash1"]);
}

async fn without_any_token_a_request_is_unauthorised_and_clears_nothing(generation: Generation) {
    let (app, _) = api_of(generation);
    for (method, path) in [("GET", "/api/orders"), ("GET", "/api/me"), ("POST", "/api/session/expire")] {
        bare(&app, method, path, &[]).await.expect_unauthorised("unauthorised");
        bare(&app, method, path, &[("cookie", "sAccessToken=nonsense")])
            .await
            .expect_unauthorised("unauthorised");
    }
    bare(&app, "GET", "/api/public", &[]).await.is(200);
}

#[tokio::test]
async fn a_sign_out_without_a_session_is_unauthorised() {
    let (app, _) = default_api();
    bare(&app, "POST", "/auth/signout", &[]).await.expect_unauthorised("unauthorised");
}

async fn a_refresh_without_a_valid_token_ends_the_session(generation: Generation) {
    let (app, _) = api_of(generation);
    bare(&app, "POST", REFRESH, &[]).await.ends_session("unauthorised");
    for token in ["nonsense", "a.b", ""] {
        let cookie = format!("sRefreshToken={token}");
        bare(&app, "POST", REFRESH, &[("cookie", &cookie)]).await.ends_session("unauthorised");
    }
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let access = browser.cookies["sAccessToken"].clone();
    browser.cookies.insert("sRefreshToken".to_owned(), access);
    browser.refresh().await.ends_session("unauthorised");
    assert!(browser.cookies.is_empty());
}

async fn a_forged_access_token_is_rejected(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let token = browser.cookies["sAccessToken"].clone();
    let parts: Vec<&str> = token.split('.').collect();
    let mut payload: serde_json::Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    payload["st-role"]["v"] = json!(["admin"]);
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    let forged = format!("{}.{payload}.{}", parts[0], parts[2]);
    browser.cookies.insert("sAccessToken".to_owned(), forged);
    browser.get("/api/admin/users").await.expect_unauthorised("try refresh token");

    let (other_server, controls) = api_of(generation);
    assert!(controls.rotate_keys(false));
    let stranger = Browser::signed_up(&other_server, "jo@example.com").await;
    browser.cookies.insert("sAccessToken".to_owned(), stranger.cookies["sAccessToken"].clone());
    browser.get("/api/orders").await.expect_unauthorised("try refresh token");
}

async fn signing_out_ends_the_session_on_client_and_server(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let copy = browser.clone();
    let response = browser.post("/auth/signout", json!({})).await.is(200);
    assert_eq!(response.json(), json!({ "status": "OK" }));
    response.assert_session_removed();
    assert!(browser.cookies.is_empty());
    copy.clone().get("/api/orders").await.expect_revoked();
    copy.clone().refresh().await.ends_session("unauthorised");
}

async fn an_expired_token_is_noticed_at_the_next_request(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let mut other = Browser::signed_up(&app, "bo@example.com").await;
    browser.refresh().await.is(200);
    let response = browser.post("/api/session/expire", json!({})).await.is(200);
    assert_eq!(
        response.header("front-token"),
        None,
        "not even after a refresh, whose first use renews the token"
    );
    browser.get("/api/orders").await.expect_unauthorised("try refresh token");
    other.get("/api/orders").await.is(200);
    browser.refresh().await.is(200);
    browser.get("/api/orders").await.is(200);
}

async fn a_revoked_session_is_noticed_at_the_next_request(generation: Generation) {
    let (app, controls) = api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let mut other = Browser::signed_up(&app, "bo@example.com").await;
    let response = browser.post("/api/session/revoke", json!({})).await.is(200);
    assert_eq!(response.json(), json!({ "status": "OK" }));
    assert_eq!(response.header("front-token"), None);
    assert!(response.set_cookies().is_empty());
    browser.clone().get("/api/orders").await.expect_revoked();
    browser.refresh().await.ends_session("unauthorised");
    other.get("/api/orders").await.is(200);
    assert_eq!(controls.thefts(), 0);
}

#[tokio::test]
async fn a_refresh_clears_a_legacy_cookie() {
    let (app, _) = default_api();
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    browser.cookies.insert("sIdRefreshToken".to_owned(), "old".to_owned());
    browser.get("/api/orders").await.expect_unauthorised("try refresh token");
    browser.refresh().await.is(200);
    assert!(!browser.cookies.contains_key("sIdRefreshToken"));
    browser.get("/api/orders").await.is(200);
}

#[tokio::test]
async fn duplicate_cookies_are_a_500_at_a_refresh_and_end_no_session() {
    let (app, _) = default_api();
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let access = &browser.cookies["sAccessToken"];
    let twice = format!("sAccessToken={access}; sAccessToken={access}");
    bare(&app, "GET", "/api/orders", &[("cookie", &twice)]).await.expect_unauthorised("try refresh token");
    let refresh = &browser.cookies["sRefreshToken"];
    let twice = format!("sRefreshToken={refresh}; sRefreshToken={refresh}");
    let response = bare(&app, "POST", REFRESH, &[("cookie", &twice)]).await.is(500);
    assert_eq!(response.header("front-token"), None);
    browser.refresh().await.is(200);
}
