//! One expiry costs one refresh, however many requests there are.

use crate::sim::{Expiry, Fault, REFRESH, pass, run, run_current};

#[test]
fn a_burst_of_401s_shares_one_refresh() {
    for count in [1, 20, 100] {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.server.expire_access_tokens();
            assert_eq!(tab.burst(count, "/orders").await, vec![200; count]);
            assert_eq!(world.server.refreshes(), 1);
            assert_eq!(world.server.count("/orders"), 2 * count);
        });
    }
}

#[test]
fn a_burst_after_a_known_expiry_gets_no_401() {
    for count in [1, 20, 100] {
        run_current(async |world| {
            let tab = world.signed_in("ann").await;
            world.pass_expiry().await;
            assert_eq!(tab.burst(count, "/orders").await, vec![200; count]);
            assert_eq!(world.server.refreshes(), 1);
            assert_eq!(world.server.count("/orders"), count);
            assert_eq!(world.server.responses(401), 0);
        });
    }
}

#[test]
fn a_burst_acquires_the_lock_once() {
    for expiry in Expiry::ALL {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.expire(expiry).await;
            let before = world.locks.grants();
            assert_eq!(tab.burst(100, "/orders").await, [200; 100]);
            assert_eq!(world.locks.grants(), before + 1, "{expiry:?}");
        });
    }
}

#[test]
fn requests_that_begin_during_a_refresh_wait_for_it() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        world.server.fail_once(REFRESH, Fault::Late(1_000));
        let first = tab.start_get("/orders");
        pass(200).await;
        assert_eq!((world.server.refreshes(), world.server.responses(401)), (1, 1));
        assert_eq!(tab.burst(20, "/late").await, vec![200; 20]);
        assert_eq!(first.done().await.unwrap().status(), 200);
        assert_eq!(world.server.count("/late"), 20);
        assert_eq!((world.server.refreshes(), world.server.responses(401)), (1, 1));
    });
}

#[test]
fn a_401_that_arrives_after_the_refresh_costs_no_further_refresh() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        world.server.fail_once("/slow", Fault::Late(500));
        let slow = tab.start_get("/slow");
        assert_eq!(tab.status("/orders").await, 200);
        assert!(!slow.is_finished());
        assert_eq!(slow.done().await.unwrap().status(), 200);
        assert_eq!((world.server.refreshes(), world.server.count("/slow")), (1, 2));
    });
}

#[test]
fn queries_and_requests_share_one_refresh() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        let exists = tab.start(|client| async move { client.session_exists().await });
        let payload = tab.start(|client| async move { client.payload().await });
        let attempt = tab.start(|client| async move { client.refresh().await });
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(exists.done().await, Ok(true));
        assert!(payload.done().await.is_ok());
        assert_eq!(attempt.done().await, Ok(true));
        assert_eq!((world.server.refreshes(), world.server.count("/orders")), (1, 1));
    });
}

#[test]
fn each_expiry_costs_one_refresh() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        for expiries in 1..=5 {
            world.pass_expiry().await;
            assert_eq!(tab.burst(3, "/orders").await, [200; 3]);
            assert_eq!(world.server.refreshes(), expiries);
        }
    });
}
