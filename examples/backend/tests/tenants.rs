//! Tenants: their sign-in methods, users and sessions.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use axum::http::Method;
use backend::Generation;
use common::{Browser, PASSWORD, api_of, default_api, form, in_both_generations};
use serde_json::{Value, json};

const JO: &str = "jo@example.com";

in_both_generations! { each_tenant_has_its_own_users }

#[tokio::test]
async fn the_login_methods_of_each_tenant() {
    let (app, _) = default_api();
    let mut browser = Browser::new(&app);
    let public = json!({
        "status": "OK",
        "emailPassword": { "enabled": true },
        "thirdParty": { "enabled": true, "providers": [{ "id": "demo", "name": "Demo provider" }] },
        "passwordless": { "enabled": true },
        "webauthn": { "enabled": false },
        "firstFactors": ["emailpassword", "otp-email", "link-email", "thirdparty"],
    });
    for path in ["/auth/loginmethods", "/auth/public/loginmethods"] {
        assert_eq!(browser.get(path).await.is(200).json(), public);
    }
    let acme = json!({
        "status": "OK",
        "emailPassword": { "enabled": true },
        "thirdParty": { "enabled": false, "providers": [] },
        "passwordless": { "enabled": false },
        "webauthn": { "enabled": false },
        "firstFactors": ["emailpassword"],
    });
    assert_eq!(browser.get("/auth/acme/loginmethods").await.is(200).json(), acme);
}

async fn each_tenant_has_its_own_users(generation: Generation) {
    let (app, _) = api_of(generation);
    let public = Browser::new(&app).sign_up(JO).await.json()["user"]["id"].clone();
    let mut jo = Browser::new(&app);
    let password = "0therPassword";
    let acme = jo.post("/auth/acme/signup", form(JO, password)).await.is(200).json();
    assert_eq!((&acme["status"], &acme["user"]["tenantIds"]), (&json!("OK"), &json!(["acme"])));
    assert_ne!(acme["user"]["id"], public);
    assert_eq!(acme["user"]["loginMethods"][0]["tenantIds"], json!(["acme"]));

    for (path, password, status) in [
        ("/auth/signin", password, "WRONG_CREDENTIALS_ERROR"),
        ("/auth/acme/signin", PASSWORD, "WRONG_CREDENTIALS_ERROR"),
        ("/auth/public/signin", PASSWORD, "OK"),
        ("/auth/acme/signin", password, "OK"),
    ] {
        let response = jo.post(path, form(JO, password)).await.is(200);
        assert_eq!(response.json()["status"], status, "{path}");
        if status == "OK" && generation == Generation::Current {
            let tenant = if path.contains("acme") { "acme" } else { "public" };
            assert_eq!(response.front_token()["up"]["tId"], tenant);
        }
    }
    assert_eq!(jo.get("/api/me").await.is(200).json()["user_id"], acme["user"]["id"]);
    if generation == Generation::Current {
        assert_eq!(jo.refresh().await.is(200).front_token()["up"]["tId"], "acme");
    }
}

#[tokio::test]
async fn an_administrator_of_one_tenant_has_no_power_in_another() {
    let (app, _) = default_api();
    Browser::new(&app).sign_up(JO).await;
    let mut admin = Browser::new(&app);
    admin.post("/auth/acme/signup", form("admin@example.com", PASSWORD)).await.is(200);
    let users = admin.get("/api/admin/users").await.is(200).json();
    let emails: Vec<&Value> = users.as_array().unwrap().iter().map(|user| &user["email"]).collect();
    assert_eq!(emails, ["admin@example.com"]);
    let change = json!({ "email": JO, "role": "admin", "give": true });
    assert_eq!(admin.post("/api/admin/roles", change).await.is(400).message(), "no user has this e-mail");
}

#[tokio::test]
async fn a_reset_link_is_valid_in_its_tenant_only() {
    let (app, _) = default_api();
    let mut jo = Browser::new(&app);
    jo.post("/auth/acme/signup", form(JO, PASSWORD)).await.is(200);
    let address = json!({ "formFields": [{ "id": "email", "value": JO }] });
    jo.post("/auth/acme/user/password/reset/token", address).await.is(200);
    let link = jo.mail(JO).await["link"].as_str().unwrap().to_owned();
    let token = link.split_once("?token=").unwrap().1.strip_suffix("&tenantId=acme").unwrap();
    let body = json!({ "method": "token", "token": token, "formFields": [{ "id": "password", "value": "N3wPassword" }] });
    let elsewhere = jo.post("/auth/user/password/reset", body.clone()).await.is(200).json();
    assert_eq!(elsewhere["status"], "RESET_PASSWORD_INVALID_TOKEN_ERROR");
    assert_eq!(jo.post("/auth/acme/user/password/reset", body).await.json(), json!({ "status": "OK" }));
}

#[tokio::test]
async fn other_methods_are_refused_where_a_tenant_allows_passwords_only() {
    let (app, _) = default_api();
    let mut jo = Browser::new(&app);
    jo.post("/auth/acme/signinup/code", json!({ "email": JO })).await.ends_session("unauthorised");
    assert_eq!(jo.mail(JO).await, Value::Null);
    let query = "thirdPartyId=demo&redirectURIOnProviderDashboard=http://localhost:8080/";
    let message = jo.get(&format!("/auth/acme/authorisationurl?{query}")).await.is(400).message();
    assert_eq!(message, "the provider demo could not be found in the configuration");
    let started = jo.post("/auth/signinup/code", json!({ "email": JO })).await.is(200).json();
    let code = jo.mail(JO).await["code"].clone();
    let proof = json!({
        "preAuthSessionId": started["preAuthSessionId"], "deviceId": started["deviceId"], "userInputCode": code,
    });
    let elsewhere = jo.post("/auth/acme/signinup/code/consume", proof.clone()).await.is(200).json();
    assert_eq!(elsewhere, json!({ "status": "RESTART_FLOW_ERROR" }));
    assert_eq!(jo.post("/auth/signinup/code/consume", proof).await.json()["status"], "OK");
}

#[tokio::test]
async fn an_unknown_tenant_is_a_500_as_in_the_sdk() {
    let (app, _) = default_api();
    let mut jo = Browser::new(&app);
    for (method, path) in [
        (Method::GET, "/auth/nowhere/loginmethods"),
        (Method::GET, "/auth/nowhere/emailpassword/email/exists"),
        (Method::POST, "/auth/nowhere/signin"),
        (Method::POST, "/auth/nowhere/signinup"),
        (Method::POST, "/auth/nowhere/user/password/reset"),
    ] {
        assert_eq!(
            jo.send(method, path, &[], Some(json!({}))).await.is(500).message(),
            "Tenant not found",
            "{path}"
        );
    }
}
