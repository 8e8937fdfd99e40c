//! If the front token shows that the access token has expired, the client refreshes first and sends the request once.
//! An older backend's token is not reliable: see `protocol_generations`.

use std::rc::Rc;

use serde_json::{Value, json};
use supertokens_session::platform::Body;

use crate::sim::{EPOCH_MS, Fault, REFRESH, encode_front, pass, run, run_current};

const HOUR_MS: i64 = 3_600_000;

#[test]
fn a_known_expiry_costs_two_exchanges_and_not_three() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        assert_eq!(tab.client.post("/orders").body("x").send().await.unwrap().status(), 200);
        let paths: Vec<_> = world.server.exchanges().into_iter().map(|exchange| exchange.path).collect();
        assert_eq!(paths, [REFRESH, "/orders"]);
    });
}

#[test]
fn a_public_request_is_sent_once_too() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        assert_eq!(tab.status("/public/news").await, 200);
        assert_eq!((world.server.refreshes(), world.server.count("/public/news")), (1, 1));
    });
}

#[test]
fn a_token_that_is_expired_on_arrival_does_not_loop() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        // Its lifetime is below the threshold of the clock skew, so it corrects no clock.
        world.server.fail_always(
            REFRESH,
            Fault::Replaced("front-token", expired_on_arrival(json!(EPOCH_MS / 1000 + 65))),
        );
        world.pass_expiry().await;
        for requests in 1..=3 {
            assert_eq!(tab.status("/orders").await, 200);
            assert_eq!((world.server.refreshes(), world.server.count("/orders")), (requests, requests));
        }
        assert_eq!(tab.client.session_exists().await, Ok(true));
    });
}

#[test]
fn a_token_without_a_time_of_issue_costs_no_extra_refresh() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.fail_always(REFRESH, Fault::Replaced("front-token", expired_on_arrival(json!(null))));
        assert_eq!(tab.client.refresh().await, Ok(true));
        assert_eq!(tab.burst(3, "/orders").await, [200; 3]);
        assert_eq!((world.server.refreshes(), world.server.count("/orders")), (1, 3));
        assert_eq!(tab.client.session_exists().await, Ok(true));
        assert_eq!(world.server.refreshes(), 2, "a query refreshes");
    });
}

fn expired_on_arrival(iat: Value) -> String {
    let up = json!({ "sessionHandle": "handle-0", "iat": iat });
    encode_front(&json!({ "uid": "ann", "ate": EPOCH_MS - HOUR_MS, "up": up }))
}

#[test]
fn a_token_that_the_api_never_accepts_does_not_loop() {
    run(async |world| {
        world.server.set_lifetime_ms(-1_000);
        let tab = world.tab();
        tab.sign_in("ann").await;
        let response = tab.get("/orders").await.unwrap();
        assert_eq!(response.status(), 401);
        assert!(response.session_error().is_some());
        assert!(world.server.refreshes() <= 12, "{}", world.server.refreshes());
    });
}

#[test]
fn a_wrong_clock_costs_no_refresh() {
    for ahead_by_ms in [HOUR_MS, -HOUR_MS, 8_000, -8_000, 6_000, -6_000] {
        run_current(async |world| {
            world.clock.set_ahead_by(ahead_by_ms);
            let tab = world.signed_in("ann").await;
            for _ in 0..5 {
                assert_eq!(tab.status("/orders").await, 200);
                assert_eq!(tab.client.session_exists().await, Ok(true));
                pass(10_000).await;
            }
            assert_eq!(world.server.refreshes(), 0, "{ahead_by_ms}");
        });
    }
}

#[test]
fn a_wrong_clock_hides_no_expiry() {
    for ahead_by_ms in [HOUR_MS, -HOUR_MS] {
        run_current(async |world| {
            world.clock.set_ahead_by(ahead_by_ms);
            let tab = world.signed_in("ann").await;
            world.pass_expiry().await;
            assert_eq!(tab.status("/orders").await, 200);
            assert_eq!((world.server.refreshes(), world.server.count("/orders")), (1, 1), "{ahead_by_ms}");
        });
    }
}

#[test]
fn the_clock_skew_is_known_after_a_reload() {
    run_current(async |world| {
        world.clock.set_ahead_by(HOUR_MS);
        world.signed_in("ann").await.kill().await;
        let reloaded = world.tab();
        assert_eq!(reloaded.status("/orders").await, 200);
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn a_clock_change_costs_one_refresh() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        world.clock.set_ahead_by(HOUR_MS);
        for _ in 0..5 {
            assert_eq!(tab.status("/orders").await, 200);
        }
        assert_eq!(world.server.refreshes(), 1);
    });
}

/// It can be sent only once, so the client refreshes first.
#[test]
fn a_stream_causes_a_refresh_first_in_each_generation() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        let upload = tab.client.post("/orders").body(Body::Stream(Rc::new(())));
        assert_eq!(upload.send().await.unwrap().status(), 200);
        assert_eq!((world.server.refreshes(), world.server.count("/orders")), (1, 1));
    });
}

#[test]
fn a_stream_is_never_retried() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        let upload = tab.client.post("/orders").body(Body::Stream(Rc::new(())));
        let response = upload.send().await.unwrap();
        assert_eq!((response.status(), response.session_error()), (401, None));
        assert_eq!((world.server.refreshes(), world.server.count("/orders")), (0, 1));
        assert_eq!(tab.status("/orders").await, 200, "the next one refreshes");
    });
}
