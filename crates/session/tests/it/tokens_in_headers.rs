//! Tokens in headers: saved, sent, rotated and cleared.

use supertokens_session::TokenTransferMethod;

use crate::sim::{REFRESH, Reply, SIGN_IN, World, run_current};

fn in_header_mode(scenario: impl AsyncFnOnce(&World)) {
    run_current(async |world| {
        world.use_header_mode();
        scenario(world).await;
    });
}

#[test]
fn both_tokens_are_stored_and_each_is_sent_where_it_belongs() {
    in_header_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let before = world.stored();
        let (access, refresh) = (before.access.unwrap(), before.refresh.unwrap());
        world.server.expire_access_tokens();
        assert_eq!(tab.status("/orders").await, 200);

        let bearer = |token: &str| Some(format!("Bearer {token}"));
        let of = |path| world.server.requests(path)[0].header("authorization").map(str::to_owned);
        assert_eq!(of("/orders"), bearer(access.reveal()));
        assert_eq!(of(REFRESH), bearer(refresh.reveal()));

        let after = world.stored();
        assert!(after.access.as_ref() != Some(&access) && after.refresh.as_ref() != Some(&refresh));
        let last = world.server.requests("/orders").pop().unwrap();
        assert_eq!(last.header("authorization").map(str::to_owned), bearer(after.access.unwrap().reveal()));
    });
}

#[test]
fn every_call_names_the_mode() {
    for (method, name) in [(TokenTransferMethod::Cookie, "cookie"), (TokenTransferMethod::Header, "header")] {
        run_current(async |world| {
            let tab = world.tab_with(|settings| settings.token_transfer_method(method));
            tab.sign_in("ann").await;
            world.server.expire_access_tokens();
            assert_eq!(tab.status("/orders").await, 200);
            for path in [SIGN_IN, "/orders", REFRESH] {
                for request in world.server.requests(path) {
                    assert_eq!(request.header("st-auth-mode"), Some(name), "{path}");
                }
            }
        });
    }
}

#[test]
fn header_mode_needs_no_cookie() {
    in_header_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        assert_eq!(tab.status("/orders").await, 200);
        assert!(world.network.jar.is_empty());
    });
}

#[test]
fn the_app_can_read_a_fresh_access_token() {
    in_header_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let first = tab.client.access_token().await.unwrap().unwrap();
        assert_eq!(Some(&first), world.stored().access.as_ref());
        world.pass_expiry().await;
        let second = tab.client.access_token().await.unwrap().unwrap();
        assert_ne!(first, second);
        assert_eq!(Some(second), world.stored().access);
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn cookie_mode_has_no_access_token_for_the_app() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        assert_eq!(tab.client.access_token().await, Ok(None));
        let stored = world.stored();
        assert!(stored.access.is_none() && stored.refresh.is_none());
    });
}

#[test]
fn an_empty_value_clears_a_token() {
    in_header_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let cleared = Reply::new(200, "").header("st-access-token", "").header("st-refresh-token", "");
        world.server.route("/public/clear", cleared);
        assert_eq!(tab.status("/public/clear").await, 200);
        let stored = world.stored();
        assert!(stored.access.is_none() && stored.refresh.is_none() && stored.front.is_some());
    });
}

#[test]
fn a_payload_update_replaces_the_access_token_and_not_the_refresh_token() {
    in_header_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let before = world.stored();
        tab.client.post("/payload").body(r#"{"role":"admin"}"#).send().await.unwrap();
        let after = world.stored();
        assert_ne!(before.access, after.access);
        assert_eq!(before.refresh, after.refresh);
        assert_eq!(tab.status("/orders").await, 200);
    });
}

#[test]
fn the_end_of_the_session_clears_both_tokens() {
    in_header_mode(async |world| {
        let tab = world.signed_in("ann").await;
        tab.client.sign_out().await.unwrap();
        let stored = world.stored();
        assert!(stored.access.is_none() && stored.refresh.is_none());
        assert_eq!(tab.status("/public/x").await, 200);
        assert_eq!(world.server.requests("/public/x")[0].header("authorization"), None);
    });
}
