//! A caller may be dropped at any time; the refresh that it began continues for other callers.

use std::cell::Cell;

use crate::sim::{Expiry, Tab, World, pass, poll_then_drop, run};

/// No call here is pending more often than this.
const MAX_POLLS: usize = 40;

/// Drops a call of `begin` after each number of polls, and checks that all other callers get their response.
fn dropped_at_every_point<T>(expiry: Expiry, begin: impl AsyncFn(&Tab) -> T) {
    let mut polls = 0;
    // Runs in each generation.
    let ended = Cell::new(0);
    while ended.replace(0) < 2 {
        assert!(polls < MAX_POLLS, "it never ends");
        run(async |world| {
            world.store.set_read_ms(2);
            let tab = world.signed_in("ann").await;
            world.expire(expiry).await;
            let has_ended = poll_then_drop(begin(&tab), polls).await.is_some();
            ended.set(ended.get() + i32::from(has_ended));
            all_are_served(world, &tab).await;
        });
        polls += 1;
    }
    assert!(polls > 3, "{polls} polls: the call was expected to wait more often");
}

async fn all_are_served(world: &World, tab: &Tab) {
    let other = world.tab();
    let others = other.start_get("/orders");
    assert_eq!(tab.burst(5, "/orders").await, [200; 5]);
    assert_eq!(others.done().await.unwrap().status(), 200);
    assert_eq!(world.server.refreshes(), 1);
    pass(1_000).await;
    assert!(!world.locks.is_busy());
    assert_eq!(tab.status("/orders").await, 200);
    assert_eq!(world.server.refreshes(), 1);
}

#[test]
fn the_refresh_after_a_401_continues_when_the_request_is_dropped() {
    dropped_at_every_point(Expiry::OnServer, async |tab| tab.get("/orders").await);
}

#[test]
fn the_refresh_before_a_request_continues_when_the_request_is_dropped() {
    dropped_at_every_point(Expiry::Known, async |tab| tab.get("/orders").await);
}

#[test]
fn the_refresh_of_a_query_continues_when_the_query_is_dropped() {
    dropped_at_every_point(Expiry::Known, async |tab| tab.client.session_exists().await);
}

#[test]
fn an_explicit_refresh_continues_when_its_caller_is_dropped() {
    dropped_at_every_point(Expiry::OnServer, async |tab| tab.client.refresh().await);
}

#[test]
fn the_refresh_of_a_burst_continues_when_the_burst_is_dropped() {
    for polls in 0..12 {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.server.expire_access_tokens();
            let burst = futures_util::future::join_all((0..20).map(|_| tab.get("/orders")));
            poll_then_drop(burst, polls).await;
            all_are_served(world, &tab).await;
        });
    }
}

#[test]
fn a_dropped_sign_out_leaves_no_lock() {
    for polls in 0..12 {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.pass_expiry().await;
            poll_then_drop(tab.client.sign_out(), polls).await;
            pass(1_000).await;
            assert!(!world.locks.is_busy());
            tab.client.sign_out().await.unwrap();
            assert_eq!(tab.user().await, None);
        });
    }
}

#[test]
fn a_dropped_request_is_aborted() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let request = tab.client.post("/payload").body(r#"{"late":true}"#);
        poll_then_drop(request.send(), 2).await;
        pass(1_000).await;
        assert_eq!(world.server.count("/payload"), 1);
        assert_eq!(tab.client.payload().await.unwrap().get("late"), None);
    });
}
