//! After a 429 or failures of the refresh API, no tab calls it for a while.

use std::time::Duration;

use supertokens_session::SessionError;

use crate::sim::{
    Expiry, Fault, REFRESH, Reply, SIGN_IN, Tab, World, pass, run, run_current, run_in_each_mode,
};

fn refuse(world: &World, status: u16, retry_after: Option<&str>) {
    let reply = Reply::new(status, "{}");
    let reply = retry_after.into_iter().fold(reply, |reply, seconds| reply.header("retry-after", seconds));
    world.server.fail_always(REFRESH, Fault::Instead(reply));
    world.server.reset_counts();
}

/// Requests of each tab, repeated for a minute.
async fn poll_for_a_minute(tabs: &[&Tab], every_ms: u64) {
    for _ in 0..60_000 / every_ms {
        for tab in tabs {
            let _ = tab.get("/orders").await;
        }
        pass(every_ms).await;
    }
}

#[test]
fn all_tabs_wait_for_the_retry_after_of_the_api() {
    for expiry in Expiry::ALL {
        for status in [429, 503] {
            run_current(async |world| {
                let tab = world.signed_in("ann").await;
                let (second, third) = (world.tab(), world.tab());
                world.expire(expiry).await;
                refuse(world, status, Some("59"));
                poll_for_a_minute(&[&tab, &second, &third], 1_000).await;
                assert!(world.server.refreshes() <= 2, "{expiry:?} {status}: {}", world.server.refreshes());
                assert_eq!(tab.user().await.as_deref(), Some("ann"));
                world.server.mend();
                pass(60_000).await;
                assert_eq!([tab.status("/orders").await, third.status("/orders").await], [200; 2]);
                assert_eq!(world.stored().backoff, None);
            });
        }
    }
}

#[test]
fn without_retry_after_the_backoff_grows_to_a_minute() {
    for (status, most) in [(429, 7), (500, 8), (502, 8)] {
        run_in_each_mode(async |world| {
            let tab = world.signed_in("ann").await;
            world.server.expire_access_tokens();
            refuse(world, status, None);
            poll_for_a_minute(&[&tab, &world.tab()], 500).await;
            let refreshes = world.server.refreshes();
            assert!((4..=most).contains(&refreshes), "{status}: {refreshes}");
        });
    }
}

#[test]
fn one_server_error_starts_no_backoff() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        world.server.fail_once(REFRESH, Fault::Instead(Reply::new(500, "")));
        assert!(tab.get("/orders").await.is_err());
        assert_eq!(tab.status("/orders").await, 200);
    });
}

#[test]
fn callers_get_the_remaining_backoff_at_once() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let other = world.tab();
        world.server.expire_access_tokens();
        refuse(world, 429, Some("40"));
        assert!(matches!(tab.get("/orders").await, Err(SessionError::RefreshFailed { status: 429, .. })));
        pass(10_000).await;
        let begin_ms = world.now_ms();
        for outcome in [
            other.get("/orders").await.map(|_| ()),
            tab.client.refresh().await.map(|_| ()),
            other.client.refresh().await.map(|_| ()),
        ] {
            let Err(SessionError::RefreshBackoff { remaining }) = outcome else { panic!("{outcome:?}") };
            assert!((29_000..=30_000).contains(&remaining.as_millis()), "{remaining:?}");
        }
        assert!(world.now_ms() - begin_ms < 500);
        assert_eq!(world.server.refreshes(), 1);
        let text = SessionError::RefreshBackoff { remaining: Duration::from_millis(29_100) }.to_string();
        assert!(text.ends_with("retry in 30 s"), "{text}");
    });
}

/// The endpoint may need no session.
#[test]
fn requests_are_sent_during_the_backoff() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        refuse(world, 429, Some("40"));
        for _ in 0..3 {
            let page = tab.get("/public").await.unwrap();
            assert_eq!((page.status(), page.session_error().is_some()), (200, true));
        }
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn a_sign_in_ends_the_backoff() {
    run_in_each_mode(async |world| {
        let tab = world.tab();
        refuse(world, 429, Some("300"));
        assert_eq!(tab.status("/public").await, 200);
        assert_eq!(tab.client.post(SIGN_IN).body("ann").send().await.unwrap().status(), 200);
        world.server.mend();
        assert_eq!(world.stored().backoff, None);
        world.server.expire_access_tokens();
        assert_eq!(tab.status("/orders").await, 200);
    });
}

#[test]
fn a_refresh_without_a_network_is_retried_at_once() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        world.server.fail_always(REFRESH, Fault::LoseRequest);
        for _ in 0..5 {
            assert!(tab.get("/orders").await.is_err());
        }
        world.server.mend();
        assert_eq!(tab.status("/orders").await, 200);
    });
}

#[test]
fn a_clock_that_is_set_back_does_not_extend_the_backoff() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        refuse(world, 429, Some("60"));
        assert!(tab.get("/orders").await.is_err());
        world.server.mend();
        world.clock.set_ahead_by(-86_400_000);
        assert_eq!(tab.status("/orders").await, 200);
    });
}
