//! What this client last knew of the session, to tell what other tabs changed since, and which responses are outdated.

use std::cell::RefCell;

use crate::{token::FrontToken, transitions::SessionKey};

#[derive(Default)]
pub(super) struct LastKnown {
    /// None before the first read of the store.
    front: RefCell<Option<Option<FrontToken>>>,
    /// The last session, even if it has ended.
    session: RefCell<Option<SessionKey>>,
}

impl LastKnown {
    /// The front token that listeners know of.
    pub(super) fn front(&self) -> Option<FrontToken> {
        self.front.borrow().clone().flatten()
    }

    pub(super) fn session(&self) -> Option<SessionKey> {
        self.session.borrow().clone()
    }

    /// Replaces what is known. Gives what was known before; none before the first read of the store.
    pub(super) fn replace(&self, front: Option<FrontToken>) -> Option<Option<FrontToken>> {
        if let Some(front) = &front {
            self.session.replace(Some(SessionKey::of(front)));
        }
        self.front.replace(Some(front))
    }
}
