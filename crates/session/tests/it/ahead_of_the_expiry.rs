//! Tabs that are visible refresh before the access token expires, where the app asks for it: one call serves all.

use std::{cell::Cell, rc::Rc};

use supertokens_session::{SessionClient, timing::Backoff};

use crate::sim::{Expiry, Fault, REFRESH, Reply, Tab, World, pass, run, run_current, run_older};

const MARGIN_MS: u32 = 20_000;

/// A tab that tends its session as a page does: the timer is a hint, and the wall clock decides.
struct Tended {
    tab: Tab,
    is_visible: Rc<Cell<bool>>,
    share: f64,
}

impl Tended {
    fn open(world: &World, share: f64) -> Self {
        let tab = world.tab_with(|settings| settings.refresh_ahead_ms(MARGIN_MS));
        let tended = Self { tab, is_visible: Rc::new(Cell::new(true)), share };
        tended.wake();
        tended
    }

    /// Timers start anew, as when the page comes to the front.
    fn wake(&self) {
        let (is_visible, share) = (self.is_visible.clone(), self.share);
        let tend = move |client| tend(client, is_visible, share);
        self.tab.start(tend);
    }
}

async fn tend(client: SessionClient, is_visible: Rc<Cell<bool>>, share: f64) {
    let mut backoff = Backoff::default();
    while let Ok(Some(wait_ms)) = client.refresh_ahead_in_ms(share).await {
        pass(wait_ms.into()).await;
        if !is_visible.get() {
            return;
        }
        match client.refresh_ahead().await {
            Ok(true) => backoff.reset(),
            Ok(false) | Err(_) => pass(backoff.next_ms(share).into()).await,
        }
    }
}

/// Tabs with shares of their own.
async fn tabs(world: &World, count: u32) -> Vec<Tended> {
    world.signed_in("ann").await;
    (0..count).map(|at| Tended::open(world, f64::from(at) / f64::from(count))).collect()
}

/// When the refresh calls were made, in ms since then.
fn refreshed_at(world: &World, since_ms: i64) -> Vec<i64> {
    world.server.requests(REFRESH).iter().map(|call| call.at_ms - since_ms).collect()
}

#[test]
fn twelve_visible_tabs_make_one_call_for_each_life_of_a_token() {
    run_current(async |world| {
        let tabs = tabs(world, 12).await;
        let begin_ms = world.now_ms();
        pass(5 * 60_000).await;
        let at_ms = refreshed_at(world, begin_ms);
        assert!((5..=8).contains(&at_ms.len()), "{at_ms:?}");
        for pair in at_ms.windows(2) {
            assert!((39_000..52_000).contains(&(pair[1] - pair[0])), "{at_ms:?}");
        }
        for tended in &tabs {
            assert_eq!(tended.tab.status("/orders").await, 200);
        }
        assert_eq!(world.server.answers(401), 0);
    });
}

#[test]
fn twelve_tabs_that_wake_up_make_one_call() {
    for expiry in Expiry::ALL {
        run_current(async |world| {
            let tabs = tabs(world, 12).await;
            for tended in &tabs {
                tended.is_visible.set(false);
            }
            // Long asleep: all timers have run out, and nobody was there to see.
            world.expire(expiry).await;
            pass(300_000).await;
            assert_eq!(world.server.refreshes(), 0);
            for tended in &tabs {
                tended.is_visible.set(true);
                tended.wake();
            }
            pass(5_000).await;
            assert_eq!(world.server.refreshes(), 1, "{expiry:?}");
        });
    }
}

#[test]
fn tabs_that_wake_at_the_very_same_moment_still_make_one_call() {
    run_current(async |world| {
        world.signed_in("ann").await;
        world.pass_expiry().await;
        let _tabs: Vec<_> = (0..12).map(|_| Tended::open(world, 0.0)).collect();
        pass(5_000).await;
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn hidden_tabs_make_none() {
    run_current(async |world| {
        let tabs = tabs(world, 3).await;
        for tended in &tabs {
            tended.is_visible.set(false);
        }
        pass(300_000).await;
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn a_timer_that_is_early_makes_none() {
    run(async |world| {
        let tabs = tabs(world, 1).await;
        for _ in 0..10 {
            assert_eq!(tabs[0].tab.client.refresh_ahead().await, Ok(true));
        }
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn nothing_is_ahead_of_a_token_that_does_not_tell_when_it_was_issued() {
    run_older(async |world| {
        let tabs = tabs(world, 2).await;
        assert_eq!(tabs[0].tab.client.refresh_ahead_in_ms(0.0).await, Ok(None));
        pass(120_000).await;
        assert_eq!(tabs[0].tab.client.refresh_ahead().await, Ok(true));
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn without_the_setting_or_a_session_there_is_nothing_to_do() {
    run_current(async |world| {
        let plain = world.signed_in("ann").await;
        pass(50_000).await;
        assert_eq!(plain.client.refresh_ahead_in_ms(0.5).await, Ok(None));
        assert_eq!(plain.client.refresh_ahead().await, Ok(true));
        plain.client.sign_out().await.unwrap();
        let tended = Tended::open(world, 0.5);
        assert_eq!(tended.tab.client.refresh_ahead_in_ms(0.5).await, Ok(None));
        pass(120_000).await;
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn a_backend_that_fails_is_left_in_peace_for_longer_and_longer() {
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
        assert_eq!(tabs[0].tab.client.refresh_ahead().await, Ok(true));
    });
}

#[test]
fn a_token_without_a_life_does_not_loop() {
    run_current(async |world| {
        world.server.set_lifetime_ms(0);
        let _tabs = tabs(world, 1).await;
        pass(60_000).await;
        assert!(world.server.refreshes() <= 8, "{}", world.server.refreshes());
    });
}

/// Longer than one timer of a browser can wait.
#[test]
fn a_token_of_a_hundred_days_is_not_refreshed_at_once() {
    for days in [25, 50, 100, 36_500] {
        run_current(async |world| {
            world.server.set_lifetime_ms(days * 86_400_000);
            let tab = world.tab_with(|settings| settings.refresh_ahead_ms(60_000));
            tab.sign_in("ann").await;
            world.server.count_from_here();
            for share in [0.0, 0.5, 1.0] {
                let wait_ms = tab.client.refresh_ahead_in_ms(share).await.unwrap().unwrap();
                assert!(wait_ms > 2_000_000_000, "{days} days: {wait_ms}");
            }
            assert_eq!(tab.client.refresh_ahead().await, Ok(true));
            assert_eq!(world.server.refreshes(), 0);
        });
    }
}

#[test]
fn a_device_whose_clock_is_wrong_refreshes_no_more_often() {
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
