//! The app's hooks see and change the client's own calls, outside the lock, without a token, and keep nobody for ever.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use futures_util::future::join;
use supertokens_session::{
    ApiAction::{self, RefreshSession, SignOut},
    Overrides, SessionClient, SessionError, SessionEvent, SignOutFailure,
    platform::{Credentials, LocalBoxFuture, Method, TransportError, TransportRequest, TransportResponse},
    wire::url::Url,
};

use crate::sim::{
    AntiCsrf, Expiry, Fault, REFRESH, Reply, SIGN_OUT, Tab, World, pass, poll_then_drop, run,
    run_in_each_mode,
};

/// What the hooks do, and what they saw.
struct Hooks {
    /// Does nothing until somebody is signed in.
    change: Box<Change>,
    /// What a hook waits for before it returns.
    before: RefCell<Wait>,
    after: RefCell<Wait>,
    client: RefCell<Option<SessionClient>>,
    /// Whether somebody holds the lock or waits for it.
    is_busy: Box<dyn Fn() -> bool>,
    is_signed_in: Cell<bool>,
    seen: RefCell<Vec<Seen>>,
    /// How many hooks have run to their end.
    over: Cell<u32>,
}

type Change = dyn Fn(ApiAction, &mut TransportRequest);

#[derive(Clone, Copy, PartialEq)]
enum Wait {
    No,
    Ms(u64),
    ForEver,
    ForARequest,
}

#[derive(Debug, Clone, PartialEq)]
enum Seen {
    Before { action: ApiAction, method: &'static str, url: String, headers: Vec<(String, String)> },
    After { action: ApiAction, request_url: String, status: u16, body: String },
}

impl Hooks {
    fn new(world: &World, change: impl Fn(ApiAction, &mut TransportRequest) + 'static) -> Rc<Self> {
        let locks = world.locks.clone();
        Rc::new(Self {
            change: Box::new(change),
            before: RefCell::new(Wait::No),
            after: RefCell::new(Wait::No),
            client: RefCell::default(),
            is_busy: Box::new(move || locks.is_busy()),
            is_signed_in: Cell::new(false),
            seen: RefCell::default(),
            over: Cell::new(0),
        })
    }

    async fn wait(&self, what: Wait) {
        match what {
            Wait::No => {}
            Wait::Ms(ms) => pass(ms).await,
            Wait::ForEver => std::future::pending().await,
            Wait::ForARequest => {
                let client = self.client.borrow().clone().unwrap();
                assert_eq!(client.get("/orders").send().await.unwrap().status(), 200);
            }
        }
        self.over.set(self.over.get() + 1);
    }

    /// What the hooks saw since they were last asked.
    fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.borrow_mut())
    }

    /// What the hooks were asked about since they were last asked.
    fn calls(&self) -> Vec<(&'static str, ApiAction)> {
        let name = |seen: &Seen| match seen {
            Seen::Before { action, .. } => ("before", *action),
            Seen::After { action, .. } => ("after", *action),
        };
        self.seen().iter().map(name).collect()
    }
}

impl Overrides for Hooks {
    fn before_api_call<'a>(
        &'a self,
        action: ApiAction,
        request: &'a mut TransportRequest,
    ) -> LocalBoxFuture<'a, ()> {
        assert!(!(self.is_busy)(), "app code under the lock");
        Box::pin(async move {
            self.seen.borrow_mut().push(Seen::Before {
                action,
                method: request.method.as_str(),
                url: request.url.to_string(),
                headers: owned(request),
            });
            let what = *self.before.borrow();
            self.wait(what).await;
            assert!(!(self.is_busy)(), "app code under the lock");
            if self.is_signed_in.get() {
                (self.change)(action, request);
            }
        })
    }

    fn after_api_call<'a>(
        &'a self,
        action: ApiAction,
        request: &'a TransportRequest,
        response: &'a dyn TransportResponse,
    ) -> LocalBoxFuture<'a, ()> {
        assert!(!(self.is_busy)(), "app code under the lock");
        Box::pin(async move {
            let body = String::from_utf8(response.peek().await.unwrap()).unwrap();
            self.seen.borrow_mut().push(Seen::After {
                action,
                request_url: request.url.to_string(),
                status: response.status(),
                body,
            });
            let what = *self.after.borrow();
            self.wait(what).await;
        })
    }
}

fn owned(request: &TransportRequest) -> Vec<(String, String)> {
    request.headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A tab with hooks, somebody signed in.
async fn signed_in(
    world: &World,
    change: impl Fn(ApiAction, &mut TransportRequest) + 'static,
) -> (Tab, Rc<Hooks>) {
    world.server.set_anti_csrf(AntiCsrf::ViaToken);
    let hooks = Hooks::new(world, change);
    let tab = world.tab().with_overrides(hooks.clone());
    hooks.client.replace(Some(tab.client.clone()));
    tab.sign_in("ann").await;
    pass(10).await;
    hooks.seen();
    hooks.over.set(0);
    hooks.is_signed_in.set(true);
    world.server.count_from_here();
    (tab, hooks)
}

fn no_change(_: ApiAction, _: &mut TransportRequest) {}

fn is_before(seen: &Seen) -> bool {
    matches!(seen, Seen::Before { .. })
}

const HOOK_TIMED_OUT: SessionError = SessionError::RefreshUnreachable(TransportError::TimedOut);

#[test]
fn each_call_is_seen_before_and_after() {
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
fn the_apps_own_requests_are_none_of_their_business() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        assert_eq!(tab.status("/orders").await, 200);
        tab.get("/public/x").await.unwrap();
        assert_eq!(hooks.seen(), []);
    });
}

#[test]
fn a_hook_changes_what_is_sent() {
    run_in_each_mode(async |world| {
        let (tab, _hooks) = signed_in(world, |action, request| {
            request.headers.set("x-action", action.name()).unwrap();
            let moved = format!("{}?tenant=a", request.url);
            request.url = Url::parse(&moved).unwrap();
            request.body = "from the hook".into();
        })
        .await;
        world.pass_expiry().await;
        assert_eq!(tab.client.attempt_refreshing_session().await, Ok(true));
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
        assert_eq!(tab.client.attempt_refreshing_session().await, Ok(true));
        assert_eq!(
            world.server.requests(REFRESH)[0].url,
            "https://api.example.com:8443/auth/session/refresh"
        );
    });
}

#[test]
fn no_token_is_in_the_request_that_a_hook_is_shown() {
    run_in_each_mode(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        world.server.expire_access_tokens();
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(tab.client.sign_out().await, Ok(()));
        let seen = hooks.seen();
        assert_eq!(seen.iter().filter(|seen| is_before(seen)).count(), 2);
        for one in seen.iter().filter(|seen| is_before(seen)) {
            let Seen::Before { headers, .. } = one else { unreachable!() };
            world.no_secret_in(&format!("{one:?}"));
            for token in ["authorization", "anti-csrf"] {
                assert!(!headers.iter().any(|(name, _)| name == token), "{one:?}");
            }
        }
    });
}

#[test]
fn tokens_win_over_headers_of_a_hook() {
    run_in_each_mode(async |world| {
        let (tab, _hooks) = signed_in(world, |_, request| {
            request.headers.set("Authorization", "Bearer stale").unwrap();
            request.headers.set("Anti-CSRF", "stale").unwrap();
        })
        .await;
        let in_header_mode = world.kept().access.is_some();
        world.pass_expiry().await;
        assert_eq!(tab.client.attempt_refreshing_session().await, Ok(true));
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
fn a_hook_that_leads_away_from_the_api_is_an_error_and_nothing_is_sent() {
    for foreign in [
        "https://evil.example/auth/session/refresh",
        "https://api.example.com.evil.example/x",
        "http://api.example.com/auth/session/refresh",
        "https://api.example.com/auth/session/refresh?superTokensDoNotDoInterception",
    ] {
        run_in_each_mode(async |world| {
            let (tab, hooks) =
                signed_in(world, move |_, request| request.url = Url::parse(foreign).unwrap()).await;
            let kept = world.kept();
            let error = SessionError::HookLeftApi { action: RefreshSession };
            assert_eq!(tab.client.attempt_refreshing_session().await, Err(error.clone()));
            let text = error.to_string();
            assert!(text.contains("before_api_call") && text.contains("api_domain"), "{text}");
            assert!(!text.contains("evil"), "{text}");

            let error = SessionError::HookLeftApi { action: SignOut };
            assert_eq!(tab.client.sign_out().await, Err(error));
            assert_eq!((world.kept(), tab.events(), world.server.exchanges().len()), (kept, vec![], 0));

            world.pass_expiry().await;
            let error = SessionError::HookLeftApi { action: RefreshSession };
            assert_eq!(tab.get("/orders").await.unwrap_err(), error);
            assert_eq!(world.server.exchanges().len(), 0);
            assert_eq!(hooks.calls().iter().filter(|(when, _)| *when == "after").count(), 0);
            assert_eq!(tab.user().await.as_deref(), Some("ann"));
        });
    }
}

#[test]
fn a_hook_that_hangs_counts_as_a_refresh_without_an_answer() {
    for expiry in Expiry::ALL {
        run_in_each_mode(async |world| {
            let (tab, hooks) = signed_in(world, no_change).await;
            world.expire(expiry).await;
            hooks.before.replace(Wait::ForEver);
            let begun = world.now_ms();
            let waiting: Vec<_> = (0..5).map(|_| tab.start_get("/orders")).collect();
            for one in waiting {
                assert_eq!(one.done().await.unwrap_err(), HOOK_TIMED_OUT);
            }
            // Those who found a refresh under way try once themselves.
            let tries = if expiry == Expiry::Foretold { 2 } else { 1 };
            assert!((tries * 30_000..tries * 30_000 + 1_000).contains(&(world.now_ms() - begun)));
            assert_eq!((world.server.refreshes(), tab.events()), (0, vec![]));
            assert_eq!(hooks.over.get(), 0);

            hooks.before.replace(Wait::No);
            assert_eq!(tab.status("/orders").await, 200);
        });
    }
}

#[test]
fn a_hook_that_hangs_in_one_tab_keeps_no_other_waiting() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        world.server.expire_access_tokens();
        hooks.before.replace(Wait::ForEver);
        let hanging = tab.start_get("/orders");
        pass(100).await;
        assert_eq!(world.tab().status("/orders").await, 200);
        assert!(!hanging.is_over());
        assert_eq!(hanging.done().await.unwrap_err(), HOOK_TIMED_OUT);
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn where_another_tab_refreshes_while_a_hook_waits_no_call_follows() {
    run_in_each_mode(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        let other = world.tab();
        world.server.expire_access_tokens();
        hooks.before.replace(Wait::Ms(2_000));
        let slow = tab.start_get("/orders");
        pass(1_000).await;
        assert_eq!(other.status("/orders").await, 200);
        assert_eq!(slow.done().await.unwrap().status(), 200);
        pass(10).await;
        assert_eq!((world.server.refreshes(), hooks.calls()), (1, vec![("before", RefreshSession)]));
    });
}

#[test]
fn a_refresh_that_is_asked_for_twice_asks_the_hook_once() {
    run(async |world| {
        let calls = Rc::new(Cell::new(0));
        let counted = calls.clone();
        let (tab, hooks) = signed_in(world, move |_, request| {
            counted.set(counted.get() + 1);
            request.headers.set("x-call", &counted.get().to_string()).unwrap();
        })
        .await;
        world.server.fail_once(REFRESH, Fault::NoTokens);
        assert_eq!(tab.client.attempt_refreshing_session().await, Ok(true));
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
fn a_hook_that_calls_the_api_with_the_session_waits_for_itself_and_frees_everybody_in_the_end() {
    for expiry in Expiry::ALL {
        run(async |world| {
            let (tab, hooks) = signed_in(world, no_change).await;
            world.expire(expiry).await;
            hooks.before.replace(Wait::ForARequest);
            let begun = world.now_ms();
            let refreshing = tab.client.attempt_refreshing_session();
            let (one, two) = join(tab.get("/orders"), refreshing).await;
            assert_eq!((one.unwrap_err(), two), (HOOK_TIMED_OUT, Err(HOOK_TIMED_OUT)));
            assert!(world.now_ms() - begun < 31_000);
            assert_eq!((hooks.over.get(), world.server.refreshes()), (0, 0));

            hooks.before.replace(Wait::No);
            assert_eq!(tab.status("/orders").await, 200);
        });
    }
}

#[test]
fn after_a_call_a_hook_may_call_the_api_with_the_session() {
    run_in_each_mode(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        hooks.after.replace(Wait::ForARequest);
        let begun = world.now_ms();
        assert_eq!(tab.client.attempt_refreshing_session().await, Ok(true));
        pass(100).await;
        assert_eq!((hooks.over.get(), world.server.count("/orders")), (2, 1));
        assert!(world.now_ms() - begun < 500);
    });
}

#[test]
fn after_a_call_a_hook_that_hangs_keeps_nobody_and_no_event_waiting() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        hooks.after.replace(Wait::ForEver);
        let begun = world.now_ms();
        assert_eq!(tab.client.attempt_refreshing_session().await, Ok(true));
        assert!(tab.events().contains(&SessionEvent::RefreshSession));
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(tab.client.attempt_refreshing_session().await, Ok(true));
        assert!(world.now_ms() - begun < 500);
        pass(31_000).await;
        let warned = crate::sim::logged().iter().filter(|line| line.contains("was given up")).count();
        assert_eq!((warned, hooks.over.get()), (2, 2), "both were given up, both were asked before");
    });
}

#[test]
fn the_hook_sees_each_answer_its_body_unread() {
    run_in_each_mode(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        world.server.fail_once(REFRESH, Fault::Instead(Reply::new(500, "down")));
        let error = SessionError::RefreshFailed { status: 500 };
        assert_eq!(tab.client.attempt_refreshing_session().await, Err(error));
        world.server.fail_once(REFRESH, Fault::LoseAnswer);
        tab.client.attempt_refreshing_session().await.unwrap_err();
        pass(10).await;
        let after = |action, path: &str, status, body: &str| Seen::After {
            action,
            request_url: format!("https://api.example.com{path}"),
            status,
            body: body.to_owned(),
        };
        let mut seen = hooks.seen();
        seen.retain(|seen| !is_before(seen));
        assert_eq!(seen, [after(RefreshSession, REFRESH, 500, "down")], "there was one answer");

        let refusal = r#"{"status":"GENERAL_ERROR","message":"not now"}"#;
        world.server.route(SIGN_OUT, Reply::new(200, refusal));
        let error = tab.client.sign_out().await.unwrap_err();
        assert_eq!(error, SessionError::General { message: "not now".into() });
        assert_eq!(hooks.seen().pop(), Some(after(SignOut, SIGN_OUT, 200, refusal)));
    });
}

#[test]
fn a_sign_out_that_is_sent_again_after_a_refresh_asks_once() {
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
        assert_eq!(sent.iter().map(|sent| sent.method).collect::<Vec<_>>(), ["DELETE", "DELETE"]);
    });
}

#[test]
fn without_a_session_a_sign_out_asks_nobody() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        tab.client.sign_out().await.unwrap();
        hooks.seen();
        tab.client.sign_out().await.unwrap();
        assert_eq!(hooks.seen(), []);
    });
}

#[test]
fn a_sign_out_whose_hook_hangs_ends_the_session_here() {
    run_in_each_mode(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        hooks.before.replace(Wait::ForEver);
        let begun = world.now_ms();
        let cause = SignOutFailure::Network(TransportError::TimedOut);
        assert_eq!(tab.client.sign_out().await, Err(SessionError::NotRevoked { cause }));
        assert!(world.now_ms() - begun < 31_000);
        assert_eq!((tab.user().await, world.server.count(SIGN_OUT)), (None, 0));
    });
}

#[test]
fn a_sign_out_whose_hook_hangs_afterwards_returns_in_the_end() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        hooks.after.replace(Wait::ForEver);
        let leaving = tab.start(|client| async move { client.sign_out().await });
        pass(100).await;
        assert_eq!((tab.user().await, tab.events()), (None, vec![SessionEvent::SignOut]));
        pass(30_000).await;
        assert_eq!(leaving.done().await, Ok(()));
    });
}

#[test]
fn a_session_that_begins_while_a_sign_outs_hook_waits_lives_on() {
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
fn callers_that_are_dropped_while_a_hook_waits_leave_the_refresh_to_others() {
    for polls in 1..6 {
        run(async |world| {
            let (tab, hooks) = signed_in(world, no_change).await;
            world.pass_expiry().await;
            hooks.before.replace(Wait::Ms(500));
            assert!(poll_then_drop(tab.get("/orders"), polls).await.is_none());
            pass(100).await;
            assert_eq!(tab.burst(3, "/orders").await, [200; 3]);
            assert_eq!((world.server.refreshes(), hooks.over.get()), (1, 2));
        });
    }
}

#[test]
fn a_sign_out_that_is_dropped_while_its_hook_waits_changes_nothing() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        hooks.before.replace(Wait::Ms(500));
        let leaving = tokio::time::timeout(std::time::Duration::from_millis(100), tab.client.sign_out());
        assert!(leaving.await.is_err());
        pass(1_000).await;
        assert_eq!((tab.user().await.as_deref(), world.server.count(SIGN_OUT)), (Some("ann"), 0));
        assert_eq!(hooks.over.get(), 0);
    });
}

#[test]
fn a_tab_that_dies_while_a_hook_waits_leaves_the_others_alone() {
    run(async |world| {
        let (tab, hooks) = signed_in(world, no_change).await;
        let other = world.tab();
        world.server.expire_access_tokens();
        hooks.before.replace(Wait::Ms(500));
        let lost = tab.start_get("/orders");
        pass(100).await;
        tab.kill().await;
        assert!(lost.outcome().await.is_none());
        assert_eq!(other.status("/orders").await, 200);
        assert_eq!(world.server.refreshes(), 1);
    });
}
