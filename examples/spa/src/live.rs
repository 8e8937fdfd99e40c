//! The live feed: a WebSocket that connects with a fresh session, and reconnects when the API closes it.

use std::{collections::VecDeque, pin::pin};

use futures_util::{
    SinkExt, StreamExt,
    future::{AbortHandle, Abortable},
};
use gloo_net::websocket::{Message, WebSocketError, futures::WebSocket};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use supertokens_leptos::{Session, SessionError, TokenTransferMethod};

/// The code with which the API closes a connection with an invalid or expired session.
const UNAUTHORISED: u16 = 4401;

const RECONNECT_AFTER_MS: u32 = 2_000;
const MAX_MESSAGES: usize = 8;

/// A message of the feed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct FeedMessage {
    pub(crate) at: String,
    pub(crate) text: String,
}

/// The state of the connection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum ConnectionState {
    Connecting,
    Open,
    /// The connection was closed or could not be opened. The feed reconnects.
    Disconnected,
}

/// The feed as signals, until the component that connects it is cleaned up.
#[derive(Clone, Copy)]
pub(crate) struct Feed {
    pub(crate) state: RwSignal<ConnectionState>,
    /// Numbered messages, newest first.
    pub(crate) messages: RwSignal<VecDeque<(usize, FeedMessage)>>,
    /// How often the connection was opened.
    pub(crate) opened: RwSignal<u32>,
}

impl Feed {
    pub(crate) fn connect(session: Session) -> Self {
        let feed = Self {
            state: RwSignal::new(ConnectionState::Connecting),
            messages: RwSignal::new(VecDeque::new()),
            opened: RwSignal::new(0),
        };
        let (handle, registration) = AbortHandle::new_pair();
        spawn_local(async move {
            // The component aborts the task, which closes the socket.
            let _ = Abortable::new(feed.stay_connected(session), registration).await;
        });
        on_cleanup(move || handle.abort());
        feed
    }

    async fn stay_connected(self, session: Session) {
        loop {
            let end = self.connect_once(session).await;
            let client = session.client();
            match end {
                // The access token has expired, so the feed reconnects at once with a fresh one.
                Ok(End::Unauthorised { had_messages: true }) => self.state.set(ConnectionState::Connecting),
                Ok(End::Unauthorised { had_messages: false }) => {
                    self.state.set(ConnectionState::Disconnected);
                    // The server rejected a token that was still valid by the client's clock.
                    let _ = client.refresh().await;
                    TimeoutFuture::new(RECONNECT_AFTER_MS).await;
                }
                // The guard redirects to the login page.
                Err(SessionError::NoSession) => return,
                Ok(End::Broken) | Err(_) => {
                    self.state.set(ConnectionState::Disconnected);
                    TimeoutFuture::new(RECONNECT_AFTER_MS).await;
                }
            }
        }
    }

    async fn connect_once(self, session: Session) -> Result<End, SessionError> {
        let token = first_message(session).await?;
        let Ok(socket) = WebSocket::open(&url(session)) else { return Ok(End::Broken) };
        let mut socket = pin!(socket);
        if socket.send(Message::Text(token)).await.is_err() {
            return Ok(End::Broken);
        }
        let mut had_messages = false;
        while let Some(received) = socket.next().await {
            match received {
                Ok(Message::Text(text)) => {
                    if !had_messages {
                        had_messages = true;
                        self.state.set(ConnectionState::Open);
                        self.opened.update(|opened| *opened += 1);
                    }
                    if let Ok(message) = serde_json::from_str(&text) {
                        self.add(message);
                    }
                }
                Err(WebSocketError::ConnectionClose(closed)) if closed.code == UNAUTHORISED => {
                    return Ok(End::Unauthorised { had_messages });
                }
                Ok(Message::Bytes(_)) => {}
                Err(_) => break,
            }
        }
        Ok(End::Broken)
    }

    fn add(self, message: FeedMessage) {
        self.messages.update(|messages| {
            let number = messages.front().map_or(1, |(number, _)| number + 1);
            messages.push_front((number, message));
            messages.truncate(MAX_MESSAGES);
        });
    }
}

/// Why a connection ended.
enum End {
    Unauthorised { had_messages: bool },
    Broken,
}

/// The first message: the access token in header mode, and an empty text in cookie mode, where the browser sends the
/// cookie. Both are refreshed if they expire soon.
async fn first_message(session: Session) -> Result<String, SessionError> {
    match session.client().config().token_transfer_method() {
        TokenTransferMethod::Header => Ok(session.fresh_access_token().await?.reveal().to_owned()),
        TokenTransferMethod::Cookie => session.ensure_fresh().await.map(|()| String::new()),
    }
}

/// The URL of the WebSocket, with `ws` for `http` and `wss` for `https`.
fn url(session: Session) -> String {
    let api = session.client().config().api_domain().to_string();
    format!("{}/api/live", api.replacen("http", "ws", 1))
}
