//! A request that waits for a refresh, or for a late response, is never sent for another user.

use supertokens_session::{FrontTokenText, Marker, SessionError};

use crate::sim::{Fault, REFRESH, SIGN_IN, SIGN_OUT, pass, run_current, run_in_each_mode};

#[test]
fn a_late_401_is_not_retried_for_another_user() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        world.server.fail_once("/transfer", Fault::Late(5_000));
        let late =
            tab.start(|client| async move { client.post("/transfer").body("ann's money").send().await });
        pass(100).await;
        tab.client.post(SIGN_IN).body("bob").send().await.unwrap();
        let response = late.done().await.unwrap();
        assert_eq!((response.status(), response.session_error()), (401, Some(&SessionError::SessionChanged)));
        assert_eq!(world.server.count("/transfer"), 1);
        assert_eq!(tab.status("/orders").await, 200);
    });
}

#[test]
fn a_request_is_retried_in_the_same_users_next_session() {
    run_in_each_mode(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.server.expire_access_tokens();
        world.server.fail_once("/orders", Fault::Late(5_000));
        let late = tab.start_get("/orders");
        pass(100).await;
        other.sign_in("ann").await;
        assert_eq!(late.done().await.unwrap().status(), 200);
    });
}

#[test]
fn a_request_that_waits_for_a_refresh_is_not_sent_for_another_user() {
    // Older backends' tokens are not refreshed ahead.
    run_current(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.pass_expiry().await;
        world.server.fail_once(REFRESH, Fault::Late(5_000));
        let first = tab.start_get("/transfer");
        pass(5).await;
        let joins = tab.start_get("/transfer");
        pass(5).await;
        let response = other.client.post(SIGN_IN).body("bob").without_session().send().await.unwrap();
        let header = |name: &str| response.header(name);
        world.store.edit(|stored| {
            // A page of another SDK on this site does not wait for this client's refresh.
            stored.front = header("front-token").and_then(|text| FrontTokenText::parse(&text).ok());
            stored.marker = Marker::parse("bob").ok();
        });
        for request in [first, joins] {
            assert_eq!(request.done().await.unwrap_err(), SessionError::SessionChanged);
        }
        assert_eq!(world.server.count("/transfer"), 0);
    });
}

#[test]
fn a_late_sign_out_does_not_sign_another_user_out() {
    run_in_each_mode(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.server.expire_access_tokens();
        world.server.fail_once(SIGN_OUT, Fault::Late(5_000));
        let ending = tab.start(|client| async move { client.sign_out().await });
        pass(100).await;
        other.sign_in("bob").await;
        assert_eq!(ending.done().await, Ok(()));
        assert_eq!(other.user().await.as_deref(), Some("bob"));
        assert_eq!(other.status("/orders").await, 200);
    });
}

#[test]
fn a_late_sign_out_does_not_end_the_same_users_next_session() {
    // Older backends' front tokens do not distinguish one session of a user from the next.
    run_current(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.server.expire_access_tokens();
        world.server.fail_once(SIGN_OUT, Fault::Late(5_000));
        let ending = tab.start(|client| async move { client.sign_out().await });
        pass(100).await;
        other.sign_in("ann").await;
        assert_eq!(ending.done().await, Ok(()));
        assert_eq!(other.status("/orders").await, 200);
    });
}
