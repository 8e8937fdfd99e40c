//! One-time passwords as a second factor, and the route that needs them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use axum::http::Method;
use backend::Generation;
use common::{Browser, PASSWORD, TestResponse, api_of, bare, default_api, form, in_both_generations};
use serde_json::{Value, json};

const JO: &str = "jo@example.com";
const DEVICE: &str = "/auth/totp/device";
const LIST: &str = "/auth/totp/device/list";
const REMOVE: &str = "/auth/totp/device/remove";
const VERIFY_DEVICE: &str = "/auth/totp/device/verify";
const VERIFY: &str = "/auth/totp/verify";
const INFO: &str = "/auth/mfa/info";

in_both_generations! {
    the_vault_needs_a_one_time_password
    a_new_session_needs_a_new_code
}

async fn create(browser: &mut Browser, name: &str) -> Value {
    browser.post(DEVICE, json!({ "deviceName": name })).await.is(200).json()
}

async fn code(browser: &mut Browser) -> String {
    browser.get("/api/demo/totp").await.is(200).json()["code"].as_str().unwrap().to_owned()
}

/// Verifies a device with its code.
async fn verify_device(browser: &mut Browser, name: &str) -> TestResponse {
    let totp = code(browser).await;
    browser.post(VERIFY_DEVICE, json!({ "deviceName": name, "totp": totp })).await.is(200)
}

/// A code that no device shows.
fn wrong(right: &str) -> Value {
    let last = if right.ends_with('0') { '1' } else { '0' };
    json!({ "deviceName": "Phone", "totp": format!("{}{last}", &right[..5]) })
}

async fn info(browser: &mut Browser) -> TestResponse {
    browser.send(Method::PUT, INFO, &[], Some(json!({}))).await.is(200)
}

async fn the_vault_needs_a_one_time_password(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    let reason = json!({ "message": "Factor validation failed: totp not completed", "factorId": "totp" });
    assert_eq!(
        jo.get("/api/vault").await.is(403).json(),
        json!({ "message": "invalid claim", "claimValidationErrors": [{ "id": "st-mfa", "reason": reason }] })
    );

    let device = create(&mut jo, "Phone").await;
    let secret = device["secret"].as_str().unwrap();
    assert_eq!((&device["status"], &device["deviceName"], secret.len()), (&json!("OK"), &json!("Phone"), 32));
    let qr =
        format!("otpauth://totp/Example:jo%40example.com?secret={secret}&issuer=Example&digits=6&period=30");
    assert_eq!(device["qrCodeString"], qr);

    let verified = verify_device(&mut jo, "Phone").await;
    assert_eq!(verified.json(), json!({ "status": "OK", "wasAlreadyVerified": false }));
    let claim = verified.front_token()["up"]["st-mfa"].clone();
    assert!(
        claim["c"]["totp"].is_u64() && claim["c"]["emailpassword"].is_u64() && claim["v"] == true,
        "{claim}"
    );
    assert!(jo.get("/api/vault").await.is(200).json()["secret"].is_string());
    assert_eq!(jo.refresh().await.is(200).front_token()["up"]["st-mfa"], claim);
    bare(&app, "GET", "/api/vault", &[]).await.expect_unauthorised("unauthorised");
}

async fn a_new_session_needs_a_new_code(generation: Generation) {
    let (app, _) = api_of(generation);
    let mut jo = Browser::signed_up(&app, JO).await;
    create(&mut jo, "Phone").await;
    let first = code(&mut jo).await;
    jo.post(VERIFY_DEVICE, json!({ "deviceName": "Phone", "totp": first })).await.is(200);

    jo.post("/auth/signin", form(JO, PASSWORD)).await.is(200);
    jo.get("/api/vault").await.is(403);
    let reused = jo.post(VERIFY, json!({ "totp": first })).await.is(200);
    assert_eq!(reused.json()["status"], "INVALID_TOTP_ERROR", "a code is valid once");
    assert_eq!(reused.header("front-token"), None);
    let totp = code(&mut jo).await;
    let verified = jo.post(VERIFY, json!({ "totp": totp })).await.is(200);
    assert_eq!(verified.json(), json!({ "status": "OK" }));
    assert!(verified.front_token()["up"]["st-mfa"]["c"]["totp"].is_u64());
    jo.get("/api/vault").await.is(200);
}

#[tokio::test]
async fn a_session_with_the_password_alone_can_not_replace_the_second_factor() {
    let (app, _) = default_api();
    let mut jo = Browser::signed_up(&app, JO).await;
    create(&mut jo, "Old").await;
    create(&mut jo, "Phone").await;
    verify_device(&mut jo, "Phone").await;
    jo.post("/auth/signin", form(JO, PASSWORD)).await.is(200);
    jo.post(DEVICE, json!({ "deviceName": "Other" })).await.is(403);
    jo.post(REMOVE, json!({ "deviceName": "Phone" })).await.is(403);
    jo.post(VERIFY_DEVICE, json!({ "deviceName": "Old", "totp": "000000" })).await.is(403);
    jo.post(REMOVE, json!({ "deviceName": "Old" })).await.is(200);
}

#[tokio::test]
async fn five_wrong_codes_lock_the_user_out() {
    let (app, _) = default_api();
    let mut jo = Browser::signed_up(&app, JO).await;
    create(&mut jo, "Phone").await;
    let right = code(&mut jo).await;
    for failed in 1..=5 {
        let body = json!({
            "status": "INVALID_TOTP_ERROR",
            "currentNumberOfFailedAttempts": failed,
            "maxNumberOfFailedAttempts": 5,
        });
        assert_eq!(jo.post(VERIFY_DEVICE, wrong(&right)).await.is(200).json(), body);
    }
    let locked = verify_device(&mut jo, "Phone").await.json();
    assert_eq!(locked["status"], "LIMIT_REACHED_ERROR");
    assert!((800_000..=900_000).contains(&locked["retryAfterMs"].as_u64().unwrap()), "{locked}");
}

#[tokio::test]
async fn devices_are_listed_and_removed() {
    let (app, _) = default_api();
    let mut jo = Browser::signed_up(&app, JO).await;
    assert_eq!(jo.get("/api/demo/totp").await.is(200).json(), json!({ "code": null }));
    assert_eq!(jo.get(LIST).await.is(200).json(), json!({ "status": "OK", "devices": [] }));
    let unnamed = jo.post(DEVICE, json!({})).await.is(200).json();
    assert_eq!(unnamed["deviceName"], "TOTP Device 0");
    create(&mut jo, "Phone").await;
    verify_device(&mut jo, "Phone").await;
    assert_eq!(create(&mut jo, "Phone").await, json!({ "status": "DEVICE_ALREADY_EXISTS_ERROR" }));
    let again = verify_device(&mut jo, "Phone").await.json();
    assert_eq!(again, json!({ "status": "OK", "wasAlreadyVerified": true }));
    let device =
        |name: &str, verified: bool| json!({ "name": name, "period": 30, "skew": 1, "verified": verified });
    let devices = json!([device("TOTP Device 0", false), device("Phone", true)]);
    assert_eq!(jo.get(LIST).await.json()["devices"], devices);

    for existed in [true, false] {
        let removed = jo.post(REMOVE, json!({ "deviceName": "Phone" })).await.is(200).json();
        assert_eq!(removed, json!({ "status": "OK", "didDeviceExist": existed }));
    }
    let unknown = jo.post(VERIFY_DEVICE, json!({ "deviceName": "Phone", "totp": "000000" })).await.is(200);
    assert_eq!(unknown.json(), json!({ "status": "UNKNOWN_DEVICE_ERROR" }));
    let without = jo.post(VERIFY, json!({ "totp": "000000" })).await.is(200);
    assert_eq!(without.json(), json!({ "status": "UNKNOWN_USER_ID_ERROR" }));
    for number in 0..9 {
        create(&mut jo, &number.to_string()).await;
    }
    jo.post(DEVICE, json!({ "deviceName": "more" })).await.is(503);
    jo.post(DEVICE, json!({ "deviceName": "x".repeat(101) })).await.is(400);
}

#[tokio::test]
async fn the_info_names_the_factors_of_the_user() {
    let (app, _) = default_api();
    let mut jo = Browser::signed_up(&app, JO).await;
    let response = info(&mut jo).await;
    assert!(response.front_token()["up"]["st-mfa"]["c"]["emailpassword"].is_u64());
    let all = json!(["emailpassword", "otp-email", "link-email", "totp"]);
    assert_eq!(
        response.json(),
        json!({
            "status": "OK",
            "factors": { "next": [], "alreadySetup": ["emailpassword"], "allowedToSetup": all },
            "emails": { "emailpassword": [JO], "otp-email": [JO], "link-email": [JO] },
            "phoneNumbers": {},
        })
    );
    create(&mut jo, "Phone").await;
    verify_device(&mut jo, "Phone").await;
    assert_eq!(info(&mut jo).await.json()["factors"]["alreadySetup"], json!(["emailpassword", "totp"]));
    bare(&app, "PUT", INFO, &[]).await.expect_unauthorised("unauthorised");
}
