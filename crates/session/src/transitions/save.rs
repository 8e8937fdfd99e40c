use super::{
    LocalState, SessionKey, StoreRead, clock_skew_ms, events, is_of_another_api, may_save_refresh, owner,
};
use crate::{
    event::SessionEvent,
    platform::{Change, Changes, RefreshBackoff, StoredSession},
    protocol::response_headers::{FrontTokenHeader, SessionHeaders},
    token::{FrontToken, IdRefreshToken, Marker},
};

/// The kind of request that a response belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseTo {
    /// A request of the app, or sign-out.
    Request,
    /// The refresh call.
    Refresh,
}

/// The client's values that [`save`] needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SaveRules<'a> {
    /// A hash of the client's API.
    pub(crate) api: u64,
    pub(crate) expired_status: u16,
    pub(crate) device_now_ms: i64,
    /// The last session that the client knew.
    pub(crate) last_session: Option<&'a SessionKey>,
}

/// The changes of the store, and the events to emit.
#[derive(Debug)]
pub(crate) struct Write {
    pub(crate) changes: Changes,
    pub(crate) events: Vec<SessionEvent>,
    /// The front token in the store after the write.
    pub(crate) front: Option<FrontToken>,
}

/// The response's session has ended or was replaced, or its front token is older than the stored one.
#[derive(Debug)]
pub(crate) struct Outdated;

/// The changes from a response's session headers; none if there are none, or if all are stored already. `sent` is the
/// state that the request was sent with, `now` the current store.
pub(crate) fn save(
    to: ResponseTo,
    sent: &LocalState,
    now: &StoreRead,
    headers: SessionHeaders,
    status: u16,
    rules: SaveRules<'_>,
) -> Result<Option<Write>, Outdated> {
    if headers.is_empty() {
        return Ok(None);
    }
    let may_save = match to {
        ResponseTo::Request => may_save(sent, &now.state, &headers.front),
        ResponseTo::Refresh => may_save_refresh(sent, &now.state),
    };
    let of_another_api = is_of_another_api(&now.stored, rules.api);
    let is_foreign = of_another_api && !matches!(headers.front, FrontTokenHeader::Token { .. });
    if !may_save || is_foreign {
        return Err(Outdated);
    }
    if to == ResponseTo::Request {
        // Requests that were sent together receive the same tokens.
        if headers.is_stored(&now.stored) {
            return Ok(None);
        }
        if let FrontTokenHeader::Token { front, .. } = &headers.front
            && is_outdated(front, now, rules.last_session)
        {
            return Err(Outdated);
        }
    }
    let before = now.session_front();
    let events = events(before, &headers.front, status, rules.expired_status);
    let front = match &headers.front {
        FrontTokenHeader::Token { front, .. } => Some(front.clone()),
        FrontTokenHeader::Remove => None,
        FrontTokenHeader::None | FrontTokenHeader::Unreadable => before.cloned(),
    };
    let mut changes = changes(headers, &now.stored, rules.device_now_ms);
    if of_another_api {
        clear_other_tokens(&mut changes);
    }
    if front.is_some() {
        owner::write_owner(&mut changes, &now.stored, rules.api);
    }
    Ok(Some(Write { changes, events, front }))
}

/// Whether a front token is outdated: older than the stored one, or of an ended session.
fn is_outdated(received: &FrontToken, now: &StoreRead, last_session: Option<&SessionKey>) -> bool {
    if now.state != LocalState::NotExists {
        return now.front.as_ref().is_some_and(|stored| is_older(received, stored));
    }
    // A backend never reuses a handle. Without a handle, this may be the user's next session.
    let received = SessionKey::of(received);
    received.has_handle() && last_session == Some(&received)
}

/// Whether a response's session headers may still be saved: not if their session has ended or was replaced. `sent` is
/// the state that the request was sent with, `now` the current state.
pub(crate) fn may_save(sent: &LocalState, now: &LocalState, front: &FrontTokenHeader) -> bool {
    let (sent, now) = (sent.key(), now.key());
    match front {
        FrontTokenHeader::Token { front, .. } => {
            let received = SessionKey::of(front);
            now == Some(&received) || sent != Some(&received)
        }
        FrontTokenHeader::Remove | FrontTokenHeader::None | FrontTokenHeader::Unreadable => sent == now,
    }
}

/// Whether a front token is older than the stored one of the same session: an HTTP cache replayed it, or its response
/// is late. The time of issue decides, then the expiry. Tokens of the same second count as equally old.
pub(crate) fn is_older(received: &FrontToken, stored: &FrontToken) -> bool {
    let is_before = match (received.issued_at_ms(), stored.issued_at_ms()) {
        (Some(received_ms), Some(stored_ms)) if received_ms != stored_ms => received_ms < stored_ms,
        _ => received.expires_at_ms() < stored.expires_at_ms(),
    };
    is_before && SessionKey::of(received) == SessionKey::of(stored)
}

/// The changes from a response's headers.
pub(crate) fn changes(headers: SessionHeaders, stored: &StoredSession, device_now_ms: i64) -> Changes {
    if headers.front == FrontTokenHeader::Remove {
        return end_session(stored, device_now_ms);
    }
    let (front, skew) = match headers.front {
        FrontTokenHeader::Token { text, front } => {
            (Change::Set(text), Some(clock_skew_ms(&front, device_now_ms)))
        }
        FrontTokenHeader::None | FrontTokenHeader::Unreadable | FrontTokenHeader::Remove => {
            (Change::Keep, None)
        }
    };
    let updated = front != Change::Keep || headers.access != Change::Keep || headers.refresh != Change::Keep;
    // An anti-CSRF token without a session protects nothing.
    let anti_csrf =
        if front != Change::Keep || stored.front.is_some() { headers.anti_csrf } else { Change::Keep };
    // An older backend's marker is enough, and unlike the current marker it expires with the session. The browser does
    // not store an expired one.
    let is_valid = |token: &IdRefreshToken| token.expires_at_ms().is_none_or(|end| end > device_now_ms);
    let has_marker =
        stored.marker.is_none() && matches!(&headers.id_refresh, Change::Set(token) if is_valid(token));
    Changes {
        marker: if updated && !has_marker { next_marker(stored, device_now_ms) } else { Change::Keep },
        id_refresh: headers.id_refresh,
        front,
        anti_csrf,
        access: headers.access,
        refresh: headers.refresh,
        clock_skew_ms: skew,
        backoff: if updated { clear_backoff(stored) } else { Change::Keep },
        ..Changes::default()
    }
}

/// Clears the tokens that a new session does not replace: those of another API's session.
pub(crate) fn clear_other_tokens(changes: &mut Changes) {
    fn clear<T: PartialEq>(change: &mut Change<T>) {
        if *change == Change::Keep {
            *change = Change::Clear;
        }
    }
    clear(&mut changes.id_refresh);
    clear(&mut changes.anti_csrf);
    clear(&mut changes.access);
    clear(&mut changes.refresh);
}

/// The changes when a session ends: they clear all tokens, and a new marker records the end.
pub(crate) fn end_session(stored: &StoredSession, device_now_ms: i64) -> Changes {
    Changes {
        front: Change::Clear,
        marker: next_marker(stored, device_now_ms),
        // Pages with an older SDK on this site read this marker.
        id_refresh: match stored.id_refresh {
            Some(_) => Change::Set(IdRefreshToken::Removed),
            None => Change::Keep,
        },
        anti_csrf: Change::Clear,
        access: Change::Clear,
        refresh: Change::Clear,
        owner: if stored.owner.is_some() { Change::Clear } else { Change::Keep },
        backoff: clear_backoff(stored),
        ..Changes::default()
    }
}

/// New tokens or the end of the session end the backoff.
fn clear_backoff(stored: &StoredSession) -> Change<RefreshBackoff> {
    if stored.backoff.is_some() { Change::Clear } else { Change::Keep }
}

/// A marker that differs from the previous one: the time, plus a count within the same millisecond.
fn next_marker(stored: &StoredSession, device_now_ms: i64) -> Change<Marker> {
    let before = stored.marker.as_ref().map_or("", Marker::reveal);
    let (time, count) = before.split_once('.').unwrap_or((before, "0"));
    let now = device_now_ms.to_string();
    let next = if time == now {
        format!("{now}.{}", count.parse::<u32>().unwrap_or(0).wrapping_add(1))
    } else {
        now
    };
    Marker::parse(&next).map_or(Change::Keep, Change::Set)
}
