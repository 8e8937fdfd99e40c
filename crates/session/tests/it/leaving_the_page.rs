//! A page that is left while it signs out has signed out.

use supertokens_session::{SessionError, SessionEvent};

use crate::sim::{Fault, REFRESH, Reply, SIGN_OUT, World, pass, run_in_each_mode};

/// A sign-out whose response would come after five seconds.
async fn sign_out_under_way(world: &World) -> (crate::sim::Tab, crate::sim::Task<Result<(), SessionError>>) {
    let tab = world.signed_in("ann").await;
    world.server.fail_once(SIGN_OUT, Fault::Late(5_000));
    let ending = tab.start(|client| async move { client.sign_out().await });
    pass(5).await;
    (tab, ending)
}

#[test]
fn the_next_page_is_signed_out_although_the_response_is_lost() {
    run_in_each_mode(async |world| {
        let (tab, _ending) = sign_out_under_way(world).await;
        tab.client.page_is_left();
        assert_eq!(tab.events(), [SessionEvent::SignOut]);
        tab.kill().await;
        pass(1_000).await;
        let next = world.tab();
        assert_eq!(next.user().await, None);
        assert_eq!((next.status("/orders").await, next.client.does_session_exist().await), (401, Ok(false)));
        assert!(!world.would_refresh());
    });
}

#[test]
fn a_tab_that_dies_in_the_middle_leaves_no_session() {
    run_in_each_mode(async |world| {
        let (tab, _ending) = sign_out_under_way(world).await;
        tab.kill().await;
        pass(1_000).await;
        assert_eq!(world.tab().user().await, None);
    });
}

#[test]
fn a_page_that_comes_back_learns_the_outcome() {
    run_in_each_mode(async |world| {
        let (tab, ending) = sign_out_under_way(world).await;
        tab.client.page_is_left();
        tab.forget_events();
        assert_eq!(ending.done().await, Ok(()));
        assert_eq!((tab.user().await, tab.events()), (None, vec![]));
    });
}

#[test]
fn a_session_that_begins_after_it_was_left_lives_on() {
    run_in_each_mode(async |world| {
        let (tab, ending) = sign_out_under_way(world).await;
        tab.client.page_is_left();
        let next = world.tab();
        next.sign_in("bob").await;
        assert_eq!(ending.done().await, Ok(()));
        tab.client.page_is_left();
        assert_eq!(next.user().await.as_deref(), Some("bob"));
    });
}

#[test]
fn leaving_a_page_that_does_not_sign_out_changes_nothing() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.route(SIGN_OUT, Reply::new(200, r#"{"status":"GENERAL_ERROR","message":"not now"}"#));
        assert_eq!(tab.client.sign_out().await, Err(SessionError::General { message: "not now".into() }));
        tab.client.page_is_left();
        assert_eq!((tab.user().await.as_deref(), tab.events()), (Some("ann"), vec![]));
    });
}

#[test]
fn a_sign_out_that_waits_for_a_refresh_ends_the_session_too() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.fail_once(REFRESH, Fault::Late(5_000));
        let _refresh = tab.start(|client| async move { client.attempt_refreshing_session().await });
        pass(5).await;
        let _ending = tab.start(|client| async move { client.sign_out().await });
        pass(5).await;
        tab.client.page_is_left();
        tab.kill().await;
        pass(100).await;
        assert_eq!(world.tab().user().await, None);
    });
}

/// As a component does that is taken off the page while it signs out.
#[test]
fn a_sign_out_that_is_dropped_is_an_event() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.fail_once(SIGN_OUT, Fault::Late(5_000));
        let client = tab.client.clone();
        let _ = tokio::time::timeout(std::time::Duration::from_millis(100), client.sign_out()).await;
        pass(10).await;
        assert_eq!((tab.user().await, tab.events()), (None, vec![SessionEvent::SignOut]));
    });
}
