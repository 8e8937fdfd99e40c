//! Apps on one host share its cookies but may use different APIs: each app ignores the session of another API.

use crate::{
    platform::{Change, Changes, SessionOwner, StoredSession},
    token::{IdRefreshToken, Marker},
};

/// Whether the stored session belongs to another API. `api` is a hash of the client's API.
pub(crate) fn is_of_another_api(stored: &StoredSession, api: u64) -> bool {
    stored
        .owner
        .as_ref()
        .is_some_and(|owner| owner.api != api && owner.was_written_with(stored.marker.as_ref()))
}

/// The stored values without another API's session: as if the user were signed out.
pub(super) fn without_session(stored: StoredSession) -> StoredSession {
    StoredSession {
        // An older backend's session has no marker, and without any marker the state would be unknown.
        id_refresh: stored.marker.is_none().then_some(IdRefreshToken::Removed),
        marker: stored.marker,
        clock_skew_ms: stored.clock_skew_ms,
        owner: stored.owner,
        backoff: stored.backoff,
        lease: stored.lease,
        ..StoredSession::default()
    }
}

/// Writes the API's hash next to the new tokens.
pub(super) fn write_owner(changes: &mut Changes, stored: &StoredSession, api: u64) {
    let marker = match &changes.marker {
        Change::Set(marker) => Some(marker),
        Change::Keep => stored.marker.as_ref(),
        Change::Clear => None,
    };
    let owner = SessionOwner { api, marker: marker.map_or("", Marker::reveal).to_owned() };
    if stored.owner.as_ref() != Some(&owner) {
        changes.owner = Change::Set(owner);
    }
}
