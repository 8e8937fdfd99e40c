//! What guards make of an API that refuses a call.

use supertokens_leptos::{Require, claims::email_verified};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, NOW_MS, SECRET, Seen, open_guarded, settle};

const NAMES_CLAIMS: Answer =
    Answer::Refused(r#"{"message":"invalid claim","claimValidationErrors":[{"id":"st-ev","reason":{}}]}"#);

fn verified(is_verified: bool, t: i64) -> String {
    format!(r#"{{"st-ev":{{"v":{is_verified},"t":{t}}}}}"#)
}

fn require() -> Require {
    Require::claim(email_verified().max_age_s(300))
}

async fn call(seen: Seen) {
    assert_eq!(seen.session().client().get("/orders").send().await.unwrap().status(), 403);
    settle().await;
}

#[wasm_bindgen_test]
async fn a_refusal_that_names_claims_has_them_fetched_behind_the_view_and_acts_on_the_outcome() {
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", &verified(true, NOW_MS)));
    let page = open_guarded("/guarded", backend.client(), seen, require).await;
    assert_eq!(page.text().trim(), SECRET);
    // Due by then, and still valid: nothing moves.
    backend.pass(301_000);
    backend.next(Answer::session_until(NOW_MS + 900_000, "u1", &verified(true, NOW_MS)));
    seen.session().client().refresh().await.unwrap();
    backend.next(Answer::session_until(NOW_MS + 900_000, "u1", &verified(true, NOW_MS + 301_000)));
    settle().await;
    assert_eq!((page.text().trim(), seen.builds()), (SECRET, 1));
    // Refused, fetched, and not valid any more.
    backend.pass(302_000);
    backend.next(NAMES_CLAIMS);
    backend.next(Answer::session_until(NOW_MS + 900_000, "u1", &verified(false, NOW_MS + 603_000)));
    call(seen).await;
    assert_eq!(page.text().trim(), "denied for st-ev");
    assert_eq!(backend.calls().last().map(String::as_str), Some("GET /auth/user/email/verify"));
}

#[wasm_bindgen_test]
async fn a_refusal_that_is_the_apps_own_changes_nothing() {
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", &verified(true, NOW_MS)));
    let page = open_guarded("/guarded", backend.client(), seen, require).await;
    backend.pass(50_000);
    for body in [r#"{"message":"not yours"}"#, "forbidden", r#"["claimValidationErrors"]"#] {
        backend.next(Answer::Refused(body));
        call(seen).await;
    }
    assert_eq!((page.text().trim(), seen.builds()), (SECRET, 1));
    assert_eq!(backend.calls(), ["GET /orders", "GET /orders", "GET /orders"]);
}

#[wasm_bindgen_test]
async fn a_fetch_that_is_refused_itself_does_not_go_on_for_ever() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
    for _ in 0..50 {
        backend.next(NAMES_CLAIMS);
    }
    let page = open_guarded("/guarded", backend.client(), seen, require).await;
    for _ in 0..5 {
        settle().await;
    }
    assert_eq!(page.text().trim(), "denied for st-ev");
    assert_eq!(backend.calls(), ["GET /auth/user/email/verify"]);
    // Each later call of the app's own is one more occasion at the most, after a while.
    backend.pass(11_000);
    call(seen).await;
    assert_eq!(backend.calls().len(), 3);
}

#[wasm_bindgen_test]
async fn a_backend_that_can_not_be_asked_takes_no_view_away_and_denies_nobody() {
    // The token and the claim have run out; the refresh finds nobody.
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", &verified(true, NOW_MS - 250_000)));
    let page = open_guarded("/guarded", backend.client(), seen, require).await;
    assert_eq!(page.text().trim(), SECRET);
    backend.pass(61_000);
    for _ in 0..3 {
        backend.next(Answer::Down);
    }
    seen.session().recheck();
    settle().await;
    assert_eq!((page.text().trim(), seen.builds()), (SECRET, 1));
}

#[wasm_bindgen_test]
async fn a_claim_that_can_not_be_asked_for_offers_a_retry_that_works() {
    let stale = verified(true, NOW_MS - 301_000);
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", &stale));
    // The page is first opened elsewhere, so that the token runs out before the guard asks.
    let client = backend.client();
    let page = open_guarded("/verify?redirectToPath=%2Fguarded", client, seen, require).await;
    backend.pass(61_000);
    backend.next(Answer::Down);
    page.click("#done").await;
    assert!(page.text().contains("is not responding"), "{}", page.text());
    backend.next(Answer::session_until(NOW_MS + 900_000, "u1", &stale));
    backend.next(Answer::session_until(NOW_MS + 900_000, "u1", &verified(true, NOW_MS + 61_000)));
    page.click("button").await;
    settle().await;
    assert_eq!(page.text().trim(), SECRET);
}

#[wasm_bindgen_test]
async fn a_claims_endpoint_that_is_down_is_no_denial_while_the_session_lives() {
    for down in [Answer::Down, Answer::Status(503, vec![])] {
        let stale = verified(true, NOW_MS - 301_000);
        let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", &stale));
        backend.next(down);
        let page = open_guarded("/guarded", backend.client(), seen, require).await;
        assert!(page.text().contains("is not responding"), "{}", page.text());
        backend.next(Answer::session("u1", &verified(true, NOW_MS)));
        page.click("button").await;
        settle().await;
        assert_eq!((page.text().trim(), seen.builds()), (SECRET, 1));
    }
}

#[wasm_bindgen_test]
async fn a_claims_endpoint_that_answers_and_does_not_bring_the_claim_is_a_denial() {
    let stale = verified(true, NOW_MS - 301_000);
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", &stale));
    backend.next(Answer::Status(404, vec![]));
    let page = open_guarded("/guarded", backend.client(), seen, require).await;
    assert_eq!(page.text().trim(), "denied for st-ev");
}
