//! A refresh that is answered with 401 ends the session, and nothing else does.

use supertokens_session::{SessionError, SessionEvent};

use crate::sim::{Expiry, Reply, run, run_in_each_mode};

const ENDED: SessionEvent = SessionEvent::Unauthorised { session_expired_or_revoked: true };

fn ends(events: &[SessionEvent]) -> usize {
    events.iter().filter(|event| matches!(event, SessionEvent::SignOut) || **event == ENDED).count()
}

#[test]
fn with_and_without_a_remove_in_either_mode() {
    for expiry in Expiry::ALL {
        for says_remove in [true, false] {
            run_in_each_mode(async |world| {
                world.server.set_says_remove(says_remove);
                let tab = world.signed_in("ann").await;
                world.server.revoke_all();
                world.expire(expiry).await;

                let answer = tab.get("/orders").await.unwrap();
                assert_eq!(answer.status(), 401);
                assert_eq!(answer.session_error(), Some(&SessionError::NoSession));
                assert_eq!(answer.error_for_session().unwrap_err(), SessionError::NoSession);

                let events = tab.events();
                assert_eq!(events.iter().filter(|event| **event == ENDED).count(), 1, "{events:?}");
                assert_eq!((events.first(), ends(&events)), (Some(&ENDED), 1), "{events:?}");
                assert_eq!(world.server.refreshes(), 1);
                assert_eq!(tab.user().await, None);
                let stored = world.stored();
                assert!(stored.marker.is_some(), "the sign of a session that has ended");
                assert!(stored.front.is_none() && stored.access.is_none() && stored.refresh.is_none());
            });
        }
    }
}

#[test]
fn nothing_is_refreshed_afterwards() {
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
fn a_burst_ends_it_once() {
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
fn the_questions_that_find_out_answer_it() {
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
fn other_tabs_learn_it_from_the_store() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let other = world.tab();
        world.server.revoke_all();
        assert_eq!(tab.status("/orders").await, 401);
        let answer = other.get("/orders").await.unwrap();
        assert_eq!((answer.status(), answer.session_error()), (401, Some(&SessionError::NoSession)));
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn a_status_of_the_apps_choice_means_the_same() {
    run(async |world| {
        world.server.set_expired_status(440);
        world.server.set_says_remove(false);
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
fn cookies_that_the_browser_has_cleared_are_the_end_too() {
    for expiry in Expiry::ALL {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.network.jar.clear();
            world.expire(expiry).await;
            let answer = tab.get("/orders").await.unwrap();
            assert_eq!((answer.status(), answer.session_error()), (401, Some(&SessionError::NoSession)));
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

/// A backend that asks its database finds out at any call that the session is gone, and says so in that answer.
#[test]
fn an_answer_that_ends_the_session_itself_needs_no_refresh() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let ending = Reply::new(401, r#"{"message":"unauthorised"}"#).header("front-token", "remove");
        world.server.route("/orders", ending);
        tab.forget_events();

        let answer = tab.get("/orders").await.unwrap();
        assert_eq!((answer.status(), answer.session_error()), (401, Some(&SessionError::NoSession)));
        assert_eq!(tab.events(), [ENDED]);
        assert_eq!(world.server.refreshes(), 0);
        assert!(world.stored().front.is_none());
    });
}
