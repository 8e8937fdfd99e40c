//! Signing out ends the session here in any case but a refusal, and tells whether the server knows.

use serde_json::json;
use supertokens_session::{
    SessionError,
    SessionEvent::{self, SignOut, Unauthorised},
    SignOutFailure,
    platform::{StoredSession, TransportError},
    token::{FrontTokenText, Marker},
};

use crate::sim::{
    AntiCsrf, Fault, REFRESH, Reply, SIGN_IN, SIGN_OUT, Tab, World, encode_front, pass, run, run_current,
    run_in_each_mode,
};

const ENDED: SessionEvent = Unauthorised { session_expired_or_revoked: true };

async fn is_over_here(world: &World, tab: &Tab) {
    assert_eq!((tab.user().await, tab.client.session_exists().await), (None, Ok(false)));
    let stored = world.stored();
    assert!(stored.front.is_none() && stored.access.is_none() && stored.refresh.is_none());
    assert!(stored.marker.is_some());
}

#[test]
fn online() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!(tab.events(), [SignOut]);
        let sent = world.server.requests(SIGN_OUT);
        assert_eq!((sent.len(), &*sent[0].method, sent[0].header("rid")), (1, "POST", Some("anti-csrf")));
        assert!(world.network.jar.is_empty());
        is_over_here(world, &tab).await;
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn refused_with_a_message_for_the_user() {
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
fn offline() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.set_offline(true);
        let cause = SignOutFailure::Network(TransportError::Unreachable);
        assert_eq!(tab.client.sign_out().await, Err(SessionError::NotRevoked { cause }));
        assert_eq!(tab.events(), [SignOut]);
        is_over_here(world, &tab).await;
    });
}

#[test]
fn offline_and_expired() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        world.set_offline(true);
        let cause = SignOutFailure::Network(TransportError::Unreachable);
        assert_eq!(tab.client.sign_out().await, Err(SessionError::NotRevoked { cause }));
        assert_eq!(tab.events(), [SignOut]);
        is_over_here(world, &tab).await;
    });
}

#[test]
fn answered_with_a_servers_error() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.fail_always(SIGN_OUT, Fault::Instead(Reply::new(500, "")));
        let cause = SignOutFailure::Status { status: 500 };
        assert_eq!(tab.client.sign_out().await, Err(SessionError::NotRevoked { cause }));
        assert_eq!(tab.events(), [SignOut]);
        is_over_here(world, &tab).await;
    });
}

#[test]
fn a_header_that_a_proxy_took_out_makes_no_difference() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.fail_always(SIGN_OUT, Fault::Hidden(world.server.ending_header()));
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!(tab.events(), [SignOut]);
        is_over_here(world, &tab).await;
    });
}

#[test]
fn an_expired_session_is_refreshed_for_it() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!(tab.events().iter().filter(|event| **event == SignOut).count(), 1);
        // An older backend's token does not say for sure that it has expired: a 401 does.
        let calls = if world.server.is_older() { 2 } else { 1 };
        assert_eq!((world.server.refreshes(), world.server.count(SIGN_OUT)), (1, calls));
        is_over_here(world, &tab).await;
    });
}

#[test]
fn an_expired_session_that_cannot_be_refreshed_ends_here() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        world.server.fail_always(REFRESH, Fault::Instead(Reply::new(500, "")));
        let cause = SignOutFailure::Refresh;
        assert_eq!(tab.client.sign_out().await, Err(SessionError::NotRevoked { cause }));
        assert_eq!(tab.events(), [SignOut]);
        is_over_here(world, &tab).await;
    });
}

#[test]
fn answered_with_401_the_session_had_ended_before() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.revoke_all();
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!(tab.events(), [ENDED]);
        assert_eq!((world.server.refreshes(), world.server.count(SIGN_OUT)), (1, 1));
        is_over_here(world, &tab).await;
    });
}

#[test]
fn answered_with_401_after_each_refresh_ends_here() {
    run(async |world| {
        let tab = world.tab_with(|settings| settings.max_retry_attempts_for_session_refresh(2));
        tab.sign_in("ann").await;
        world.server.route(SIGN_OUT, Reply::new(401, ""));
        let cause = SignOutFailure::Status { status: 401 };
        assert_eq!(tab.client.sign_out().await, Err(SessionError::NotRevoked { cause }));
        is_over_here(world, &tab).await;
    });
}

#[test]
fn without_a_session_it_is_an_event_and_no_call() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        tab.client.sign_out().await.unwrap();
        tab.forget_events();
        world.server.count_from_here();
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!((tab.events(), world.server.exchanges().len()), (vec![SignOut], 0));
    });
}

#[test]
fn on_a_first_visit_it_finds_out_and_makes_no_further_call() {
    run(async |world| {
        let tab = world.tab();
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!((world.server.refreshes(), world.server.count(SIGN_OUT)), (1, 0));
        assert_eq!(tab.events().iter().filter(|event| **event == SignOut).count(), 1);
    });
}

#[test]
fn a_session_whose_script_cookies_are_gone_is_ended_on_the_server_too() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.store.edit(|stored| *stored = Default::default());
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!(world.server.count(SIGN_OUT), 1);
        assert!(world.network.jar.is_empty());
        is_over_here(world, &tab).await;
    });
}

#[test]
fn the_session_of_another_user_that_began_meanwhile_lives_on() {
    run(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        for failure in [Fault::LoseAnswer, Fault::Hidden(world.server.ending_header())] {
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
fn two_at_once_end_it_once() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let both = [0, 1].map(|_| tab.start(|client| async move { client.sign_out().await }));
        for one in both {
            assert_eq!(one.done().await, Ok(()));
        }
        is_over_here(world, &tab).await;
    });
}

/// What the browser keeps for the server, script can't take away: it opens no way back in.
#[test]
fn offline_nothing_of_it_is_left_and_nothing_comes_back_online() {
    run_in_each_mode(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.set_offline(true);
        let error = tab.client.sign_out().await.unwrap_err();
        assert!(error.to_string().contains("the server has not revoked"), "{error}");
        assert_eq!(world.stored().anti_csrf, None);
        world.set_offline(false);
        for tab in [&tab, &other, &world.tab()] {
            is_over_here(world, tab).await;
            assert_eq!(tab.status("/public/x").await, 200);
        }
        assert_eq!(world.server.refreshes(), 0);
    });
}

/// The front token was lost on the way to the browser, so that there seems to be no session; the API knows better.
#[test]
fn tokens_without_a_front_token_are_revoked_and_cleared() {
    run_current(async |world| {
        world.use_header_mode();
        let tab = world.tab();
        world.server.fail_once(SIGN_IN, Fault::Hidden("front-token"));
        tab.client.post(SIGN_IN).body("ann").send().await.unwrap();
        assert!(world.stored().has_tokens() && tab.user().await.is_none());
        world.server.count_from_here();
        tab.forget_events();
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!(world.server.count(SIGN_OUT), 1);
        assert!(!world.stored().has_tokens());
        assert_eq!(tab.events(), [SessionEvent::SignOut]);
    });
}

/// A store behind a promise: the other tab's refresh has read that there is a session, and writes its tokens after
/// the sign-out has cleared them.
#[test]
fn a_refresh_that_saves_at_the_same_moment_does_not_undo_it() {
    run_current(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.store.set_lag_ms(200);
        world.server.expire_access_tokens();
        let refreshing = other.start_get("/orders");
        // The refresh's answer is there by then, and its write under way.
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

/// The store is slow, the network is down, and the browser forgets its script cookies: whoever signs in meanwhile stays.
#[test]
fn whoever_signs_in_at_any_moment_of_it_stays_signed_in() {
    for moment_ms in 50..400 {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            let front = encode_front(&json!({ "uid": "bob", "ate": world.now_ms() + 60_000, "up": {} }));
            world.store.set_read_ms(20);
            // Else a write that is under way when the other user signs in is read after it.
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
