//! The transition tables, row by row and in all combinations.

mod changes;
mod document;
mod events;
mod expiry;
mod local_state;
mod refresh;
mod requests;
mod saves;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};

use super::{
    local_state::Markers,
    save::{changes, is_older, may_save},
    *,
};
use crate::{
    event::SessionEvent,
    platform::{Change, Changes, StoredSession},
    protocol::response_headers::{FrontTokenHeader, SessionHeaders},
    tab_message::TabMessage,
    token::{AccessToken, AntiCsrfToken, FrontToken, FrontTokenText, IdRefreshToken, Marker, RefreshToken},
};

const NOW: i64 = 1_800_000_000_000;

fn front(user: &str, up: Value) -> FrontToken {
    FrontToken::decode(text(user, up).reveal()).unwrap()
}

fn text(user: &str, up: Value) -> FrontTokenText {
    let json = json!({ "uid": user, "ate": NOW + 60_000, "up": up }).to_string();
    FrontTokenText::parse(&BASE64_STANDARD.encode(json)).unwrap()
}

/// A front token of a user's session.
fn of(user: &str, handle: &str) -> FrontToken {
    front(user, json!({ "sessionHandle": handle }))
}

fn token(front: &FrontToken) -> FrontTokenHeader {
    FrontTokenHeader::Token { text: FrontTokenText::parse("irrelevant").unwrap(), front: front.clone() }
}

fn marker(text: &str) -> Marker {
    Marker::parse(text).unwrap()
}

fn older(value: &str, expires_at_ms: Option<i64>) -> IdRefreshToken {
    IdRefreshToken::Current { value: marker(value), expires_at_ms }
}

fn exists(front: &FrontToken, text: &str) -> LocalState {
    exists_with(front, Some(text), None)
}

fn exists_with(front: &FrontToken, current: Option<&str>, older: Option<IdRefreshToken>) -> LocalState {
    let marker = Markers { current: current.map(marker), older };
    LocalState::Exists { marker, key: SessionKey::of(front) }
}

/// A session with every value that a store can contain.
fn full() -> StoredSession {
    StoredSession {
        front: Some(text("ann", json!({}))),
        marker: Some(marker("1")),
        id_refresh: Some(older("irt", None)),
        anti_csrf: AntiCsrfToken::parse("csrf").ok(),
        access: AccessToken::parse("access").ok(),
        refresh: RefreshToken::parse("refresh").ok(),
        clock_skew_ms: 5,
        ..StoredSession::default()
    }
}

fn with_front(front: FrontTokenHeader) -> SessionHeaders {
    SessionHeaders {
        front,
        id_refresh: Change::Keep,
        access: Change::Keep,
        refresh: Change::Keep,
        anti_csrf: Change::Keep,
        unreadable: None,
    }
}

fn stored_after(mut stored: StoredSession, changes: Changes) -> StoredSession {
    stored.apply(changes);
    stored
}
