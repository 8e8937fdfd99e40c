//! Hooks that take their time, hang, or call the API, and which callers wait for them.

use futures_util::future::join;
use supertokens_session::{ApiAction::RefreshSession, SessionError, SessionEvent, platform::TransportError};

use super::{Wait, no_change, signed_in};
use crate::sim::{Expiry, logged, pass, poll_then_drop, run, run_in_each_mode};

const HOOK_TIMED_OUT: SessionError = SessionError::RefreshUnreachable(TransportError::TimedOut);

#[test]
fn a_hook_that_hangs_counts_as_a_refresh_without_an_answer() {
    for expiry in Expiry::ALL {
        run_in_each_mode(async |world| {
            let (tab, hooks) = signed_in(world, no_change).await;
            world.expire(expiry).await;
            hooks.before.replace(Wait::ForEver);
            let begun = world.now_ms();
            let waiting: Vec<_> = (0..5).map(|_| tab.start_get("/orders")).collect();
            for one in waiting {
                assert_eq!(one.done().await.unwrap_err(), HOOK_TIMED_OUT);
            }
            assert!((30_000..31_000).contains(&(world.now_ms() - begun)));
            assert_eq!((world.server.refreshes(), tab.events()), (0, vec![]));
            assert_eq!(hooks.over.get(), 0);

            hooks.before.replace(Wait::No);
            assert_eq!(tab.status("/orders").await, 200);
        });
    }
}

#[test]
fn a_hook_that_hangs_in_one_tab_keeps_no_other_waiting() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        world.server.expire_access_tokens();
        hooks.before.replace(Wait::ForEver);
        let hanging = tab.start_get("/orders");
        pass(100).await;
        assert_eq!(world.tab().status("/orders").await, 200);
        assert!(!hanging.is_over());
        assert_eq!(hanging.done().await.unwrap_err(), HOOK_TIMED_OUT);
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn where_another_tab_refreshes_while_a_hook_waits_no_call_follows() {
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
fn a_hook_that_calls_the_api_with_the_session_waits_for_itself_and_frees_everybody_in_the_end() {
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
            assert_eq!((hooks.over.get(), world.server.refreshes()), (0, 0));

            hooks.before.replace(Wait::No);
            assert_eq!(tab.status("/orders").await, 200);
        });
    }
}

#[test]
fn after_a_call_a_hook_may_call_the_api_with_the_session() {
    run_in_each_mode(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        hooks.after.replace(Wait::ForARequest);
        let begun = world.now_ms();
        assert_eq!(tab.client.refresh().await, Ok(true));
        pass(100).await;
        assert_eq!((hooks.over.get(), world.server.count("/orders")), (2, 1));
        assert!(world.now_ms() - begun < 500);
    });
}

#[test]
fn after_a_call_a_hook_that_hangs_keeps_nobody_and_no_event_waiting() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        hooks.after.replace(Wait::ForEver);
        let begun = world.now_ms();
        assert_eq!(tab.client.refresh().await, Ok(true));
        assert!(tab.events().contains(&SessionEvent::RefreshSession));
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(tab.client.refresh().await, Ok(true));
        assert!(world.now_ms() - begun < 500);
        pass(31_000).await;
        let warned = logged().iter().filter(|line| line.contains("was dropped")).count();
        assert_eq!((warned, hooks.over.get()), (2, 2), "both were given up, both were asked before");
    });
}

#[test]
fn callers_that_are_dropped_while_a_hook_waits_leave_the_refresh_to_others() {
    for polls in 1..6 {
        run(async |world| {
            let (tab, hooks) = signed_in(world, no_change).await;
            world.pass_expiry().await;
            hooks.before.replace(Wait::Ms(500));
            assert!(poll_then_drop(tab.get("/orders"), polls).await.is_none());
            pass(100).await;
            assert_eq!(tab.burst(3, "/orders").await, [200; 3]);
            assert_eq!((world.server.refreshes(), hooks.over.get()), (1, 2));
        });
    }
}

#[test]
fn a_tab_that_dies_while_a_hook_waits_leaves_the_others_alone() {
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
