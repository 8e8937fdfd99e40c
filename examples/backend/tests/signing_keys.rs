//! The access token as a signed JWT, and the key set with which other servers verify it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use backend::{AntiCsrf, Generation, Options};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::{Api, Browser, anti_csrf_api, api, bare, controlled_api, default_api};
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::signature::Verifier;
use rsa::{BoxedUint, PublicKey};
use serde_json::{Value, json};
use sha2::Sha256;

const KEY_SET: &str = "/auth/jwt/jwks.json";

fn bytes(part: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(part).unwrap()
}

fn part(token: &str, index: usize) -> Value {
    serde_json::from_slice(&bytes(token.split('.').nth(index).unwrap())).unwrap()
}

async fn keys(app: &Api) -> Vec<Value> {
    bare(app, "GET", KEY_SET, &[]).await.is(200).json()["keys"].as_array().unwrap().clone()
}

/// Whether the key set has the token's key, and that key has signed it.
async fn is_trusted(app: &Api, token: &str) -> bool {
    let keys = keys(app).await;
    let Some(key) = keys.iter().find(|key| key["kid"] == part(token, 0)["kid"]) else { return false };
    let number = |name: &str| BoxedUint::from_be_slice_vartime(&bytes(key[name].as_str().unwrap()));
    let key = VerifyingKey::<Sha256>::new(PublicKey::new(number("n"), number("e")).unwrap());
    let (signed, signature) = token.rsplit_once('.').unwrap();
    key.verify(signed.as_bytes(), &Signature::try_from(bytes(signature).as_slice()).unwrap()).is_ok()
}

async fn user(app: &Api) -> Browser {
    Browser::signed_up(app, "jo@example.com").await
}

#[tokio::test]
async fn the_key_set_verifies_an_access_token() {
    let (app, _) = default_api();
    let response = bare(&app, "GET", KEY_SET, &[]).await.is(200);
    assert_eq!(response.header("cache-control"), Some("max-age=60, must-revalidate"));
    let key = &response.json()["keys"][0];
    assert_eq!((&key["kty"], &key["alg"], &key["use"]), (&json!("RSA"), &json!("RS256"), &json!("sig")));
    let browser = user(&app).await;
    assert!(is_trusted(&app, &browser.cookies["sAccessToken"]).await);
}

#[tokio::test]
async fn the_front_token_has_the_whole_payload_and_the_expiry_of_the_access_token() {
    let (app, _) = api(Options { domain: Some("https://api.example.com/".to_owned()), ..Options::default() });
    let mut browser = Browser::new(&app);
    let front = browser.sign_up("jo@example.com").await.front_token();
    let token = &browser.cookies["sAccessToken"];
    let (header, payload) = (part(token, 0), part(token, 1));
    assert_eq!(
        (&header["alg"], &header["typ"], &header["version"]),
        (&json!("RS256"), &json!("JWT"), &json!("5"))
    );
    assert_eq!(payload["iss"], "https://api.example.com/auth");
    assert_eq!(front["uid"], payload["sub"]);
    assert_eq!(front["up"], payload);
    assert_eq!(front["ate"], payload["exp"].as_u64().unwrap() * 1000);
    let claims = ["sub", "rsub", "tId", "sessionHandle", "refreshTokenHash1", "iat", "exp"];
    assert!(claims.iter().all(|claim| !payload[claim].is_null()), "{payload}");
    assert_eq!(payload["antiCsrfToken"], Value::Null);
}

#[tokio::test]
async fn the_issuer_is_localhost_with_the_port_by_default() {
    let server = backend::spawn(Options::default()).await.unwrap();
    let (app, _) = api(Options { address: server.address(), ..Options::default() });
    let browser = user(&app).await;
    let issuer = part(&browser.cookies["sAccessToken"], 1)["iss"].clone();
    assert_eq!(issuer, format!("http://localhost:{}/auth", server.address().port()));
}

#[tokio::test]
async fn via_token_the_access_token_names_the_anti_csrf_token() {
    let (app, _) = anti_csrf_api(Generation::Current, AntiCsrf::ViaToken);
    let browser = user(&app).await;
    let named = part(&browser.cookies["sAccessToken"], 1)["antiCsrfToken"].clone();
    assert_eq!(named.as_str(), browser.anti_csrf.as_deref());
}

#[tokio::test]
async fn after_a_rotation_old_tokens_stay_valid_and_new_ones_have_another_key() {
    let (app, controls) = default_api();
    let mut browser = user(&app).await;
    let old = browser.cookies["sAccessToken"].clone();
    assert!(controls.rotate_keys(true));
    assert_eq!(keys(&app).await.len(), 2);
    assert!(is_trusted(&app, &old).await);
    browser.get("/api/orders").await.is(200);
    browser.refresh().await.is(200);
    let new = &browser.cookies["sAccessToken"];
    assert_ne!(part(new, 0)["kid"], part(&old, 0)["kid"]);
    assert!(is_trusted(&app, new).await);
}

#[tokio::test]
async fn without_the_old_keys_a_client_refreshes() {
    let (app, _) = controlled_api();
    let mut browser = user(&app).await;
    let old = browser.cookies["sAccessToken"].clone();
    browser.post("/test/rotate-keys", json!({ "drop_old": true })).await.is(200);
    assert_eq!(keys(&app).await.len(), 1);
    assert!(!is_trusted(&app, &old).await);
    browser.get("/api/orders").await.expect_unauthorised("try refresh token");
    browser.refresh().await.is(200);
    browser.get("/api/orders").await.is(200);
}

#[tokio::test]
async fn another_algorithm_is_rejected() {
    let (app, _) = default_api();
    let mut browser = user(&app).await;
    let token = browser.cookies["sAccessToken"].clone();
    for algorithm in ["none", "HS256", "RS512"] {
        let mut header = part(&token, 0);
        header["alg"] = json!(algorithm);
        let (_, rest) = token.split_once('.').unwrap();
        let forged = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()));
        browser.cookies.insert("sAccessToken".to_owned(), forged);
        browser.get("/api/orders").await.is(401);
    }
}

#[tokio::test]
async fn an_access_token_fits_into_a_cookie_with_room_for_claims() {
    let (app, _) = default_api();
    let mut browser = user(&app).await;
    browser.refresh().await.is(200);
    let length = browser.cookies["sAccessToken"].len();
    assert!(length < 2_000, "{length}");
}
