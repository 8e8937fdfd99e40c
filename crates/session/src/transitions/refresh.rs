use super::LocalState;
use crate::protocol::response_headers::FrontTokenHeader;

/// What to do once the lock is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnderLock {
    /// Call the refresh API.
    CallApi,
    /// Somebody else refreshed or signed in: go on with what is there now.
    AlreadyRefreshed,
    /// There is no session to refresh.
    NoSession,
}

/// What to do once the lock is held, from the state seen before and the state read under the lock.
pub(crate) fn under_lock(seen: &LocalState, now: &LocalState) -> UnderLock {
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
pub(crate) enum AfterRefresh {
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
pub(crate) fn after_refresh(
    status: u16,
    expired_status: u16,
    front: &FrontTokenHeader,
    calls: u32,
) -> AfterRefresh {
    match front {
        FrontTokenHeader::Remove => AfterRefresh::EndSession,
        FrontTokenHeader::None | FrontTokenHeader::Unreadable if status == expired_status => {
            AfterRefresh::EndSession
        }
        _ if !(200..300).contains(&status) => AfterRefresh::Failed,
        FrontTokenHeader::Token { .. } => AfterRefresh::Save,
        FrontTokenHeader::None | FrontTokenHeader::Unreadable if calls < 2 => AfterRefresh::CallAgain,
        FrontTokenHeader::None | FrontTokenHeader::Unreadable => AfterRefresh::NoFrontToken,
    }
}

/// As [`may_save`](super::may_save), for the answer to a refresh call, which never begins a session of its own: somebody who signed
/// out or in meanwhile is right.
pub(crate) fn may_save_refresh(sent: &LocalState, now: &LocalState) -> bool {
    match (sent, now) {
        (LocalState::Exists { key: sent, .. }, LocalState::Exists { key: now, .. }) => sent == now,
        (LocalState::MayExist, LocalState::MayExist) => true,
        _ => false,
    }
}
