//! Tokens that must never authenticate a page or a call.

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::support::*;

async fn assert_refused(server: &KeyServer, name: &str, token: &str, payload: &Value) {
    let headers = page(Some(&front(payload)), Some(token));
    let request = server.verifier.verify(&headers).await;
    assert_eq!(outcome(&request), "not trusted", "{name}");
    assert_eq!(request.call().unwrap_err().status(), 401, "{name}");
    let bearer = bearer_header(token);
    assert!(server.verifier.verify(&bearer).await.call().is_err(), "{name} as a bearer token");
}

fn bearer_header(token: &str) -> http::HeaderMap {
    headers(&[("authorization", &format!("Bearer {token}"))])
}

#[tokio::test]
async fn a_token_of_another_key_is_not_trusted() {
    let server = KeyServer::start().await;
    let good = payload();
    let named_as_the_first = json!({ "alg": "RS256", "typ": "JWT", "version": "5", "kid": "d-1" });
    assert_refused(&server, "other key", &Key::two().token_with(&named_as_the_first, &good), &good).await;
    assert_refused(&server, "unknown key id", &Key::two().token(&good), &good).await;
}

#[tokio::test]
async fn another_algorithm_is_not_trusted() {
    let server = KeyServer::start().await;
    let (key, good) = (Key::one(), payload());
    for alg in ["none", "None", "HS256", "RS384", "PS256", "ES256", "rs256", ""] {
        let header = json!({ "alg": alg, "typ": "JWT", "version": "5", "kid": "d-1" });
        assert_refused(&server, alg, &format!("{}.", unsigned(&header, &good)), &good).await;
        // Even with the signature that RS256 would have.
        assert_refused(&server, alg, &key.token_with(&header, &good), &good).await;
    }
}

#[tokio::test]
async fn the_public_key_as_the_secret_of_hs256_is_not_trusted() {
    let server = KeyServer::start().await;
    let (key, good) = (Key::one(), payload());
    let signed = unsigned(&json!({ "alg": "HS256", "typ": "JWT", "version": "5", "kid": "d-1" }), &good);
    let jwk = key.jwk().to_string();
    for secret in [key.public().0, jwk.into_bytes(), Vec::new()] {
        let secret = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        let signature = BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&secret, signed.as_bytes()));
        assert_refused(&server, "HS256", &format!("{signed}.{signature}"), &good).await;
    }
}

#[tokio::test]
async fn signed_tokens_of_another_kind_are_not_trusted() {
    let server = KeyServer::start().await;
    let key = Key::one();
    for (name, changes) in [
        ("OAuth2 access token", json!({ "stt": 1 })),
        ("id token", json!({ "stt": 2 })),
        ("kind of a wrong type", json!({ "stt": "0" })),
        ("no user", json!({ "sub": null })),
        ("empty user", json!({ "sub": "" })),
        ("user of a wrong type", json!({ "sub": 5 })),
        ("no session handle", json!({ "sessionHandle": null })),
        ("no hash of the refresh token", json!({ "refreshTokenHash1": null })),
        ("no login method", json!({ "rsub": null })),
        ("no tenant", json!({ "tId": null })),
        ("no expiry", json!({ "exp": null })),
        ("expiry of a wrong type", json!({ "exp": "4102444800" })),
        ("no time of issue", json!({ "iat": null })),
        ("other issuer", json!({ "iss": "https://evil.example/auth" })),
        ("no issuer", json!({ "iss": null })),
        ("not valid yet", json!({ "nbf": now_s() + 3600 })),
        ("start of a wrong type", json!({ "nbf": "now" })),
    ] {
        let payload = with(payload(), changes);
        let mut shown = payload.clone();
        shown["exp"] = json!(now_s() + 3600);
        let headers = page(Some(&front(&shown)), Some(&key.token(&payload)));
        let request = server.verifier.verify(&headers).await;
        assert_eq!(outcome(&request), "not trusted", "{name}");
        assert!(request.call().is_err(), "{name}");
    }
}

#[tokio::test]
async fn headers_of_other_tokens_are_not_trusted() {
    let server = KeyServer::start().await;
    let (key, good) = (Key::one(), payload());
    for header in [
        json!({ "alg": "RS256", "typ": "at+jwt", "version": "5", "kid": "d-1" }),
        json!({ "alg": "RS256", "typ": "JWT", "version": "2", "kid": "d-1" }),
        json!({ "alg": "RS256", "typ": "JWT", "version": 5, "kid": "d-1" }),
        json!({ "alg": "RS256", "typ": "JWT", "version": "five", "kid": "d-1" }),
        json!({ "alg": "RS256", "typ": "JWT", "version": "5" }),
        json!({ "alg": "RS256", "typ": "JWT", "version": "5", "kid": "d-1", "crit": ["b64"], "b64": false }),
        json!(["RS256"]),
    ] {
        assert_refused(&server, &header.to_string(), &key.token_with(&header, &good), &good).await;
    }
}

#[tokio::test]
async fn an_expired_token_is_refused_beyond_the_leeway() {
    let server = KeyServer::start().await;
    let (key, expired) = (Key::one(), payload_expiring(now_s() - 10));
    let still_good = front_of("user-1", (now_s() + 3600) * 1000, &expired);
    let request = server.verifier.verify(&page(Some(&still_good), Some(&key.token(&expired)))).await;
    assert_eq!(outcome(&request), "to be refreshed");
    assert_eq!(request.call().unwrap_err().to_string(), "try refresh token");
}

#[tokio::test]
async fn the_issuer_can_be_another_or_unchecked() {
    let server = KeyServer::start().await;
    let other = with(payload(), json!({ "iss": "https://gateway.example.com" }));
    let headers = page(Some(&front(&other)), Some(&Key::one().token(&other)));
    assert_eq!(outcome(&server.verifier.verify(&headers).await), "not trusted");
    for issuer in [None, Some("https://gateway.example.com".to_owned())] {
        let verifier = server.verifier.clone().issuer(issuer);
        assert_eq!(outcome(&verifier.verify(&headers).await), "authenticated");
    }
}
