//! How guards react when the API rejects a request.

use std::time::Duration;

use supertokens_session::claims::{Require, email_verified};

use crate::{Backend, Framework, NOW_MS, Probe, Response, SECRET, open_guarded, settle};

const INVALID_CLAIM: Response = Response::Forbidden(
    r#"{"message":"invalid claim","claimValidationErrors":[{"id":"st-ev","reason":{}}]}"#,
);

fn verified(is_verified: bool, t: i64) -> String {
    format!(r#"{{"st-ev":{{"v":{is_verified},"t":{t}}}}}"#)
}

fn require() -> Require {
    Require::claim(email_verified().max_age(Duration::from_secs(300)))
}

async fn request_orders(probe: Probe) {
    assert_eq!(probe.session().client().get("/orders").send().await.unwrap().status(), 403);
    settle().await;
}

pub(crate) async fn a_403_that_names_claims_fetches_them_while_the_view_stays<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &verified(true, NOW_MS)));
    let page = open_guarded::<F>("/guarded", backend.client(), probe, require).await;
    assert_eq!(page.text().trim(), SECRET);
    // The claim is due and still valid, so the view stays.
    backend.advance_ms(301_000);
    backend.respond(Response::session_until(NOW_MS + 900_000, "u1", &verified(true, NOW_MS)));
    probe.session().client().refresh().await.unwrap();
    backend.respond(Response::session_until(NOW_MS + 900_000, "u1", &verified(true, NOW_MS + 301_000)));
    settle().await;
    assert_eq!((page.text().trim(), probe.builds()), (SECRET, 1));
    // The API rejects the claim. After the fetch it is invalid.
    backend.advance_ms(302_000);
    backend.respond(INVALID_CLAIM);
    backend.respond(Response::session_until(NOW_MS + 900_000, "u1", &verified(false, NOW_MS + 603_000)));
    request_orders(probe).await;
    assert_eq!(page.text().trim(), "denied for st-ev");
    assert_eq!(backend.requests().last().map(String::as_str), Some("GET /auth/user/email/verify"));
}

pub(crate) async fn a_403_of_the_app_changes_nothing<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &verified(true, NOW_MS)));
    let page = open_guarded::<F>("/guarded", backend.client(), probe, require).await;
    backend.advance_ms(50_000);
    for body in [r#"{"message":"not yours"}"#, "forbidden", r#"["claimValidationErrors"]"#] {
        backend.respond(Response::Forbidden(body));
        request_orders(probe).await;
    }
    assert_eq!((page.text().trim(), probe.builds()), (SECRET, 1));
    assert_eq!(backend.requests(), ["GET /orders", "GET /orders", "GET /orders"]);
}

pub(crate) async fn a_rejected_claim_fetch_is_not_repeated_in_a_loop<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    for _ in 0..50 {
        backend.respond(INVALID_CLAIM);
    }
    let page = open_guarded::<F>("/guarded", backend.client(), probe, require).await;
    for _ in 0..5 {
        settle().await;
    }
    assert_eq!(page.text().trim(), "denied for st-ev");
    assert_eq!(backend.requests(), ["GET /auth/user/email/verify"]);
    // A later request of the app may cause one more fetch.
    backend.advance_ms(11_000);
    request_orders(probe).await;
    assert_eq!(backend.requests().len(), 3);
}

pub(crate) async fn an_unreachable_backend_does_not_remove_the_view<F: Framework>() {
    // The token and the claim expire, and the refresh gets no response.
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &verified(true, NOW_MS - 250_000)));
    let page = open_guarded::<F>("/guarded", backend.client(), probe, require).await;
    assert_eq!(page.text().trim(), SECRET);
    backend.advance_ms(61_000);
    for _ in 0..3 {
        backend.respond(Response::Down);
    }
    probe.session().recheck();
    settle().await;
    assert_eq!((page.text().trim(), probe.builds()), (SECRET, 1));
}

pub(crate) async fn a_claim_fetch_without_a_response_shows_a_retry_button_that_works<F: Framework>() {
    let stale = verified(true, NOW_MS - 301_000);
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &stale));
    // The test opens another page first, so that the token expires before the guard fetches the claim.
    let client = backend.client();
    let page = open_guarded::<F>("/verify?redirectToPath=%2Fguarded", client, probe, require).await;
    backend.advance_ms(61_000);
    backend.respond(Response::Down);
    page.click("#done").await;
    assert!(page.text().contains("is not responding"), "{}", page.text());
    backend.respond(Response::session_until(NOW_MS + 900_000, "u1", &stale));
    backend.respond(Response::session_until(NOW_MS + 900_000, "u1", &verified(true, NOW_MS + 61_000)));
    page.click("button").await;
    settle().await;
    assert_eq!(page.text().trim(), SECRET);
}

pub(crate) async fn a_claim_endpoint_that_is_down_does_not_deny_access<F: Framework>() {
    for down in [Response::Down, Response::Status(503, vec![])] {
        let stale = verified(true, NOW_MS - 301_000);
        let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &stale));
        backend.respond(down);
        let page = open_guarded::<F>("/guarded", backend.client(), probe, require).await;
        assert!(page.text().contains("is not responding"), "{}", page.text());
        backend.respond(Response::session("u1", &verified(true, NOW_MS)));
        page.click("button").await;
        settle().await;
        assert_eq!((page.text().trim(), probe.builds()), (SECRET, 1));
    }
}

pub(crate) async fn a_claim_endpoint_that_responds_without_the_claim_denies_access<F: Framework>() {
    let stale = verified(true, NOW_MS - 301_000);
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", &stale));
    backend.respond(Response::Status(404, vec![]));
    let page = open_guarded::<F>("/guarded", backend.client(), probe, require).await;
    assert_eq!(page.text().trim(), "denied for st-ev");
}
