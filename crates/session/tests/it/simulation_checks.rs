//! The checks of the simulated world find the violations that they are for.

use supertokens_session::platform::{Change, Changes, Store};

use crate::sim::{Fault, Tab, World, pass, run, run_current};

fn store(tab: &Tab) -> std::rc::Rc<dyn Store> {
    tab.client.platform().unwrap().store.clone()
}

fn a_change() -> Changes {
    Changes { front: Change::Clear, ..Changes::default() }
}

#[test]
#[should_panic(expected = "it hangs or loops")]
fn a_scenario_that_hangs_fails() {
    run(async |world| {
        world.server.fail_once("/public/x", Fault::Hang);
        let tab = world.tab();
        let _ = tab.get("/public/x").await;
    });
}

#[test]
#[should_panic(expected = "a lock is still held")]
fn a_scenario_that_does_not_release_a_lock_fails() {
    run(async |world| {
        let tab = world.tab();
        std::mem::forget(tab.client.platform().unwrap().lock.acquire("lock").await);
    });
}

#[test]
#[should_panic(expected = "access-s3cr3t")]
fn a_scenario_that_logs_a_secret_fails() {
    run_current(async |world| {
        world.use_header_mode();
        world.signed_in("ann").await;
        log::debug!("the token is {}", world.stored().access.unwrap().reveal());
    });
}

/// Ann's refresh token and its child are used; then the first one is used again.
async fn theft(world: &World) {
    world.use_header_mode();
    let tab = world.signed_in("ann").await;
    let stolen = world.stored();
    world.server.expire_access_tokens();
    assert_eq!(tab.status("/orders").await, 200);
    world.store.edit(|stored| *stored = stolen);
    assert_eq!(tab.status("/orders").await, 401);
    assert_eq!((world.server.theft_alarms(), tab.user().await), (1, None));
}

#[test]
fn the_backend_reports_theft_of_a_token_whose_child_was_used() {
    run_current(async |world| {
        theft(world).await;
        world.expect_alarms(1);
    });
}

#[test]
#[should_panic(expected = "theft alarms")]
fn a_scenario_with_a_theft_alarm_fails() {
    run_current(theft);
}

#[test]
fn a_parent_may_be_used_until_its_child_was() {
    run_current(async |world| {
        world.use_header_mode();
        let tab = world.signed_in("ann").await;
        let before = world.stored();
        for _ in 0..3 {
            assert_eq!(tab.client.refresh().await, Ok(true));
            world.store.edit(|stored| *stored = before.clone());
        }
        assert_eq!(world.server.refreshes(), 3);
    });
}

#[test]
fn a_write_is_read_at_once_by_its_tab_and_by_others_when_the_store_is_synced() {
    run(async |world| {
        world.store.set_lag_ms(50);
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        let has_front = |tab: &Tab| store(tab).read().unwrap().front.is_some();
        store(&tab).write(a_change()).unwrap();
        assert_eq!((has_front(&tab), has_front(&other)), (false, true));
        pass(20).await;
        assert_eq!((has_front(&tab), has_front(&other)), (false, true));
        store(&tab).sync().unwrap().await.unwrap();
        assert!(!has_front(&other));
    });
}

#[test]
fn a_store_behind_a_promise_reads_what_it_synced_last() {
    run(async |world| {
        world.store.set_read_ms(2);
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        let has_front = |tab: &Tab| store(tab).read().unwrap().front.is_some();
        for tab in [&tab, &other] {
            store(tab).sync().unwrap().await.unwrap();
        }
        store(&tab).write(a_change()).unwrap();
        store(&tab).sync().unwrap().await.unwrap();
        assert_eq!((has_front(&tab), has_front(&other)), (false, true));
        store(&other).sync().unwrap().await.unwrap();
        assert!(!has_front(&other));
    });
}

#[test]
fn a_write_survives_its_tab() {
    run(async |world| {
        world.store.set_lag_ms(50);
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        store(&tab).write(a_change()).unwrap();
        pass(20).await;
        tab.kill().await;
        assert_eq!(other.user().await.as_deref(), Some("ann"));
        pass(50).await;
        assert_eq!(other.user().await, None);
    });
}

#[test]
fn locks_are_granted_in_order_and_released_with_their_tab() {
    run(async |world| {
        let tabs = [world.tab(), world.tab(), world.tab()];
        let holds = |tab: &Tab, ms: u64| {
            let lock = tab.client.platform().unwrap().lock.clone();
            tab.spawn(async move {
                let _guard = lock.acquire("lock").await.unwrap();
                pass(ms).await;
            })
        };
        let began = world.now_ms();
        let first = holds(&tabs[0], 1_000_000);
        pass(1).await;
        let second = holds(&tabs[1], 100);
        pass(1).await;
        let third = holds(&tabs[2], 100);
        pass(498).await;
        tabs[0].kill().await;
        second.done().await;
        assert_eq!(world.now_ms() - began, 600);
        third.done().await;
        assert_eq!(world.now_ms() - began, 700);
        assert!(first.outcome().await.is_none());
    });
}
