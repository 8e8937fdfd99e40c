//! `after_request` gets the outcome of each request that used the session, once, and no token.

use std::{cell::RefCell, rc::Rc, time::Duration};

use supertokens_session::{
    Overrides, SessionClient, SessionError, SessionResponse, platform::TransportRequest,
};

use crate::sim::{AntiCsrf, Expiry, Fault, REFRESH, Reply, Tab, World, run, run_in_each_mode};

/// One line for each outcome: path, status, and the code of the error.
#[derive(Default)]
struct Outcomes {
    lines: RefCell<Vec<String>>,
    requests: RefCell<String>,
    client: RefCell<Option<SessionClient>>,
}

impl Overrides for Outcomes {
    fn after_request(&self, request: &TransportRequest, outcome: Result<&SessionResponse, &SessionError>) {
        let (status, error) = match outcome {
            Ok(response) => (response.status(), response.session_error()),
            Err(error) => (0, Some(error)),
        };
        let code = error.map_or("", SessionError::name);
        let line = format!("{} {status} {code}", request.url.path_and_query());
        self.lines.borrow_mut().push(line.trim_end().to_owned());
        self.requests.borrow_mut().push_str(&format!("{:?}", request.headers.iter().collect::<Vec<_>>()));
        // App code may use the client here.
        if let Some(client) = &*self.client.borrow() {
            drop(client.on_event(|_| {}));
        }
    }
}

impl Outcomes {
    fn take(&self) -> Vec<String> {
        self.lines.take()
    }
}

async fn signed_in(world: &World) -> (Tab, Rc<Outcomes>) {
    world.server.set_anti_csrf(AntiCsrf::ViaToken);
    let outcomes = Rc::new(Outcomes::default());
    let set = |settings: supertokens_session::SessionConfigBuilder| {
        settings.max_retry_attempts_for_session_refresh(2)
    };
    let tab = world.tab_with(set).with_overrides(outcomes.clone());
    tab.sign_in("ann").await;
    outcomes.take();
    outcomes.client.replace(Some(tab.client.clone()));
    (tab, outcomes)
}

#[test]
fn each_request_has_one_outcome_however_often_it_is_retried() {
    for expiry in Expiry::ALL {
        run_in_each_mode(async |world| {
            let (tab, outcomes) = signed_in(world).await;
            assert_eq!(tab.status("/orders?page=2").await, 200);
            world.expire(expiry).await;
            assert_eq!(tab.status("/orders").await, 200);
            assert_eq!(outcomes.take(), ["/orders?page=2 200", "/orders 200"]);
            world.check_no_secret_in(&outcomes.requests.borrow());
        });
    }
}

#[test]
fn each_failure_has_its_own_error_code() {
    type Break = fn(&World);
    let breaks: [(Break, &str); 6] = [
        (|world| world.server.revoke_all(), "/own 401 NoSession"),
        (|world| world.server.route("/own", Reply::new(401, "")), "/own 401 TooManyRetries"),
        (
            |world| {
                world.server.expire_access_tokens();
                world.server.fail_always(REFRESH, Fault::Instead(Reply::new(500, "")));
            },
            "/own 0 RefreshFailed",
        ),
        (
            |world| {
                world.server.expire_access_tokens();
                world.server.fail_always(REFRESH, Fault::LoseRequest);
            },
            "/own 0 RefreshUnreachable",
        ),
        (|world| world.set_offline(true), "/own 0 Network"),
        (|world| world.server.fail_always("/own", Fault::Hang), "/own 0 Network"),
    ];
    for (break_it, line) in breaks {
        run_in_each_mode(async |world| {
            let (tab, outcomes) = signed_in(world).await;
            break_it(world);
            let _ = tab.client.get("/own").timeout(Duration::from_secs(60)).send().await;
            assert_eq!(outcomes.take(), [line]);
        });
    }
}

#[test]
fn requests_without_the_session_have_no_outcome() {
    run(async |world| {
        let (tab, outcomes) = signed_in(world).await;
        world.network.foreign.replace(Reply::new(200, ""));
        tab.status("https://other.example/x").await;
        tab.status("/public/x?superTokensDoNotDoInterception").await;
        tab.client.get("/public/x").without_session().send().await.unwrap();
        tab.get("javascript:alert(1)").await.unwrap_err();
        assert!(tab.client.refresh().await.unwrap());
        tab.client.sign_out().await.unwrap();
        assert_eq!(outcomes.take(), [""; 0]);
    });
}

#[test]
fn a_dropped_request_has_no_outcome() {
    run(async |world| {
        let (tab, outcomes) = signed_in(world).await;
        world.server.fail_always("/orders", Fault::Hang);
        let request = tab.client.get("/orders").send();
        let _ = tokio::time::timeout(std::time::Duration::from_secs(1), request).await;
        assert_eq!(outcomes.take(), [""; 0]);
    });
}
