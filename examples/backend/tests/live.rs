//! The WebSocket at `/api/live`: which clients get messages, and until when.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::time::{Duration, Instant};

use axum::http::HeaderValue;
use axum::http::header::{COOKIE, ORIGIN};
use backend::{Generation, Options, Server, SharedState, router, spawn_with_state};
use common::{Api, Browser, in_both_generations};
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

const UNAUTHORISED: CloseCode = CloseCode::Library(4401);

/// A server on a port, and a browser in which a user has signed up.
async fn stage(options: Options, header_mode: bool) -> (Server, Browser) {
    let state = SharedState::new().unwrap();
    let api = Api { generation: options.generation, router: router(options.clone(), state.clone()) };
    let server = spawn_with_state(options, state).await.unwrap();
    let mut browser = if header_mode { Browser::in_header_mode(&api) } else { Browser::new(&api) };
    browser.sign_up("jo@example.com").await.is(200);
    (server, browser)
}

struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// Opens a connection with these cookies as a page of that origin. The error is the status of the rejection.
    async fn open(server: &Server, cookies: &str, origin: Option<&'static str>) -> Result<Self, u16> {
        let mut handshake = format!("ws://{}/api/live", server.address()).into_client_request().unwrap();
        if !cookies.is_empty() {
            handshake.headers_mut().insert(COOKIE, HeaderValue::from_str(cookies).unwrap());
        }
        if let Some(origin) = origin {
            handshake.headers_mut().insert(ORIGIN, HeaderValue::from_static(origin));
        }
        let stream = TcpStream::connect(server.address()).await.unwrap();
        match client_async(handshake, stream).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    /// Opens a connection and sends the first message.
    async fn greet(server: &Server, cookies: &str, hello: &str) -> Self {
        let mut socket = Self::open(server, cookies, None).await.unwrap();
        socket.0.send(Message::text(hello)).await.unwrap();
        socket
    }

    async fn next(&mut self) -> Message {
        let next = timeout(Duration::from_secs(8), self.0.next()).await.expect("a message in time");
        next.expect("a message and no end").unwrap()
    }

    async fn gets_news(&mut self) {
        let Message::Text(text) = self.next().await else { panic!("no news") };
        let news: Value = serde_json::from_str(&text).unwrap();
        assert!(news["text"].as_str().is_some_and(|text| !text.is_empty()), "{news}");
        assert!(news["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{news}");
    }

    /// Asserts a close without a session, before any more messages.
    async fn is_closed(&mut self) {
        let message = self.next().await;
        let Message::Close(Some(frame)) = message else { panic!("{message:?}") };
        assert_eq!(frame.code, UNAUTHORISED, "{}", frame.reason);
        assert!(!frame.reason.is_empty());
    }

    /// Asserts a close after any number of messages.
    async fn is_closed_in_time(&mut self) {
        loop {
            match self.next().await {
                Message::Text(_) => {}
                Message::Close(Some(frame)) => return assert_eq!(frame.code, UNAUTHORISED),
                other => panic!("{other:?}"),
            }
        }
    }
}

fn cookies(browser: &Browser) -> String {
    let cookies = browser.cookies.iter().filter(|(name, _)| *name != "sRefreshToken");
    cookies.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}

in_both_generations! {
    with_a_session_the_feed_sends_messages
    the_feed_closes_when_the_access_token_expires
    the_feed_closes_when_the_session_is_revoked
}

async fn with_a_session_the_feed_sends_messages(generation: Generation) {
    let (server, browser) = stage(Options { generation, ..Options::default() }, false).await;
    let mut socket = Socket::greet(&server, &cookies(&browser), "").await;
    for _ in 0..3 {
        socket.gets_news().await;
    }
}

async fn the_feed_closes_when_the_access_token_expires(generation: Generation) {
    let lifetime = Duration::from_secs(2);
    let options = Options { generation, access_token_lifetime: lifetime, ..Options::default() };
    let begin = Instant::now();
    let (server, mut browser) = stage(options, false).await;
    let mut socket = Socket::greet(&server, &cookies(&browser), "").await;
    socket.gets_news().await;
    socket.is_closed_in_time().await;
    // The expiry is in whole seconds, and the feed checks it twice a second.
    let lived = begin.elapsed();
    assert!((Duration::from_secs(1)..lifetime + Duration::from_secs(3)).contains(&lived), "{lived:?}");

    // The old token is rejected, and a fresh one is accepted.
    Socket::greet(&server, &cookies(&browser), "").await.is_closed().await;
    browser.refresh().await.is(200);
    Socket::greet(&server, &cookies(&browser), "").await.gets_news().await;
}

async fn the_feed_closes_when_the_session_is_revoked(generation: Generation) {
    let (server, browser) = stage(Options { generation, ..Options::default() }, false).await;
    let mut socket = Socket::greet(&server, &cookies(&browser), "").await;
    socket.gets_news().await;
    server.controls().revoke_all();
    socket.is_closed_in_time().await;
}

#[tokio::test]
async fn in_header_mode_the_token_is_the_first_message() {
    let (server, browser) = stage(Options::default(), true).await;
    let mut socket = Socket::greet(&server, "", &browser.access).await;
    socket.gets_news().await;
    server.controls().expire_all();
    socket.is_closed_in_time().await;
}

#[tokio::test]
async fn without_a_session_the_feed_sends_no_messages() {
    let (server, browser) = stage(Options::default(), true).await;
    for (cookies, hello) in [
        ("", ""),
        ("sAccessToken=nonsense", ""),
        ("", "nonsense"),
        ("", browser.refresh.as_str()),
        ("", "no\nheader"),
    ] {
        Socket::greet(&server, cookies, hello).await.is_closed().await;
    }
}

#[tokio::test]
async fn a_client_that_sends_no_first_message_is_closed() {
    let (server, browser) = stage(Options::default(), false).await;
    let mut socket = Socket::open(&server, &cookies(&browser), None).await.unwrap();
    socket.is_closed().await;
}

/// A browser sends the user's cookies with such a connection.
#[tokio::test]
async fn a_page_of_another_site_can_not_connect() {
    let (server, browser) = stage(Options::default(), false).await;
    let cookies = cookies(&browser);
    for origin in ["https://evil.example", "null"] {
        assert_eq!(Socket::open(&server, &cookies, Some(origin)).await.err(), Some(401), "{origin}");
    }
    assert!(Socket::open(&server, &cookies, Some("http://localhost:3000")).await.is_ok());
}

#[tokio::test]
async fn the_feed_ends_with_the_server() {
    let (mut server, browser) = stage(Options::default(), false).await;
    let mut socket = Socket::greet(&server, &cookies(&browser), "").await;
    socket.gets_news().await;
    server.stop().await;
    while let Some(Ok(message)) = timeout(Duration::from_secs(8), socket.0.next()).await.expect("an end") {
        assert!(matches!(message, Message::Text(_)), "{message:?}");
    }
}
