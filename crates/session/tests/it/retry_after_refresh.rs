//! A retry is the caller's whole request, with the current session.

use supertokens_session::platform::Body;

use crate::sim::{AntiCsrf, Expiry, run, run_current, run_in_each_mode};

#[test]
fn a_retry_has_fresh_tokens_in_header_mode() {
    run_current(async |world| {
        world.use_header_mode();
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        assert_eq!(tab.status("/orders").await, 200);
        let sent = world.server.requests("/orders");
        let tokens: Vec<_> = sent.iter().map(|request| request.header("authorization").unwrap()).collect();
        assert_eq!(tokens.len(), 2);
        assert_ne!(tokens[0], tokens[1]);
    });
}

#[test]
fn a_retry_has_the_fresh_anti_csrf_token() {
    run(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        assert_eq!(tab.status("/orders").await, 200);
        let sent = world.server.requests("/orders");
        assert_eq!(sent.len(), 2);
        assert_ne!(sent[0].header("anti-csrf"), sent[1].header("anti-csrf"));
    });
}

#[test]
fn a_retry_has_the_whole_body_and_the_callers_headers() {
    let bodies: [Body; 3] = ["{\"item\":1}".into(), vec![0_u8, 255, 10].into(), Body::Empty];
    for body in bodies {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.server.expire_access_tokens();
            let request = tab.client.post("/orders?draft=1").header("x-trace", "7").body(body.clone());
            assert_eq!(request.send().await.unwrap().status(), 200);
            let sent = world.server.requests("/orders");
            assert_eq!(sent.len(), 2);
            assert_eq!(sent[0].body, sent[1].body);
            for request in &sent {
                assert_eq!((&*request.method, request.header("x-trace")), ("POST", Some("7")));
                assert!(request.url.ends_with("/orders?draft=1"));
            }
            let length = match &body {
                Body::Text(text) => text.len(),
                Body::Bytes(bytes) => bytes.len(),
                _ => 0,
            };
            assert_eq!(sent[0].body.len(), length);
        });
    }
}

#[test]
fn a_stale_authorization_that_the_caller_copied_is_replaced() {
    for expiry in Expiry::ALL {
        run_current(async |world| {
            world.use_header_mode();
            let tab = world.signed_in("ann").await;
            let own = format!("Bearer {}", world.stored().access.unwrap().reveal());
            world.expire(expiry).await;
            let request = tab.client.get("/orders").header("Authorization", &own);
            assert_eq!(request.send().await.unwrap().status(), 200, "{expiry:?}");
            let sent = world.server.requests("/orders");
            assert_ne!(sent.last().unwrap().header("authorization"), Some(own.as_str()));
        });
    }
}

#[test]
fn an_authorization_header_of_the_app_is_not_replaced() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let request = tab.client.get("/public/x").header("authorization", "Basic YTpi");
        assert_eq!(request.send().await.unwrap().status(), 200);
        assert_eq!(world.server.requests("/public/x")[0].header("authorization"), Some("Basic YTpi"));
    });
}

#[test]
fn an_authorization_header_of_the_app_is_sent_in_a_retry() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        let request = tab.client.get("/orders").header("authorization", "Basic YTpi");
        assert_eq!(request.send().await.unwrap().status(), 200);
        for request in world.server.requests("/orders") {
            assert_eq!(request.header("authorization"), Some("Basic YTpi"));
        }
    });
}

#[test]
fn a_rid_header_of_the_caller_is_not_replaced() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        tab.client.get("/orders").header("RID", "emailpassword").send().await.unwrap();
        for request in world.server.requests("/orders") {
            assert_eq!(request.header("rid"), Some("emailpassword"));
        }
    });
}
