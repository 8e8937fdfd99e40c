use super::LocalState;
use crate::protocol::response_headers::FrontTokenHeader;

/// The decision under the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnderLock {
    /// Call the refresh API.
    CallApi,
    /// Another tab refreshed or signed in: use the stored session.
    AlreadyRefreshed,
    /// There is no session to refresh.
    NoSession,
}

/// Decides from the state before the lock (`seen`) and the state under the lock (`now`).
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

/// The decision after a refresh response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AfterRefresh {
    /// Save the new tokens.
    Save,
    /// End the session.
    EndSession,
    /// Success without a front token: call again. A backend that clears duplicate cookies of an older cookie domain
    /// sends this once.
    CallAgain,
    /// Success without a front token, for the second time.
    NoFrontToken,
    /// The backend failed; the session is unchanged.
    Failed,
}

/// Decides after the response to refresh call number `calls`.
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

/// Like [`may_save`](super::may_save), for a refresh response. A refresh never begins a session, so a sign-in or
/// sign-out during the call takes precedence.
pub(crate) fn may_save_refresh(sent: &LocalState, now: &LocalState) -> bool {
    match (sent, now) {
        (LocalState::Exists { key: sent, .. }, LocalState::Exists { key: now, .. }) => sent == now,
        (LocalState::MayExist, LocalState::MayExist) => true,
        _ => false,
    }
}
