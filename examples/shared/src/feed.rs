//! The live feed: a WebSocket that connects with a fresh session, and reconnects when the API closes it.

use std::{collections::VecDeque, pin::pin};

use futures_util::{
    SinkExt, StreamExt,
    future::{AbortHandle, Abortable},
};
use gloo_net::websocket::{Message, WebSocketError, futures::WebSocket};
use gloo_timers::future::TimeoutFuture;
use serde::Deserialize;
use supertokens_session::{SessionClient, SessionError, TokenTransferMethod};
use wasm_bindgen_futures::spawn_local;

/// The code with which the API closes a connection with an invalid or expired session.
const UNAUTHORISED: u16 = 4401;

const RECONNECT_AFTER_MS: u32 = 2_000;
const MAX_MESSAGES: usize = 8;

/// A message of the feed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct FeedMessage {
    pub at: String,
    pub text: String,
}

impl FeedMessage {
    /// The time of day, such as `09:30:00`.
    pub fn time(&self) -> &str {
        self.at.split_once('T').map_or("", |(_, time)| time.trim_end_matches('Z'))
    }
}

/// The state of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum ConnectionState {
    #[default]
    Connecting,
    Open,
    /// The connection was closed or could not be opened. The feed reconnects.
    Disconnected,
}

/// What the feed shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Feed {
    state: ConnectionState,
    /// How often the connection was opened.
    pub opened: u32,
    /// Numbered messages, newest first.
    pub messages: VecDeque<(usize, FeedMessage)>,
}

impl Feed {
    pub fn state_text(&self) -> &'static str {
        match self.state {
            ConnectionState::Connecting => "Connecting",
            ConnectionState::Open => "Live",
            ConnectionState::Disconnected => "Disconnected, reconnecting soon",
        }
    }

    /// The words after the number of connections.
    pub fn opened_text(&self) -> &'static str {
        if self.opened == 1 { " time so far." } else { " times so far." }
    }

    fn add(&mut self, message: FeedMessage) {
        let number = self.messages.front().map_or(1, |(number, _)| number + 1);
        self.messages.push_front((number, message));
        self.messages.truncate(MAX_MESSAGES);
    }
}

/// A connection of the feed, and of those after it. Dropping it closes the socket.
#[must_use]
#[derive(Debug)]
pub struct Connection(AbortHandle);

impl Connection {
    /// Connects, and gives each change of the feed to `publish`.
    pub fn open(client: SessionClient, publish: impl Fn(Feed) + 'static) -> Self {
        let (handle, registration) = AbortHandle::new_pair();
        let mut feed = Connected { client, feed: Feed::default(), publish };
        spawn_local(async move {
            // Ends when the connection is dropped.
            let _ = Abortable::new(feed.stay_connected(), registration).await;
        });
        Self(handle)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

struct Connected<Publish> {
    client: SessionClient,
    feed: Feed,
    publish: Publish,
}

impl<Publish: Fn(Feed)> Connected<Publish> {
    async fn stay_connected(&mut self) {
        loop {
            match self.connect_once().await {
                // The access token has expired, so the feed reconnects at once with a fresh one.
                Ok(End::Unauthorised { had_messages: true }) => self.set_state(ConnectionState::Connecting),
                Ok(End::Unauthorised { had_messages: false }) => {
                    self.set_state(ConnectionState::Disconnected);
                    // The server rejected a token that was still valid by the client's clock.
                    let _ = self.client.refresh().await;
                    TimeoutFuture::new(RECONNECT_AFTER_MS).await;
                }
                // The guard redirects to the login page.
                Err(SessionError::NoSession) => return,
                Ok(End::Broken) | Err(_) => {
                    self.set_state(ConnectionState::Disconnected);
                    TimeoutFuture::new(RECONNECT_AFTER_MS).await;
                }
            }
        }
    }

    async fn connect_once(&mut self) -> Result<End, SessionError> {
        let token = first_message(&self.client).await?;
        let Ok(socket) = WebSocket::open(&url(&self.client)) else { return Ok(End::Broken) };
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
                        self.feed.state = ConnectionState::Open;
                        self.feed.opened += 1;
                    }
                    if let Ok(message) = serde_json::from_str(&text) {
                        self.feed.add(message);
                    }
                    self.publish();
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

    fn set_state(&mut self, state: ConnectionState) {
        self.feed.state = state;
        self.publish();
    }

    fn publish(&self) {
        (self.publish)(self.feed.clone());
    }
}

/// Why a connection ended.
enum End {
    Unauthorised { had_messages: bool },
    Broken,
}

/// The first message: the access token in header mode, and an empty text in cookie mode, where the browser sends the
/// cookie. Both are refreshed if they expire soon.
async fn first_message(client: &SessionClient) -> Result<String, SessionError> {
    match client.config().token_transfer_method() {
        TokenTransferMethod::Header => Ok(client.fresh_access_token().await?.reveal().to_owned()),
        TokenTransferMethod::Cookie => client.ensure_fresh().await.map(|()| String::new()),
    }
}

/// The URL of the WebSocket, with `ws` for `http` and `wss` for `https`.
fn url(client: &SessionClient) -> String {
    let api = client.config().api_domain().to_string();
    format!("{}/api/live", api.replacen("http", "ws", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_time_of_day_is_shown() {
        for (at, shown) in [("2026-03-01T09:30:00Z", "09:30:00"), ("?", "")] {
            let message = FeedMessage { at: at.to_owned(), text: String::new() };
            assert_eq!(message.time(), shown);
        }
    }

    #[test]
    fn the_newest_messages_stay() {
        let mut feed = Feed::default();
        for _ in 0..MAX_MESSAGES + 2 {
            feed.add(FeedMessage { at: String::new(), text: String::new() });
        }
        let numbers: Vec<_> = feed.messages.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, (3..=MAX_MESSAGES + 2).rev().collect::<Vec<_>>());
    }
}
