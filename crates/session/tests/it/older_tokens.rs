//! A front token that is older than the stored one changes nothing: an HTTP cache may replay it, or its response is late.

use supertokens_session::{FrontToken, SessionEvent, platform::StoredSession};

use crate::sim::{Expiry, Fault, Reply, Tab, World, pass, run, run_current};

fn in_both_modes(scenario: impl AsyncFn(&World)) {
    for header_mode in [false, true] {
        run_current(async |world| {
            if header_mode {
                world.use_header_mode();
            }
            scenario(world).await;
        });
    }
}

/// A response with the tokens that are stored now, as an HTTP cache stores it.
fn cached_response(world: &World) -> Reply {
    let stored = world.stored();
    let mut reply = Reply::new(200, "{}").header("front-token", stored.front.as_ref().unwrap().reveal());
    if let Some(access) = &stored.access {
        reply = reply.header("st-access-token", access.reveal());
    }
    if let Some(refresh) = &stored.refresh {
        reply = reply.header("st-refresh-token", refresh.reveal());
    }
    if let Some(anti_csrf) = &stored.anti_csrf {
        reply = reply.header("anti-csrf", anti_csrf.reveal());
    }
    reply
}

async fn set_role(tab: &Tab, role: &str) {
    let body = format!(r#"{{"role":"{role}"}}"#);
    assert_eq!(tab.client.post("/payload").body(body).send().await.unwrap().status(), 200);
}

fn issued_at_ms(stored: &StoredSession) -> i64 {
    FrontToken::decode(stored.front.as_ref().unwrap().reveal()).unwrap().issued_at_ms().unwrap()
}

#[test]
fn a_response_from_the_http_cache_changes_nothing() {
    in_both_modes(async |world| {
        let tab = world.signed_in("ann").await;
        set_role(&tab, "guest").await;
        world.server.route("/cached", cached_response(world));
        world.pass_expiry().await;
        set_role(&tab, "admin").await;
        let stored = world.stored();
        tab.forget_events();
        world.server.reset_counts();
        for _ in 0..10 {
            assert_eq!((tab.status("/cached").await, tab.status("/orders").await), (200, 200));
            pass(1_000).await;
        }
        assert_eq!((world.stored(), tab.events(), world.server.refreshes()), (stored, vec![], 0));
        assert_eq!(tab.client.server_time_ms().await.unwrap(), world.now_ms());
    });
}

#[test]
fn a_late_response_from_before_a_refresh_changes_nothing() {
    in_both_modes(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.fail_once("/payload", Fault::Late(5_000));
        let late = tab.start(|client| async move {
            client.post("/payload").body(r#"{"role":"guest"}"#).send().await.unwrap().status()
        });
        pass(1_500).await;
        assert!(tab.client.refresh().await.unwrap());
        let stored = world.stored();
        assert_eq!(late.done().await, 200);
        assert_eq!(world.stored(), stored);
    });
}

/// Tokens of the older generation have no `iat`: the expiry shows which one is older.
#[test]
fn a_late_response_from_before_a_refresh_changes_nothing_in_either_generation() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.fail_once("/payload", Fault::Late(5_000));
        let late = tab.start(|client| async move {
            client.post("/payload").body(r#"{"role":"guest"}"#).send().await.unwrap().status()
        });
        pass(1_500).await;
        assert!(tab.client.refresh().await.unwrap());
        let stored = world.stored();
        assert_eq!(late.done().await, 200);
        assert_eq!(world.stored(), stored);
    });
}

#[test]
fn a_payload_that_changes_within_the_second_of_a_refresh_is_stored() {
    in_both_modes(async |world| {
        let tab = world.signed_in("ann").await;
        assert!(tab.client.refresh().await.unwrap());
        let before = issued_at_ms(&world.stored());
        set_role(&tab, "admin").await;
        assert_eq!(issued_at_ms(&world.stored()), before);
        assert_eq!(tab.client.front_token().await.unwrap().unwrap().payload()["role"], "admin");
    });
}

#[test]
fn the_users_next_session_is_stored_after_the_servers_clock_was_set_back() {
    in_both_modes(async |world| {
        let tab = world.signed_in("ann").await;
        // By the server's clock after the change, the tokens of this session are from the future.
        world.store.edit(|stored| {
            let front = FrontToken::decode(stored.front.as_ref().unwrap().reveal()).unwrap();
            let mut up = front.payload().clone();
            up["iat"] = serde_json::json!(world.now_ms() / 1000 + 3_600);
            let json =
                serde_json::json!({ "uid": "ann", "ate": front.expires_at_ms() + 3_600_000, "up": up });
            stored.front =
                Some(supertokens_session::FrontTokenText::parse(&crate::sim::encode_front(&json)).unwrap());
        });
        tab.sign_in("ann").await;
        assert_eq!(issued_at_ms(&world.stored()), world.now_ms() / 1000 * 1000);
        // A refresh is stored too: its response is always the newest one.
        world.expire(Expiry::OnServer).await;
        assert_eq!(tab.status("/orders").await, 200);
    });
}

#[test]
fn a_response_from_the_http_cache_signs_no_user_in_after_a_sign_out() {
    in_both_modes(async |world| {
        let tab = world.signed_in("ann").await;
        let other = world.tab();
        assert_eq!(other.status("/orders").await, 200);
        world.server.route("/public/cached", cached_response(world));
        tab.client.sign_out().await.unwrap();
        other.client.session_exists().await.unwrap();
        pass(30_000).await;
        for tab in [&tab, &other] {
            tab.forget_events();
            assert_eq!(tab.status("/public/cached").await, 200);
            assert_eq!((tab.user().await, tab.events()), (None, vec![]));
        }
        assert_eq!(world.stored().clock_skew_ms, 0);
        tab.sign_in("ann").await;
        assert_eq!(tab.events(), [] as [SessionEvent; 0]);
    });
}
