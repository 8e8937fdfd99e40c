//! Any input of a server, a store or a caller: a typed error or no effect, never a panic or a lost session.

use serde_json::json;
use supertokens_session::{FrontToken, FrontTokenText, HeaderError, Marker, SessionError, UrlError};

use crate::sim::{AntiCsrf, Fault, REFRESH, Reply, SIGN_IN, encode_front, run};

fn bad_front_tokens() -> Vec<String> {
    vec![
        "%%%".into(),
        "Remove".into(),
        "undefined".into(),
        "a b".into(),
        "=".into(),
        "//79".into(),
        "x".repeat(65 * 1024),
        encode_front(&json!(null)),
        encode_front(&json!([])),
        encode_front(&json!({ "uid": "eve", "ate": 1 })),
        encode_front(&json!({ "uid": 7, "ate": 1, "up": {} })),
        encode_front(&json!({ "uid": "eve", "ate": "1", "up": {} })),
        encode_front(&json!({ "uid": "eve", "ate": 1, "up": [] })),
    ]
}

#[test]
fn an_invalid_front_token_signs_no_user_in() {
    for front in bad_front_tokens() {
        run(async |world| {
            let tab = world.tab();
            world.server.fail_once(SIGN_IN, Fault::Replaced("front-token", front.clone()));
            let response = tab.client.post(SIGN_IN).body("ann").send().await.unwrap();
            assert_eq!((response.status(), tab.user().await), (200, None), "{front:.40}");
            assert!(matches!(response.session_error(), Some(SessionError::FrontToken(_))), "{front:.40}");
            assert_eq!(tab.client.session_exists().await, Ok(false));
        });
    }
}

#[test]
fn an_invalid_front_token_ends_no_session() {
    for front in bad_front_tokens() {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            let stored = world.stored();
            world.server.route("/public/x", Reply::new(200, "").header("front-token", &front));
            assert_eq!(tab.status("/public/x").await, 200);
            assert_eq!((world.stored(), tab.events()), (stored, vec![]), "{front:.40}");
        });
    }
}

#[test]
fn an_invalid_front_token_of_a_refresh_is_an_error_with_the_reason() {
    for front in bad_front_tokens() {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.server.expire_access_tokens();
            world.server.fail_always(REFRESH, Fault::Replaced("front-token", front.clone()));
            let error = FrontToken::decode(&front).unwrap_err();
            assert_eq!(tab.get("/orders").await.unwrap_err(), SessionError::FrontToken(error));
            assert_eq!(tab.user().await.as_deref(), Some("ann"), "{front:.40}");
        });
    }
}

#[test]
fn an_invalid_stored_front_token_costs_one_refresh() {
    for front in bad_front_tokens() {
        let Ok(text) = FrontTokenText::parse(&front) else { continue };
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.store.edit(|stored| stored.front = Some(text.clone()));
            assert_eq!(tab.user().await, None, "{front:.40}");
            assert_eq!(tab.client.session_exists().await, Ok(true));
            assert_eq!((tab.user().await.as_deref(), world.server.refreshes()), (Some("ann"), 1));
        });
    }
}

#[test]
fn extreme_expiry_times_are_accepted() {
    for (ate, iat) in [(i64::MAX, i64::MAX), (i64::MIN, i64::MIN), (i64::MAX, 0), (0, i64::MAX / 1000)] {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            let up = json!({ "sessionHandle": "handle-0", "iat": iat });
            let front = encode_front(&json!({ "uid": "ann", "ate": ate, "up": up }));
            world.server.route("/public/x", Reply::new(200, "").header("front-token", &front));
            assert_eq!(tab.status("/public/x").await, 200);
            assert_eq!(tab.status("/orders").await, 200);
            assert_eq!(tab.user().await.as_deref(), Some("ann"));
        });
    }
}

#[test]
fn any_text_is_a_marker() {
    for marker in ["remove", "0", "1.2.3", "99999999999999999999", "1800000000000.4294967295"] {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.store.edit(|stored| stored.marker = Marker::parse(marker).ok());
            world.server.expire_access_tokens();
            assert_eq!(tab.status("/orders").await, 200, "{marker}");
            assert_ne!(world.stored().marker.unwrap().reveal(), marker);
        });
    }
}

#[test]
fn an_invalid_token_in_a_header_changes_nothing() {
    for bad in ["a b", "a;b", "a,b", "a\"b", "a\\b", "a\r\nb: c", "ü", "\0"] {
        run(async |world| {
            world.server.set_anti_csrf(AntiCsrf::ViaToken);
            let tab = world.signed_in("ann").await;
            let stored = world.stored();
            let reply = Reply::new(200, "").header("anti-csrf", bad);
            let reply = reply.header("st-access-token", bad).header("st-refresh-token", bad);
            world.server.route("/public/x", reply);
            assert_eq!(tab.status("/public/x").await, 200);
            assert_eq!(world.stored(), stored, "{bad:?}");
        });
    }
}

#[test]
fn an_invalid_url_is_an_error_and_sends_no_request() {
    use UrlError::*;
    for (url, error) in [
        ("//evil.example/x", SchemeRelative),
        ("javascript:alert(1)", Scheme),
        ("ftp://api.example.com/x", Scheme),
        ("https://ann@api.example.com/x", UserInfo),
        ("/\\evil.example?x", SchemeRelative),
        ("/\t/evil.example", SchemeRelative),
        ("https://", Invalid),
        ("https://api.example.com:65536/", Invalid),
    ] {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            assert_eq!(tab.get(url).await.unwrap_err(), SessionError::Url(error), "{url}");
            assert_eq!(world.server.exchanges().len(), 0);
        });
    }
}

#[test]
fn an_invalid_header_is_an_error_and_sends_no_request() {
    for (name, value, error) in [
        ("", "v", HeaderError::Name),
        ("a b", "v", HeaderError::Name),
        ("x-a:", "v", HeaderError::Name),
        ("x-a", "v\r\nx-b: w", HeaderError::Value),
        ("x-a", " v", HeaderError::Value),
        ("x-a", "日本", HeaderError::Value),
    ] {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            // A valid header after an invalid one does not hide the error.
            let request = tab.client.get("/orders").header(name, value).header("x-good", "1");
            assert_eq!(request.send().await.unwrap_err(), SessionError::Header(error), "{name:?}: {value:?}");
            assert_eq!(world.server.exchanges().len(), 0);
        });
    }
}
