//! A refresh with a 401 ends the session, and no other failure does.

use supertokens_session::{SessionError, SessionEvent};

use crate::sim::{Expiry, Reply, run, run_in_each_mode};

const ENDED: SessionEvent = SessionEvent::Unauthorised { session_expired_or_revoked: true };

fn ends(events: &[SessionEvent]) -> usize {
    events.iter().filter(|event| matches!(event, SessionEvent::SignOut) || **event == ENDED).count()
}

#[test]
fn a_401_with_or_without_remove_ends_the_session_in_each_mode() {
    for expiry in Expiry::ALL {
        for sends_remove in [true, false] {
            run_in_each_mode(async |world| {
                world.server.set_sends_remove(sends_remove);
                let tab = world.signed_in("ann").await;
                world.server.revoke_all();
                world.expire(expiry).await;

                let response = tab.get("/orders").await.unwrap();
                assert_eq!(response.status(), 401);
                assert_eq!(response.session_error(), Some(&SessionError::NoSession));
                assert_eq!(response.error_for_session().unwrap_err(), SessionError::NoSession);

                let events = tab.events();
                assert_eq!(events.iter().filter(|event| **event == ENDED).count(), 1, "{events:?}");
                assert_eq!((events.first(), ends(&events)), (Some(&ENDED), 1), "{events:?}");
                assert_eq!(world.server.refreshes(), 1);
                assert_eq!(tab.user().await, None);
                let stored = world.stored();
                assert!(stored.marker.is_some(), "the marker of a session that has ended");
                assert!(stored.front.is_none() && stored.access.is_none() && stored.refresh.is_none());
            });
        }
    }
}

#[test]
fn no_refresh_follows_the_end_of_the_session() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.revoke_all();
        assert_eq!(tab.status("/orders").await, 401);
        tab.forget_events();
        assert_eq!(tab.burst(10, "/orders").await, [401; 10]);
        assert_eq!(tab.client.session_exists().await, Ok(false));
        assert_eq!(tab.client.refresh().await, Ok(false));
        assert_eq!(tab.client.user_id().await, Err(SessionError::NoSession));
        assert_eq!(tab.client.payload().await, Err(SessionError::NoSession));
        assert_eq!(tab.client.access_token().await, Err(SessionError::NoSession));
        assert_eq!(world.server.refreshes(), 1);
        assert_eq!(ends(&tab.events()), 0);
    });
}

#[test]
fn a_burst_ends_the_session_once() {
    for expiry in Expiry::ALL {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.server.revoke_all();
            world.expire(expiry).await;
            assert_eq!(tab.burst(20, "/orders").await, [401; 20]);
            assert_eq!(world.server.refreshes(), 1);
            assert_eq!(ends(&tab.events()), 1);
        });
    }
}

#[test]
fn queries_that_cause_the_refresh_return_false() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.revoke_all();
        world.pass_expiry().await;
        assert_eq!(tab.client.session_exists().await, Ok(false));
        assert_eq!(tab.events(), [ENDED]);
    });
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.revoke_all();
        assert_eq!(tab.client.refresh().await, Ok(false));
        assert_eq!(tab.events(), [ENDED]);
    });
}

#[test]
fn other_tabs_read_the_end_in_the_store() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let other = world.tab();
        world.server.revoke_all();
        assert_eq!(tab.status("/orders").await, 401);
        let response = other.get("/orders").await.unwrap();
        assert_eq!((response.status(), response.session_error()), (401, Some(&SessionError::NoSession)));
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn a_configured_expired_status_is_handled_like_401() {
    run(async |world| {
        world.server.set_expired_status(440);
        world.server.set_sends_remove(false);
        let tab = world.tab_with(|settings| settings.session_expired_status_code(440));
        tab.sign_in("ann").await;
        world.server.expire_access_tokens();
        assert_eq!(tab.status("/orders").await, 200);
        world.server.revoke_all();
        assert_eq!(tab.status("/orders").await, 440);
        assert_eq!(tab.events().last(), Some(&ENDED));
        assert_eq!(tab.user().await, None);
    });
}

#[test]
fn a_refresh_without_cookies_ends_the_session() {
    for expiry in Expiry::ALL {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.network.jar.clear();
            world.expire(expiry).await;
            let response = tab.get("/orders").await.unwrap();
            assert_eq!((response.status(), response.session_error()), (401, Some(&SessionError::NoSession)));
            assert_eq!((ends(&tab.events()), tab.user().await), (1, None));
        });
    }
}

#[test]
fn the_user_can_sign_in_again() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.revoke_all();
        assert_eq!(tab.status("/orders").await, 401);
        tab.sign_in("ann").await;
        assert_eq!(tab.status("/orders").await, 200);
    });
}

/// A backend that reads its database notices a revoked session at any call, and ends it in that response.
#[test]
fn a_response_that_ends_the_session_causes_no_refresh() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let ending = Reply::new(401, r#"{"message":"unauthorised"}"#).header("front-token", "remove");
        world.server.route("/orders", ending);
        tab.forget_events();

        let response = tab.get("/orders").await.unwrap();
        assert_eq!((response.status(), response.session_error()), (401, Some(&SessionError::NoSession)));
        assert_eq!(tab.events(), [ENDED]);
        assert_eq!(world.server.refreshes(), 0);
        assert!(world.stored().front.is_none());
    });
}
