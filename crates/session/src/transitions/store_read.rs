use super::{LocalState, is_of_another_api, owner};
use crate::{
    platform::StoredSession,
    token::{FrontToken, FrontTokenText},
};

/// A decoded read of the store.
#[derive(Debug, Clone)]
pub(crate) struct StoreRead {
    /// The values, without the session of another API.
    pub(crate) stored: StoredSession,
    /// The session state of these values.
    pub(crate) state: LocalState,
    /// The front token, if it can be decoded.
    pub(crate) front: Option<FrontToken>,
}

impl StoreRead {
    /// Decodes stored values for the client with this API. `api` is a hash of the client's API.
    pub(crate) fn new(
        stored: StoredSession,
        api: u64,
        decode: impl Fn(&FrontTokenText) -> Option<FrontToken>,
    ) -> Self {
        let stored = if is_of_another_api(&stored, api) { owner::without_session(stored) } else { stored };
        let front = stored.front.as_ref().and_then(decode);
        let state = LocalState::of(&stored, front.as_ref());
        Self { stored, state, front }
    }

    /// The front token of a session that exists.
    pub(crate) fn session_front(&self) -> Option<&FrontToken> {
        self.front.as_ref().filter(|_| self.state.key().is_some())
    }
}
