//! What this client last knew of the session: the other tabs' changes, and tokens that come too late, are told by it.

use std::cell::RefCell;

use crate::{
    state::{LocalState, SessionKey, is_older},
    token::FrontToken,
};

#[derive(Default)]
pub(super) struct Known {
    /// None before the first read of the store.
    front: RefCell<Option<Option<FrontToken>>>,
    /// The last session that this client knew of.
    session: RefCell<Option<SessionKey>>,
}

impl Known {
    /// The front token that listeners know of.
    pub(super) fn front(&self) -> Option<FrontToken> {
        self.front.borrow().clone().flatten()
    }

    /// Replaces what is known. Gives what was known before; none before the first read of the store.
    pub(super) fn replace(&self, front: Option<FrontToken>) -> Option<Option<FrontToken>> {
        if let Some(front) = &front {
            self.session.replace(Some(SessionKey::of(front)));
        }
        self.front.replace(Some(front))
    }

    /// Whether a front token changes nothing: it is older than the stored one, or of a session that has ended.
    pub(super) fn is_outdated(
        &self,
        arrived: &FrontToken,
        stored: Option<&FrontToken>,
        state: &LocalState,
    ) -> bool {
        if *state != LocalState::NotExists {
            return stored.is_some_and(|stored| is_older(arrived, stored));
        }
        // A backend gives a handle to one session only. Without one it may be the user's next session.
        let arrived = SessionKey::of(arrived);
        arrived.has_handle() && self.session.borrow().as_ref() == Some(&arrived)
    }
}
