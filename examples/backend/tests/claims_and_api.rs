//! Roles, changes of the payload, and the other routes of the example API.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use backend::Generation;
use common::{Browser, api_of, bare, default_api, in_both_generations};
use serde_json::json;

in_both_generations! {
    the_users_list_requires_the_role_admin
    a_nickname_is_in_this_token_and_all_later_ones
    an_invalid_nickname_is_a_400_and_changes_nothing
    a_401_of_the_app_stays_after_a_refresh
}

async fn the_users_list_requires_the_role_admin(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut admin = Browser::signed_up(&app, "admin@example.com").await;
    let mut user = Browser::signed_up(&app, "jo@example.com").await;
    let response = user.get("/api/admin/users").await.is(403);
    assert_eq!(
        response.json(),
        json!({
            "message": "invalid claim",
            "claimValidationErrors": [{
                "id": "st-role",
                "reason": { "message": "wrong value", "expectedToInclude": "admin", "actualValue": ["user"] },
            }],
        })
    );
    let users = admin.get("/api/admin/users").await.is(200).json();
    assert_eq!(users[0]["email"], "admin@example.com");
    assert_eq!(users[0]["roles"], json!(["admin", "user"]));
    assert_eq!(users[1]["email"], "jo@example.com");
    bare(&app, "GET", "/api/admin/users", &[]).await.expect_unauthorised("unauthorised");
}

async fn a_nickname_is_in_this_token_and_all_later_ones(generation: Generation) {
    let (app, _) = api_of(generation);
    for mut browser in [Browser::new(&app), Browser::in_header_mode(&app)] {
        let email = if browser.header_mode { "header@example.com" } else { "cookie@example.com" };
        let before = browser.sign_up(email).await.front_token();
        let response = browser.post("/api/profile", json!({ "nickname": " Jö " })).await.is(200);
        assert_eq!(response.json(), json!({ "nickname": "Jö" }));
        let after = response.front_token();
        assert_eq!(after["up"]["nickname"], "Jö");
        assert_eq!(after["up"]["st-role"], before["up"]["st-role"]);
        assert_eq!(after["ate"], before["ate"], "the new token expires when the old one would have");
        let in_headers = browser.header_mode && generation == Generation::Current;
        assert_eq!(response.set_cookies().len(), usize::from(!in_headers));

        assert_eq!(browser.get("/api/me").await.json()["access_token_payload"]["nickname"], "Jö");
        assert_eq!(browser.refresh().await.is(200).front_token()["up"]["nickname"], "Jö");
        let renewed = browser.post("/api/profile", json!({ "nickname": "Jo" })).await.is(200).front_token();
        assert_eq!(renewed["up"]["nickname"], "Jo");
        assert!(renewed["up"]["parentRefreshTokenHash1"].is_null());
        let unchanged = browser.get("/api/me").await.is(200);
        assert_eq!(unchanged.header("front-token"), None);
        assert_eq!(unchanged.json()["access_token_payload"]["nickname"], "Jo");
    }
}

async fn an_invalid_nickname_is_a_400_and_changes_nothing(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    for body in [
        json!({}),
        json!({ "nickname": 1 }),
        json!({ "nickname": " " }),
        json!({ "nickname": "x".repeat(41) }),
    ] {
        let response = browser.post("/api/profile", body).await.is(400);
        assert!(!response.message().is_empty());
        assert_eq!(response.header("front-token"), None);
    }
    assert!(browser.get("/api/me").await.json()["access_token_payload"].get("nickname").is_none());
}

#[tokio::test]
async fn each_user_has_their_own_orders() {
    let (app, _) = default_api();
    let mut jo = Browser::signed_up(&app, "jo@example.com").await;
    let mut bo = Browser::signed_up(&app, "bo@example.com").await;
    let orders = jo.get("/api/orders").await.is(200).json();
    assert_eq!(orders.as_array().unwrap().len(), 12);
    for order in orders.as_array().unwrap() {
        assert!(order["id"].is_string() && order["item"].is_string() && order["placed_at"].is_string());
        assert!(order["total_cents"].as_u64().unwrap() >= order["quantity"].as_u64().unwrap() * 100);
    }
    assert_eq!(jo.get("/api/orders").await.json(), orders, "the list stays the same");
    assert_ne!(bo.get("/api/orders").await.json(), orders);

    let body = json!({ "item": "Coffee beans, 1 kg", "quantity": 2 });
    let placed = jo.post("/api/orders", body).await.is(201).json();
    assert_eq!((placed["item"].as_str(), placed["quantity"].as_u64()), (Some("Coffee beans, 1 kg"), Some(2)));
    assert_eq!(placed["total_cents"], 4_580);
    assert_eq!(jo.get("/api/orders").await.json()[12], placed);
    assert_eq!(bo.get("/api/orders").await.json().as_array().unwrap().len(), 12);
}

#[tokio::test]
async fn orders_are_validated_and_limited() {
    let (app, _) = default_api();
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    for body in [
        json!({}),
        json!({ "item": "Lamp" }),
        json!({ "item": "", "quantity": 1 }),
        json!({ "item": "x".repeat(81), "quantity": 1 }),
        json!({ "item": "Lamp", "quantity": 0 }),
        json!({ "item": "Lamp", "quantity": 100 }),
        json!({ "item": "Lamp", "quantity": -1 }),
    ] {
        assert!(!browser.post("/api/orders", body).await.is(400).message().is_empty());
    }
    let lamp = json!({ "item": "Lamp", "quantity": 1 });
    for _ in 0..50 {
        browser.post("/api/orders", lamp.clone()).await.is(201);
    }
    assert!(browser.post("/api/orders", lamp).await.is(503).message().contains("50"));
}

async fn a_401_of_the_app_stays_after_a_refresh(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut browser = Browser::signed_up(&app, "jo@example.com").await;
    for _ in 0..2 {
        browser.get("/api/always-401").await.expect_unauthorised("not for you");
        browser.refresh().await.is(200);
    }
    bare(&app, "GET", "/api/always-401", &[]).await.expect_unauthorised("not for you");
}
