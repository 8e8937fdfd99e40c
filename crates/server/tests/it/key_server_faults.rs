//! A key server that is down, slow or lying signs no user out, and makes no request wait for long.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn responses_without_keys_leave_the_session_unverified() {
    let long = "x".repeat(300 * 1024);
    let elsewhere = KeyServer::start().await;
    let redirect = format!("HTTP/1.1 302 Found\r\nlocation: {}/\r\ncontent-length: 0\r\n\r\n", elsewhere.url);
    let mut short = Key::one().jwk();
    short["n"] = json!("AQAB");
    for (name, behaviour) in [
        ("closed", Behaviour::Closes),
        ("a short key", Behaviour::Keys(vec![short])),
        ("no HTTP", Behaviour::Raw("hello".to_owned())),
        ("500", Behaviour::Raw(response("500 Internal Server Error", "{}"))),
        (
            "404 with keys",
            Behaviour::Raw(response("404 Not Found", &json!({ "keys": [Key::one().jwk()] }).to_string())),
        ),
        ("204", Behaviour::Raw("HTTP/1.1 204 No Content\r\n\r\n".to_owned())),
        ("redirect", Behaviour::Raw(redirect)),
        ("HTML", Behaviour::Raw(response("200 OK", "<html></html>"))),
        ("no object", Behaviour::Raw(response("200 OK", "[]"))),
        ("no list", Behaviour::Raw(response("200 OK", r#"{"keys":{}}"#))),
        ("no keys", Behaviour::Keys(Vec::new())),
        (
            "keys of other kinds",
            Behaviour::Keys(vec![json!({}), json!(null), json!({ "kty": "EC", "kid": "d-1" })]),
        ),
        (
            "a key without digits",
            Behaviour::Keys(vec![json!({ "kty": "RSA", "kid": "d-1", "n": "", "e": "" })]),
        ),
        ("a key for encryption", Behaviour::Keys(vec![with(Key::one().jwk(), json!({ "use": "enc" }))])),
        ("a key for RS512", Behaviour::Keys(vec![with(Key::one().jwk(), json!({ "alg": "RS512" }))])),
        ("a long response", Behaviour::Raw(response("200 OK", &long))),
        ("an endless response", Behaviour::Endless),
        (
            "a response that breaks off",
            Behaviour::Raw("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{".to_owned()),
        ),
    ] {
        let server = KeyServer::behaving(behaviour).await;
        assert_eq!(server.outcome_of(&Key::one(), &payload()).await, "not verified", "{name}");
        assert_eq!(server.requests(), 1, "{name}");
    }
    assert_eq!(elsewhere.requests(), 0);
}

#[tokio::test]
async fn a_call_that_can_not_be_verified_is_to_be_retried() {
    let server = KeyServer::behaving(Behaviour::Closes).await;
    let bearer = format!("Bearer {}", Key::one().token(&payload()));
    let refusal = server.verifier.verify(&headers(&[("authorization", &bearer)])).await.call().unwrap_err();
    let response = refusal.to_response::<String>();
    assert_eq!(
        (response.status().as_u16(), response.headers()["retry-after"].as_bytes()),
        (503, b"5".as_slice())
    );
    assert_eq!(response.body(), r#"{"message":"session not verified"}"#);
}

#[tokio::test]
async fn a_slow_key_server_holds_a_page_for_three_seconds_and_once() {
    let server = KeyServer::behaving(Behaviour::Slow(Duration::from_secs(60), vec![Key::one().jwk()])).await;
    let start = Instant::now();
    assert_eq!(server.outcome_of(&Key::one(), &payload()).await, "not verified");
    assert!((2..10).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    let start = Instant::now();
    assert_eq!(server.outcome_of(&Key::one(), &payload()).await, "not verified");
    assert!(start.elapsed() < Duration::from_secs(1));
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn fetched_keys_stay_in_use_while_the_key_server_is_down() {
    let server = KeyServer::start().await;
    assert_eq!(server.outcome_of(&Key::one(), &payload()).await, "authenticated");
    server.set(Behaviour::Closes);
    for _ in 0..3 {
        pass(Duration::from_secs(5 * 60 * 60)).await;
        assert_eq!(server.outcome_of(&Key::one(), &payload()).await, "authenticated");
        // A fetch for another key fails, and the first key is still in use.
        assert_eq!(server.outcome_of(&Key::two(), &payload()).await, "not verified");
    }
    server.set(Behaviour::Keys(vec![Key::two().jwk()]));
    pass(Duration::from_secs(60)).await;
    assert_eq!(server.outcome_of(&Key::two(), &payload()).await, "authenticated");
}

#[tokio::test]
async fn failing_fetches_are_retried_with_backoff() {
    let server = KeyServer::behaving(Behaviour::Closes).await;
    let mut fetches = Vec::new();
    for _ in 0..130 {
        assert_eq!(server.outcome_of(&Key::one(), &payload()).await, "not verified");
        if server.requests() > fetches.len() {
            fetches.push(tokio::time::Instant::now());
        }
        pass(Duration::from_secs(1)).await;
    }
    let pauses: Vec<_> = fetches.windows(2).map(|pair| (pair[1] - pair[0]).as_secs()).collect();
    assert!(pauses.len() >= 8, "{pauses:?}");
    for (pause, least) in pauses.iter().zip([1, 2, 4, 8, 16, 30, 30, 30]) {
        assert!((least..least + 3).contains(pause), "{pauses:?}");
    }
}
