//! Signing up, signing in, and the responses to invalid forms.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use axum::body::Body;
use axum::http::Request;
use backend::{Generation, Options};
use common::{Api, Browser, PASSWORD, api, api_of, default_api, form, in_both_generations, send};
use serde_json::{Value, json};

in_both_generations! {
    signing_in_requires_the_right_password
    only_the_first_admin_address_gets_the_admin_role
    limits_are_errors_with_a_message
}

async fn field_errors(app: &Api, path: &str, email: &str, password: &str) -> Value {
    let response = Browser::new(app).post(path, form(email, password)).await.is(200);
    assert_eq!(response.json()["status"], "FIELD_ERROR");
    assert_eq!(response.header("front-token"), None);
    assert!(response.set_cookies().is_empty());
    response.json()["formFields"].clone()
}

#[tokio::test]
async fn signing_up_returns_the_user_and_a_session_in_cookies() {
    let (app, _) = default_api();
    let mut browser = Browser::new(&app);
    let response = browser.post("/auth/signup", form(" Jo@Example.com ", PASSWORD)).await.is(200);

    let user = &response.json()["user"];
    assert_eq!(user["email"], "jo@example.com");
    assert_eq!(user["emails"], json!(["jo@example.com"]));
    assert_eq!(user["tenantIds"], json!(["public"]));
    assert!(user["timeJoined"].as_u64().unwrap() > 1_600_000_000_000);

    let front = response.front_token();
    assert_eq!(front["uid"], user["id"]);
    assert_eq!(front["up"]["sub"], user["id"]);
    assert_eq!(front["up"]["rsub"], user["id"]);
    assert_eq!(front["up"]["tId"], "public");
    assert_eq!(front["up"]["email"], "jo@example.com");
    assert_eq!(front["up"]["st-role"]["v"], json!(["user"]));
    assert_eq!(front["up"]["st-perm"]["v"], json!(["orders:read", "orders:write"]));
    assert!(front["up"]["st-role"]["t"].is_u64());
    assert_eq!(front["up"]["exp"].as_u64().unwrap(), front["ate"].as_u64().unwrap() / 1000);
    assert_eq!(front["up"]["exp"].as_u64().unwrap() - front["up"]["iat"].as_u64().unwrap(), 3600);

    let access = response.set_cookie("sAccessToken");
    assert!(access.contains("; Path=/; Expires="), "{access}");
    assert!(access.ends_with("; HttpOnly; SameSite=Lax"), "{access}");
    let refresh = response.set_cookie("sRefreshToken");
    assert!(refresh.contains("; Path=/auth/session/refresh; Expires="), "{refresh}");
    assert!(refresh.ends_with("; HttpOnly; SameSite=Lax"), "{refresh}");
    assert_eq!(response.header("st-access-token"), None);
    assert_eq!(response.header("st-refresh-token"), None);
    assert_eq!(response.header("anti-csrf"), None);

    let me = browser.get("/api/me").await.is(200).json();
    assert_eq!(me["user_id"], user["id"]);
    assert_eq!(me["access_token_payload"], front["up"]);
}

async fn signing_in_requires_the_right_password(generation: Generation) {
    let (app, _) = api_of(generation);
    let id = Browser::new(&app).sign_up("jo@example.com").await.json()["user"]["id"].clone();

    let mut browser = Browser::new(&app);
    let response = browser.post("/auth/signin", form("JO@example.com", PASSWORD)).await.is(200);
    assert_eq!(response.json()["status"], "OK");
    assert_eq!(response.json()["user"]["id"], id);
    browser.get("/api/orders").await.is(200);

    for (email, password) in [("jo@example.com", "Passw0rd?"), ("unknown@example.com", PASSWORD)] {
        let mut browser = Browser::new(&app);
        let response = browser.post("/auth/signin", form(email, password)).await.is(200);
        assert_eq!(response.json(), json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
        assert_eq!(response.header("front-token"), None);
        assert!(browser.cookies.is_empty());
    }
}

#[tokio::test]
async fn invalid_fields_are_named() {
    let (app, _) = default_api();
    let both = field_errors(&app, "/auth/signup", "jo", "short1").await;
    assert_eq!(both[0], json!({ "id": "email", "error": "Email is invalid" }));
    let too_short = "Password must contain at least 8 characters, including a number";
    assert_eq!(both[1], json!({ "id": "password", "error": too_short }));
    let empty = field_errors(&app, "/auth/signin", "", "").await;
    assert_eq!(empty[1], json!({ "id": "password", "error": "Field is not optional" }));

    Browser::new(&app).sign_up("jo@example.com").await;
    let taken = field_errors(&app, "/auth/signup", "Jo@example.com", PASSWORD).await;
    assert_eq!(
        taken,
        json!([{ "id": "email", "error": "This email already exists. Please sign in instead." }])
    );
}

#[tokio::test]
async fn a_body_that_is_not_a_form_is_a_400_with_a_reason() {
    let (app, _) = default_api();
    for body in [
        json!({}),
        json!([]),
        json!({ "formFields": "x" }),
        json!({ "formFields": [{ "id": "email" }] }),
        json!({ "formFields": [{ "id": "email", "value": 1 }] }),
        json!({ "formFields": [{ "id": "age", "value": "1" }] }),
    ] {
        for path in ["/auth/signup", "/auth/signin"] {
            let response = Browser::new(&app).post(path, body.clone()).await.is(400);
            assert!(!response.message().is_empty(), "{path} {body}");
        }
    }
    let broken =
        Request::post("/auth/signin").header("content-type", "application/json").body(Body::from("{"));
    assert!(!send(&app, broken.unwrap()).await.is(400).message().is_empty());
}

#[tokio::test]
async fn a_body_over_64_kb_is_rejected() {
    let (app, _) = default_api();
    let long = "a".repeat(65 * 1024);
    assert!(
        !Browser::new(&app).post("/auth/signin", form("a@b.co", &long)).await.is(413).message().is_empty()
    );
}

async fn only_the_first_admin_address_gets_the_admin_role(generation: Generation) {
    let (app, _) = api_of(generation);
    let role = |front: Value| front["up"]["st-role"]["v"].clone();
    let user = Browser::new(&app).sign_up("user@example.com").await;
    assert_eq!(role(user.front_token()), json!(["user"]));
    let first = Browser::new(&app).sign_up("admin@example.com").await;
    assert_eq!(role(first.front_token()), json!(["admin", "user"]));
    let second = Browser::new(&app).sign_up("admin@example.org").await;
    assert_eq!(role(second.front_token()), json!(["user"]));
}

async fn limits_are_errors_with_a_message(generation: Generation) {
    let (app, _) = api(Options { max_users: 1, max_sessions: 2, generation, ..Options::default() });
    let mut browser = Browser::signed_up(&app, "a@example.com").await;
    let response = Browser::new(&app).post("/auth/signup", form("b@example.com", PASSWORD)).await.is(503);
    assert!(response.message().contains("1 users"), "{}", response.message());

    Browser::new(&app).post("/auth/signin", form("a@example.com", PASSWORD)).await.is(200);
    let response = Browser::new(&app).post("/auth/signin", form("a@example.com", PASSWORD)).await.is(503);
    assert!(response.message().contains("2 sessions"), "{}", response.message());
    assert_eq!(response.header("front-token"), None);

    browser.post("/auth/signout", json!({})).await.is(200);
    Browser::new(&app).post("/auth/signin", form("a@example.com", PASSWORD)).await.is(200);
}

#[tokio::test]
async fn only_one_of_two_concurrent_sign_ups_gets_the_email() {
    let (app, _) = default_api();
    let (mut one, mut two) = (Browser::new(&app), Browser::new(&app));
    let (one, two) = tokio::join!(
        one.post("/auth/signup", form("jo@example.com", PASSWORD)),
        two.post("/auth/signup", form("jo@example.com", PASSWORD)),
    );
    let mut responses = [one.json()["status"].clone(), two.json()["status"].clone()];
    responses.sort_by_key(ToString::to_string);
    assert_eq!(responses, ["FIELD_ERROR", "OK"]);
}
