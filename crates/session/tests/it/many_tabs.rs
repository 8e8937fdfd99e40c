//! Tabs share one session and one lock, so they share one refresh.

use futures_util::future::join_all;

use crate::sim::{Expiry, Fault, REFRESH, SIGN_IN, Tab, World, pass, run, run_current, run_in_each_mode};

/// Sends bursts of requests in all tabs at once.
async fn bursts(tabs: &[Tab], count: usize) -> Vec<u16> {
    join_all(tabs.iter().map(|tab| tab.burst(count, "/orders"))).await.concat()
}

async fn five_tabs(world: &World) -> Vec<Tab> {
    let mut tabs = vec![world.signed_in("ann").await];
    tabs.extend((1..5).map(|_| world.tab()));
    tabs
}

#[test]
fn five_tabs_share_one_refresh() {
    for expiry in Expiry::ALL {
        for lag_ms in [0, 3, 50] {
            run(async |world| {
                world.store.set_lag_ms(lag_ms);
                let tabs = five_tabs(world).await;
                world.expire(expiry).await;
                assert_eq!(bursts(&tabs, 20).await, [200; 100]);
                assert_eq!(world.server.refreshes(), 1, "{expiry:?}, {lag_ms} ms of lag");
            });
        }
    }
}

#[test]
fn five_tabs_share_one_refresh_in_header_mode() {
    for expiry in Expiry::ALL {
        run_current(async |world| {
            world.use_header_mode();
            let tabs = five_tabs(world).await;
            world.expire(expiry).await;
            assert_eq!(bursts(&tabs, 20).await, [200; 100]);
            assert_eq!(world.server.refreshes(), 1, "{expiry:?}");
        });
    }
}

#[test]
fn five_tabs_with_a_slow_store_share_one_refresh() {
    run(async |world| {
        world.store.set_read_ms(7);
        world.store.set_lag_ms(40);
        let tabs = five_tabs(world).await;
        world.server.expire_access_tokens();
        assert_eq!(bursts(&tabs, 20).await, [200; 100]);
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn a_tab_that_opens_later_uses_the_stored_session() {
    run(async |world| {
        let tabs = five_tabs(world).await;
        world.server.expire_access_tokens();
        assert_eq!(tabs[0].status("/orders").await, 200);
        // It has not read the store since, and makes no call to do so.
        assert_eq!(tabs[1].status("/orders").await, 200);
        assert_eq!((world.server.refreshes(), world.server.responses(401)), (1, 1));
    });
}

#[test]
fn the_lock_is_held_for_the_refresh_and_not_for_a_request() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let before = world.locks.spans().len();
        world.server.expire_access_tokens();
        world.server.fail_always("/slow", Fault::Late(5_000));
        assert_eq!(tab.status("/slow").await, 200);
        let spans = world.locks.spans().split_off(before);
        let called = world.server.requests(REFRESH)[0].at_ms;
        assert_eq!(spans.len(), 1);
        let (from, to) = spans[0];
        // The round trip, and the write until other tabs can read it.
        assert!(from <= called && to <= called + 2 * 10 + 3 + 5, "{from} to {to}, called at {called}");
    });
}

#[test]
fn requests_of_a_valid_session_take_no_lock() {
    run(async |world| {
        let tabs = five_tabs(world).await;
        let before = world.locks.grants();
        assert_eq!(bursts(&tabs, 20).await, [200; 100]);
        assert_eq!(world.locks.grants(), before);
    });
}

#[test]
fn a_session_that_begins_in_one_tab_exists_in_all_tabs() {
    run(async |world| {
        let (one, other) = (world.tab(), world.tab());
        assert_eq!(other.client.session_exists().await, Ok(false));
        one.client.post(SIGN_IN).body("ann").send().await.unwrap();
        assert_eq!(other.client.session_exists().await, Ok(true));
        assert_eq!(other.user().await.as_deref(), Some("ann"));
        assert_eq!(other.status("/orders").await, 200);
    });
}

#[test]
fn a_sign_out_in_one_tab_ends_the_session_in_all() {
    run(async |world| {
        let tabs = five_tabs(world).await;
        tabs[0].client.sign_out().await.unwrap();
        for tab in &tabs {
            assert_eq!(tab.client.session_exists().await, Ok(false));
            assert_eq!(tab.status("/orders").await, 401);
        }
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn tabs_that_refresh_in_turn_cause_no_theft_alarm() {
    run_in_each_mode(async |world| {
        let tabs = five_tabs(world).await;
        for turn in 0..8 {
            world.pass_expiry().await;
            assert_eq!(tabs[turn % 5].status("/orders").await, 200);
            pass(10).await;
        }
        assert_eq!(world.server.refreshes(), 8);
    });
}
