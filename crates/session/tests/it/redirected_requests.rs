//! The final URL decides: a response from another origin does not change the session.

use std::rc::Rc;

use serde_json::json;
use supertokens_session::{
    Original, Overrides, SessionError, SignOutFailure, Url,
    platform::{
        LocalBoxFuture, StoredSession, Transport, TransportError, TransportRequest, TransportResponse,
    },
};

use crate::sim::{
    API, EPOCH_MS, Fault, REFRESH, Reply, SIGN_OUT, World, encode_front, run, run_in_each_mode,
};

/// URLs outside the API scope.
const ELSEWHERE: [&str; 7] = [
    "https://other.example/moved",
    "https://example.com/moved",
    "https://api.example.com.evil.example/moved",
    "https://evil.example/?https://api.example.com/",
    "http://api.example.com/moved",
    "https://ann:pw@api.example.com/moved",
    "blob:https://api.example.com/8a6e",
];

/// URLs within the API scope.
const WITHIN: [&str; 4] = [
    "https://api.example.com/other",
    "https://api.example.com:8443/orders",
    "https://api.example.com/?q=a\\b",
    "https://api.example.com/caf%C3%A9?re=\\d+ x",
];

/// Responses with each session header.
fn hostile(status: u16, url: &str) -> Reply {
    let front = encode_front(&json!({ "uid": "mallory", "ate": EPOCH_MS * 2, "up": {} }));
    let errors =
        json!({ "claimValidationErrors": [{ "id": "st-role", "reason": {} }], "status": "GENERAL_ERROR" });
    Reply::new(status, errors.to_string())
        .header("front-token", &front)
        .header("anti-csrf", "evil")
        .header("st-access-token", "evil")
        .header("st-refresh-token", "evil")
        .redirected_to(url)
}

/// Responses that end a session.
fn ending(status: u16, url: &str) -> Reply {
    Reply::new(status, "")
        .header("front-token", "remove")
        .header("id-refresh-token", "remove")
        .redirected_to(url)
}

#[test]
fn a_response_from_another_origin_is_returned_and_changes_nothing() {
    for url in ELSEWHERE {
        run_in_each_mode(async |world| {
            let tab = world.signed_in("ann").await;
            let stored = world.stored();
            for status in [200, 302, 401, 403, 500] {
                for reply in [hostile(status, url), ending(status, url)] {
                    world.server.route("/moved", reply.clone());
                    let response = tab.get("/moved").await.unwrap();
                    assert_eq!((response.status(), response.session_error()), (status, None), "{url}");
                    assert_eq!(response.text().await.unwrap(), reply.body);
                    assert_eq!((world.stored(), tab.events()), (stored.clone(), vec![]), "{url}");
                }
            }
            assert_eq!(world.server.refreshes(), 0, "{url}");
        });
    }
}

#[test]
fn a_response_from_another_origin_signs_no_user_in() {
    run_in_each_mode(async |world| {
        let tab = world.tab();
        world.server.route("/auth/signin", hostile(200, "https://other.example/moved"));
        tab.client.post("/auth/signin").send().await.unwrap();
        let StoredSession { marker, id_refresh, .. } = world.stored();
        assert_eq!(world.stored(), StoredSession { marker, id_refresh, ..StoredSession::default() });
        assert_eq!(tab.user().await, None);
    });
}

#[test]
fn session_headers_after_a_redirect_within_the_api_are_stored() {
    for url in WITHIN {
        run_in_each_mode(async |world| {
            let tab = world.signed_in("ann").await;
            let up = json!({ "sessionHandle": "handle-0", "role": "admin" });
            let front = encode_front(&json!({ "uid": "ann", "ate": EPOCH_MS * 2, "up": up }));
            world
                .server
                .route("/moved", Reply::new(200, "").header("front-token", &front).redirected_to(url));
            tab.get("/moved").await.unwrap();
            assert_eq!(world.stored().front.unwrap().reveal(), front, "{url}");
        });
    }
}

#[test]
fn a_401_after_a_redirect_within_the_api_causes_a_refresh() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.fail_once("/orders", Fault::Instead(Reply::new(401, "").redirected_to(WITHIN[1])));
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn a_request_to_another_host_that_is_redirected_to_the_api_uses_no_session() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let stored = world.stored();
        for status in [200, 401] {
            world.network.foreign.replace(hostile(status, "https://api.example.com/moved"));
            assert_eq!(tab.status("https://other.example/x").await, status);
        }
        assert_eq!((world.stored(), tab.events(), world.server.refreshes()), (stored, vec![], 0));
    });
}

#[test]
fn a_refresh_redirected_to_another_origin_is_an_error_and_ends_no_session() {
    for url in ELSEWHERE {
        run_in_each_mode(async |world| {
            let tab = world.signed_in("ann").await;
            let stored = world.stored();
            world.server.expire_access_tokens();
            for reply in [
                hostile(200, url),
                ending(200, url),
                ending(401, url),
                Reply::new(404, "").redirected_to(url),
            ] {
                world.server.fail_once(REFRESH, Fault::Instead(reply));
                assert_eq!(tab.get("/orders").await.unwrap_err(), SessionError::RefreshRedirected);
                assert_eq!((world.stored(), tab.events()), (stored.clone(), vec![]), "{url}");
            }
            assert_eq!(tab.status("/orders").await, 200, "the next request succeeds");
        });
    }
}

#[test]
fn a_refresh_that_is_redirected_within_the_api_refreshes() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let front = encode_front(
            &json!({ "uid": "ann", "ate": EPOCH_MS * 2, "up": { "sessionHandle": "handle-0" } }),
        );
        let reply = Reply::new(200, "").header("front-token", &front).redirected_to(WITHIN[0]);
        world.server.fail_once(REFRESH, Fault::Instead(reply));
        assert_eq!(tab.client.refresh().await, Ok(true));
        assert_eq!(world.stored().front.unwrap().reveal(), front);
    });
}

#[test]
fn a_sign_out_redirected_to_another_origin_is_an_error() {
    for reply in [
        Reply::new(200, r#"{"status":"OK"}"#).redirected_to(ELSEWHERE[0]),
        hostile(200, ELSEWHERE[0]),
        ending(401, ELSEWHERE[4]),
    ] {
        run_in_each_mode(async |world| {
            let tab = world.signed_in("ann").await;
            world.server.fail_once(SIGN_OUT, Fault::Instead(reply.clone()));
            let cause = SignOutFailure::Redirected;
            assert_eq!(tab.client.sign_out().await, Err(SessionError::NotRevoked { cause }));
            assert_eq!((tab.user().await, world.stored().has_tokens()), (None, false), "it has ended here");
            assert_eq!(world.server.refreshes(), 0);
        });
    }
}

/// The files are on another host that uses the same session.
struct WithFiles;

impl Overrides for WithFiles {
    fn is_api_url(&self, url: &Url, original: Original<'_>) -> bool {
        url.origin().host() == "files.example.com" || original.is_api_url(url)
    }
}

#[test]
fn session_headers_of_hosts_that_an_override_adds_are_stored() {
    run(async |world| {
        let tab = world.signed_in("ann").await.with_overrides(Rc::new(WithFiles));
        world.server.route("/moved", ending(200, "https://files.example.com/a.pdf"));
        tab.get("/moved").await.unwrap();
        assert_eq!(tab.user().await, None);
    });
}

/// A transport of an app may not know the URL.
struct WithoutUrls(Rc<dyn Transport>);

struct WithoutUrl(Box<dyn TransportResponse>);

impl Transport for WithoutUrls {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        Box::pin(async {
            Ok(Box::new(WithoutUrl(self.0.send(request).await?)) as Box<dyn TransportResponse>)
        })
    }
}

impl TransportResponse for WithoutUrl {
    fn status(&self) -> u16 {
        self.0.status()
    }

    fn header(&self, name: &str) -> Option<String> {
        self.0.header(name)
    }

    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        self.0.bytes()
    }

    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        self.0.peek()
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

#[test]
fn session_headers_of_a_transport_without_urls_are_stored() {
    run(async |world: &World| {
        let tab = world.signed_in("ann").await;
        let transport = Rc::new(WithoutUrls(tab.client.platform().unwrap().transport.clone()));
        world.server.route("/x", ending(200, &format!("{API}/x")));
        tab.client.get("/x").by(transport).send().await.unwrap();
        assert_eq!(tab.user().await, None);
    });
}
