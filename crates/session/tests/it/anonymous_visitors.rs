//! A visitor without a session gets public pages and the sign-in, and no event says that they are unauthorised.

use supertokens_session::{
    SessionError,
    SessionEvent::{self, SessionCreated, Unauthorised},
    platform::{LockError, TransportError},
};

use crate::sim::{Fault, REFRESH, Reply, SIGN_IN, run, run_in_each_mode};

const REFUSED: SessionEvent = Unauthorised { session_expired_or_revoked: false };

#[test]
fn an_event_is_emitted_only_after_a_401_to_a_request_of_the_app() {
    for sends_remove in [true, false] {
        run_in_each_mode(async |world| {
            world.server.set_sends_remove(sends_remove);
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
fn a_first_request_with_a_401_emits_one_event() {
    for sends_remove in [true, false] {
        run_in_each_mode(async |world| {
            world.server.set_sends_remove(sends_remove);
            let tab = world.tab();
            assert_eq!(tab.status("/orders").await, 401);
            assert_eq!(tab.events(), [REFUSED]);
        });
    }
}

/// Causes of a refresh without a response, such as a content blocker, or a gateway's 404 without CORS headers.
#[test]
fn a_refresh_without_a_response_blocks_neither_sign_in_nor_public_pages() {
    run_in_each_mode(async |world| {
        for fault in [Fault::LoseRequest, Fault::LoseResponse, Fault::Hang] {
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
fn a_request_gets_the_error_of_a_refresh_without_a_response() {
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
fn a_lock_error_does_not_block_public_pages() {
    run(async |world| {
        world.locks.set_broken(Some(LockError::Refused));
        let page = world.tab().get("/public").await.unwrap();
        assert_eq!(
            (page.status(), page.session_error()),
            (200, Some(&SessionError::Lock(LockError::Refused)))
        );
    });
}

/// With an expired token the request would get a 401, or no response, in any case.
#[test]
fn a_request_with_a_known_session_waits_for_its_refresh() {
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
