//! A wrong setup causes an error or a warning that says what to fix, and never a sign-out.

use std::{cell::RefCell, rc::Rc};

use supertokens_session::{
    SessionClient, SessionError, on_setup_warning,
    platform::{LocalBoxFuture, Platform, Transport, TransportError, TransportRequest, TransportResponse},
};

use crate::sim::{
    AntiCsrf, Expiry, Fault, REFRESH, Reply, SIGN_IN, SIGN_OUT, World, logged, run, run_current,
    run_in_each_mode,
};

const EXPOSE: &str = "access-control-expose-headers: front-token";

fn warnings() -> Vec<String> {
    logged().into_iter().filter(|line| line.starts_with("WARN")).collect()
}

/// Signs in while script can't read the front token, and returns the response's session error.
async fn sign_in_without_front_token(world: &World) -> Option<SessionError> {
    let tab = world.tab();
    assert_eq!(tab.client.session_exists().await, Ok(false));
    world.server.fail_once(SIGN_IN, Fault::Hidden("front-token"));
    let response = tab.client.post(SIGN_IN).body("ann").send().await.unwrap();
    assert_eq!((response.status(), tab.user().await), (200, None));
    response.session_error().cloned()
}

#[test]
fn a_sign_in_whose_tokens_come_without_the_front_token_is_an_error() {
    let header_mode = async |world: &World| {
        world.use_header_mode();
        assert_eq!(sign_in_without_front_token(world).await, Some(SessionError::ResponseWithoutFrontToken));
    };
    let anti_csrf = async |world: &World| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        assert_eq!(sign_in_without_front_token(world).await, Some(SessionError::ResponseWithoutFrontToken));
    };
    run_current(header_mode);
    assert_eq!((warnings().len(), warnings()[0].contains(EXPOSE)), (1, true), "{:?}", warnings());
    run_current(anti_csrf);
    assert_eq!((warnings().len(), warnings()[0].contains(EXPOSE)), (1, true), "{:?}", warnings());
}

/// In cookie mode script sees no token: only the body shows that a user has signed in.
#[test]
fn a_sign_in_in_cookies_without_a_front_token_is_a_warning() {
    for (path, body, warns) in [
        (SIGN_IN, r#"{"status":"OK","user":{"id":"u"}}"#, true),
        ("/auth/signup", r#"{"status":"OK","user":{"id":"u"}}"#, true),
        (SIGN_IN, r#"{"status":"WRONG_CREDENTIALS_ERROR"}"#, false),
        (SIGN_IN, "no JSON", false),
        ("/auth/signinup/code", r#"{"status":"OK","deviceId":"d"}"#, false),
        ("/api/people/signup", r#"{"status":"OK","user":{"id":"u"}}"#, false),
    ] {
        run(async |world| {
            let tab = world.tab();
            world.server.route(path, Reply::new(200, body));
            world.server.fail_once(SIGN_IN, Fault::Instead(Reply::new(200, body)));
            let response =
                tab.client.post(path).query(&[("email", "a@b.example")]).body("ann").send().await.unwrap();
            // It may be intended.
            assert_eq!((response.status(), response.session_error()), (200, None));
            assert_eq!(response.text().await.as_deref(), Ok(body), "the body is left to the app");
            assert_eq!(warnings().len(), usize::from(warns), "{path} {body}: {:?}", warnings());
            assert!(warnings().iter().all(|line| line.contains(EXPOSE) && !line.contains("a@b")));
        });
    }
}

#[test]
fn a_correct_setup_logs_no_warning() {
    run_in_each_mode(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        let tab = world.signed_in("ann").await;
        for expiry in Expiry::ALL {
            world.expire(expiry).await;
            assert_eq!(tab.status("/orders").await, 200);
        }
        // Backends echo the anti-CSRF token.
        if let Some(anti_csrf) = world.stored().anti_csrf {
            world.server.route("/public/x", Reply::new(200, "").header("anti-csrf", anti_csrf.reveal()));
        }
        assert_eq!(tab.get("/public/x").await.unwrap().session_error(), None);
        tab.sign_in("bob").await;
        tab.client.sign_out().await.unwrap();
        assert_eq!(tab.status("/orders").await, 401);
        let refused = Reply::new(200, r#"{"status":"WRONG_CREDENTIALS_ERROR"}"#);
        world.server.fail_once(SIGN_IN, Fault::Instead(refused));
        tab.client.post(SIGN_IN).body("ann").send().await.unwrap();
        assert_eq!(warnings(), [""; 0]);
    });
}

#[test]
fn a_missing_refresh_api_is_logged_with_its_url() {
    let page = Reply::new(200, "<html>").header("content-type", "text/html");
    for (reply, cure) in [
        (Reply::new(404, ""), "`api_base_path` or `refresh_token_url`"),
        (page, "`api_domain` and `api_base_path`"),
        (Reply::new(500, ""), "the backend's log"),
        (Reply::new(200, "{}"), EXPOSE),
    ] {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.server.expire_access_tokens();
            world.server.fail_always(REFRESH, Fault::Instead(reply.clone()));
            let error = tab.get("/orders").await.unwrap_err().to_string();
            assert!(error.contains(cure), "{error}");
            let expected = format!("https://api.example.com{REFRESH}: {error}");
            assert_eq!(warnings().len(), 1, "{:?}", warnings());
            assert!(warnings()[0].ends_with(&expected), "{:?}", warnings());
        });
    }
}

thread_local! {
    static SHOWN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

#[test]
fn a_wrong_setup_is_printed_without_a_logger_and_a_backend_failure_is_not() {
    on_setup_warning(|warning| SHOWN.with_borrow_mut(|shown| shown.push(warning.to_owned())));
    let page = Reply::new(200, "<html>").header("content-type", "text/html");
    for (reply, cure) in [
        (Reply::new(404, ""), Some("`api_base_path`")),
        (page, Some("`api_domain` and `api_base_path`")),
        (Reply::new(200, "{}"), Some(EXPOSE)),
        (Reply::new(200, "{}").header("front-token", "s3cret"), Some("front token")),
        (Reply::new(500, ""), None),
    ] {
        SHOWN.take();
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.server.expire_access_tokens();
            world.server.fail_always(REFRESH, Fault::Instead(reply.clone()));
            tab.get("/orders").await.unwrap_err();
        });
        let shown = SHOWN.take();
        assert_eq!(shown.iter().any(|line| cure.is_some_and(|cure| line.contains(cure))), cure.is_some());
        assert!(cure.is_some() || shown.is_empty(), "{shown:?}");
        assert!(shown.iter().all(|line| !line.contains("s3cret") && !line.contains("/orders")), "{shown:?}");
    }
}

/// A transport with which every call fails in this way.
struct Failing(TransportError);

impl Transport for Failing {
    fn send(
        &self,
        _: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        Box::pin(std::future::ready(Err(self.0)))
    }
}

#[test]
fn no_transport_error_ends_a_session() {
    use TransportError::*;
    for cause in [Unreachable, BlockedByCors, MixedContent, TimedOut, Aborted, Unsendable, Body] {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            let stored = world.stored();
            let platform =
                Platform { transport: Rc::new(Failing(cause)), ..tab.client.platform().unwrap().clone() };
            let client = SessionClient::new(tab.client.config().clone(), platform);
            assert_eq!(client.get("/orders").send().await.unwrap_err(), SessionError::Network(cause));
            world.pass_expiry().await;
            assert_eq!(client.session_exists().await, Err(SessionError::RefreshUnreachable(cause)));
            assert_eq!((world.stored(), client.user_id().await.as_deref()), (stored, Ok("ann")));
            assert_eq!((tab.status("/orders").await, world.server.count(SIGN_OUT)), (200, 0));
        });
    }
}
