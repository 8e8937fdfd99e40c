//! A sign-out ends the session in the browser unless the server rejects it, and returns whether the server got it.

use serde_json::json;
use supertokens_session::{
    FrontTokenText, Marker, SessionError,
    SessionEvent::{self, SignOut, Unauthorised},
    SignOutFailure,
    platform::{StoredSession, TransportError},
};

use crate::sim::{
    AntiCsrf, Fault, REFRESH, Reply, SIGN_IN, SIGN_OUT, Tab, World, encode_front, pass, run, run_current,
    run_in_each_mode,
};

const ENDED: SessionEvent = Unauthorised { session_expired_or_revoked: true };

async fn is_signed_out_here(world: &World, tab: &Tab) {
    assert_eq!((tab.user().await, tab.client.session_exists().await), (None, Ok(false)));
    let stored = world.stored();
    assert!(stored.front.is_none() && stored.access.is_none() && stored.refresh.is_none());
    assert!(stored.marker.is_some());
}

#[test]
fn a_sign_out_ends_the_session_in_the_browser_and_on_the_server() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!(tab.events(), [SignOut]);
        let sent = world.server.requests(SIGN_OUT);
        assert_eq!((sent.len(), &*sent[0].method, sent[0].header("rid")), (1, "POST", Some("anti-csrf")));
        assert!(world.network.jar.is_empty());
        is_signed_out_here(world, &tab).await;
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn a_rejected_sign_out_returns_the_message_and_ends_no_session() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.route(SIGN_OUT, Reply::new(200, r#"{"status":"GENERAL_ERROR","message":"not now"}"#));
        let error = tab.client.sign_out().await.unwrap_err();
        assert_eq!(error, SessionError::General { message: "not now".into() });
        assert_eq!(error.to_string(), "not now");
        assert_eq!((tab.user().await.as_deref(), tab.events()), (Some("ann"), vec![]));
        assert_eq!(tab.status("/orders").await, 200);
    });
}

#[test]
fn an_offline_sign_out_ends_the_session_in_the_browser() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.set_offline(true);
        let cause = SignOutFailure::Network(TransportError::Unreachable);
        assert_eq!(tab.client.sign_out().await, Err(SessionError::NotRevoked { cause }));
        assert_eq!(tab.events(), [SignOut]);
        is_signed_out_here(world, &tab).await;
    });
}

#[test]
fn an_offline_sign_out_of_an_expired_session_ends_it_in_the_browser() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        world.set_offline(true);
        let cause = SignOutFailure::Network(TransportError::Unreachable);
        assert_eq!(tab.client.sign_out().await, Err(SessionError::NotRevoked { cause }));
        assert_eq!(tab.events(), [SignOut]);
        is_signed_out_here(world, &tab).await;
    });
}

#[test]
fn a_sign_out_with_a_server_error_ends_the_session_in_the_browser() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.fail_always(SIGN_OUT, Fault::Instead(Reply::new(500, "")));
        let cause = SignOutFailure::Status { status: 500 };
        assert_eq!(tab.client.sign_out().await, Err(SessionError::NotRevoked { cause }));
        assert_eq!(tab.events(), [SignOut]);
        is_signed_out_here(world, &tab).await;
    });
}

#[test]
fn a_sign_out_whose_headers_a_proxy_removed_ends_the_session() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.fail_always(SIGN_OUT, Fault::Hidden(world.server.ending_header()));
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!(tab.events(), [SignOut]);
        is_signed_out_here(world, &tab).await;
    });
}

#[test]
fn an_expired_session_is_refreshed_before_the_sign_out() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!(tab.events().iter().filter(|event| **event == SignOut).count(), 1);
        // The expiry of an older backend's token is not reliable: a 401 shows it.
        let calls = if world.server.is_older() { 2 } else { 1 };
        assert_eq!((world.server.refreshes(), world.server.count(SIGN_OUT)), (1, calls));
        is_signed_out_here(world, &tab).await;
    });
}

#[test]
fn an_expired_session_that_cannot_be_refreshed_ends_in_the_browser() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        world.server.fail_always(REFRESH, Fault::Instead(Reply::new(500, "")));
        let cause = SignOutFailure::Refresh;
        assert_eq!(tab.client.sign_out().await, Err(SessionError::NotRevoked { cause }));
        assert_eq!(tab.events(), [SignOut]);
        is_signed_out_here(world, &tab).await;
    });
}

#[test]
fn a_sign_out_of_a_revoked_session_ends_it_in_the_browser() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.revoke_all();
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!(tab.events(), [ENDED]);
        assert_eq!((world.server.refreshes(), world.server.count(SIGN_OUT)), (1, 1));
        is_signed_out_here(world, &tab).await;
    });
}

#[test]
fn a_sign_out_with_a_401_after_each_refresh_ends_the_session_in_the_browser() {
    run(async |world| {
        let tab = world.tab_with(|settings| settings.max_retry_attempts_for_session_refresh(2));
        tab.sign_in("ann").await;
        world.server.route(SIGN_OUT, Reply::new(401, ""));
        let cause = SignOutFailure::Status { status: 401 };
        assert_eq!(tab.client.sign_out().await, Err(SessionError::NotRevoked { cause }));
        is_signed_out_here(world, &tab).await;
    });
}

#[test]
fn a_sign_out_without_a_session_emits_an_event_and_makes_no_call() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        tab.client.sign_out().await.unwrap();
        tab.forget_events();
        world.server.reset_counts();
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!((tab.events(), world.server.exchanges().len()), (vec![SignOut], 0));
    });
}

#[test]
fn a_sign_out_on_a_first_visit_costs_one_refresh() {
    run(async |world| {
        let tab = world.tab();
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!((world.server.refreshes(), world.server.count(SIGN_OUT)), (1, 0));
        assert_eq!(tab.events().iter().filter(|event| **event == SignOut).count(), 1);
    });
}

#[test]
fn a_session_without_script_cookies_is_ended_on_the_server_too() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.store.edit(|stored| *stored = Default::default());
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!(world.server.count(SIGN_OUT), 1);
        assert!(world.network.jar.is_empty());
        is_signed_out_here(world, &tab).await;
    });
}

#[test]
fn a_session_of_another_user_that_began_during_the_sign_out_is_not_ended() {
    run(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        for failure in [Fault::LoseResponse, Fault::Hidden(world.server.ending_header())] {
            tab.sign_in("ann").await;
            world.server.fail_once(SIGN_OUT, failure);
            world.server.set_latency_ms(1_000);
            let ending = tab.start(|client| async move { client.sign_out().await });
            crate::sim::pass(500).await;
            world.server.set_latency_ms(10);
            other.sign_in("bob").await;
            let _ = ending.done().await;
            assert_eq!(other.user().await.as_deref(), Some("bob"));
        }
    });
}

#[test]
fn two_sign_outs_at_once_end_the_session_once() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let both = [0, 1].map(|_| tab.start(|client| async move { client.sign_out().await }));
        for one in both {
            assert_eq!(one.done().await, Ok(()));
        }
        is_signed_out_here(world, &tab).await;
    });
}

/// Script can't remove the httpOnly cookies, but they do not sign the user in again.
#[test]
fn an_offline_sign_out_stores_no_session_and_none_returns_online() {
    run_in_each_mode(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.set_offline(true);
        let error = tab.client.sign_out().await.unwrap_err();
        assert!(error.to_string().contains("the server has not revoked"), "{error}");
        assert_eq!(world.stored().anti_csrf, None);
        world.set_offline(false);
        for tab in [&tab, &other, &world.tab()] {
            is_signed_out_here(world, tab).await;
            assert_eq!(tab.status("/public/x").await, 200);
        }
        assert_eq!(world.server.refreshes(), 0);
    });
}

/// The front token was lost, so the store shows no session, but the API has one.
#[test]
fn tokens_without_a_front_token_are_revoked_and_cleared() {
    run_current(async |world| {
        world.use_header_mode();
        let tab = world.tab();
        world.server.fail_once(SIGN_IN, Fault::Hidden("front-token"));
        tab.client.post(SIGN_IN).body("ann").send().await.unwrap();
        assert!(world.stored().has_tokens() && tab.user().await.is_none());
        world.server.reset_counts();
        tab.forget_events();
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!(world.server.count(SIGN_OUT), 1);
        assert!(!world.stored().has_tokens());
        assert_eq!(tab.events(), [SessionEvent::SignOut]);
    });
}

/// A store behind a promise: the other tab's refresh has read the session, and writes its tokens after the sign-out has
/// cleared them.
#[test]
fn a_refresh_that_saves_at_the_same_time_does_not_undo_the_sign_out() {
    run_current(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.store.set_lag_ms(200);
        world.server.expire_access_tokens();
        let refreshing = other.start_get("/orders");
        // By then the response of the refresh has arrived, and its write is pending.
        pass(60).await;
        world.store.set_lag_ms(3);
        world.set_offline(true);
        let outcome = tab.client.sign_out().await;
        assert!(matches!(outcome, Err(SessionError::NotRevoked { .. })), "{outcome:?}");
        let _ = refreshing.done().await;
        pass(1_000).await;
        for tab in [&tab, &other] {
            assert_eq!(tab.user().await, None);
        }
        assert_eq!(world.stored().front, None);
    });
}

/// The store is slow, the network is down, and script cookies are cleared: a user who signs in meanwhile stays signed in.
#[test]
fn a_user_who_signs_in_at_any_moment_of_a_sign_out_stays_signed_in() {
    for moment_ms in 50..400 {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            let front = encode_front(&json!({ "uid": "bob", "ate": world.now_ms() + 60_000, "up": {} }));
            world.store.set_read_ms(20);
            // Else a write that is pending when the other user signs in is read after it.
            world.store.set_lag_ms(0);
            world.set_offline(true);
            let ending = tab.start(|client| async move { client.sign_out().await });
            pass(25).await;
            world.store.edit(|stored| *stored = StoredSession::default());
            pass(moment_ms - 25).await;
            world.store.edit(|stored| {
                stored.front = FrontTokenText::parse(&front).ok();
                stored.marker = Marker::parse("bob").ok();
            });
            let _ = ending.done().await;
            assert_eq!(tab.user().await.as_deref(), Some("bob"), "{moment_ms} ms");
        });
    }
}
