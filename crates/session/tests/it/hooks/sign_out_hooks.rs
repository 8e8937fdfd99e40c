//! Hooks of the sign-out call.

use std::time::Duration;

use supertokens_session::{
    ApiAction::SignOut,
    SessionError, SessionEvent, SignOutFailure,
    platform::{Method, TransportError},
};

use super::{Wait, no_change, signed_in};
use crate::sim::{SIGN_OUT, pass, run, run_in_each_mode};

#[test]
fn a_sign_out_that_is_retried_calls_the_hook_once() {
    run_in_each_mode(async |world| {
        let (tab, hooks) = signed_in(world, |action, request| {
            if action == SignOut {
                request.method = Method::Delete;
            }
        })
        .await;
        world.server.expire_access_tokens();
        assert_eq!(tab.client.sign_out().await, Ok(()));
        let calls = hooks.calls();
        let of_sign_out: Vec<_> = calls.iter().filter(|(_, action)| *action == SignOut).collect();
        assert_eq!(of_sign_out, [&("before", SignOut), &("after", SignOut)]);
        let sent = world.server.requests(SIGN_OUT);
        assert_eq!(sent.iter().map(|sent| &*sent.method).collect::<Vec<_>>(), ["DELETE", "DELETE"]);
    });
}

#[test]
fn a_sign_out_without_a_session_calls_no_hook() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        tab.client.sign_out().await.unwrap();
        hooks.seen();
        tab.client.sign_out().await.unwrap();
        assert_eq!(hooks.seen(), []);
    });
}

#[test]
fn a_sign_out_with_a_hanging_hook_ends_the_session_in_this_browser() {
    run_in_each_mode(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        hooks.before.replace(Wait::Endless);
        let begun = world.now_ms();
        let cause = SignOutFailure::Network(TransportError::TimedOut);
        assert_eq!(tab.client.sign_out().await, Err(SessionError::NotRevoked { cause }));
        assert!(world.now_ms() - begun < 31_000);
        assert_eq!((tab.user().await, world.server.count(SIGN_OUT)), (None, 0));
    });
}

#[test]
fn a_sign_out_with_a_hanging_hook_after_the_call_returns_after_the_timeout() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        hooks.after.replace(Wait::Endless);
        let leaving = tab.start(|client| async move { client.sign_out().await });
        pass(100).await;
        assert_eq!((tab.user().await, tab.events()), (None, vec![SessionEvent::SignOut]));
        pass(30_000).await;
        assert_eq!(leaving.done().await, Ok(()));
    });
}

#[test]
fn a_session_that_begins_while_a_sign_out_hook_waits_is_not_ended() {
    run_in_each_mode(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        let other = world.tab();
        hooks.before.replace(Wait::Ms(1_000));
        let leaving = tab.start(|client| async move { client.sign_out().await });
        pass(500).await;
        other.sign_in("bob").await;
        assert_eq!(leaving.done().await, Ok(()));
        assert_eq!((other.user().await.as_deref(), world.server.count(SIGN_OUT)), (Some("bob"), 0));
        assert_eq!(other.status("/orders").await, 200);
    });
}

#[test]
fn a_sign_out_dropped_while_its_hook_waits_changes_nothing() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        hooks.before.replace(Wait::Ms(500));
        let leaving = tokio::time::timeout(Duration::from_millis(100), tab.client.sign_out());
        assert!(leaving.await.is_err());
        pass(1_000).await;
        assert_eq!((tab.user().await.as_deref(), world.server.count(SIGN_OUT)), (Some("ann"), 0));
        assert_eq!(hooks.finished.get(), 0);
    });
}
