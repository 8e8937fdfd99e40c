//! Connections that the client does not open, such as a WebSocket, begin with a session that stays valid for a while.

use supertokens_session::{ErrorBody, SessionError};

use crate::sim::{Fault, REFRESH, pass, run, run_current, run_in_each_mode};

#[test]
fn a_session_that_stays_valid_long_enough_costs_no_refresh() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        assert_eq!(tab.client.ensure_fresh().await, Ok(()));
        assert_eq!(world.server.exchanges().len(), 0);
    });
}

#[test]
fn an_expired_session_is_refreshed_once_for_all_callers() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        let callers: Vec<_> = (0..5).map(|_| tab.start(async |client| client.ensure_fresh().await)).collect();
        for caller in callers {
            assert_eq!(caller.done().await, Ok(()));
        }
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn a_token_that_is_about_to_expire_is_refreshed_if_it_has_a_time_of_issue() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        pass(51_000).await;
        assert_eq!(tab.client.ensure_fresh().await, Ok(()));
        assert_eq!(world.server.refreshes(), usize::from(!world.server.is_older()));
    });
}

#[test]
fn a_short_lived_token_is_not_refreshed_in_its_first_half() {
    run_current(async |world| {
        world.server.set_lifetime_ms(4_000);
        let tab = world.signed_in("ann").await;
        pass(1_000).await;
        assert_eq!(tab.client.ensure_fresh().await, Ok(()));
        assert_eq!(world.server.refreshes(), 0);
        pass(1_500).await;
        assert_eq!(tab.client.ensure_fresh().await, Ok(()));
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn header_mode_gets_the_fresh_access_token() {
    run_current(async |world| {
        world.use_header_mode();
        let tab = world.signed_in("ann").await;
        let first = tab.client.fresh_access_token().await.unwrap();
        world.pass_expiry().await;
        let next = tab.client.fresh_access_token().await.unwrap();
        assert_ne!(first.reveal(), next.reveal());
        assert_eq!(world.stored().access.as_ref(), Some(&next));
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn in_cookie_mode_the_error_names_the_alternative() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        let error = tab.client.fresh_access_token().await.unwrap_err();
        assert_eq!(error, SessionError::TokenInCookie);
        assert!(error.to_string().contains("`ensure_fresh`"));
        assert_eq!(world.server.exchanges().len(), 0, "no refresh for nothing");
    });
}

#[test]
fn without_a_session_or_a_response_it_is_an_error() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        world.server.fail_once(REFRESH, Fault::Status(503));
        let failure = SessionError::RefreshFailed { status: 503, body: ErrorBody::new(b"{}") };
        assert_eq!(tab.client.ensure_fresh().await, Err(failure));
        assert_eq!(tab.client.ensure_fresh().await, Ok(()), "no user was signed out");
        tab.client.sign_out().await.unwrap();
        assert_eq!(tab.client.ensure_fresh().await, Err(SessionError::NoSession));
    });
}
