//! A body that never ends delays neither the response nor a sign-out.

use std::{any::Any, cell::Cell, future::pending, rc::Rc, time::Duration};

use supertokens_session::{
    SessionClient, SessionEvent,
    platform::{LocalBoxFuture, Transport, TransportError, TransportRequest, TransportResponse},
};

use crate::sim::{pass, run_current};

/// Responses whose body never ends, or arrives later.
#[derive(Clone)]
struct SlowBody {
    status: u16,
    content_type: Option<&'static str>,
    body: Option<(u64, &'static str)>,
    peeks: Rc<Cell<u32>>,
}

impl SlowBody {
    fn endless(status: u16) -> Self {
        Self { status, content_type: None, body: None, peeks: Rc::default() }
    }
}

impl Transport for SlowBody {
    fn send(
        &self,
        _: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        let response: Box<dyn TransportResponse> = Box::new(self.clone());
        Box::pin(async move { Ok(response) })
    }
}

impl TransportResponse for SlowBody {
    fn status(&self) -> u16 {
        self.status
    }

    fn header(&self, name: &str) -> Option<String> {
        self.content_type.filter(|_| name == "content-type").map(str::to_owned)
    }

    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        self.peek()
    }

    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        self.peeks.set(self.peeks.get() + 1);
        let body = self.body;
        Box::pin(async move {
            let Some((after_ms, text)) = body else { return pending().await };
            pass(after_ms).await;
            Ok(text.as_bytes().to_vec())
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The slow transport sends the sign-out call, the platform's transport all others.
struct SlowSignOut(SlowBody, Rc<dyn Transport>);

impl Transport for SlowSignOut {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        if request.url.path_and_query() == "/auth/signout" {
            self.0.send(request)
        } else {
            self.1.send(request)
        }
    }
}

async fn within<T>(seconds: u64, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(seconds), future).await.expect("it waits for the body")
}

#[test]
fn a_response_with_an_endless_body_is_returned_with_its_headers() {
    for status in [200, 206, 401, 403, 404, 500] {
        for content_type in [None, Some("application/json"), Some("text/event-stream")] {
            run_current(async |world| {
                let tab = world.signed_in("ann").await;
                let transport = Rc::new(SlowBody { content_type, ..SlowBody::endless(status) });
                let request = tab.client.get("/feed").without_retry().by(transport.clone());
                assert_eq!(within(1, request.send()).await.unwrap().status(), status);
                let is_read = status == 403 && content_type != Some("text/event-stream");
                assert_eq!(transport.peeks.get(), u32::from(is_read), "{status} {content_type:?}");
            });
        }
    }
}

#[test]
fn a_sign_in_with_an_endless_body_is_returned_with_its_headers() {
    run_current(async |world| {
        let tab = world.tab();
        let request = tab.client.post("/auth/signin").by(Rc::new(SlowBody::endless(200)));
        assert_eq!(within(1, request.send()).await.unwrap().status(), 200);
    });
}

#[test]
fn claims_in_a_slow_body_emit_an_event_when_they_arrive() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        let body = Some((5_000, r#"{"claimValidationErrors":[{"id":"st-role"}]}"#));
        let slow = SlowBody { body, ..SlowBody::endless(403) };
        within(1, tab.client.get("/admin").by(Rc::new(slow)).send()).await.unwrap();
        assert_eq!(tab.events(), []);
        pass(6_000).await;
        assert!(
            matches!(&tab.events()[..], [SessionEvent::ApiInvalidClaim { errors }] if errors[0].id == "st-role")
        );
    });
}

#[test]
fn a_sign_out_with_an_endless_body_ends_the_session() {
    for (content_type, seconds) in [(None, 31), (Some("application/json"), 31), (Some("text/plain"), 1)] {
        run_current(async |world| {
            let tab = world.signed_in("ann").await;
            let mut platform = tab.client.platform().unwrap().clone();
            let slow = SlowBody { content_type, ..SlowBody::endless(200) };
            platform.transport = Rc::new(SlowSignOut(slow, platform.transport.clone()));
            let client = SessionClient::new(tab.client.config().clone(), platform);
            assert_eq!(within(seconds, client.sign_out()).await, Ok(()));
            assert_eq!(tab.user().await, None);
        });
    }
}
