//! A failure of the backend or network ends no session: the user stays signed in, and the next refresh succeeds.

use std::{any::Any, future::pending, rc::Rc, time::Duration};

use supertokens_session::{
    ErrorBody, SessionClient, SessionError,
    platform::{
        LocalBoxFuture, LockError, Platform, Transport, TransportError, TransportRequest, TransportResponse,
    },
};

use crate::sim::{
    AntiCsrf, Expiry, Fault, REFRESH, Reply, World, logged, pass, run, run_current, run_in_each_mode,
};

fn failed(status: u16, body: &str) -> SessionError {
    SessionError::RefreshFailed { status, body: ErrorBody::new(body.as_bytes()) }
}

/// The failures of a refresh call, and the error of the caller.
fn failures() -> [(Fault, SessionError); 12] {
    let html = Reply::new(200, "<html>Log in to the wifi</html>").header("content-type", "text/html");
    let page_of_our_own =
        Reply::new(200, "<!doctype html>").header("content-type", "Text/HTML; charset=utf-8");
    [
        (Fault::Instead(Reply::new(500, "")), failed(500, "")),
        (Fault::Instead(Reply::new(503, "<html>")), failed(503, "<html>")),
        (Fault::Instead(Reply::new(404, "<html>")), SessionError::RefreshNotFound { status: 404 }),
        (Fault::Instead(Reply::new(405, "")), SessionError::RefreshNotFound { status: 405 }),
        (Fault::Instead(Reply::new(403, "{}")), failed(403, "{}")),
        (Fault::Instead(Reply::new(300, "")), failed(300, "")),
        (Fault::Instead(html), SessionError::RefreshReturnedPage),
        (Fault::Instead(page_of_our_own), SessionError::RefreshReturnedPage),
        (Fault::NoTokens, SessionError::RefreshWithoutFrontToken),
        (Fault::LoseRequest, SessionError::RefreshUnreachable(TransportError::Unreachable)),
        (Fault::LoseResponse, SessionError::RefreshUnreachable(TransportError::Unreachable)),
        (Fault::Hang, SessionError::RefreshUnreachable(TransportError::TimedOut)),
    ]
}

/// Runs `scenario` for each failure, expiry and mode.
fn each(scenario: impl AsyncFn(&World, Expiry, Fault, SessionError)) {
    for (fault, error) in failures() {
        for expiry in Expiry::ALL {
            run_in_each_mode(async |world| {
                scenario(world, expiry, fault.clone(), error.clone()).await;
            });
        }
    }
}

#[test]
fn the_error_is_typed_and_the_next_refresh_succeeds() {
    each(async |world, expiry, fault, error| {
        let tab = world.signed_in("ann").await;
        world.expire(expiry).await;
        world.server.fail_always(REFRESH, fault);
        assert_eq!(tab.get("/orders").await.unwrap_err(), error);
        assert_eq!(tab.user().await.as_deref(), Some("ann"));
        assert_eq!(tab.events(), [], "{error:?}");

        world.server.mend();
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(tab.user().await.as_deref(), Some("ann"));
    });
}

#[test]
fn a_failed_refresh_is_not_repeated_in_a_loop() {
    each(async |world, expiry, fault, error| {
        let tab = world.signed_in("ann").await;
        world.expire(expiry).await;
        world.server.fail_always(REFRESH, fault);
        assert_eq!(tab.get("/orders").await.unwrap_err(), error);
        // A success without a front token causes a second call.
        let is_success =
            matches!(error, SessionError::RefreshWithoutFrontToken | SessionError::RefreshReturnedPage);
        let most = if is_success { 2 } else { 1 };
        assert_eq!(world.server.refreshes(), most);
        assert!(world.server.count("/orders") <= 1);
    });
}

#[test]
fn a_failed_refresh_emits_no_event() {
    for (fault, error) in failures() {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.pass_expiry().await;
            world.server.fail_always(REFRESH, fault.clone());
            assert_eq!(tab.client.session_exists().await, Err(error.clone()));
            assert_eq!(tab.client.refresh().await, Err(error.clone()));
            // After repeated server errors the next refresh waits for the backoff.
            pass(2_000).await;
            assert_eq!(tab.client.payload().await, Err(error.clone()));
        });
    }
}

#[test]
fn a_burst_gets_the_error_after_few_calls() {
    for (fault, error) in failures() {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.server.expire_access_tokens();
            world.server.fail_always(REFRESH, fault.clone());
            let requests: Vec<_> = (0..20).map(|_| tab.start_get("/orders")).collect();
            for request in requests {
                assert_eq!(request.done().await.unwrap_err(), error);
            }
            assert!(world.server.refreshes() <= 2, "{error:?}: {}", world.server.refreshes());
        });
    }
}

#[test]
fn a_failed_refresh_does_not_block_public_requests() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        world.server.fail_always(REFRESH, Fault::Instead(Reply::new(500, "")));
        assert_eq!(tab.status("/public/news").await, 200);
    });
}

#[test]
fn after_a_refresh_without_a_network_the_request_is_not_sent() {
    for (fault, cause) in
        [(Fault::LoseRequest, TransportError::Unreachable), (Fault::Hang, TransportError::TimedOut)]
    {
        run_current(async |world| {
            let tab = world.signed_in("ann").await;
            world.pass_expiry().await;
            world.server.fail_always(REFRESH, fault.clone());
            let error = tab.get("/public/news").await.unwrap_err();
            assert_eq!(error, SessionError::RefreshUnreachable(cause));
            assert_eq!(world.server.count("/public/news"), 0);
        });
    }
}

#[test]
fn a_request_without_a_network_affects_no_other_request() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.set_offline(true);
        let error = tab.get("/orders").await.unwrap_err();
        assert_eq!(error, SessionError::Network(TransportError::Unreachable));
        assert_eq!(tab.client.session_exists().await, Ok(true));
        // It may have reached the backend, so it is not retried.
        assert_eq!((world.server.count("/orders"), world.server.refreshes()), (1, 0));
        world.set_offline(false);
        assert_eq!(tab.status("/orders").await, 200);
    });
}

#[test]
fn a_refresh_that_hangs_times_out() {
    run(async |world| {
        let tab = world.tab_with(|settings| settings.refresh_timeout(Duration::from_secs(5)));
        tab.sign_in("ann").await;
        world.server.expire_access_tokens();
        world.server.fail_once(REFRESH, Fault::Hang);
        let began = world.now_ms();
        tab.get("/orders").await.unwrap_err();
        assert!((5_000..5_100).contains(&(world.now_ms() - began)), "{}", world.now_ms() - began);
        assert_eq!(tab.status("/orders").await, 200);
    });
}

#[test]
fn a_response_after_the_timeout_changes_nothing() {
    run_in_each_mode(async |world| {
        let tab = world.tab_with(|settings| settings.refresh_timeout(Duration::from_secs(1)));
        tab.sign_in("ann").await;
        world.server.expire_access_tokens();
        world.server.fail_once(REFRESH, Fault::Late(3_000));
        tab.get("/orders").await.unwrap_err();
        assert_eq!(tab.status("/orders").await, 200);
        crate::sim::pass(5_000).await;
        assert_eq!(tab.status("/orders").await, 200);
    });
}

#[test]
fn repeatedly_lost_responses_cause_no_theft_alarm() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        for _ in 0..5 {
            world.server.fail_once(REFRESH, Fault::LoseResponse);
            tab.get("/orders").await.unwrap_err();
        }
        assert_eq!(tab.status("/orders").await, 200);
    });
}

#[test]
fn a_lock_error_has_its_own_error() {
    for expiry in Expiry::ALL {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.expire(expiry).await;
            world.locks.set_broken(Some(LockError::TimedOut));
            assert_eq!(tab.get("/orders").await.unwrap_err(), SessionError::Lock(LockError::TimedOut));
            assert_eq!((world.server.refreshes(), tab.user().await.as_deref()), (0, Some("ann")));
            world.locks.set_broken(None);
            assert_eq!(tab.status("/orders").await, 200);
        });
    }
}

/// The refresh API has rotated the tokens, and then a proxy fails.
#[test]
fn tokens_in_a_failed_refresh_are_stored() {
    run_in_each_mode(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        let tab = world.signed_in("ann").await;
        world.server.expire_access_tokens();
        world.server.fail_once(REFRESH, Fault::Status(500));
        let outcome = tab.client.refresh().await;
        assert_eq!(outcome, Err(failed(500, "{}")));
        assert_eq!(tab.status("/orders").await, 200, "signed out by a 500");
    });
}

/// Only the app gets the body of the failure: it may contain personal data.
#[test]
fn the_error_has_the_body_of_the_failure_and_does_not_print_it() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.expire(Expiry::OnServer).await;
        let body = r#"{"message":"the account of a@b.example is locked"}"#;
        world.server.fail_always(REFRESH, Fault::Instead(Reply::new(500, body)));
        let (one, other) = futures_util::future::join(tab.get("/orders"), tab.client.refresh()).await;
        for error in [one.unwrap_err(), other.unwrap_err()] {
            assert_eq!(error, failed(500, body));
            assert!(!format!("{error} {error:?}").contains("a@b"), "{error:?}");
        }
        assert!(!logged().iter().any(|line| line.contains("a@b")), "{:?}", logged());
    });
}

#[test]
fn a_long_body_of_a_failure_is_truncated() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let body = "x".repeat(3 * ErrorBody::MAX_BYTES);
        world.server.fail_once(REFRESH, Fault::Instead(Reply::new(502, &body)));
        match tab.client.refresh().await {
            Err(SessionError::RefreshFailed { status: 502, body: Some(found) }) => {
                assert_eq!(found.text(), &body[..ErrorBody::MAX_BYTES]);
            }
            outcome => panic!("{outcome:?}"),
        }
    });
}

/// A transport whose responses have headers, and bodies that never end.
struct Endless(Rc<dyn Transport>);

struct EndlessResponse(Box<dyn TransportResponse>);

impl Transport for Endless {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        Box::pin(async move {
            let response = self.0.send(request).await?;
            Ok(Box::new(EndlessResponse(response)) as Box<dyn TransportResponse>)
        })
    }
}

impl TransportResponse for EndlessResponse {
    fn status(&self) -> u16 {
        self.0.status()
    }

    fn header(&self, name: &str) -> Option<String> {
        self.0.header(name)
    }

    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(pending())
    }

    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(pending())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[test]
fn an_endless_body_of_a_failure_holds_no_lock_and_delays_callers_briefly() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let own = tab.client.platform().unwrap().clone();
        let platform = Platform { transport: Rc::new(Endless(own.transport.clone())), ..own };
        let client = SessionClient::new(tab.client.config().clone(), platform);
        world.server.fail_once(REFRESH, Fault::Instead(Reply::new(500, "down")));
        let failing = tab.spawn(async move { client.refresh().await });
        pass(100).await;
        assert!(!failing.is_finished() && !world.locks.is_busy(), "the lock is held while the body is read");
        let began_ms = world.now_ms();
        assert_eq!(failing.done().await, Err(failed(500, "")));
        assert!(world.now_ms() - began_ms <= 1_000);
        assert_eq!(tab.status("/orders").await, 200);
    });
}
