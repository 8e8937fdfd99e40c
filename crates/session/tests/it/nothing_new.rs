//! An answer that tells what was known when its request was sent is nothing to write down.

use std::{cell::RefCell, rc::Rc};

use supertokens_session::{
    SessionEvent,
    platform::{Changes, StoredSession},
};

use crate::sim::{Ending, Exchange, Fault, Reply, Tab, TabId, Watch, World, pass, run, run_current};

/// Answers with the front token that is stored now, and with what else is given.
fn repeat_the_front_token(world: &World, headers: &[(&str, String)]) {
    let front = world.stored().front.unwrap();
    let reply = Reply::new(200, "").header("front-token", front.reveal());
    let reply = headers.iter().fold(reply, |reply, (name, value)| reply.header(name, value));
    world.server.route("/again", reply);
}

async fn ask(tab: &Tab) {
    assert_eq!(tab.client.get("/again").send().await.unwrap().status(), 200);
}

#[test]
fn what_is_kept_is_not_written_again() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        repeat_the_front_token(world, &[]);
        let (stored, writes) = (world.stored(), world.store.writes());
        for _ in 0..3 {
            ask(&tab).await;
        }
        assert_eq!((world.stored(), world.store.writes(), tab.events()), (stored, writes, vec![]));
    });
}

#[test]
fn the_same_front_token_with_any_other_token_is_written() {
    run_current(async |world| {
        world.use_header_mode();
        let tab = world.signed_in("ann").await;
        for (name, value) in [
            ("st-access-token", "another.a.b"),
            ("st-refresh-token", "another-r"),
            ("anti-csrf", "another-c"),
        ] {
            repeat_the_front_token(world, &[(name, value.to_owned())]);
            let before = world.stored();
            ask(&tab).await;
            assert_ne!(world.stored(), before, "{name}");
        }
        world.server.route("/again", Reply::new(200, ""));
    });
}

/// Its `iat` is as old as the token: it says nothing of the clock now.
#[test]
fn a_front_token_that_comes_again_much_later_leaves_the_clock_alone() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        repeat_the_front_token(world, &[]);
        pass(20_000).await;
        ask(&tab).await;
        assert_eq!(world.stored().clock_skew_ms, 0);
    });
}

#[test]
fn a_late_one_takes_back_no_newer_payload() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        repeat_the_front_token(world, &[]);
        world.server.fail_once("/again", Fault::Late(5_000));
        let late = tab.start(|client| async move { client.get("/again").send().await.unwrap().status() });
        pass(100).await;
        let other = world.tab();
        other.client.post("/payload").body(r#"{"role":"admin"}"#).send().await.unwrap();
        let stored = world.stored();
        assert_eq!((late.done().await, world.stored()), (200, stored));
    });
}

/// This tab's answer brings what another tab has stored meanwhile.
#[test]
fn a_payload_that_another_tab_was_first_with_is_told_all_the_same() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        let before = world.stored();
        world.tab().client.post("/payload").body(r#"{"role":"admin"}"#).send().await.unwrap();
        pass(100).await;
        let after = world.stored();
        repeat_the_front_token(world, &[]);
        // The request leaves before the other tab has stored it.
        world.store.edit(|stored| *stored = before);
        world.server.fail_once("/again", Fault::Late(5_000));
        let late = tab.start(|client| async move { client.get("/again").send().await.unwrap().status() });
        pass(100).await;
        world.store.edit(|stored| *stored = after.clone());
        let writes = world.store.writes();
        assert_eq!((late.done().await, world.store.writes(), world.stored()), (200, writes, after));
        assert!(tab.client.session_exists().await.unwrap());
        assert_eq!(tab.events(), [SessionEvent::AccessTokenPayloadUpdated]);
    });
}

/// A write to localStorage is work for all tabs.
#[test]
fn a_clock_that_stays_right_is_not_written_down() {
    run_current(async |world| {
        let skews = Rc::new(SkewsWritten::default());
        world.set_watch(skews.clone());
        let tab = world.signed_in("ann").await;
        for _ in 0..2 {
            assert!(tab.client.refresh().await.unwrap());
        }
        assert_eq!(skews.0.take(), [0_i64; 0]);
        // And it is, once the clock is set.
        world.clock.set_ahead_by(3_600_000);
        assert!(tab.client.refresh().await.unwrap());
        assert_eq!(skews.0.take().len(), 1);
    });
}

/// In ms.
#[derive(Default)]
struct SkewsWritten(RefCell<Vec<i64>>);

impl Watch for SkewsWritten {
    fn writes(&self, _: TabId, _: &StoredSession, changes: &Changes) {
        self.0.borrow_mut().extend(changes.clock_skew_ms);
    }

    fn sends(&self, _: usize, _: &Exchange, _: &StoredSession) {}

    fn ends(&self, _: i64, _: usize, _: Ending<'_>) {}

    fn alarm(&self, _: usize, _: bool) {}
}
