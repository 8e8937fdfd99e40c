//! A tab may be closed at any time, also while it holds the lock; other tabs are not affected.

use std::rc::Rc;

use futures_util::future::join_all;
use supertokens_session::{
    SessionClient, SessionError,
    platform::{LocalBoxFuture, Platform, Spawn},
};

use crate::sim::{Expiry, Fault, REFRESH, pass, run, run_in_each_mode};

#[test]
fn a_tab_closed_at_any_moment_of_a_refresh_blocks_no_other_tab() {
    for expiry in Expiry::ALL {
        for open_ms in 0..60 {
            run_in_each_mode(async |world| {
                let tab = world.signed_in("ann").await;
                let others = [world.tab(), world.tab()];
                world.expire(expiry).await;
                let dying = tab.start_get("/orders");
                pass(2).await;
                let waiting: Vec<_> = others.iter().map(|other| other.start_get("/orders")).collect();
                pass(open_ms).await;
                tab.kill().await;
                let _ = dying.outcome().await;
                for response in waiting {
                    assert_eq!(response.done().await.unwrap().status(), 200, "{open_ms} ms");
                }
                assert!(world.server.refreshes() <= 2);
                assert_eq!(others[0].user().await.as_deref(), Some("ann"));
            });
        }
    }
}

#[test]
fn a_tab_closed_while_its_refresh_hangs_releases_the_lock() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let other = world.tab();
        world.server.expire_access_tokens();
        world.server.fail_once(REFRESH, Fault::Hang);
        let dying = tab.start_get("/orders");
        pass(100).await;
        assert!(world.locks.is_busy());
        let waiting = other.start_get("/orders");
        pass(100).await;
        assert!(!waiting.is_finished());
        tab.kill().await;
        let killed = world.now_ms();
        assert_eq!(waiting.done().await.unwrap().status(), 200);
        assert!(world.now_ms() - killed < 100, "it waited on for {} ms", world.now_ms() - killed);
        assert!(dying.outcome().await.is_none());
    });
}

#[test]
fn a_tab_closed_while_it_waits_for_the_lock_blocks_no_other_tab() {
    run(async |world| {
        let tabs = [world.signed_in("ann").await, world.tab(), world.tab()];
        world.server.expire_access_tokens();
        world.server.fail_once(REFRESH, Fault::Late(1_000));
        let waiting: Vec<_> = tabs.iter().map(|tab| tab.start_get("/orders")).collect();
        pass(500).await;
        tabs[1].kill().await;
        let responses = join_all(waiting.into_iter().map(|task| task.outcome())).await;
        let statuses: Vec<_> =
            responses.into_iter().map(|response| response.map(|a| a.unwrap().status())).collect();
        assert_eq!(statuses, [Some(200), None, Some(200)]);
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn a_session_continues_after_all_tabs_were_closed() {
    for open_ms in 0..50 {
        run_in_each_mode(async |world| {
            let tab = world.signed_in("ann").await;
            world.server.expire_access_tokens();
            let dying = tab.start_get("/orders");
            pass(open_ms).await;
            tab.kill().await;
            let _ = dying.outcome().await;
            assert_eq!(world.tab().burst(5, "/orders").await, [200; 5], "{open_ms} ms");
        });
    }
}

/// A spawner that drops every task.
struct DropsTasks;

impl Spawn for DropsTasks {
    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        drop(task);
    }
}

#[test]
fn a_task_that_never_runs_blocks_no_caller() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        let platform = Platform { spawn: Rc::new(DropsTasks), ..tab.client.platform().unwrap().clone() };
        let client = SessionClient::new(tab.client.config().clone(), platform);
        for _ in 0..2 {
            assert_eq!(client.get("/orders").send().await.unwrap_err(), SessionError::Interrupted);
        }
    });
}
