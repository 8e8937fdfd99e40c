use crate::{
    platform::StoredSession,
    token::{FrontToken, IdRefreshToken, Marker},
};

/// The session state in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LocalState {
    /// There is a session.
    Exists {
        /// The markers change with every update.
        marker: Markers,
        /// Identifies the session.
        key: SessionKey,
    },
    /// The user is signed out.
    NotExists,
    /// Unknown: a first visit, or the browser deleted the script's cookies. A refresh decides.
    MayExist,
}

impl LocalState {
    /// The state of stored values. `front` is the stored front token if it can be decoded.
    pub(crate) fn of(stored: &StoredSession, front: Option<&FrontToken>) -> Self {
        let older = stored.id_refresh.as_ref().map(IdRefreshToken::without_expiry);
        match (&stored.marker, &older, &stored.front, front) {
            (None, None, ..) => Self::MayExist,
            (None, Some(IdRefreshToken::Removed), ..) => Self::NotExists,
            (None, Some(IdRefreshToken::Current { .. }), None, _) => Self::MayExist,
            (Some(_), _, None, _) => Self::NotExists,
            (_, _, Some(_), None) => Self::MayExist,
            (_, _, Some(_), Some(front)) => Self::Exists {
                marker: Markers { current: stored.marker.clone(), older },
                key: SessionKey::of(front),
            },
        }
    }

    /// The key of the session, if there is one.
    pub(crate) fn key(&self) -> Option<&SessionKey> {
        match self {
            Self::Exists { key, .. } => Some(key),
            Self::NotExists | Self::MayExist => None,
        }
    }
}

/// The change markers of both generations: a session continues when an older backend is upgraded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Markers {
    pub(super) current: Option<Marker>,
    pub(super) older: Option<IdRefreshToken>,
}

/// Identifies a session across refreshes and payload updates.
///
/// The session handle identifies it. Older backends send no handle, so then the user id identifies it. The user id is
/// not enough for newer backends: account linking and user-id mapping change it within a session.
#[derive(Clone)]
pub(crate) struct SessionKey {
    pub(super) user_id: String,
    handle: Option<String>,
}

impl SessionKey {
    /// The session that a front token belongs to.
    pub(crate) fn of(front: &FrontToken) -> Self {
        Self { user_id: front.user_id().to_owned(), handle: front.session_handle().map(str::to_owned) }
    }

    /// Whether the key identifies one session, not only its user.
    pub(crate) fn has_handle(&self) -> bool {
        self.handle.is_some()
    }

    /// Whether both may be the same session: a session gets its handle when an older backend is upgraded.
    pub(crate) fn may_be(&self, other: &Self) -> bool {
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
