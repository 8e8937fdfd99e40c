//! New keys are found, withdrawn keys end, and no flood of tokens makes the server fetch more often than it may.

use std::time::Duration;

use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn keys_are_fetched_once_and_cached() {
    let server = KeyServer::start().await;
    for _ in 0..20 {
        assert_eq!(server.outcome_of(&Key::one(), &payload()).await, "authenticated");
    }
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn requests_at_the_same_time_share_one_fetch() {
    let server =
        KeyServer::behaving(Behaviour::Slow(Duration::from_millis(100), vec![Key::one().jwk()])).await;
    let good = payload();
    let (front, token) = (front(&good), Key::one().token(&good));
    let requests: Vec<_> = (0..50)
        .map(|_| {
            let (verifier, headers) = (server.verifier.clone(), page(Some(&front), Some(&token)));
            tokio::spawn(async move { outcome(&verifier.verify(&headers).await) })
        })
        .collect();
    for request in requests {
        assert_eq!(request.await.unwrap(), "authenticated");
    }
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_new_key_is_found() {
    let server = KeyServer::start().await;
    assert_eq!(server.outcome_of(&Key::one(), &payload()).await, "authenticated");
    server.set(Behaviour::Keys(vec![Key::one().jwk(), Key::two().jwk()]));
    pass(Duration::from_secs(6)).await;
    assert_eq!(server.outcome_of(&Key::two(), &payload()).await, "authenticated");
    assert_eq!(server.outcome_of(&Key::one(), &payload()).await, "authenticated");
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_token_that_is_newer_than_the_keys_is_not_verified_during_the_cooldown() {
    let server = KeyServer::start().await;
    assert_eq!(server.outcome_of(&Key::one(), &payload()).await, "authenticated");
    // The first one may have been issued before the fetch, by another clock.
    for issued_at in [now_s(), now_s() + 60] {
        let new = with(payload(), json!({ "iat": issued_at }));
        assert_eq!(server.outcome_of(&Key::two(), &new).await, "not verified");
    }
    // An older token would have its key in the set.
    assert_eq!(server.outcome_of(&Key::two(), &payload()).await, "not trusted");
    assert_eq!(server.requests(), 1);
    // A set that was fetched for the token is newer than it.
    pass(Duration::from_secs(6)).await;
    let new = with(payload(), json!({ "iat": now_s() + 60 }));
    assert_eq!(server.outcome_of(&Key::two(), &new).await, "not trusted");
}

#[tokio::test]
async fn a_withdrawn_key_ends_after_the_age_of_the_cache() {
    let server = KeyServer::start().await;
    assert_eq!(server.outcome_of(&Key::one(), &payload()).await, "authenticated");
    server.set(Behaviour::Keys(vec![Key::two().jwk()]));
    pass(Duration::from_secs(3 * 60 * 60)).await;
    assert_eq!(server.outcome_of(&Key::one(), &payload()).await, "authenticated");
    assert_eq!(server.requests(), 1);
    pass(Duration::from_secs(2 * 60 * 60)).await;
    // This request does not wait for the fetch that it starts.
    assert_eq!(server.outcome_of(&Key::one(), &payload()).await, "authenticated");
    while server.outcome_of(&Key::one(), &payload()).await == "authenticated" {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(server.outcome_of(&Key::one(), &payload()).await, "not trusted");
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_flood_of_unknown_key_ids_causes_few_fetches() {
    let server = KeyServer::start().await;
    let (key, payload, start) = (Key::two(), payload(), tokio::time::Instant::now());
    for second in 0..60 {
        for index in 0..20 {
            let id = format!("d-{second}-{index}");
            let header = json!({ "alg": "RS256", "typ": "JWT", "version": "5", "kid": id });
            let token = key.token_with(&header, &payload);
            assert_eq!(server.outcome(Some(&front(&payload)), Some(&token)).await, "not trusted");
        }
        pass(Duration::from_secs(1)).await;
    }
    let most = start.elapsed().as_secs() as usize / 5 + 1;
    assert!((1..=most).contains(&server.requests()), "{} fetches", server.requests());
}

#[tokio::test]
async fn requests_that_are_dropped_cause_no_further_fetch() {
    let server =
        KeyServer::behaving(Behaviour::Slow(Duration::from_millis(1500), vec![Key::one().jwk()])).await;
    let good = payload();
    let headers = page(Some(&front(&good)), Some(&Key::one().token(&good)));
    for _ in 0..5 {
        let request = server.verifier.verify(&headers);
        assert!(tokio::time::timeout(Duration::from_millis(10), request).await.is_err());
    }
    assert_eq!(outcome(&server.verifier.verify(&headers).await), "authenticated");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn requests_without_a_token_that_could_be_good_cause_no_fetch() {
    let server = KeyServer::start().await;
    let (key, good, expired) = (Key::one(), payload(), payload_expiring(now_s() - 600));
    let hs256 = json!({ "alg": "HS256", "typ": "JWT", "version": "5", "kid": "d-1" });
    for (front, token) in [
        (None, None),
        (Some(front(&good)), None),
        (Some(front(&good)), Some("forged".to_owned())),
        (Some(front(&good)), Some(key.token_with(&hs256, &good))),
        (Some(front(&good)), Some(key.token(&expired))),
        (None, Some(key.token(&expired))),
    ] {
        server.outcome(front.as_deref(), token.as_deref()).await;
    }
    assert_eq!(server.requests(), 0);
}

#[test]
fn without_a_runtime_the_session_is_not_verified() {
    let verifier = supertokens_server::Verifier::new("https://api.example.com", "/auth").unwrap();
    let good = payload();
    let headers = page(Some(&front(&good)), Some(&Key::one().token(&good)));
    let mut verify = Box::pin(verifier.verify(&headers));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(request) = verify.as_mut().poll(&mut context) else { panic!("it waits") };
    assert_eq!(outcome(&request), "not verified");
}
