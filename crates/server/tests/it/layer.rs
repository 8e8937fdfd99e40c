//! The layer and the extractors in an axum app.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::Extension,
    http::{HeaderMap, Method, Request, Response, StatusCode},
    response::IntoResponse,
    routing::{get, post},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use supertokens_server::{PageSession, Refusal, RequestSession, Require, SessionLayer, VerifiedSession};
use tower::ServiceExt;

use crate::support::*;

struct Received {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Received {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn send(app: Router, method: Method, path: &str, headers: HeaderMap) -> Received {
    let mut request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    *request.headers_mut() = headers;
    let response = app.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = String::from_utf8(body.collect().await.unwrap().to_bytes().into()).unwrap();
    Received { status: parts.status.as_u16(), headers: parts.headers, body }
}

async fn get_page(app: &Router, path: &str) -> Received {
    send(app.clone(), Method::GET, path, HeaderMap::new()).await
}

async fn user(session: VerifiedSession) -> String {
    session.user_id().to_owned()
}

async fn maybe_user(session: Option<VerifiedSession>) -> String {
    session.map_or("none".to_owned(), |session| session.user_id().to_owned())
}

async fn admin(session: VerifiedSession) -> Result<Json<Value>, Refusal> {
    session.require(&Require::role("owner"))?;
    Ok(Json(json!({})))
}

const PAGE: [(&str, &str); 3] =
    [("set-cookie", "theme=dark"), ("cache-control", "public"), ("etag", "\"secret\"")];

fn app(layer: SessionLayer) -> Router {
    let redirect = |session: RequestSession| async move {
        session.redirect("/login?to=/a b\r\nx-evil: 1");
        session.redirect("/second");
        session.set_status(StatusCode::FORBIDDEN);
        (PAGE, "the protected page")
    };
    let denied = |session: RequestSession| async move {
        assert!(session.page().session().is_none());
        session.set_status(StatusCode::FORBIDDEN);
        (PAGE, "access denied")
    };
    let refused = |session: RequestSession| async move {
        session.refuse(&session.call().unwrap_err());
        session.redirect("/login");
        (PAGE, "the protected data")
    };
    Router::new()
        .route("/redirect", get(redirect))
        .route("/denied", get(denied))
        .route("/refused", get(refused))
        .route("/public", get(|| async { (PAGE, "public") }))
        .route("/marked", get(|session: RequestSession| async move { session.mark_dependent() }))
        .route("/user", get(user).post(user))
        .route("/maybe", get(maybe_user))
        .route("/admin", post(admin))
        .layer(layer)
}

#[tokio::test]
async fn a_redirect_has_no_body_of_the_page() {
    let server = KeyServer::start().await;
    let received = get_page(&app(SessionLayer::new(server.verifier.clone())), "/redirect").await;
    assert_eq!((received.status, &*received.body), (302, ""));
    assert_eq!(received.header("location"), "/login?to=/a%20b%0D%0Ax-evil:%201");
    assert_eq!(received.header("cache-control"), "private, no-store");
    assert_eq!((received.header("set-cookie"), received.header("etag")), ("theme=dark", ""));
}

/// A body that notes that it was dropped, and that must not be read.
struct Watched(Arc<AtomicBool>);

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        panic!("the body of the page is read")
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn a_redirect_drops_the_body_unread() {
    let server = KeyServer::start().await;
    let is_dropped = Arc::new(AtomicBool::new(false));
    let watched = is_dropped.clone();
    let page = move |session: RequestSession| async move {
        session.redirect("/login");
        Response::new(Body::new(Watched(watched)))
    };
    let app = Router::new().route("/", get(page)).layer(SessionLayer::new(server.verifier.clone()));
    let request = Request::new(Body::empty());
    let response = app.oneshot(request).await.unwrap();
    assert!(is_dropped.load(Ordering::SeqCst));
    assert_eq!(response.status(), 302);
}

#[tokio::test]
async fn a_status_leaves_the_body_and_the_headers() {
    let server = KeyServer::start().await;
    let received = get_page(&app(SessionLayer::new(server.verifier.clone())), "/denied").await;
    assert_eq!((received.status, &*received.body), (403, "access denied"));
    assert_eq!((received.header("set-cookie"), received.header("etag")), ("theme=dark", "\"secret\""));
    assert_eq!(received.header("cache-control"), "private, no-store");
}

#[tokio::test]
async fn a_refusal_replaces_the_response() {
    let server = KeyServer::start().await;
    let received = get_page(&app(SessionLayer::new(server.verifier.clone())), "/refused").await;
    assert_eq!((received.status, &*received.body), (401, r#"{"message":"unauthorised"}"#));
    assert_eq!(received.header("content-type"), "application/json; charset=utf-8");
    assert_eq!((received.header("location"), received.header("etag")), ("", ""));
    assert_eq!(received.header("cache-control"), "private, no-store");
}

#[tokio::test]
async fn only_responses_that_depend_on_the_session_are_not_stored() {
    let server = KeyServer::start().await;
    let app = app(SessionLayer::new(server.verifier.clone()));
    for (path, cache) in [
        ("/public", "public"),
        ("/marked", "private, no-store"),
        ("/user", "private, no-store"),
        ("/maybe", "private, no-store"),
    ] {
        assert_eq!(get_page(&app, path).await.header("cache-control"), cache, "{path}");
    }
}

#[tokio::test]
async fn extractors_give_the_session_or_refuse_the_call() {
    let server = KeyServer::start().await;
    let app = app(SessionLayer::new(server.verifier.clone()));
    let (good, expired) = (payload(), payload_expiring(now_s() - 60));
    let good = || page(None, Some(&Key::one().token(&good)));
    let expired = || page(None, Some(&Key::one().token(&expired)));
    let get = |path, headers| send(app.clone(), Method::GET, path, headers);
    let outcome = |received: Received| (received.status, received.body);

    assert_eq!(outcome(get("/user", good()).await), (200, "user-1".to_owned()));
    assert_eq!(outcome(get("/maybe", good()).await), (200, "user-1".to_owned()));
    assert_eq!(
        outcome(get("/user", HeaderMap::new()).await),
        (401, r#"{"message":"unauthorised"}"#.to_owned())
    );
    assert_eq!(outcome(get("/maybe", HeaderMap::new()).await), (200, "none".to_owned()));
    // An expired session is to be refreshed, not to be ignored.
    for path in ["/user", "/maybe"] {
        assert_eq!(
            outcome(get(path, expired()).await),
            (401, r#"{"message":"try refresh token"}"#.to_owned())
        );
    }
    let received = send(app.clone(), Method::POST, "/admin", good()).await;
    assert_eq!(received.status, 403);
    assert!(received.body.contains(r#""claimValidationErrors":[{"id":"st-role""#), "{}", received.body);
}

#[tokio::test]
async fn without_the_layer_extractors_name_it() {
    let app = Router::new()
        .route("/user", get(user))
        .route("/maybe", get(maybe_user))
        .route("/request", get(|_: RequestSession| async {}));
    for path in ["/user", "/maybe", "/request"] {
        let received = get_page(&app, path).await;
        assert_eq!(received.status, 500, "{path}");
        assert!(received.body.contains("SessionLayer::new(verifier)"), "{}", received.body);
    }
}

#[tokio::test]
async fn layers_within_each_other_verify_a_request_once() {
    let server = KeyServer::start().await;
    let sessions = Arc::new(Mutex::new(Vec::new()));
    let seen = sessions.clone();
    let handler = move |session: RequestSession, Extension(_): Extension<RequestSession>| async move {
        session.redirect("/login");
        seen.lock().unwrap().push(session);
    };
    // The inner verifier would refuse the token.
    let other = KeyServer::behaving(Behaviour::Keys(vec![Key::two().jwk()])).await;
    let app = Router::new()
        .route("/", get(handler))
        .layer(SessionLayer::new(other.verifier.clone()))
        .layer(SessionLayer::new(server.verifier.clone()));
    let good = payload();
    let headers = page(Some(&front(&good)), Some(&Key::one().token(&good)));
    let received = send(app, Method::GET, "/", headers).await;
    assert_eq!(received.status, 302);
    assert!(matches!(sessions.lock().unwrap()[0].page(), PageSession::Authenticated(_)));
    assert_eq!((server.requests(), other.requests()), (1, 0));
}

#[tokio::test]
async fn it_works_on_a_real_connection() {
    let server = KeyServer::start().await;
    let app = app(SessionLayer::new(server.verifier.clone()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let response = client.get(format!("{url}/redirect")).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.headers()["content-length"].as_bytes()),
        (302, b"0".as_slice())
    );
    assert_eq!(response.text().await.unwrap(), "");
    let bearer = client.get(format!("{url}/user")).bearer_auth(Key::one().token(&payload()));
    assert_eq!(bearer.send().await.unwrap().text().await.unwrap(), "user-1");
}

#[test]
fn a_refusal_is_a_response() {
    let response = Refusal::no_layer().into_response();
    assert_eq!(
        (response.status().as_u16(), response.headers()["cache-control"].as_bytes()),
        (500, b"private, no-store".as_slice())
    );
}
