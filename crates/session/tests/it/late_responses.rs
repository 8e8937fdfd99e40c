//! A response of a session that has ended or was replaced changes nothing.

use supertokens_session::{SessionEvent, platform::StoredSession};

use crate::sim::{Fault, REFRESH, SIGN_OUT, Tab, Task, World, pass, run_current, run_in_each_mode};

/// A payload update whose response is five seconds late.
async fn late_update(world: &World, tab: &Tab) -> Task<u16> {
    world.server.fail_once("/payload", Fault::Late(5_000));
    let update = tab.start(|client| async move {
        client.post("/payload").body(r#"{"role":"admin"}"#).send().await.unwrap().status()
    });
    pass(100).await;
    update
}

/// The events of a sign-in in another tab.
fn of_another_user(world: &World) -> Vec<SessionEvent> {
    // The older generation's payload does not name the user.
    let payload = (!world.server.is_older()).then_some(SessionEvent::AccessTokenPayloadUpdated);
    [SessionEvent::UserChanged].into_iter().chain(payload).collect()
}

#[test]
fn a_late_response_of_one_user_changes_nothing_after_another_signed_in() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let update = late_update(world, &tab).await;
        tab.sign_in("bob").await;
        let stored = world.stored();
        assert_eq!(update.done().await, 200);
        assert_eq!((world.stored(), tab.user().await.as_deref()), (stored, Some("bob")));
        assert_eq!(tab.events(), []);
    });
}

/// Found by the handle, which the older generation does not have.
#[test]
fn a_late_response_of_an_earlier_session_of_the_user_changes_nothing() {
    for header_mode in [false, true] {
        run_current(async |world| {
            if header_mode {
                world.use_header_mode();
            }
            let tab = world.signed_in("ann").await;
            let update = late_update(world, &tab).await;
            tab.client.sign_out().await.unwrap();
            tab.sign_in("ann").await;
            let stored = world.stored();
            update.done().await;
            assert_eq!(world.stored(), stored);
            assert_eq!(tab.client.payload().await.unwrap().get("role"), None);
        });
    }
}

#[test]
fn a_late_response_changes_nothing_after_a_sign_out() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let update = late_update(world, &tab).await;
        tab.client.sign_out().await.unwrap();
        tab.forget_events();
        let stored = world.stored();
        assert_eq!(update.done().await, 200);
        assert_eq!((world.stored(), tab.user().await, tab.events()), (stored, None, vec![]));
    });
}

#[test]
fn a_late_response_of_the_current_session_is_stored() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let update = late_update(world, &tab).await;
        update.done().await;
        assert_eq!(tab.client.payload().await.unwrap()["role"], "admin");
    });
}

#[test]
fn a_refresh_after_a_sign_out_in_another_tab_restores_no_session() {
    run_in_each_mode(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.server.fail_once(REFRESH, Fault::Late(5_000));
        let refresh = tab.start(|client| async move { client.refresh().await });
        pass(100).await;
        other.client.sign_out().await.unwrap();
        assert_eq!(refresh.done().await, Ok(false));
        assert_eq!((tab.user().await, other.user().await), (None, None));
        assert_eq!(tab.events(), [SessionEvent::Unauthorised { session_expired_or_revoked: false }]);
        let stored = world.stored();
        assert!(stored.access.is_none() && stored.refresh.is_none() && stored.front.is_none());
    });
}

#[test]
fn a_refresh_after_another_user_signed_in_changes_nothing() {
    run_in_each_mode(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.server.fail_once(REFRESH, Fault::Late(5_000));
        let refresh = tab.start(|client| async move { client.refresh().await });
        pass(100).await;
        other.sign_in("bob").await;
        let stored = StoredSession { lease: None, ..world.stored() };
        assert_eq!(refresh.done().await, Ok(true));
        assert_eq!((world.stored(), tab.user().await.as_deref()), (stored, Some("bob")));
    });
}

#[test]
fn the_late_end_of_a_session_does_not_end_the_next() {
    run_in_each_mode(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        // The sign-out of a frame without the client, whose response is late.
        world.server.fail_once(SIGN_OUT, Fault::Late(5_000));
        let ending = tab.start(|client| async move { client.post(SIGN_OUT).send().await.unwrap().status() });
        pass(100).await;
        other.sign_in("bob").await;
        assert_eq!(ending.done().await, 200);
        assert_eq!((tab.user().await.as_deref(), tab.events()), (Some("bob"), of_another_user(world)));
    });
}

#[test]
fn a_late_refresh_401_of_one_user_does_not_sign_another_out() {
    run_in_each_mode(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.server.revoke_all();
        world.server.fail_once(REFRESH, Fault::Late(5_000));
        let refresh = tab.start(|client| async move { client.refresh().await });
        pass(100).await;
        other.sign_in("bob").await;
        assert_eq!(refresh.done().await, Ok(true));
        assert_eq!((tab.user().await.as_deref(), tab.events()), (Some("bob"), of_another_user(world)));
    });
}

#[test]
fn a_late_sign_out_response_does_not_end_another_users_session() {
    run_in_each_mode(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.server.fail_once(SIGN_OUT, Fault::Late(5_000));
        let ending = tab.start(|client| async move { client.sign_out().await });
        pass(100).await;
        other.sign_in("bob").await;
        assert_eq!(ending.done().await, Ok(()));
        assert_eq!(other.user().await.as_deref(), Some("bob"));
    });
}
