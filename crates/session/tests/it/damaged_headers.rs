//! Session headers that a proxy has doubled or damaged: they are read if that is safe, else the caller gets an error
//! that names the failing step, and no half session is stored.

use std::fmt::Write;

use base64::prelude::{BASE64_STANDARD, Engine};
use supertokens_session::{FrontTokenError, IdRefreshToken, SessionError, platform::StoredSession};

use crate::sim::{AntiCsrf, Fault, REFRESH, Reply, SIGN_IN, Tab, World, run, run_current, run_in_each_mode};

fn front_of(world: &World, user: &str) -> String {
    let (ate, iat) = (world.now_ms() + 60_000, world.now_ms() / 1000);
    BASE64_STANDARD.encode(format!(
        r#"{{"uid":"{user}","ate":{ate},"up":{{"sub":"{user}","sessionHandle":"handle-0","iat":{iat}}}}}"#
    ))
}

/// Unreadable front tokens, and the reason.
fn bad_front_tokens(world: &World) -> Vec<(String, FrontTokenError)> {
    use FrontTokenError::*;
    let (one, other) = (front_of(world, "ann"), front_of(world, "bob"));
    vec![
        ("undefined".into(), Base64),
        ("not base64".into(), Base64),
        ("Remove".into(), Json),
        ("e30=".into(), MissingField { field: "uid" }),
        (String::new(), Json),
        (format!("{one}, {other}"), Ambiguous),
        (format!("{one}, remove"), Ambiguous),
        (format!("{one}, "), Ambiguous),
        ("undefined, undefined".into(), Base64),
        (one.chars().take(one.len() - 8).collect(), Json),
        (BASE64_STANDARD.encode([0xff, 0xfe]), Utf8),
        (BASE64_STANDARD.encode("\u{feff}{\"uid\":\"ann\",\"ate\":1,\"up\":{}}"), Json),
        ("x".repeat(65 * 1024), TooLong),
    ]
}

async fn try_to_sign_in(tab: &Tab) -> Option<SessionError> {
    let response = tab.client.post(SIGN_IN).body("ann").send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.session_error().cloned()
}

#[test]
fn a_header_received_twice_with_one_value_counts_once() {
    for times in [2, 3] {
        run_in_each_mode(async |world| {
            world.server.set_anti_csrf(AntiCsrf::ViaToken);
            let tab = world.tab();
            let double = |value: &str| [value].repeat(times).join(", ");
            // A first sign-in shows the headers of the backend, and a second one has each of them doubled.
            tab.sign_in("ann").await;
            let stored = world.stored();
            let headers = [
                ("front-token", stored.front.map(|token| token.reveal().to_owned())),
                ("anti-csrf", stored.anti_csrf.map(|token| token.reveal().to_owned())),
                ("st-access-token", stored.access.map(|token| token.reveal().to_owned())),
                ("st-refresh-token", stored.refresh.map(|token| token.reveal().to_owned())),
                ("id-refresh-token", stored.id_refresh.map(|token| format!("{};{}", token.text(), i64::MAX))),
            ];
            let reply = headers.iter().fold(Reply::new(200, ""), |reply, (name, value)| match value {
                Some(value) => reply.header(name, &double(value)),
                None => reply,
            });
            let before = world.stored();
            world.store.edit(|stored| *stored = Default::default());
            world.server.fail_once(SIGN_IN, Fault::Instead(reply));
            let fresh = world.tab();
            assert_eq!(try_to_sign_in(&fresh).await, None);
            let after = world.stored();
            let marker =
                |stored: &StoredSession| stored.id_refresh.as_ref().map(IdRefreshToken::without_expiry);
            assert_eq!(marker(&after), marker(&before));
            assert_eq!((fresh.user().await.as_deref(), after.front), (Some("ann"), before.front));
            assert_eq!((after.access, after.refresh), (before.access, before.refresh));
            assert_eq!(after.anti_csrf, before.anti_csrf);
        });
    }
}

#[test]
fn a_front_token_received_in_lines_is_stored_without_white_space() {
    run_current(async |world| {
        let front = front_of(world, "ann");
        let (one, other) = front.split_at(20);
        world.server.fail_once(SIGN_IN, Fault::Replaced("front-token", format!("{one} \t{other}")));
        world.tab().sign_in("ann").await;
        assert_eq!(world.stored().front.unwrap().reveal(), front);
    });
}

#[test]
fn a_remove_received_twice_ends_the_session_once() {
    run(async |world| {
        for value in ["remove, remove", "remove,remove", "remove ,\tremove, remove"] {
            let tab = world.signed_in("ann").await;
            world
                .server
                .route("/public/bye", Reply::new(200, "").header(world.server.ending_header(), value));
            let response = tab.get("/public/bye").await.unwrap();
            assert_eq!((response.session_error(), tab.user().await), (None, None), "{value}");
        }
    });
}

#[test]
fn an_empty_value_received_twice_clears_a_token() {
    run_current(async |world| {
        world.use_header_mode();
        let tab = world.signed_in("ann").await;
        world.server.route("/public/x", Reply::new(200, "").header("st-access-token", ", "));
        assert_eq!(tab.get("/public/x").await.unwrap().session_error(), None);
        assert_eq!(world.stored().access, None);
    });
}

#[test]
fn a_sign_in_whose_front_token_cannot_be_read_names_the_failing_step() {
    run_in_each_mode(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        for (front, error) in bad_front_tokens(world) {
            world.store.edit(|stored| *stored = Default::default());
            let tab = world.tab();
            world.server.fail_once(SIGN_IN, Fault::Replaced("front-token", front.clone()));
            assert_eq!(try_to_sign_in(&tab).await, Some(SessionError::FrontToken(error)), "{front:.40}");
            assert_eq!(tab.user().await, None);
            // No half session is stored either.
            let stored = world.stored();
            assert!(
                stored.front.is_none() && stored.access.is_none() && stored.refresh.is_none(),
                "{front:.40}"
            );
            assert!(stored.anti_csrf.is_none(), "{front:.40}");
            // The next sign-in succeeds.
            tab.sign_in("ann").await;
            assert_eq!(tab.status("/orders").await, 200);
        }
    });
}

#[test]
fn a_sign_in_with_another_token_that_cannot_be_read_names_the_header() {
    for (name, header_mode) in [("st-access-token", true), ("st-refresh-token", true), ("anti-csrf", false)] {
        for value in ["one, other", "a b", "a;b", "one, "] {
            run_current(async |world| {
                world.server.set_anti_csrf(AntiCsrf::ViaToken);
                if header_mode {
                    world.use_header_mode();
                }
                let tab = world.tab();
                world.server.fail_once(SIGN_IN, Fault::Replaced(name, value.into()));
                assert_eq!(try_to_sign_in(&tab).await, Some(SessionError::UnreadableHeader { name }));
                let stored = world.stored();
                assert!(stored.front.is_none() && !stored.has_tokens(), "{name}: {value}");
                tab.sign_in("ann").await;
                assert_eq!(tab.status("/orders").await, 200);
            });
        }
    }
}

/// With a front token the older generation's marker is not needed.
#[test]
fn a_damaged_older_marker_does_not_prevent_a_sign_in() {
    run(async |world| {
        let tab = world.tab();
        for value in ["one;1, other;2", "a b", "abc;soon"] {
            world.server.fail_once(SIGN_IN, Fault::Replaced("id-refresh-token", value.into()));
            tab.sign_in("ann").await;
            assert_eq!(tab.status("/orders").await, 200, "{value}");
        }
    });
}

#[test]
fn a_session_continues_after_a_response_whose_front_token_cannot_be_read() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let stored = world.stored();
        for (front, error) in bad_front_tokens(world) {
            let reply = Reply::new(200, "").header("front-token", &front).header("st-access-token", "other");
            world.server.route("/public/x", reply);
            let response = tab.get("/public/x").await.unwrap();
            assert_eq!(response.session_error(), Some(&SessionError::FrontToken(error)), "{front:.40}");
            assert_eq!((world.stored(), tab.events()), (stored.clone(), vec![]), "{front:.40}");
            assert_eq!(tab.status("/orders").await, 200);
        }
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn a_refresh_whose_front_token_cannot_be_read_names_the_failing_step_and_ends_no_session() {
    run_in_each_mode(async |world| {
        for (front, error) in bad_front_tokens(world) {
            let tab = world.signed_in("ann").await;
            world.server.expire_access_tokens();
            world.server.fail_always(REFRESH, Fault::Replaced("front-token", front.clone()));
            let failure = tab.get("/orders").await.unwrap_err();
            assert_eq!(failure, SessionError::FrontToken(error), "{front:.40}");
            let asked = tab.client.refresh().await;
            assert_eq!(asked, Err(SessionError::FrontToken(error)), "{front:.40}");
            assert_eq!((tab.user().await.as_deref(), tab.events()), (Some("ann"), vec![]));
            assert_eq!(world.server.refreshes(), 4, "two calls each");
            world.server.mend();
            assert_eq!(tab.status("/orders").await, 200);
        }
    });
}

#[test]
fn a_refresh_with_another_token_that_cannot_be_read_names_the_header_and_does_not_loop() {
    run_current(async |world| {
        world.use_header_mode();
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        world.server.fail_always(REFRESH, Fault::Replaced("st-access-token", "one, other".into()));
        for calls in 1..3 {
            let error = tab.get("/orders").await.unwrap_err();
            assert_eq!(error, SessionError::UnreadableHeader { name: "st-access-token" });
            assert_eq!((tab.user().await.as_deref(), world.server.refreshes()), (Some("ann"), calls));
        }
        world.server.mend();
        assert_eq!(tab.status("/orders").await, 200);
    });
}

#[test]
fn the_error_shows_no_part_of_the_header() {
    run_current(async |world| {
        let tab = world.tab();
        let mut shown = String::new();
        for value in ["s3cret-one, s3cret-other", "s3cret;one"] {
            for name in ["front-token", "st-access-token", "anti-csrf"] {
                world.server.fail_once(SIGN_IN, Fault::Replaced(name, value.into()));
                let error = try_to_sign_in(&tab).await;
                write!(shown, "{error:?} {}", error.as_ref().unwrap()).unwrap();
            }
        }
        shown.extend(crate::sim::logged());
        assert!(!shown.contains("s3cret"), "{shown}");
    });
}
