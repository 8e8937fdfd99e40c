//! The requests and responses that hooks get, and what they can change.

use std::{cell::Cell, rc::Rc};

use supertokens_session::{
    ApiAction::{RefreshSession, SignOut},
    ErrorBody, SessionError, Url,
    platform::Credentials,
};

use super::{Seen, no_change, signed_in};
use crate::sim::{Fault, REFRESH, Reply, SIGN_OUT, pass, run, run_in_each_mode};

#[test]
fn hooks_run_before_and_after_each_call() {
    run_in_each_mode(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        world.pass_expiry().await;
        assert_eq!(tab.status("/orders").await, 200);
        pass(10).await;
        assert_eq!(hooks.calls(), [("before", RefreshSession), ("after", RefreshSession)]);
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!(hooks.calls(), [("before", SignOut), ("after", SignOut)]);
    });
}

#[test]
fn hooks_do_not_see_the_apps_own_requests() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        assert_eq!(tab.status("/orders").await, 200);
        tab.get("/public/x").await.unwrap();
        assert_eq!(hooks.seen(), []);
    });
}

#[test]
fn a_hook_changes_the_request() {
    run_in_each_mode(async |world| {
        let (tab, _hooks) = signed_in(world, |action, request| {
            request.headers.set("x-action", action.name()).unwrap();
            let moved = format!("{}?tenant=a", request.url);
            request.url = Url::parse(&moved).unwrap();
            request.body = "from the hook".into();
        })
        .await;
        world.pass_expiry().await;
        assert_eq!(tab.client.refresh().await, Ok(true));
        assert_eq!(tab.client.sign_out().await, Ok(()));
        for (path, action) in [(REFRESH, "refresh"), (SIGN_OUT, "sign-out")] {
            let sent = world.server.requests(path);
            assert_eq!(sent.len(), 1);
            assert!(sent[0].url.ends_with("?tenant=a"), "{}", sent[0].url);
            assert_eq!(sent[0].header("x-action"), Some(action));
            assert_eq!(sent[0].body, b"from the hook");
        }
        let refresh = world.server.requests(REFRESH).remove(0);
        assert_eq!((refresh.header("rid"), refresh.header("fdi-version").is_some()), (Some("session"), true));
        assert_eq!(refresh.credentials, Some(Credentials::Include));
    });
}

#[test]
fn a_hook_may_move_a_call_to_another_port_of_the_api() {
    run(async |world| {
        let (tab, _hooks) = signed_in(world, |_, request| {
            let moved = format!("https://api.example.com:8443{}", request.url.path_and_query());
            request.url = Url::parse(&moved).unwrap();
        })
        .await;
        assert_eq!(tab.client.refresh().await, Ok(true));
        assert_eq!(
            world.server.requests(REFRESH)[0].url,
            "https://api.example.com:8443/auth/session/refresh"
        );
    });
}

#[test]
fn a_hook_gets_no_token() {
    run_in_each_mode(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        world.server.expire_access_tokens();
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(tab.client.sign_out().await, Ok(()));
        let seen = hooks.seen();
        assert_eq!(seen.iter().filter(|seen| seen.is_before()).count(), 2);
        for one in seen.iter().filter(|seen| seen.is_before()) {
            let Seen::Before { headers, .. } = one else { unreachable!() };
            world.check_no_secret_in(&format!("{one:?}"));
            for token in ["authorization", "anti-csrf"] {
                assert!(!headers.iter().any(|(name, _)| name == token), "{one:?}");
            }
        }
    });
}

#[test]
fn tokens_take_precedence_over_headers_of_a_hook() {
    run_in_each_mode(async |world| {
        let (tab, _hooks) = signed_in(world, |_, request| {
            request.headers.set("Authorization", "Bearer stale").unwrap();
            request.headers.set("Anti-CSRF", "stale").unwrap();
        })
        .await;
        let in_header_mode = world.stored().access.is_some();
        world.pass_expiry().await;
        assert_eq!(tab.client.refresh().await, Ok(true));
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!((world.server.refreshes(), world.server.count(SIGN_OUT)), (1, 1));
        for path in [REFRESH, SIGN_OUT] {
            let sent = world.server.requests(path).remove(0);
            let name = if in_header_mode { "authorization" } else { "anti-csrf" };
            let value = sent.header(name).unwrap();
            assert!(!value.contains("stale"), "{path}: {value}");
        }
    });
}

#[test]
fn a_hook_with_a_url_outside_the_api_is_an_error_and_sends_nothing() {
    for foreign in [
        "https://evil.example/auth/session/refresh",
        "https://api.example.com.evil.example/x",
        "http://api.example.com/auth/session/refresh",
        "https://api.example.com/auth/session/refresh?superTokensDoNotDoInterception",
        "https://api.example.com/auth/session/refresh#superTokensDoNotDoInterception",
    ] {
        run_in_each_mode(async |world| {
            let (tab, hooks) =
                signed_in(world, move |_, request| request.url = Url::parse(foreign).unwrap()).await;
            let stored = world.stored();
            let error = SessionError::HookLeftApi { action: RefreshSession };
            assert_eq!(tab.client.refresh().await, Err(error.clone()));
            let text = error.to_string();
            assert!(text.contains("before_api_call") && text.contains("api_domain"), "{text}");
            assert!(!text.contains("evil"), "{text}");

            let error = SessionError::HookLeftApi { action: SignOut };
            assert_eq!(tab.client.sign_out().await, Err(error));
            assert_eq!((world.stored(), tab.events(), world.server.exchanges().len()), (stored, vec![], 0));

            world.pass_expiry().await;
            let error = SessionError::HookLeftApi { action: RefreshSession };
            assert_eq!(tab.get("/orders").await.unwrap_err(), error);
            assert_eq!(world.server.refreshes(), 0);
            assert_eq!(hooks.calls().iter().filter(|(when, _)| *when == "after").count(), 0);
            assert_eq!(tab.user().await.as_deref(), Some("ann"));
        });
    }
}

#[test]
fn two_refreshes_at_once_call_the_hook_once() {
    run(async |world| {
        let calls = Rc::new(Cell::new(0));
        let counted = calls.clone();
        let (tab, hooks) = signed_in(world, move |_, request| {
            counted.set(counted.get() + 1);
            request.headers.set("x-call", &counted.get().to_string()).unwrap();
        })
        .await;
        world.server.fail_once(REFRESH, Fault::NoTokens);
        assert_eq!(tab.client.refresh().await, Ok(true));
        pass(10).await;
        assert_eq!(calls.get(), 1);
        assert_eq!(
            hooks.calls(),
            [("before", RefreshSession), ("after", RefreshSession), ("after", RefreshSession)]
        );
        let sent = world.server.requests(REFRESH);
        assert_eq!((sent.len(), sent[0].header("x-call")), (2, sent[1].header("x-call")));
    });
}

#[test]
fn the_hook_gets_each_response_with_its_body_unread() {
    run_in_each_mode(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        world.server.fail_once(REFRESH, Fault::Instead(Reply::new(500, "down")));
        let error = SessionError::RefreshFailed { status: 500, body: ErrorBody::new(b"down") };
        assert_eq!(tab.client.refresh().await, Err(error));
        world.server.fail_once(REFRESH, Fault::LoseResponse);
        tab.client.refresh().await.unwrap_err();
        pass(10).await;
        let after = |action, path: &str, status, body: &str| Seen::After {
            action,
            request_url: format!("https://api.example.com{path}"),
            status,
            body: body.to_owned(),
        };
        let mut seen = hooks.seen();
        seen.retain(|seen| !seen.is_before());
        assert_eq!(seen, [after(RefreshSession, REFRESH, 500, "down")], "there was one response");

        let refusal = r#"{"status":"GENERAL_ERROR","message":"not now"}"#;
        world.server.route(SIGN_OUT, Reply::new(200, refusal));
        let error = tab.client.sign_out().await.unwrap_err();
        assert_eq!(error, SessionError::General { message: "not now".into() });
        assert_eq!(hooks.seen().pop(), Some(after(SignOut, SIGN_OUT, 200, refusal)));
    });
}
