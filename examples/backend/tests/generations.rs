//! What the older generation does in its own way, and the upgrade from it to the current one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use axum::http::Method;
use backend::{Generation, Options};
use common::{Answer, Browser, PASSWORD, REFRESH, api, api_of, bare, controlled_api_of, form};
use serde_json::json;

const ID_REFRESH: &str = "sIdRefreshToken";
const ALL_COOKIES: [&str; 3] = ["sAccessToken", ID_REFRESH, "sRefreshToken"];

/// The value and the expiry, in milliseconds since the epoch.
fn id_refresh_token(answer: &Answer) -> (&str, u64) {
    let (value, expiry) = answer.header("id-refresh-token").unwrap().split_once(';').unwrap();
    (value, expiry.parse().unwrap())
}

/// When the browser drops a cookie, in seconds since the epoch.
fn cookie_expiry(answer: &Answer, name: &str) -> u64 {
    let cookie = answer.set_cookie(name);
    let date = cookie.split("; Expires=").nth(1).unwrap().split(';').next().unwrap();
    let date = httpdate::parse_http_date(date).unwrap();
    date.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test]
async fn a_sign_in_answers_with_three_cookies_and_an_id_refresh_token_whatever_mode_is_asked_for() {
    let (app, _) = api_of(Generation::Older);
    for mut browser in [Browser::new(&app), Browser::in_header_mode(&app)] {
        let email = if browser.header_mode { "header@example.com" } else { "cookie@example.com" };
        browser.sign_up(email).await;
        let answer = browser.post("/auth/signin", form(email, PASSWORD)).await.is(200);
        assert_eq!(answer.cookie_names(), ALL_COOKIES);
        assert_eq!(answer.header("st-access-token"), None);
        assert_eq!(answer.header("st-refresh-token"), None);

        let (value, expiry) = id_refresh_token(&answer);
        assert_eq!(browser.cookies[ID_REFRESH], value);
        let front = answer.front_token();
        let ate = front["ate"].as_u64().unwrap();
        assert_eq!(cookie_expiry(&answer, "sAccessToken"), ate / 1000, "the cookie goes with the token");
        assert_eq!(cookie_expiry(&answer, "sRefreshToken"), expiry / 1000);
        assert_eq!(cookie_expiry(&answer, ID_REFRESH), expiry / 1000);
        assert!(expiry > ate);
        for name in ALL_COOKIES {
            let path = if name == "sRefreshToken" { REFRESH } else { "/" };
            let cookie = answer.set_cookie(name);
            assert!(cookie.contains(&format!("; Path={path}; ")), "{cookie}");
            assert!(cookie.ends_with("; HttpOnly; SameSite=Lax"), "{cookie}");
        }
    }
}

#[tokio::test]
async fn a_page_sees_the_claims_and_nothing_else_of_the_payload() {
    let (app, _) = api_of(Generation::Older);
    let mut browser = Browser::new(&app);
    let answer = browser.sign_up("jo@example.com").await;
    let front = answer.front_token();
    assert_eq!(front["uid"], answer.json()["user"]["id"]);
    let fields: Vec<&String> = front["up"].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["email", "st-ev", "st-perm", "st-role"]);
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
async fn the_third_cookie_says_whether_there_is_a_session() {
    let (app, _) = api_of(Generation::Older);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;

    let mut without_id = browser.clone();
    without_id.cookies.remove(ID_REFRESH);
    without_id.get("/api/orders").await.refuses_quietly("unauthorised");
    without_id.refresh().await.ends_session("unauthorised");

    let mut without_refresh = browser.clone();
    without_refresh.cookies.remove("sRefreshToken");
    without_refresh.refresh().await.ends_session("unauthorised");

    // As after the access token's expiry, with which the browser drops its cookie.
    browser.cookies.remove("sAccessToken");
    browser.get("/api/orders").await.refuses_quietly("try refresh token");
    browser.refresh().await.is(200);
    browser.get("/api/orders").await.is(200);
}

#[tokio::test]
async fn of_duplicate_cookies_the_first_counts() {
    let (app, _) = api_of(Generation::Older);
    let browser = Browser::signed_up(&app, "jo@example.com").await;
    let both = |first: &str, second: &str| {
        format!("{ID_REFRESH}=x; sAccessToken={first}; sAccessToken={second}; sRefreshToken={first}")
    };
    let access = &browser.cookies["sAccessToken"];
    bare(&app, "GET", "/api/orders", &[("cookie", &both(access, "old"))]).await.is(200);
    let stale = both("old", access);
    bare(&app, "GET", "/api/orders", &[("cookie", &stale)]).await.refuses_quietly("try refresh token");
    bare(&app, "POST", REFRESH, &[("cookie", &stale)]).await.ends_session("unauthorised");
}

#[tokio::test]
async fn tokens_in_headers_are_not_looked_at() {
    let (app, _) = api_of(Generation::Older);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    let bearer = format!("Bearer {}", browser.cookies["sAccessToken"]);
    let headers = [("authorization", bearer.as_str())];
    bare(&app, "GET", "/api/orders", &headers).await.refuses_quietly("unauthorised");
    browser.send(Method::GET, "/api/orders", &[("authorization", "Bearer x")], None).await.is(200);
    browser.send(Method::POST, REFRESH, &[("authorization", "Bearer x")], None).await.is(200);
}

#[tokio::test]
async fn who_has_no_session_may_sign_out() {
    let (app, _) = api_of(Generation::Older);
    let mut browser = Browser::new(&app);
    for rid in [Some("session"), None] {
        browser.rid = rid;
        let answer = browser.post("/auth/signout", json!({})).await.is(200);
        assert_eq!(answer.header("id-refresh-token"), None);
        assert!(answer.set_cookies().is_empty());
    }
    // Once the access token has expired, only those are told to refresh who are known to do so.
    browser.cookies.insert(ID_REFRESH.to_owned(), "x".to_owned());
    browser.post("/auth/signout", json!({})).await.is(200);
    browser.rid = Some("session");
    browser.post("/auth/signout", json!({})).await.refuses_quietly("try refresh token");
}

#[tokio::test]
async fn a_sign_out_right_after_a_refresh_has_a_front_token_beside_the_end() {
    let (app, _) = api_of(Generation::Older);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    browser.refresh().await.is(200);
    let answer = browser.post("/auth/signout", json!({})).await.is(200);
    answer.says_the_end();
    assert_eq!(answer.front_token()["up"]["email"], "jo@example.com");
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn a_session_goes_on_after_the_upgrade() {
    let (app, controls) = controlled_api_of(Generation::Older);
    let mut browser = Browser::new(&app);
    let user = browser.sign_up("jo@example.com").await.front_token()["uid"].clone();
    let handle = browser.get("/api/me").await.json()["session_handle"].clone();
    browser.post("/api/profile", json!({ "nickname": "Jo" })).await.is(200);

    controls.switch_generation(Generation::Current);
    browser.get("/api/orders").await.refuses_quietly("try refresh token");
    browser.post("/auth/signout", json!({})).await.refuses_quietly("try refresh token");
    let answer = browser.refresh().await.is(200);
    assert_eq!(answer.header("id-refresh-token"), None);
    assert_eq!(answer.cookie_names(), ALL_COOKIES);
    assert_eq!(cookie_expiry(&answer, ID_REFRESH), 0);
    assert!(!browser.cookies.contains_key(ID_REFRESH));
    let front = answer.front_token();
    assert_eq!((&front["uid"], &front["up"]["sessionHandle"]), (&user, &handle));
    assert_eq!(front["up"]["nickname"], "Jo");

    browser.get("/api/orders").await.is(200);
    let answer = browser.post("/auth/signout", json!({})).await.is(200);
    assert_eq!((answer.header("front-token"), answer.header("id-refresh-token")), (Some("remove"), None));
    assert!(browser.cookies.is_empty());
    assert_eq!(controls.thefts(), 0);
}

#[tokio::test]
async fn a_refresh_that_was_never_used_is_no_theft_after_the_upgrade() {
    let (app, controls) = controlled_api_of(Generation::Older);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    // Of two tabs, one has the old tokens still.
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
async fn an_upgrade_can_be_told_over_http_and_outlasts_a_reset() {
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
    let answer = other.post("/auth/signin", form("jo@example.com", PASSWORD)).await.is(200);
    assert!(answer.header("st-access-token").is_some());

    browser.post("/test/generation", json!({ "generation": "older" })).await.is(200);
    let answer = browser.post("/auth/signin", form("jo@example.com", PASSWORD)).await.is(200);
    assert!(answer.header("id-refresh-token").is_some());
}

#[tokio::test]
async fn without_test_controls_the_generation_stays() {
    let options = Options { generation: Generation::Older, ..Options::default() };
    let (app, controls) = api(options);
    controls.switch_generation(Generation::Current);
    let answer = Browser::new(&app).sign_up("jo@example.com").await;
    assert!(answer.header("id-refresh-token").is_some());
}
