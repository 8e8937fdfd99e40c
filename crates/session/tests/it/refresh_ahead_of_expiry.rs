//! Visible tabs refresh before the access token expires, if the app has set this: one call for all tabs.

use std::{cell::Cell, rc::Rc, time::Duration};

use supertokens_session::internal::VisiblePage;

use crate::sim::{Expiry, Fault, REFRESH, Reply, Tab, World, pass, run, run_current, run_older};

const MARGIN: Duration = Duration::from_secs(20);

/// A tab that refreshes ahead as a page does.
struct RefreshingTab {
    tab: Tab,
    is_visible: Rc<Cell<bool>>,
    page: Rc<VisiblePage>,
}

impl RefreshingTab {
    fn open(world: &World, jitter: f64) -> Self {
        let tab = world.tab_with(|settings| settings.refresh_ahead(MARGIN));
        let is_visible = Rc::new(Cell::new(true));
        let page = Rc::new({
            let is_visible = is_visible.clone();
            move || is_visible.get().then_some(jitter)
        });
        let refreshing = Self { tab, is_visible, page };
        refreshing.wake();
        refreshing
    }

    /// Restarts the timer, as when the page becomes visible.
    fn wake(&self) {
        self.tab.client.refresh_ahead(&self.page);
    }
}

/// Tabs with different jitter.
async fn tabs(world: &World, count: u32) -> Vec<RefreshingTab> {
    world.signed_in("ann").await;
    (0..count).map(|at| RefreshingTab::open(world, f64::from(at) / f64::from(count))).collect()
}

/// The times of the refresh calls, in ms since the start.
fn refreshed_at(world: &World, since_ms: i64) -> Vec<i64> {
    world.server.requests(REFRESH).iter().map(|call| call.at_ms - since_ms).collect()
}

#[test]
fn twelve_visible_tabs_make_one_call_for_each_token() {
    run_current(async |world| {
        let tabs = tabs(world, 12).await;
        let begin_ms = world.now_ms();
        pass(5 * 60_000).await;
        let at_ms = refreshed_at(world, begin_ms);
        assert!((5..=8).contains(&at_ms.len()), "{at_ms:?}");
        for pair in at_ms.windows(2) {
            assert!((39_000..52_000).contains(&(pair[1] - pair[0])), "{at_ms:?}");
        }
        for page in &tabs {
            assert_eq!(page.tab.status("/orders").await, 200);
        }
        assert_eq!(world.server.responses(401), 0);
    });
}

#[test]
fn twelve_tabs_that_wake_up_make_one_call() {
    for expiry in Expiry::ALL {
        run_current(async |world| {
            let tabs = tabs(world, 12).await;
            for page in &tabs {
                page.is_visible.set(false);
            }
            // The device was asleep: all timers have expired meanwhile.
            world.expire(expiry).await;
            pass(300_000).await;
            assert_eq!(world.server.refreshes(), 0);
            for page in &tabs {
                page.is_visible.set(true);
                page.wake();
            }
            pass(5_000).await;
            assert_eq!(world.server.refreshes(), 1, "{expiry:?}");
        });
    }
}

#[test]
fn tabs_that_wake_in_the_same_millisecond_make_one_call() {
    run_current(async |world| {
        world.signed_in("ann").await;
        world.pass_expiry().await;
        let _tabs: Vec<_> = (0..12).map(|_| RefreshingTab::open(world, 0.0)).collect();
        pass(5_000).await;
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn hidden_tabs_make_no_call() {
    run_current(async |world| {
        let tabs = tabs(world, 3).await;
        for page in &tabs {
            page.is_visible.set(false);
        }
        pass(300_000).await;
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn an_early_timer_makes_no_call() {
    run(async |world| {
        let tabs = tabs(world, 1).await;
        for _ in 0..10 {
            pass(3_000).await;
            tabs[0].wake();
        }
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn a_token_without_a_time_of_issue_is_not_refreshed_ahead() {
    run_older(async |world| {
        let tabs = tabs(world, 2).await;
        pass(120_000).await;
        tabs[0].wake();
        pass(5_000).await;
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn without_the_setting_or_a_session_no_call_is_made() {
    run_current(async |world| {
        let plain = world.signed_in("ann").await;
        let page: Rc<VisiblePage> = Rc::new(|| Some(0.5));
        plain.client.refresh_ahead(&page);
        pass(50_000).await;
        assert_eq!(plain.client.config().refresh_ahead(), None);
        plain.client.sign_out().await.unwrap();
        let _refreshing = RefreshingTab::open(world, 0.5);
        pass(120_000).await;
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn calls_to_a_failing_backend_back_off() {
    run_current(async |world| {
        let tabs = tabs(world, 1).await;
        let begin_ms = world.now_ms();
        world.server.fail_always(REFRESH, Fault::Instead(Reply::new(503, "")));
        pass(40_000 + 120_000).await;
        let calls = world.server.refreshes();
        assert!((5..=9).contains(&calls), "{:?}", refreshed_at(world, begin_ms));
        assert_eq!(tabs[0].tab.user().await.as_deref(), Some("ann"));
        world.server.mend();
        pass(61_000).await;
        assert!((1..=2).contains(&world.server.responses(200)), "{:?}", refreshed_at(world, begin_ms));
    });
}

#[test]
fn a_token_with_no_lifetime_does_not_loop() {
    run_current(async |world| {
        world.server.set_lifetime_ms(0);
        let _tabs = tabs(world, 1).await;
        pass(60_000).await;
        assert!(world.server.refreshes() <= 8, "{}", world.server.refreshes());
    });
}

/// The wall clock prevents the call even if a timer is too short for such a wait.
#[test]
fn a_token_of_a_hundred_days_is_not_refreshed_at_once() {
    for days in [25, 50, 100, 36_500] {
        run_current(async |world| {
            world.server.set_lifetime_ms(days * 86_400_000);
            let _tabs = tabs(world, 3).await;
            pass(500_000).await;
            assert_eq!(world.server.refreshes(), 0, "{days} days");
        });
    }
}

#[test]
fn a_device_with_a_wrong_clock_refreshes_no_more_often() {
    for ahead_by_ms in [3_600_000, -3_600_000] {
        run_current(async |world| {
            world.clock.set_ahead_by(ahead_by_ms);
            let _tabs = tabs(world, 2).await;
            let begin_ms = world.now_ms();
            pass(100_000).await;
            let at_ms = refreshed_at(world, begin_ms);
            assert_eq!(at_ms.len(), 2, "{ahead_by_ms}: {at_ms:?}");
        });
    }
}

#[test]
fn a_page_that_is_dropped_refreshes_no_more() {
    run_current(async |world| {
        world.signed_in("ann").await;
        let RefreshingTab { tab, page, .. } = RefreshingTab::open(world, 0.0);
        drop(page);
        pass(120_000).await;
        assert_eq!(world.server.refreshes(), 0);
        assert_eq!(tab.status("/orders").await, 200);
    });
}

#[test]
fn a_page_that_replaces_another_while_the_backend_fails_is_refreshed_ahead() {
    run_current(async |world| {
        world.signed_in("ann").await;
        let RefreshingTab { tab, page, .. } = RefreshingTab::open(world, 0.0);
        world.server.fail_always(REFRESH, Fault::Instead(Reply::new(503, "")));
        pass(45_000).await;
        let next: Rc<VisiblePage> = Rc::new(|| Some(0.0));
        tab.client.refresh_ahead(&next);
        drop(page);
        world.server.mend();
        pass(61_000).await;
        assert!((1..=2).contains(&world.server.responses(200)));
    });
}

#[test]
fn page_events_make_no_calls_of_their_own_while_a_backend_fails() {
    run_current(async |world| {
        let tabs = tabs(world, 1).await;
        world.server.fail_always(REFRESH, Fault::Instead(Reply::new(503, "")));
        pass(40_000).await;
        for _ in 0..120 {
            pass(1_000).await;
            tabs[0].wake();
        }
        let calls = world.server.refreshes();
        assert!((5..=9).contains(&calls), "{calls}");
    });
}

#[test]
fn a_session_that_begins_later_is_refreshed_ahead_too() {
    run_current(async |world| {
        let refreshing = RefreshingTab::open(world, 0.0);
        pass(10_000).await;
        refreshing.tab.sign_in("ann").await;
        world.server.reset_counts();
        refreshing.wake();
        pass(41_000).await;
        assert_eq!(world.server.refreshes(), 1);
    });
}
