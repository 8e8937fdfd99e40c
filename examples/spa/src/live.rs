//! The live feed: a WebSocket that begins with a fresh session, and begins anew when the API closes it.

use std::{collections::VecDeque, pin::pin};

use futures_util::{
    SinkExt, StreamExt,
    future::{AbortHandle, Abortable},
};
use gloo_net::websocket::{Message, WebSocketError, futures::WebSocket};
use leptos::{prelude::*, task::spawn_local};
use serde::Deserialize;
use supertokens_leptos::{Session, SessionError, TokenTransferMethod};

/// How the API closes a connection whose session is no good (any more).
const UNAUTHORISED: u16 = 4401;

const WAIT_MS: u32 = 2_000;
const KEPT: usize = 8;

/// What happened somewhere, and when.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct News {
    pub(crate) at: String,
    pub(crate) text: String,
}

/// How the connection is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Line {
    Connecting,
    Open,
    /// It was closed, or never opened; the next try comes by itself.
    Lost,
}

/// The feed as signals, for as long as the component that connects it is there.
#[derive(Clone, Copy)]
pub(crate) struct Feed {
    pub(crate) line: RwSignal<Line>,
    /// The latest first, numbered.
    pub(crate) news: RwSignal<VecDeque<(usize, News)>>,
    /// How often it was opened.
    pub(crate) opened: RwSignal<u32>,
}

impl Feed {
    pub(crate) fn connect(session: Session) -> Self {
        let feed = Self {
            line: RwSignal::new(Line::Connecting),
            news: RwSignal::new(VecDeque::new()),
            opened: RwSignal::new(0),
        };
        let (handle, registration) = AbortHandle::new_pair();
        spawn_local(async move {
            // Aborted with the component; the socket closes with it.
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
                // What it began with has expired: on with a fresh one, at once.
                Ok(End::Unauthorised { had_news: true }) => self.line.set(Line::Connecting),
                Ok(End::Unauthorised { had_news: false }) => {
                    self.line.set(Line::Lost);
                    // It looked fresh here, and was not: the server knows better.
                    let _ = client.refresh().await;
                    client.platform().clock.sleep(WAIT_MS).await;
                }
                // The guard leads to the login page.
                Err(SessionError::NoSession) => return,
                Ok(End::Broken) | Err(_) => {
                    self.line.set(Line::Lost);
                    client.platform().clock.sleep(WAIT_MS).await;
                }
            }
        }
    }

    async fn connect_once(self, session: Session) -> Result<End, SessionError> {
        let hello = hello(session).await?;
        let Ok(socket) = WebSocket::open(&url(session)) else { return Ok(End::Broken) };
        let mut socket = pin!(socket);
        if socket.send(Message::Text(hello)).await.is_err() {
            return Ok(End::Broken);
        }
        let mut had_news = false;
        while let Some(said) = socket.next().await {
            match said {
                Ok(Message::Text(text)) => {
                    if !had_news {
                        had_news = true;
                        self.line.set(Line::Open);
                        self.opened.update(|opened| *opened += 1);
                    }
                    if let Ok(news) = serde_json::from_str(&text) {
                        self.add(news);
                    }
                }
                Err(WebSocketError::ConnectionClose(closed)) if closed.code == UNAUTHORISED => {
                    return Ok(End::Unauthorised { had_news });
                }
                Ok(Message::Bytes(_)) => {}
                Err(_) => break,
            }
        }
        Ok(End::Broken)
    }

    fn add(self, news: News) {
        self.news.update(|all| {
            let number = all.front().map_or(1, |(number, _)| number + 1);
            all.push_front((number, news));
            all.truncate(KEPT);
        });
    }
}

/// Why a connection is over.
enum End {
    Unauthorised { had_news: bool },
    Broken,
}

/// The first message: the token where there is one that a script can read, else nothing, and the browser has sent the
/// cookie. Good for a while either way.
async fn hello(session: Session) -> Result<String, SessionError> {
    match session.client().config().token_transfer_method() {
        TokenTransferMethod::Header => Ok(session.fresh_access_token().await?.reveal().to_owned()),
        TokenTransferMethod::Cookie => session.ensure_fresh().await.map(|()| String::new()),
    }
}

/// `ws` for `http`, and `wss` for `https`.
fn url(session: Session) -> String {
    let api = session.client().config().api_domain().to_string();
    format!("{}/api/live", api.replacen("http", "ws", 1))
}
