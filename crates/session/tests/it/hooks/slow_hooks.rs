//! Hooks that are slow, hang, or call the API, and the callers that wait for them.

use futures_util::future::join;
use supertokens_session::{ApiAction::RefreshSession, SessionError, SessionEvent, platform::TransportError};

use super::{Wait, no_change, signed_in};
use crate::sim::{Expiry, logged, pass, poll_then_drop, run, run_in_each_mode};

const HOOK_TIMED_OUT: SessionError = SessionError::RefreshUnreachable(TransportError::TimedOut);

#[test]
fn a_hanging_hook_counts_as_a_refresh_without_a_response() {
    for expiry in Expiry::ALL {
        run_in_each_mode(async |world| {
            let (tab, hooks) = signed_in(world, no_change).await;
            world.expire(expiry).await;
            hooks.before.replace(Wait::Endless);
            let begun = world.now_ms();
            let waiting: Vec<_> = (0..5).map(|_| tab.start_get("/orders")).collect();
            for one in waiting {
                assert_eq!(one.done().await.unwrap_err(), HOOK_TIMED_OUT);
            }
            assert!((30_000..31_000).contains(&(world.now_ms() - begun)));
            assert_eq!((world.server.refreshes(), tab.events()), (0, vec![]));
            assert_eq!(hooks.finished.get(), 0);

            hooks.before.replace(Wait::No);
            assert_eq!(tab.status("/orders").await, 200);
        });
    }
}

#[test]
fn a_hanging_hook_in_one_tab_blocks_no_other_tab() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        world.server.expire_access_tokens();
        hooks.before.replace(Wait::Endless);
        let hanging = tab.start_get("/orders");
        pass(100).await;
        assert_eq!(world.tab().status("/orders").await, 200);
        assert!(!hanging.is_finished());
        assert_eq!(hanging.done().await.unwrap_err(), HOOK_TIMED_OUT);
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn no_call_follows_if_another_tab_refreshes_while_a_hook_waits() {
    run_in_each_mode(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        let other = world.tab();
        world.server.expire_access_tokens();
        hooks.before.replace(Wait::Ms(2_000));
        let slow = tab.start_get("/orders");
        pass(1_000).await;
        assert_eq!(other.status("/orders").await, 200);
        assert_eq!(slow.done().await.unwrap().status(), 200);
        pass(10).await;
        assert_eq!((world.server.refreshes(), hooks.calls()), (1, vec![("before", RefreshSession)]));
    });
}

#[test]
fn a_hook_that_waits_for_its_own_refresh_times_out_and_unblocks_all_callers() {
    for expiry in Expiry::ALL {
        run(async |world| {
            let (tab, hooks) = signed_in(world, no_change).await;
            world.expire(expiry).await;
            hooks.before.replace(Wait::ForARequest);
            let begun = world.now_ms();
            let refreshing = tab.client.refresh();
            let (one, two) = join(tab.get("/orders"), refreshing).await;
            assert_eq!((one.unwrap_err(), two), (HOOK_TIMED_OUT, Err(HOOK_TIMED_OUT)));
            assert!(world.now_ms() - begun < 31_000);
            assert_eq!((hooks.finished.get(), world.server.refreshes()), (0, 0));

            hooks.before.replace(Wait::No);
            assert_eq!(tab.status("/orders").await, 200);
        });
    }
}

#[test]
fn the_hook_after_a_call_may_call_the_api_with_the_session() {
    run_in_each_mode(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        hooks.after.replace(Wait::ForARequest);
        let begun = world.now_ms();
        assert_eq!(tab.client.refresh().await, Ok(true));
        pass(100).await;
        assert_eq!((hooks.finished.get(), world.server.count("/orders")), (2, 1));
        assert!(world.now_ms() - begun < 500);
    });
}

#[test]
fn a_hanging_hook_after_a_call_blocks_no_caller_and_no_event() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        hooks.after.replace(Wait::Endless);
        let begun = world.now_ms();
        assert_eq!(tab.client.refresh().await, Ok(true));
        assert!(tab.events().contains(&SessionEvent::RefreshSession));
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(tab.client.refresh().await, Ok(true));
        assert!(world.now_ms() - begun < 500);
        pass(31_000).await;
        let warned = logged().iter().filter(|line| line.contains("was dropped")).count();
        assert_eq!((warned, hooks.finished.get()), (2, 2), "both timed out, both ran before the call");
    });
}

#[test]
fn callers_dropped_while_a_hook_waits_do_not_cancel_the_refresh() {
    for polls in 1..6 {
        run(async |world| {
            let (tab, hooks) = signed_in(world, no_change).await;
            world.pass_expiry().await;
            hooks.before.replace(Wait::Ms(500));
            assert!(poll_then_drop(tab.get("/orders"), polls).await.is_none());
            pass(100).await;
            assert_eq!(tab.burst(3, "/orders").await, [200; 3]);
            assert_eq!((world.server.refreshes(), hooks.finished.get()), (1, 2));
        });
    }
}

#[test]
fn a_tab_closed_while_a_hook_waits_blocks_no_other_tab() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        let other = world.tab();
        world.server.expire_access_tokens();
        hooks.before.replace(Wait::Ms(500));
        let lost = tab.start_get("/orders");
        pass(100).await;
        tab.kill().await;
        assert!(lost.outcome().await.is_none());
        assert_eq!(other.status("/orders").await, 200);
        assert_eq!(world.server.refreshes(), 1);
    });
}
