//! The session that this client last knew. It shows what other tabs have changed since, and which responses are
//! outdated.

use std::cell::RefCell;

use crate::{token::FrontToken, transitions::SessionKey};

#[derive(Default)]
pub(super) struct LastKnown {
    /// None before the first store read.
    front: RefCell<Option<Option<FrontToken>>>,
    /// The last session, even after its end.
    session: RefCell<Option<SessionKey>>,
}

impl LastKnown {
    /// The front token of the last event.
    pub(super) fn front(&self) -> Option<FrontToken> {
        self.front.borrow().clone().flatten()
    }

    pub(super) fn session(&self) -> Option<SessionKey> {
        self.session.borrow().clone()
    }

    /// Replaces the known front token. Returns the previous one; none before the first store read.
    pub(super) fn replace(&self, front: Option<FrontToken>) -> Option<Option<FrontToken>> {
        if let Some(front) = &front {
            self.session.replace(Some(SessionKey::of(front)));
        }
        self.front.replace(Some(front))
    }
}
