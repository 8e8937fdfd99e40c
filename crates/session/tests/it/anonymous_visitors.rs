//! A visitor without a session gets public pages and the sign-in, and no event says that they are unauthorised.

use supertokens_session::{
    SessionError,
    SessionEvent::{self, SessionCreated, Unauthorised},
    platform::{LockError, TransportError},
};

use crate::sim::{Fault, REFRESH, Reply, SIGN_IN, run, run_in_each_mode};

const REFUSED: SessionEvent = Unauthorised { session_expired_or_revoked: false };

#[test]
fn no_event_unless_a_request_of_the_app_was_refused() {
    for says_remove in [true, false] {
        run_in_each_mode(async |world| {
            world.server.set_says_remove(says_remove);
            let tab = world.tab();
            assert_eq!(tab.status("/public").await, 200);
            assert_eq!(tab.client.session_exists().await, Ok(false));
            assert_eq!(tab.client.refresh().await, Ok(false));
            assert_eq!(tab.client.payload().await, Err(SessionError::NoSession));
            assert_eq!(tab.events(), []);
            let refused = tab.get("/orders").await.unwrap();
            assert_eq!((refused.status(), refused.session_error()), (401, Some(&SessionError::NoSession)));
            assert_eq!(tab.events(), [REFUSED]);
            tab.client.post(SIGN_IN).body("ann").send().await.unwrap();
            assert_eq!(tab.events(), [SessionCreated]);
        });
    }
}

#[test]
fn a_first_request_that_is_refused_is_one_event() {
    for says_remove in [true, false] {
        run_in_each_mode(async |world| {
            world.server.set_says_remove(says_remove);
            let tab = world.tab();
            assert_eq!(tab.status("/orders").await, 401);
            assert_eq!(tab.events(), [REFUSED]);
        });
    }
}

/// What keeps the refresh call from being answered, such as a content blocker, or a gateway's 404 without CORS headers.
#[test]
fn a_refresh_without_a_response_keeps_neither_the_sign_in_nor_a_public_page_back() {
    run_in_each_mode(async |world| {
        for fault in [Fault::LoseRequest, Fault::LoseAnswer, Fault::Hang] {
            world.server.fail_always(REFRESH, fault.clone());
            let tab = world.tab();
            let page = tab.get("/public").await.unwrap();
            let is_named = matches!(page.session_error(), Some(SessionError::RefreshUnreachable(_)));
            assert_eq!((page.status(), is_named), (200, true), "{fault:?}");
            let sign_in = tab.client.post(SIGN_IN).body("ann").send().await.unwrap();
            assert_eq!((sign_in.status(), sign_in.session_error()), (200, None), "{fault:?}");
            assert_eq!((tab.user().await.as_deref(), tab.status("/orders").await), (Some("ann"), 200));
            assert_eq!(tab.events(), [SessionCreated]);
            tab.client.sign_out().await.unwrap();
            world.server.mend();
            world.store.edit(|stored| *stored = Default::default());
        }
    });
}

#[test]
fn a_refused_request_tells_that_the_refresh_had_no_response() {
    run(async |world| {
        world.server.fail_always(REFRESH, Fault::LoseRequest);
        let tab = world.tab();
        let outcome = tab.get("/orders").await.map(|response| response.status());
        assert_eq!(outcome, Err(SessionError::RefreshUnreachable(TransportError::Unreachable)));
        assert_eq!(tab.events(), []);
    });
}

#[test]
fn a_failed_refresh_is_reported_beside_the_response() {
    run(async |world| {
        world.server.fail_always(REFRESH, Fault::Instead(Reply::new(500, "")));
        let page = world.tab().get("/public").await.unwrap();
        let is_named = matches!(page.session_error(), Some(SessionError::RefreshFailed { status: 500, .. }));
        assert_eq!((page.status(), is_named), (200, true));
    });
}

#[test]
fn a_lock_that_is_refused_keeps_no_public_page_back() {
    run(async |world| {
        world.locks.set_broken(Some(LockError::Refused));
        let page = world.tab().get("/public").await.unwrap();
        assert_eq!(
            (page.status(), page.session_error()),
            (200, Some(&SessionError::Lock(LockError::Refused)))
        );
    });
}

/// With a token that has expired the request would be refused, or lost, all the same.
#[test]
fn a_session_that_is_known_waits_for_its_refresh() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        world.server.fail_always(REFRESH, Fault::LoseRequest);
        let outcome = tab.get("/orders").await.map(|response| response.status());
        assert_eq!(outcome, Err(SessionError::RefreshUnreachable(TransportError::Unreachable)));
        world.server.mend();
        assert_eq!(tab.status("/orders").await, 200);
    });
}
