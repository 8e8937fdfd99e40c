//! Changes of roles while users are signed in.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use backend::Generation;
use common::{Api, Browser, PASSWORD, TestResponse, api_of, bare, form, in_both_generations};
use serde_json::{Value, json};

const ADMIN: &str = "admin@example.com";
const JO: &str = "jo@example.com";

in_both_generations! {
    the_own_session_gets_a_role_at_once_and_in_all_later_tokens
    another_users_session_gets_a_role_at_its_next_refresh
    a_session_gets_a_role_on_request
    a_refresh_does_not_renew_unchanged_claims
    only_administrators_change_roles
    the_last_administrator_can_not_lose_the_role
}

async fn change(browser: &mut Browser, email: &str, role: &str, give: bool) -> TestResponse {
    browser.post("/api/admin/roles", json!({ "email": email, "role": role, "give": give })).await
}

async fn payload(browser: &mut Browser) -> Value {
    browser.get("/api/me").await.is(200).json()["access_token_payload"].clone()
}

async fn admin_and_jo(app: &Api) -> (Browser, Browser) {
    (Browser::signed_up(app, ADMIN).await, Browser::signed_up(app, JO).await)
}

async fn the_own_session_gets_a_role_at_once_and_in_all_later_tokens(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut admin = Browser::signed_up(&app, ADMIN).await;
    let given = change(&mut admin, ADMIN, "editor", true).await.is(200);
    assert_eq!(given.json(), json!({ "status": "OK", "email": ADMIN, "roles": ["admin", "editor", "user"] }));
    let front = given.front_token();
    assert_eq!(front["up"]["st-role"]["v"], json!(["admin", "editor", "user"]));
    assert_eq!(
        front["up"]["st-perm"]["v"],
        json!(["drafts:write", "orders:read", "orders:write", "users:read", "users:write"])
    );
    assert_eq!(payload(&mut admin).await["st-role"], front["up"]["st-role"]);
    assert_eq!(admin.refresh().await.is(200).front_token()["up"]["st-role"], front["up"]["st-role"]);

    let taken = change(&mut admin, &ADMIN.to_uppercase(), "editor", false).await.is(200);
    assert_eq!(taken.front_token()["up"]["st-role"]["v"], json!(["admin", "user"]));
}

async fn another_users_session_gets_a_role_at_its_next_refresh(generation: Generation) {
    let (app, _) = api_of(generation);
    let (mut admin, mut jo) = admin_and_jo(&app).await;
    let before = payload(&mut jo).await;
    let response = change(&mut admin, JO, "admin", true).await.is(200);
    assert_eq!(response.header("front-token"), None, "the response does not change the caller's session");
    assert_eq!(payload(&mut jo).await, before);
    jo.get("/api/admin/users").await.is(403);

    let front = jo.refresh().await.is(200).front_token();
    assert_eq!(front["up"]["st-role"]["v"], json!(["admin", "user"]));
    assert!(front["up"]["st-role"]["t"].as_u64() >= before["st-role"]["t"].as_u64());
    jo.get("/api/admin/users").await.is(200);

    change(&mut admin, JO, "admin", false).await.is(200);
    jo.get("/api/admin/users").await.is(200);
    jo.refresh().await.is(200);
    jo.get("/api/admin/users").await.is(403);
    let signed_in = Browser::new(&app).post("/auth/signin", form(JO, PASSWORD)).await;
    assert_eq!(signed_in.front_token()["up"]["st-role"]["v"], json!(["user"]));
}

async fn a_session_gets_a_role_on_request(generation: Generation) {
    let (app, controls) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let before = payload(&mut jo).await;
    assert!(controls.set_role(JO, "editor", true));
    let front = jo.post("/api/claims/refresh", json!({})).await.is(200).front_token();
    assert_eq!(front["up"]["st-role"]["v"], json!(["editor", "user"]));
    assert_eq!(front["ate"], {
        let me = jo.get("/api/me").await.json();
        me["access_token_expires_at"].clone()
    });
    // The request renews claims, whether or not they changed.
    assert_eq!(front["up"]["st-ev"]["v"], before["st-ev"]["v"]);
    std::thread::sleep(std::time::Duration::from_millis(2));
    let again = jo.post("/api/claims/refresh", json!({})).await.is(200).front_token();
    assert!(again["up"]["st-ev"]["t"].as_u64() > before["st-ev"]["t"].as_u64());
    bare(&app, "POST", "/api/claims/refresh", &[]).await.expect_unauthorised("unauthorised");
}

async fn a_refresh_does_not_renew_unchanged_claims(generation: Generation) {
    let (app, controls) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let before = payload(&mut jo).await;
    std::thread::sleep(std::time::Duration::from_millis(2));
    assert!(controls.set_role(JO, "editor", true) && controls.set_role(JO, "editor", false));
    let front = jo.refresh().await.is(200).front_token();
    for claim in ["st-role", "st-perm", "st-ev"] {
        assert_eq!(front["up"][claim], before[claim]);
    }
}

async fn only_administrators_change_roles(generation: Generation) {
    let (app, controls) = api_of(generation);
    let (mut admin, mut jo) = admin_and_jo(&app).await;
    let rejected = change(&mut jo, JO, "admin", true).await.is(403);
    assert_eq!(rejected.json()["claimValidationErrors"][0]["id"], "st-role");
    let order = json!({ "email": JO, "role": "admin", "give": true });
    let mut signed_out = Browser::new(&app);
    signed_out.post("/api/admin/roles", order).await.expect_unauthorised("unauthorised");
    for (email, role) in [(JO, "owner"), ("unknown@example.com", "editor")] {
        assert!(!change(&mut admin, email, role, true).await.is(400).message().is_empty());
        assert!(!controls.set_role(email, role, true));
    }
    admin.post("/api/admin/roles", json!({ "email": JO, "role": "editor" })).await.is(400);
    let users = admin.get("/api/admin/users").await.json();
    assert_eq!(users[1]["roles"], json!(["user"]));
}

async fn the_last_administrator_can_not_lose_the_role(generation: Generation) {
    let (app, _) = api_of(generation);
    let (mut admin, _) = admin_and_jo(&app).await;
    let rejected = change(&mut admin, ADMIN, "admin", false).await.is(400);
    assert_eq!(rejected.message(), "at least one user must be an administrator");
    change(&mut admin, JO, "admin", true).await.is(200);
    change(&mut admin, ADMIN, "admin", false).await.is(200);
    admin.get("/api/admin/users").await.is(403);
}
