//! The older generation, and the upgrade from it to the current one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use axum::http::Method;
use backend::{Generation, Options};
use common::{Browser, PASSWORD, REFRESH, TestResponse, api, api_of, bare, controlled_api_of, form};
use serde_json::json;

const ID_REFRESH: &str = "sIdRefreshToken";
const ALL_COOKIES: [&str; 3] = ["sAccessToken", ID_REFRESH, "sRefreshToken"];

/// The value and the expiry, in milliseconds since the epoch.
fn id_refresh_token(response: &TestResponse) -> (&str, u64) {
    let (value, expiry) = response.header("id-refresh-token").unwrap().split_once(';').unwrap();
    (value, expiry.parse().unwrap())
}

/// When the browser deletes a cookie, in seconds since the epoch.
fn cookie_expiry(response: &TestResponse, name: &str) -> u64 {
    let cookie = response.set_cookie(name);
    let date = cookie.split("; Expires=").nth(1).unwrap().split(';').next().unwrap();
    let date = httpdate::parse_http_date(date).unwrap();
    date.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test]
async fn a_sign_in_sets_three_cookies_and_an_id_refresh_token_in_each_mode() {
    let (app, _) = api_of(Generation::Older);
    for mut browser in [Browser::new(&app), Browser::in_header_mode(&app)] {
        let email = if browser.header_mode { "header@example.com" } else { "cookie@example.com" };
        browser.sign_up(email).await;
        let response = browser.post("/auth/signin", form(email, PASSWORD)).await.is(200);
        assert_eq!(response.cookie_names(), ALL_COOKIES);
        assert_eq!(response.header("st-access-token"), None);
        assert_eq!(response.header("st-refresh-token"), None);

        let (value, expiry) = id_refresh_token(&response);
        assert_eq!(browser.cookies[ID_REFRESH], value);
        let front = response.front_token();
        let ate = front["ate"].as_u64().unwrap();
        assert_eq!(cookie_expiry(&response, "sAccessToken"), ate / 1000, "the cookie goes with the token");
        assert_eq!(cookie_expiry(&response, "sRefreshToken"), expiry / 1000);
        assert_eq!(cookie_expiry(&response, ID_REFRESH), expiry / 1000);
        assert!(expiry > ate);
        for name in ALL_COOKIES {
            let path = if name == "sRefreshToken" { REFRESH } else { "/" };
            let cookie = response.set_cookie(name);
            assert!(cookie.contains(&format!("; Path={path}; ")), "{cookie}");
            assert!(cookie.ends_with("; HttpOnly; SameSite=Lax"), "{cookie}");
        }
    }
}

#[tokio::test]
async fn a_page_reads_only_the_claims_of_the_payload() {
    let (app, _) = api_of(Generation::Older);
    let mut browser = Browser::new(&app);
    let response = browser.sign_up("jo@example.com").await;
    let front = response.front_token();
    assert_eq!(front["uid"], response.json()["user"]["id"]);
    let fields: Vec<&String> = front["up"].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["email", "st-ev", "st-mfa", "st-perm", "st-role"]);
    assert_eq!(browser.get("/api/me").await.json()["access_token_payload"], front["up"]);
}

#[tokio::test]
async fn each_refresh_changes_the_id_refresh_token() {
    let (app, _) = api_of(Generation::Older);
    let mut browser = Browser::new(&app);
    let first = browser.sign_up("jo@example.com").await;
    let second = browser.refresh().await.is(200);
    assert_eq!(second.cookie_names(), ALL_COOKIES);
    assert_ne!(id_refresh_token(&first).0, id_refresh_token(&second).0);
    assert_eq!(browser.cookies[ID_REFRESH], id_refresh_token(&second).0);

    browser.get("/api/me").await.is(200);
    let changed = browser.post("/api/profile", json!({ "nickname": "Jo" })).await.is(200);
    assert_eq!(changed.front_token()["up"]["nickname"], "Jo");
    assert_eq!(changed.header("id-refresh-token"), None, "the session is still the same");
    assert_eq!(changed.cookie_names(), ["sAccessToken"]);
}

#[tokio::test]
async fn the_third_cookie_means_that_there_is_a_session() {
    let (app, _) = api_of(Generation::Older);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;

    let mut without_id = browser.clone();
    without_id.cookies.remove(ID_REFRESH);
    without_id.get("/api/orders").await.expect_unauthorised("unauthorised");
    without_id.refresh().await.ends_session("unauthorised");

    let mut without_refresh = browser.clone();
    without_refresh.cookies.remove("sRefreshToken");
    without_refresh.refresh().await.ends_session("unauthorised");

    // The browser deletes the cookie when the access token expires.
    browser.cookies.remove("sAccessToken");
    browser.get("/api/orders").await.expect_unauthorised("try refresh token");
    browser.refresh().await.is(200);
    browser.get("/api/orders").await.is(200);
}

#[tokio::test]
async fn the_first_of_duplicate_cookies_is_used() {
    let (app, _) = api_of(Generation::Older);
    let browser = Browser::signed_up(&app, "jo@example.com").await;
    let both = |first: &str, second: &str| {
        format!("{ID_REFRESH}=x; sAccessToken={first}; sAccessToken={second}; sRefreshToken={first}")
    };
    let access = &browser.cookies["sAccessToken"];
    bare(&app, "GET", "/api/orders", &[("cookie", &both(access, "old"))]).await.is(200);
    let stale = both("old", access);
    bare(&app, "GET", "/api/orders", &[("cookie", &stale)]).await.expect_unauthorised("try refresh token");
    bare(&app, "POST", REFRESH, &[("cookie", &stale)]).await.ends_session("unauthorised");
}

#[tokio::test]
async fn tokens_in_headers_are_ignored() {
    let (app, _) = api_of(Generation::Older);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let bearer = format!("Bearer {}", browser.cookies["sAccessToken"]);
    let headers = [("authorization", bearer.as_str())];
    bare(&app, "GET", "/api/orders", &headers).await.expect_unauthorised("unauthorised");
    browser.send(Method::GET, "/api/orders", &[("authorization", "Bearer x")], None).await.is(200);
    browser.send(Method::POST, REFRESH, &[("authorization", "Bearer x")], None).await.is(200);
}

#[tokio::test]
async fn a_sign_out_without_a_session_succeeds() {
    let (app, _) = api_of(Generation::Older);
    let mut browser = Browser::new(&app);
    for rid in [Some("session"), None] {
        browser.rid = rid;
        let response = browser.post("/auth/signout", json!({})).await.is(200);
        assert_eq!(response.header("id-refresh-token"), None);
        assert!(response.set_cookies().is_empty());
    }
    // After the access token's expiry, only clients that can refresh get a response that asks for it.
    browser.cookies.insert(ID_REFRESH.to_owned(), "x".to_owned());
    browser.post("/auth/signout", json!({})).await.is(200);
    browser.rid = Some("session");
    browser.post("/auth/signout", json!({})).await.expect_unauthorised("try refresh token");
}

#[tokio::test]
async fn a_sign_out_right_after_a_refresh_has_a_front_token_too() {
    let (app, _) = api_of(Generation::Older);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    browser.refresh().await.is(200);
    let response = browser.post("/auth/signout", json!({})).await.is(200);
    response.assert_session_removed();
    assert_eq!(response.front_token()["up"]["email"], "jo@example.com");
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn a_session_continues_after_the_upgrade() {
    let (app, controls) = controlled_api_of(Generation::Older);
    let mut browser = Browser::new(&app);
    let user = browser.sign_up("jo@example.com").await.front_token()["uid"].clone();
    let handle = browser.get("/api/me").await.json()["session_handle"].clone();
    browser.post("/api/profile", json!({ "nickname": "Jo" })).await.is(200);

    controls.switch_generation(Generation::Current);
    browser.get("/api/orders").await.expect_unauthorised("try refresh token");
    browser.post("/auth/signout", json!({})).await.expect_unauthorised("try refresh token");
    let response = browser.refresh().await.is(200);
    assert_eq!(response.header("id-refresh-token"), None);
    assert_eq!(response.cookie_names(), ALL_COOKIES);
    assert_eq!(cookie_expiry(&response, ID_REFRESH), 0);
    assert!(!browser.cookies.contains_key(ID_REFRESH));
    let front = response.front_token();
    assert_eq!((&front["uid"], &front["up"]["sessionHandle"]), (&user, &handle));
    assert_eq!(front["up"]["nickname"], "Jo");

    browser.get("/api/orders").await.is(200);
    let response = browser.post("/auth/signout", json!({})).await.is(200);
    assert_eq!((response.header("front-token"), response.header("id-refresh-token")), (Some("remove"), None));
    assert!(browser.cookies.is_empty());
    assert_eq!(controls.thefts(), 0);
}

#[tokio::test]
async fn an_unused_refresh_is_no_theft_after_the_upgrade() {
    let (app, controls) = controlled_api_of(Generation::Older);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    // One of two tabs still has the old tokens.
    let mut late = browser.clone();
    browser.refresh().await.is(200);
    controls.switch_generation(Generation::Current);
    late.refresh().await.is(200);
    browser.refresh().await.is(200);
    assert_eq!(controls.thefts(), 0);
    late.refresh().await.is(401);
    assert_eq!(controls.thefts(), 1, "it is still watched for");
}

#[tokio::test]
async fn an_upgrade_over_http_survives_a_reset() {
    let (app, controls) = controlled_api_of(Generation::Older);
    let mut browser = Browser::new(&app);
    browser.sign_up("jo@example.com").await;
    browser.post("/test/generation", json!({ "generation": "newest" })).await.is(400);
    browser.post("/test/generation", json!({ "generation": "current" })).await.is(200);
    controls.reset();
    let exposed = browser.get("/api/public").await;
    let exposed = exposed.header("access-control-expose-headers").unwrap();
    assert!(!exposed.contains("id-refresh-token") && exposed.contains("st-access-token"), "{exposed}");
    let mut other = Browser::in_header_mode(&app);
    let response = other.post("/auth/signin", form("jo@example.com", PASSWORD)).await.is(200);
    assert!(response.header("st-access-token").is_some());

    browser.post("/test/generation", json!({ "generation": "older" })).await.is(200);
    let response = browser.post("/auth/signin", form("jo@example.com", PASSWORD)).await.is(200);
    assert!(response.header("id-refresh-token").is_some());
}

#[tokio::test]
async fn without_test_controls_the_generation_stays() {
    let options = Options { generation: Generation::Older, ..Options::default() };
    let (app, controls) = api(options);
    controls.switch_generation(Generation::Current);
    let response = Browser::new(&app).sign_up("jo@example.com").await;
    assert!(response.header("id-refresh-token").is_some());
}
