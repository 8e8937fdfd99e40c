//! A page that is left during a sign-out has signed out.

use std::{cell::RefCell, rc::Rc};

use supertokens_session::{
    SessionClient, SessionError, SessionEvent,
    platform::{LocalBoxFuture, Platform, Transport, TransportError, TransportRequest, TransportResponse},
};

use crate::sim::{Fault, REFRESH, Reply, SIGN_OUT, World, pass, run_in_each_mode};

/// A sign-out whose response would arrive after five seconds.
async fn sign_out_under_way(world: &World) -> (crate::sim::Tab, crate::sim::Task<Result<(), SessionError>>) {
    let tab = world.signed_in("ann").await;
    world.server.fail_once(SIGN_OUT, Fault::Late(5_000));
    let ending = tab.start(|client| async move { client.sign_out().await });
    pass(5).await;
    (tab, ending)
}

#[test]
fn the_next_page_is_signed_out_although_the_response_is_lost() {
    run_in_each_mode(async |world| {
        let (tab, _ending) = sign_out_under_way(world).await;
        tab.client.page_is_left();
        assert_eq!(tab.events(), [SessionEvent::SignOut]);
        tab.kill().await;
        pass(1_000).await;
        let next = world.tab();
        assert_eq!(next.user().await, None);
        assert_eq!((next.status("/orders").await, next.client.session_exists().await), (401, Ok(false)));
        assert!(!world.would_refresh());
    });
}

#[test]
fn a_tab_that_is_closed_during_a_sign_out_leaves_no_session() {
    run_in_each_mode(async |world| {
        let (tab, _ending) = sign_out_under_way(world).await;
        tab.kill().await;
        pass(1_000).await;
        assert_eq!(world.tab().user().await, None);
    });
}

#[test]
fn a_restored_page_gets_the_outcome() {
    run_in_each_mode(async |world| {
        let (tab, ending) = sign_out_under_way(world).await;
        tab.client.page_is_left();
        tab.forget_events();
        assert_eq!(ending.done().await, Ok(()));
        assert_eq!((tab.user().await, tab.events()), (None, vec![]));
    });
}

#[test]
fn a_session_that_begins_after_the_page_was_left_is_not_ended() {
    run_in_each_mode(async |world| {
        let (tab, ending) = sign_out_under_way(world).await;
        tab.client.page_is_left();
        let next = world.tab();
        next.sign_in("bob").await;
        assert_eq!(ending.done().await, Ok(()));
        tab.client.page_is_left();
        assert_eq!(next.user().await.as_deref(), Some("bob"));
    });
}

#[test]
fn leaving_a_page_without_a_sign_out_changes_nothing() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.route(SIGN_OUT, Reply::new(200, r#"{"status":"GENERAL_ERROR","message":"not now"}"#));
        assert_eq!(tab.client.sign_out().await, Err(SessionError::General { message: "not now".into() }));
        tab.client.page_is_left();
        assert_eq!((tab.user().await.as_deref(), tab.events()), (Some("ann"), vec![]));
    });
}

#[test]
fn a_sign_out_that_waits_for_a_refresh_ends_the_session_too() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.fail_once(REFRESH, Fault::Late(5_000));
        let _refresh = tab.start(|client| async move { client.refresh().await });
        pass(5).await;
        let _ending = tab.start(|client| async move { client.sign_out().await });
        pass(5).await;
        tab.client.page_is_left();
        tab.kill().await;
        pass(100).await;
        assert_eq!(world.tab().user().await, None);
    });
}

#[test]
fn the_end_of_one_sign_out_does_not_end_another_one_under_way() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let refusal = Reply::new(200, r#"{"status":"GENERAL_ERROR","message":"not now"}"#);
        world.server.fail_once(SIGN_OUT, Fault::Instead(refusal));
        world.server.fail_once(SIGN_OUT, Fault::Late(5_000));
        let first = tab.start(|client| async move { client.sign_out().await });
        pass(2).await;
        let _second = tab.start(|client| async move { client.sign_out().await });
        assert!(first.done().await.is_err());
        tab.client.page_is_left();
        pass(100).await;
        assert_eq!(world.tab().user().await, None);
    });
}

/// As a component that is removed while it signs out.
#[test]
fn a_dropped_sign_out_emits_an_event() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.fail_once(SIGN_OUT, Fault::Late(5_000));
        let client = tab.client.clone();
        let _ = tokio::time::timeout(std::time::Duration::from_millis(100), client.sign_out()).await;
        pass(10).await;
        assert_eq!((tab.user().await, tab.events()), (None, vec![SessionEvent::SignOut]));
    });
}

/// A transport that records the calls that outlive the page.
struct KeepaliveRecorder {
    transport: Rc<dyn Transport>,
    keepalive_paths: RefCell<Vec<String>>,
}

impl Transport for KeepaliveRecorder {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        self.transport.send(request)
    }

    fn send_keepalive(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        self.keepalive_paths.borrow_mut().push(request.url.path_and_query().to_owned());
        self.transport.send(request)
    }
}

#[test]
fn only_the_sign_out_call_outlives_the_page() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let platform = tab.client.platform().unwrap().clone();
        let recorder = Rc::new(KeepaliveRecorder {
            transport: platform.transport.clone(),
            keepalive_paths: RefCell::default(),
        });
        let platform = Platform { transport: recorder.clone(), ..platform };
        let client = SessionClient::new(tab.client.config().clone(), platform);
        client.get("/orders").send().await.unwrap();
        world.server.expire_access_tokens();
        assert_eq!(client.sign_out().await, Ok(()));
        assert_eq!(
            *recorder.keepalive_paths.borrow(),
            [SIGN_OUT, SIGN_OUT],
            "it is retried after the refresh"
        );
    });
}
