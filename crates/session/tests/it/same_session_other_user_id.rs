//! The session handle identifies a session: account linking and user-id mapping change its user id, and it continues.

use supertokens_session::{SessionError, SessionEvent};

use crate::sim::{Expiry, Fault, SIGN_OUT, pass, run_current};

/// Runs in cookie and header mode; front tokens of the older generation have no handle.
fn in_both_modes(scenario: impl AsyncFn(&crate::sim::World)) {
    for header_mode in [false, true] {
        run_current(async |world| {
            if header_mode {
                world.use_header_mode();
            }
            scenario(world).await;
        });
    }
}

#[test]
fn a_request_is_retried_after_a_refresh_that_changes_the_user_id() {
    for expiry in Expiry::ALL {
        in_both_modes(async |world| {
            let tab = world.signed_in("ann").await;
            world.server.rename_user("ann", "ann-linked");
            world.expire(expiry).await;
            let response = tab.client.post("/orders").body("an order").send().await.unwrap();
            assert_eq!((response.status(), response.session_error()), (200, None), "{expiry:?}");
            assert_eq!(tab.user().await.as_deref(), Some("ann-linked"));
            assert_eq!(
                tab.events(),
                [
                    SessionEvent::UserChanged,
                    SessionEvent::AccessTokenPayloadUpdated,
                    SessionEvent::RefreshSession
                ]
            );
        });
    }
}

#[test]
fn a_late_401_is_retried_when_another_tab_refreshed_to_the_new_user_id() {
    in_both_modes(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.server.expire_access_tokens();
        world.server.fail_once("/orders", Fault::Late(5_000));
        let late = tab.start_get("/orders");
        pass(100).await;
        world.server.rename_user("ann", "ann-linked");
        assert_eq!(other.client.refresh().await, Ok(true));
        assert_eq!(late.done().await.unwrap().status(), 200);
    });
}

#[test]
fn sign_out_ends_the_session_when_its_refresh_changes_the_user_id() {
    in_both_modes(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.server.expire_access_tokens();
        world.server.fail_once(SIGN_OUT, Fault::Late(5_000));
        let ending = tab.start(|client| async move { client.sign_out().await });
        pass(100).await;
        world.server.rename_user("ann", "ann-linked");
        assert_eq!(other.client.refresh().await, Ok(true));
        assert_eq!(ending.done().await, Ok(()));
        assert_eq!((tab.user().await, other.user().await), (None, None));
        assert!(!world.would_refresh());
    });
}

#[test]
fn a_refresh_that_changes_the_user_id_is_stored() {
    in_both_modes(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.rename_user("ann", "ann-linked");
        assert_eq!(tab.client.refresh().await, Ok(true));
        assert_eq!(tab.user().await.as_deref(), Some("ann-linked"));
        tab.client.sign_out().await.unwrap();
        assert_eq!(tab.client.user_id().await, Err(SessionError::NoSession));
    });
}
