//! `/api/live`: a WebSocket feed for signed-in users. It ends when its access token expires.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::{interval, timeout};

use crate::clock::{iso_date, now_ms};
use crate::cors;
use crate::error::ApiError;
use crate::session::guard::verify;
use crate::state::App;

/// The close code of a connection without a valid session. Codes from 4000 on are free for APIs.
const UNAUTHORISED: u16 = 4401;

/// How long a client may take to send its first message, and to respond to a close.
const HELLO: Duration = Duration::from_secs(5);
const GOODBYE: Duration = Duration::from_secs(2);

const EVERY: Duration = Duration::from_millis(500);

/// The maximum length of a token.
const LONGEST_MESSAGE: usize = 16 * 1024;

const NEWS: [&str; 4] = [
    "A parcel left the warehouse.",
    "A desk lamp was ordered.",
    "An order was delivered.",
    "A chair came back.",
];

#[derive(Clone)]
struct Live {
    app: App,
    /// Closes when the server stops.
    open: watch::Receiver<()>,
}

/// The route. Its connections end when `open` closes.
pub(crate) fn router(app: App, open: watch::Receiver<()>) -> Router {
    Router::new().route("/api/live", get(live)).with_state(Live { app, open })
}

async fn live(State(live): State<Live>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    // Browsers check no CORS for a WebSocket, so another site could open one with the user's cookies.
    if !cors::may_connect(&live.app.options.allowed_origins, &headers) {
        return ApiError::Unauthorised.into_response();
    }
    upgrade.max_message_size(LONGEST_MESSAGE).on_upgrade(move |socket| attend(live, headers, socket))
}

async fn attend(Live { app, mut open }: Live, handshake: HeaderMap, mut socket: WebSocket) {
    let end = tokio::select! {
        end = feed(&app, &handshake, &mut socket) => end,
        // The channel never sends a value. It fails when the server stops.
        _ = open.changed() => None,
    };
    if let Some(reason) = end {
        let frame = CloseFrame { code: UNAUTHORISED, reason: reason.into() };
        // The client may have closed the connection already.
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            // A close before the peer responds may look like a broken connection (RFC 6455, 7.1.1).
            let drain = async { while let Some(Ok(_)) = socket.recv().await {} };
            timeout(GOODBYE, drain).await.ok();
        }
    }
}

/// Sends messages until the client leaves. Returns the reason when the session is no longer valid.
async fn feed(app: &App, handshake: &HeaderMap, socket: &mut WebSocket) -> Option<&'static str> {
    let Ok(Some(Ok(Message::Text(hello)))) = timeout(HELLO, socket.recv()).await else {
        return Some("no hello");
    };
    let Some(credentials) = credentials(handshake, &hello) else {
        return Some("not a token");
    };
    let mut ticks = interval(EVERY);
    let mut count = 0;
    loop {
        tokio::select! {
            _ = ticks.tick() => {
                // The session may be revoked or the token may expire at any time.
                if verify(app, app.transfer(), &Method::GET, &credentials).is_err() {
                    return Some("no session, or an expired access token");
                }
                let news = json!({ "at": iso_date(now_ms()), "text": NEWS[count % NEWS.len()] });
                socket.send(Message::Text(news.to_string().into())).await.ok()?;
                count += 1;
            }
            // Messages are ignored, except for the client's close.
            received = socket.recv() => { received?.ok()?; }
        }
    }
}

/// The headers for the session check: the handshake's cookies, or the token from the first message in header mode.
fn credentials(handshake: &HeaderMap, hello: &str) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    if hello.is_empty() {
        headers.extend(handshake.get_all(COOKIE).iter().map(|cookie| (COOKIE, cookie.clone())));
    } else {
        headers.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {hello}")).ok()?);
    }
    Some(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_takes_the_place_of_cookies() {
        let mut handshake = HeaderMap::new();
        handshake.insert(COOKIE, HeaderValue::from_static("a=b"));
        handshake.insert(AUTHORIZATION, HeaderValue::from_static("Bearer of the handshake"));
        let of_cookies = credentials(&handshake, "").unwrap();
        assert_eq!((of_cookies.len(), of_cookies[COOKIE].as_bytes()), (1, &b"a=b"[..]));
        let of_token = credentials(&handshake, "t").unwrap();
        assert_eq!((of_token.len(), of_token[AUTHORIZATION].as_bytes()), (1, &b"Bearer t"[..]));
        assert!(credentials(&handshake, "\n").is_none());
    }
}
