//! Every decision about the session, and only here: pure functions from what was read to what to do.
//!
//! | kept: front token | marker | older marker | [`LocalState`] | before a request |
//! |---|---|---|---|---|
//! | valid, tells `iat` | yes | any | `Exists` | send, or refresh first where it has expired |
//! | valid, tells `iat` | no | a value | `Exists` | the same |
//! | valid, no `iat` | yes | any | `Exists` | send: a 401 tells; what has one go as above |
//! | valid, no `iat` | no | a value | `Exists` | the same |
//! | none | yes | any | `NotExists` | send |
//! | none | no | a value | `MayExist` | refresh first |
//! | any | no | `remove` | `NotExists` | send |
//! | unreadable | yes, or the older one a value | | `MayExist` | refresh first |
//! | any | no | none | `MayExist` | refresh first |
//!
//! | seen before the lock | read under the lock | [`UnderLock`] |
//! |---|---|---|
//! | any | `NotExists` | `NoSession` |
//! | any | `MayExist` | `CallApi` |
//! | `Exists`, same marker | `Exists` | `CallApi` |
//! | `Exists`, another marker | `Exists` | `AlreadyRefreshed` |
//! | `NotExists`, `MayExist` | `Exists` | `AlreadyRefreshed` |

mod backoff;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;

pub use backoff::{after_failed_refresh, remaining_backoff};

use crate::{
    event::SessionEvent,
    notice::{Happened, Notice},
    platform::{Change, Changes, Kept, RefreshBackoff},
    token::{FrontToken, IdRefreshToken, Marker},
    wire::incoming::{Arrival, Incoming},
};

/// A clock that is off by less than this is taken to be right: it is the way of the token through the network.
pub const CLOCK_SKEW_THRESHOLD_MS: i64 = 7_000;

/// What the store says of the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalState {
    /// There is a session.
    Exists {
        /// Changes with every update.
        marker: Markers,
        /// Which session it is.
        key: SessionKey,
    },
    /// Known to be signed out.
    NotExists,
    /// Not known: a first visit, or the browser cleared the script's cookies. One refresh finds out.
    MayExist,
}

impl LocalState {
    /// Reads the state off what is kept; `front` is the kept front token, where it could be decoded.
    pub fn of(kept: &Kept, front: Option<&FrontToken>) -> Self {
        let older = kept.id_refresh.as_ref().map(IdRefreshToken::without_expiry);
        match (&kept.marker, &older, &kept.front, front) {
            (None, None, ..) => Self::MayExist,
            (None, Some(IdRefreshToken::Removed), ..) => Self::NotExists,
            (None, Some(IdRefreshToken::Current { .. }), None, _) => Self::MayExist,
            (Some(_), _, None, _) => Self::NotExists,
            (_, _, Some(_), None) => Self::MayExist,
            (_, _, Some(_), Some(front)) => Self::Exists {
                marker: Markers { current: kept.marker.clone(), older },
                key: SessionKey::of(front),
            },
        }
    }

    /// Which session it is, where there is one.
    pub fn key(&self) -> Option<&SessionKey> {
        match self {
            Self::Exists { key, .. } => Some(key),
            Self::NotExists | Self::MayExist => None,
        }
    }
}

/// The change markers of both generations: a session begun on an older backend goes on when that is upgraded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markers {
    current: Option<Marker>,
    older: Option<IdRefreshToken>,
}

/// Tells one session from another: it stays the same over refreshes and payload updates.
///
/// The session handle decides. The user id does so only where there is no handle (older backends): account linking and
/// user-id mapping change it within a session.
#[derive(Clone)]
pub struct SessionKey {
    user_id: String,
    handle: Option<String>,
}

impl SessionKey {
    /// The session that a front token belongs to.
    pub fn of(front: &FrontToken) -> Self {
        Self { user_id: front.user_id().to_owned(), handle: front.session_handle().map(str::to_owned) }
    }

    /// Whether the session is told from all others, not just from those of other users.
    pub fn has_handle(&self) -> bool {
        self.handle.is_some()
    }

    /// Whether both may be one session: it gets its handle when an older backend is upgraded.
    pub fn may_be(&self, other: &Self) -> bool {
        match (&self.handle, &other.handle) {
            (Some(one), Some(two)) => one == two,
            _ => self.user_id == other.user_id,
        }
    }
}

impl PartialEq for SessionKey {
    fn eq(&self, other: &Self) -> bool {
        self.handle.is_some() == other.handle.is_some() && self.may_be(other)
    }
}

impl Eq for SessionKey {}

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKey(..)")
    }
}

/// Whether the access token has expired; `now_ms` by the server's clock.
pub fn has_expired(front: &FrontToken, now_ms: i64) -> bool {
    front.expires_at_ms() <= now_ms
}

/// From when on a session may be refreshed ahead of its expiry, by the server's clock: `margin_ms` before it, and not in
/// the first half of the access token's life. None where the token does not tell when it was issued: by a clock that
/// nothing has put right it might look due for ever.
pub fn refresh_ahead_from_ms(front: &FrontToken, margin_ms: u32) -> Option<i64> {
    let life_ms = front.expires_at_ms().saturating_sub(front.issued_at_ms()?).max(0);
    Some(front.expires_at_ms().saturating_sub(i64::from(margin_ms).min(life_ms / 2)))
}

/// Whether the access token has expired or is about to; `now_ms` by the server's clock.
pub fn is_about_to_expire(front: &FrontToken, now_ms: i64, margin_ms: u32) -> bool {
    let from_ms = refresh_ahead_from_ms(front, margin_ms).unwrap_or(front.expires_at_ms());
    from_ms <= now_ms
}

/// The server's clock less the device's, in ms, as a front token that has just arrived tells it.
pub fn clock_skew_ms(front: &FrontToken, device_now_ms: i64) -> i64 {
    let skew = front.issued_at_ms().map_or(0, |issued| issued.saturating_sub(device_now_ms));
    if skew.saturating_abs() >= CLOCK_SKEW_THRESHOLD_MS { skew } else { 0 }
}

/// What to do before a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeforeRequest {
    /// Send it.
    Send,
    /// Refresh, then send it once.
    RefreshFirst,
}

/// What to do before a request is sent; `now_ms` by the server's clock, as far as it is known. `has_one_go` where it
/// can't be sent again.
pub fn before_request(
    state: &LocalState,
    front: Option<&FrontToken>,
    now_ms: i64,
    has_one_go: bool,
) -> BeforeRequest {
    // A token that does not tell when it was issued puts no clock right: by one that is ahead it would look expired
    // at every request. Its 401 tells, unless nothing can be done about it any more.
    let has_expired = front
        .is_some_and(|front| (has_one_go || front.issued_at_ms().is_some()) && has_expired(front, now_ms));
    match state {
        LocalState::MayExist => BeforeRequest::RefreshFirst,
        LocalState::Exists { .. } if has_expired => BeforeRequest::RefreshFirst,
        LocalState::Exists { .. } | LocalState::NotExists => BeforeRequest::Send,
    }
}

/// What to do with the answer to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterResponse {
    /// It goes to the caller.
    Deliver,
    /// It goes to the caller, and may name claims that are not valid.
    ReportClaims,
    /// It goes to the caller: it says itself that the session has ended.
    SessionEnded,
    /// Refresh, then send the request again.
    Refresh,
    /// It goes to the caller: no retry is left.
    OutOfRetries,
}

/// The statuses with a meaning of their own, and how often a request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResponseRules {
    /// Stands for an expired session.
    pub expired_status: u16,
    /// Stands for an invalid claim.
    pub invalid_claim_status: u16,
    /// How often a request may be sent again.
    pub max_retries: u32,
}

/// What to do with the answer to a request that has been sent again `retries` times; `ended` where its headers have
/// ended the session.
pub fn after_response(status: u16, ended: bool, retries: u32, rules: ResponseRules) -> AfterResponse {
    if status == rules.expired_status && ended {
        AfterResponse::SessionEnded
    } else if status == rules.expired_status {
        if retries < rules.max_retries { AfterResponse::Refresh } else { AfterResponse::OutOfRetries }
    } else if status == rules.invalid_claim_status {
        AfterResponse::ReportClaims
    } else {
        AfterResponse::Deliver
    }
}

/// What to do once the lock is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnderLock {
    /// Call the refresh API.
    CallApi,
    /// Somebody else refreshed or signed in: go on with what is there now.
    AlreadyRefreshed,
    /// There is no session to refresh.
    NoSession,
}

/// What to do once the lock is held, from the state seen before and the state read under the lock.
pub fn under_lock(seen: &LocalState, now: &LocalState) -> UnderLock {
    match (seen, now) {
        (_, LocalState::NotExists) => UnderLock::NoSession,
        (_, LocalState::MayExist) => UnderLock::CallApi,
        (LocalState::Exists { marker: before, .. }, LocalState::Exists { marker, .. })
            if before == marker =>
        {
            UnderLock::CallApi
        }
        (_, LocalState::Exists { .. }) => UnderLock::AlreadyRefreshed,
    }
}

/// What the answer to a refresh call means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterRefresh {
    /// The tokens in it are the session's new ones.
    Save,
    /// The session has ended.
    EndSession,
    /// It was a success without a front token: a backend that clears duplicate cookies of an older cookie domain
    /// answers so once.
    CallAgain,
    /// It was a success without a front token, twice.
    NoFrontToken,
    /// The backend failed; the session is as it was.
    Failed,
}

/// What the answer to refresh call number `calls` means.
pub fn after_refresh(status: u16, expired_status: u16, front: &Arrival, calls: u32) -> AfterRefresh {
    match front {
        Arrival::Remove => AfterRefresh::EndSession,
        Arrival::None | Arrival::Unreadable if status == expired_status => AfterRefresh::EndSession,
        _ if !(200..300).contains(&status) => AfterRefresh::Failed,
        Arrival::Token { .. } => AfterRefresh::Save,
        Arrival::None | Arrival::Unreadable if calls < 2 => AfterRefresh::CallAgain,
        Arrival::None | Arrival::Unreadable => AfterRefresh::NoFrontToken,
    }
}

/// Whether what an answer brings may still be saved: not when it belongs to a session that has since ended or
/// given way to another. `sent` is the session that the request was sent with, `now` the one that is there now.
pub fn may_save(sent: &LocalState, now: &LocalState, front: &Arrival) -> bool {
    let (sent, now) = (sent.key(), now.key());
    match front {
        Arrival::Token { front, .. } => {
            let arrived = SessionKey::of(front);
            now == Some(&arrived) || sent != Some(&arrived)
        }
        Arrival::Remove | Arrival::None | Arrival::Unreadable => sent == now,
    }
}

/// Whether a front token is older than the stored one of the same session: an HTTP cache has replayed it, or its
/// response is late. `iat` decides, and then the expiry. Tokens of one second can't be told apart.
pub fn is_older(arrived: &FrontToken, stored: &FrontToken) -> bool {
    let is_before = match (arrived.issued_at_ms(), stored.issued_at_ms()) {
        (Some(arrived_ms), Some(stored_ms)) if arrived_ms != stored_ms => arrived_ms < stored_ms,
        _ => arrived.expires_at_ms() < stored.expires_at_ms(),
    };
    is_before && SessionKey::of(arrived) == SessionKey::of(stored)
}

/// As [`may_save`], for the answer to a refresh call, which never begins a session of its own: somebody who signed
/// out or in meanwhile is right.
pub fn may_save_refresh(sent: &LocalState, now: &LocalState) -> bool {
    match (sent, now) {
        (LocalState::Exists { key: sent, .. }, LocalState::Exists { key: now, .. }) => sent == now,
        (LocalState::MayExist, LocalState::MayExist) => true,
        _ => false,
    }
}

/// Whether a request that was made in one state may be sent in another: never in another user's name. One that was made
/// without a session may be sent with any.
pub fn may_send(made: &LocalState, now: &LocalState) -> bool {
    match (made.key(), now.key()) {
        (Some(made), Some(now)) => made.user_id == now.user_id || made == now,
        _ => true,
    }
}

/// As [`may_send`], for a request that is about the session itself: never in another session.
pub fn may_send_about(made: &LocalState, now: &LocalState) -> bool {
    match (made.key(), now.key()) {
        (Some(made), Some(now)) => made.may_be(now),
        _ => true,
    }
}

/// What to write for an answer's headers.
pub fn changes(incoming: Incoming, kept: &Kept, device_now_ms: i64) -> Changes {
    if incoming.front == Arrival::Remove {
        return end_session(kept, device_now_ms);
    }
    let (front, skew) = match incoming.front {
        Arrival::Token { text, front } => (Change::Set(text), Some(clock_skew_ms(&front, device_now_ms))),
        Arrival::None | Arrival::Unreadable | Arrival::Remove => (Change::Keep, None),
    };
    let updated =
        front != Change::Keep || incoming.access != Change::Keep || incoming.refresh != Change::Keep;
    // Without a front token there is no session for an anti-CSRF token to protect.
    let anti_csrf =
        if front != Change::Keep || kept.front.is_some() { incoming.anti_csrf } else { Change::Keep };
    // An older backend's own marker is enough, and expires with the session as ours does not. One that is over by
    // the device's clock will not be kept.
    let lives = |token: &IdRefreshToken| token.expires_at_ms().is_none_or(|end| end > device_now_ms);
    let has_marker =
        kept.marker.is_none() && matches!(&incoming.id_refresh, Change::Set(token) if lives(token));
    Changes {
        marker: if updated && !has_marker { next_marker(kept, device_now_ms) } else { Change::Keep },
        id_refresh: incoming.id_refresh,
        front,
        anti_csrf,
        access: incoming.access,
        refresh: incoming.refresh,
        clock_skew_ms: skew,
        backoff: if updated { end_backoff(kept) } else { Change::Keep },
        ..Changes::default()
    }
}

/// Clears what a new session does not replace: the tokens of another API's session.
pub fn clear_the_rest(changes: &mut Changes) {
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
pub fn end_session(kept: &Kept, device_now_ms: i64) -> Changes {
    Changes {
        front: Change::Clear,
        marker: next_marker(kept, device_now_ms),
        // Pages with an older SDK on this site look there.
        id_refresh: match kept.id_refresh {
            Some(_) => Change::Set(IdRefreshToken::Removed),
            None => Change::Keep,
        },
        anti_csrf: Change::Clear,
        access: Change::Clear,
        refresh: Change::Clear,
        owner: if kept.owner.is_some() { Change::Clear } else { Change::Keep },
        backoff: end_backoff(kept),
        ..Changes::default()
    }
}

/// New tokens, or the end of the session, leave nothing to wait for.
fn end_backoff(kept: &Kept) -> Change<RefreshBackoff> {
    if kept.backoff.is_some() { Change::Clear } else { Change::Keep }
}

/// A marker that differs from the one before: the time, and a count where the time is the same.
fn next_marker(kept: &Kept, device_now_ms: i64) -> Change<Marker> {
    let before = kept.marker.as_ref().map_or("", Marker::reveal);
    let (time, count) = before.split_once('.').unwrap_or((before, "0"));
    let now = device_now_ms.to_string();
    let next = if time == now {
        format!("{now}.{}", count.parse::<u32>().unwrap_or(0).wrapping_add(1))
    } else {
        now
    };
    Marker::parse(&next).map_or(Change::Keep, Change::Set)
}

/// What an answer's front token means to listeners; `before` is what was kept when it came.
pub fn events(
    before: Option<&FrontToken>,
    arrival: &Arrival,
    status: u16,
    expired_status: u16,
) -> Vec<SessionEvent> {
    match (before, arrival) {
        (_, Arrival::None | Arrival::Unreadable) | (None, Arrival::Remove) => Vec::new(),
        (None, Arrival::Token { .. }) => vec![SessionEvent::SessionCreated],
        (Some(before), Arrival::Token { front: now, .. }) => difference(before, now),
        (Some(_), Arrival::Remove) if status == expired_status => {
            vec![SessionEvent::Unauthorised { session_expired_or_revoked: true }]
        }
        (Some(_), Arrival::Remove) => vec![SessionEvent::SignOut],
    }
}

/// What listeners learn when a look finds another front token than this client knew of: another tab has been at work.
pub fn noticed(before: Option<&FrontToken>, now: Option<&FrontToken>) -> Vec<SessionEvent> {
    match (before, now) {
        (None, None) => Vec::new(),
        (None, Some(_)) => vec![SessionEvent::SessionCreated],
        (Some(_), None) => vec![SessionEvent::Unauthorised { session_expired_or_revoked: false }],
        (Some(before), Some(now)) => difference(before, now),
    }
}

/// As [`noticed`], where another tab has told of it: then it is known how a session ended, and that there was a refresh.
/// The tab is believed only as far as what is there now bears it out.
pub fn heard(before: Option<&FrontToken>, now: Option<&FrontToken>, notice: &Notice) -> Vec<SessionEvent> {
    let mut events = match (before, now, notice.happened()) {
        (Some(_), None, Some(Happened::SignOut)) => vec![SessionEvent::SignOut],
        (Some(_), None, Some(Happened::Expired)) => {
            vec![SessionEvent::Unauthorised { session_expired_or_revoked: true }]
        }
        _ => noticed(before, now),
    };
    if notice.happened() == Some(Happened::RefreshSession) && now.is_some() && notice.is_about(now) {
        events.push(SessionEvent::RefreshSession);
    }
    events
}

fn difference(before: &FrontToken, now: &FrontToken) -> Vec<SessionEvent> {
    if before == now {
        return Vec::new();
    }
    let user = (before.user_id() != now.user_id()).then_some(SessionEvent::UserChanged);
    let payload = (before.payload() != now.payload()).then_some(SessionEvent::AccessTokenPayloadUpdated);
    user.into_iter().chain(payload).collect()
}
