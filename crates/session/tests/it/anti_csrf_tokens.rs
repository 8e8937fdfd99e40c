//! The backend's three kinds of protection against forged requests.

use supertokens_session::platform::StoredSession;

use crate::sim::{AntiCsrf, Expiry, Fault, REFRESH, Reply, pass, run};

#[test]
fn a_token_is_stored_sent_and_rotated() {
    for expiry in Expiry::ALL {
        run(async |world| {
            world.server.set_anti_csrf(AntiCsrf::ViaToken);
            let tab = world.signed_in("ann").await;
            assert_eq!(tab.status("/orders").await, 200);
            let first = world.stored().anti_csrf.unwrap();
            assert_eq!(world.server.requests("/orders")[0].header("anti-csrf"), Some(first.reveal()));

            world.expire(expiry).await;
            assert_eq!(tab.burst(10, "/orders").await, [200; 10]);
            assert_eq!(world.server.requests(REFRESH)[0].header("anti-csrf"), Some(first.reveal()));
            let second = world.stored().anti_csrf.unwrap();
            assert_ne!(first, second);
            let last = world.server.requests("/orders").pop().unwrap();
            assert_eq!(last.header("anti-csrf"), Some(second.reveal()));
        });
    }
}

#[test]
fn another_tabs_token_is_used_at_once() {
    run(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.server.expire_access_tokens();
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(other.status("/orders").await, 200);
        assert_eq!((world.server.refreshes(), world.server.responses(401)), (1, 1));
    });
}

#[test]
fn the_token_is_cleared_with_the_session() {
    run(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        let tab = world.signed_in("ann").await;
        tab.client.sign_out().await.unwrap();
        assert_eq!(world.stored().anti_csrf, None);
        assert_eq!(tab.status("/public/x").await, 200);
        assert_eq!(world.server.requests("/public/x")[0].header("anti-csrf"), None);
    });
}

#[test]
fn a_custom_header_backend_accepts_any_rid() {
    run(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaCustomHeader);
        let tab = world.signed_in("ann").await;
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(world.server.requests("/orders")[0].header("rid"), Some("anti-csrf"));
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn no_token_is_stored_if_the_backend_sends_none() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        assert_eq!(tab.status("/orders").await, 200);
        assert!(world.server.exchanges().iter().all(|request| request.header("anti-csrf").is_none()));
        assert_eq!(world.stored().anti_csrf, None);
    });
}

#[test]
fn a_token_without_a_session_is_not_stored() {
    run(async |world| {
        let tab = world.tab();
        world.server.route("/public/x", Reply::new(200, "").header("anti-csrf", "stray"));
        assert_eq!(tab.status("/public/x").await, 200);
        assert_eq!(StoredSession { marker: None, ..world.stored() }, StoredSession::default());
    });
}

#[test]
fn an_empty_value_clears_the_token() {
    run(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        let tab = world.signed_in("ann").await;
        world.server.route("/public/x", Reply::new(200, "").header("anti-csrf", ""));
        assert_eq!(tab.status("/public/x").await, 200);
        assert_eq!((world.stored().anti_csrf, tab.user().await.as_deref()), (None, Some("ann")));
    });
}

/// supertokens-node 24 sends the request's own anti-CSRF token back with a renewed access token. The echo of a
/// request that raced a refresh must not replace the newer token: the next refresh would end the session.
#[test]
fn an_echo_of_the_old_token_does_not_replace_the_new() {
    run(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        let tab = world.signed_in("ann").await;
        let old = world.stored().anti_csrf.unwrap();
        world.server.route("/slow", Reply::new(200, "{}").header("anti-csrf", old.reveal()));
        world.server.fail_once("/slow", Fault::Late(5_000));
        let slow = tab.start_get("/slow");
        pass(1_000).await;
        assert!(tab.client.refresh().await.unwrap());
        let new = world.stored().anti_csrf.unwrap();
        assert_ne!(old, new);
        assert!(!slow.is_finished());
        assert_eq!(slow.done().await.unwrap().status(), 200);
        assert_eq!(world.stored().anti_csrf, Some(new));
    });
}
