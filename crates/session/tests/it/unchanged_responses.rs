//! A response with values that are already stored causes no write.

use std::{cell::RefCell, rc::Rc};

use supertokens_session::{
    SessionEvent,
    platform::{Changes, StoredSession},
};

use crate::sim::{Ending, Exchange, Fault, Reply, Tab, TabId, Watch, World, pass, run, run_current};

/// Sets a response with the stored front token and these headers.
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
fn stored_values_are_not_written_again() {
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

/// Its `iat` is as old as the token, so it does not show the current clock skew.
#[test]
fn a_repeated_front_token_does_not_change_the_clock_skew() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        repeat_the_front_token(world, &[]);
        pass(20_000).await;
        ask(&tab).await;
        assert_eq!(world.stored().clock_skew_ms, 0);
    });
}

#[test]
fn a_late_response_does_not_replace_a_newer_payload() {
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

/// This tab's response has the values that another tab has stored meanwhile.
#[test]
fn a_payload_that_another_tab_stored_first_emits_an_event() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        let before = world.stored();
        world.tab().client.post("/payload").body(r#"{"role":"admin"}"#).send().await.unwrap();
        pass(100).await;
        let after = world.stored();
        repeat_the_front_token(world, &[]);
        // The request is sent before the other tab has stored it.
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

/// A write to localStorage notifies all tabs.
#[test]
fn an_unchanged_clock_skew_is_not_written() {
    run_current(async |world| {
        let skews = Rc::new(SkewsWritten::default());
        world.set_watch(skews.clone());
        let tab = world.signed_in("ann").await;
        for _ in 0..2 {
            assert!(tab.client.refresh().await.unwrap());
        }
        assert_eq!(skews.0.take(), [0_i64; 0]);
        // After a change of the clock it is written.
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
