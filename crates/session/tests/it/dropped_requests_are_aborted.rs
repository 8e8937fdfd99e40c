//! Dropping a future aborts its own call, and never the shared refresh.

use std::{cell::RefCell, rc::Rc};

use supertokens_session::{
    SessionClient,
    platform::{LocalBoxFuture, Platform, Transport, TransportError, TransportRequest, TransportResponse},
};

use crate::sim::{Expiry, Fault, REFRESH, SIGN_OUT, Tab, pass, poll_then_drop, run_in_each_mode};

/// Records the path of each call that was dropped before its response.
struct Watched {
    transport: Rc<dyn Transport>,
    aborted: Rc<RefCell<Vec<String>>>,
}

impl Transport for Watched {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        let path = Some(request.url.path_and_query().to_owned());
        let mut under_way = UnderWay { path, aborted: self.aborted.clone() };
        Box::pin(async move {
            let response = self.transport.send(request).await;
            under_way.arrive();
            response
        })
    }
}

struct UnderWay {
    path: Option<String>,
    aborted: Rc<RefCell<Vec<String>>>,
}

impl UnderWay {
    fn arrive(&mut self) {
        self.path = None;
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.aborted.borrow_mut().extend(self.path.take());
    }
}

/// A client of its own for the tab, and the aborted calls.
fn watched(tab: &Tab) -> (SessionClient, Rc<RefCell<Vec<String>>>) {
    let aborted = Rc::new(RefCell::new(Vec::new()));
    let parts = tab.client.platform().unwrap().clone();
    let transport = Rc::new(Watched { transport: parts.transport.clone(), aborted: aborted.clone() });
    (SessionClient::new(tab.client.config().clone(), Platform { transport, ..parts }), aborted)
}

#[test]
fn a_request_is_aborted_with_its_future() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let (client, aborted) = watched(&tab);
        world.server.fail_always("/slow", Fault::Late(5_000));
        let request = tokio::time::timeout(std::time::Duration::from_secs(1), client.get("/slow").send());
        assert!(request.await.is_err());
        assert_eq!(*aborted.borrow(), ["/slow"]);
        assert_eq!(client.get("/orders").send().await.unwrap().status(), 200);
        assert_eq!(aborted.borrow().len(), 1);
    });
}

#[test]
fn a_sign_out_is_aborted_with_its_future() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let (client, aborted) = watched(&tab);
        world.server.fail_always(SIGN_OUT, Fault::Late(5_000));
        let ending = tokio::time::timeout(std::time::Duration::from_secs(1), client.sign_out());
        assert!(ending.await.is_err());
        assert_eq!(*aborted.borrow(), [SIGN_OUT]);
    });
}

#[test]
fn the_refresh_continues_when_its_first_caller_is_dropped() {
    type Call = fn(SessionClient) -> LocalBoxFuture<'static, ()>;
    let calls: [Call; 6] = [
        |client| Box::pin(async move { drop(client.get("/orders").send().await) }),
        |client| Box::pin(async move { drop(client.session_exists().await) }),
        |client| Box::pin(async move { drop(client.payload().await) }),
        |client| Box::pin(async move { drop(client.access_token().await) }),
        |client| Box::pin(async move { drop(client.refresh().await) }),
        |client| Box::pin(async move { drop(client.sign_out().await) }),
    ];
    for call in calls {
        for polls in 1..12 {
            run_in_each_mode(async |world| {
                let tab = world.signed_in("ann").await;
                let (client, aborted) = watched(&tab);
                world.expire(Expiry::Known).await;
                world.server.fail_once(REFRESH, Fault::Late(1_000));
                poll_then_drop(call(client.clone()), polls).await;
                pass(5_000).await;
                assert!(!aborted.borrow().iter().any(|path| path == REFRESH), "{polls} polls");
                // Its response was saved, so there is no further refresh.
                client.session_exists().await.unwrap();
                assert!(world.server.refreshes() <= 1, "{polls} polls");
            });
        }
    }
}
