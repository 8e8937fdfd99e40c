use super::{
    LocalState, SessionKey, StoreRead, clock_skew_ms, events, is_of_another_api, may_save_refresh, owner,
};
use crate::{
    event::SessionEvent,
    platform::{Change, Changes, RefreshBackoff, StoredSession},
    protocol::response_headers::{FrontTokenHeader, SessionHeaders},
    token::{FrontToken, IdRefreshToken, Marker},
};

/// Which request a response answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseTo {
    /// A request of the app.
    Request,
    /// The refresh call.
    Refresh,
}

/// What [`save`] needs to know of the client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SaveRules<'a> {
    /// A hash of the URL of its refresh call.
    pub(crate) api: u64,
    pub(crate) expired_status: u16,
    pub(crate) device_now_ms: i64,
    /// The last session that it knew of.
    pub(crate) last_session: Option<&'a SessionKey>,
}

/// What is written to the store, and emitted.
#[derive(Debug)]
pub(crate) struct Write {
    pub(crate) changes: Changes,
    pub(crate) events: Vec<SessionEvent>,
    /// The front token that is stored then.
    pub(crate) front: Option<FrontToken>,
}

/// The session of a response has ended or was replaced, or its front token is older than the stored one.
#[derive(Debug)]
pub(crate) struct Outdated;

/// What the session headers of a response change; none if there are none, or all are stored already. `sent` is the session
/// that its request was sent with, `now` what the store has now.
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
        // Requests that were sent together bring the same.
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
        clear_the_rest(&mut changes);
    }
    if front.is_some() {
        owner::write_owner(&mut changes, &now.stored, rules.api);
    }
    Ok(Some(Write { changes, events, front }))
}

/// Whether a front token changes nothing: it is older than the stored one, or of a session that has ended.
fn is_outdated(arrived: &FrontToken, now: &StoreRead, last_session: Option<&SessionKey>) -> bool {
    if now.state != LocalState::NotExists {
        return now.front.as_ref().is_some_and(|stored| is_older(arrived, stored));
    }
    // A backend gives a handle to one session only. Without one it may be the user's next session.
    let arrived = SessionKey::of(arrived);
    arrived.has_handle() && last_session == Some(&arrived)
}

/// Whether what an answer brings may still be saved: not when it belongs to a session that has since ended or
/// given way to another. `sent` is the session that the request was sent with, `now` the one that is there now.
pub(crate) fn may_save(sent: &LocalState, now: &LocalState, front: &FrontTokenHeader) -> bool {
    let (sent, now) = (sent.key(), now.key());
    match front {
        FrontTokenHeader::Token { front, .. } => {
            let arrived = SessionKey::of(front);
            now == Some(&arrived) || sent != Some(&arrived)
        }
        FrontTokenHeader::Remove | FrontTokenHeader::None | FrontTokenHeader::Unreadable => sent == now,
    }
}

/// Whether a front token is older than the stored one of the same session: an HTTP cache has replayed it, or its
/// response is late. `iat` decides, and then the expiry. Tokens of one second can't be told apart.
pub(crate) fn is_older(arrived: &FrontToken, stored: &FrontToken) -> bool {
    let is_before = match (arrived.issued_at_ms(), stored.issued_at_ms()) {
        (Some(arrived_ms), Some(stored_ms)) if arrived_ms != stored_ms => arrived_ms < stored_ms,
        _ => arrived.expires_at_ms() < stored.expires_at_ms(),
    };
    is_before && SessionKey::of(arrived) == SessionKey::of(stored)
}

/// What to write for an answer's headers.
pub(crate) fn changes(incoming: SessionHeaders, stored: &StoredSession, device_now_ms: i64) -> Changes {
    if incoming.front == FrontTokenHeader::Remove {
        return end_session(stored, device_now_ms);
    }
    let (front, skew) = match incoming.front {
        FrontTokenHeader::Token { text, front } => {
            (Change::Set(text), Some(clock_skew_ms(&front, device_now_ms)))
        }
        FrontTokenHeader::None | FrontTokenHeader::Unreadable | FrontTokenHeader::Remove => {
            (Change::Keep, None)
        }
    };
    let updated =
        front != Change::Keep || incoming.access != Change::Keep || incoming.refresh != Change::Keep;
    // Without a front token there is no session for an anti-CSRF token to protect.
    let anti_csrf =
        if front != Change::Keep || stored.front.is_some() { incoming.anti_csrf } else { Change::Keep };
    // An older backend's own marker is enough, and expires with the session as ours does not. One that is over by
    // the device's clock will not be stored.
    let lives = |token: &IdRefreshToken| token.expires_at_ms().is_none_or(|end| end > device_now_ms);
    let has_marker =
        stored.marker.is_none() && matches!(&incoming.id_refresh, Change::Set(token) if lives(token));
    Changes {
        marker: if updated && !has_marker { next_marker(stored, device_now_ms) } else { Change::Keep },
        id_refresh: incoming.id_refresh,
        front,
        anti_csrf,
        access: incoming.access,
        refresh: incoming.refresh,
        clock_skew_ms: skew,
        backoff: if updated { end_backoff(stored) } else { Change::Keep },
        ..Changes::default()
    }
}

/// Clears what a new session does not replace: the tokens of another API's session.
pub(crate) fn clear_the_rest(changes: &mut Changes) {
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

/// What to write when a session ends: everything goes, the marker stays as the sign of it.
pub(crate) fn end_session(stored: &StoredSession, device_now_ms: i64) -> Changes {
    Changes {
        front: Change::Clear,
        marker: next_marker(stored, device_now_ms),
        // Pages with an older SDK on this site look there.
        id_refresh: match stored.id_refresh {
            Some(_) => Change::Set(IdRefreshToken::Removed),
            None => Change::Keep,
        },
        anti_csrf: Change::Clear,
        access: Change::Clear,
        refresh: Change::Clear,
        owner: if stored.owner.is_some() { Change::Clear } else { Change::Keep },
        backoff: end_backoff(stored),
        ..Changes::default()
    }
}

/// New tokens, or the end of the session, leave nothing to wait for.
fn end_backoff(stored: &StoredSession) -> Change<RefreshBackoff> {
    if stored.backoff.is_some() { Change::Clear } else { Change::Keep }
}

/// A marker that differs from the one before: the time, and a count where the time is the same.
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
