//! The request that a server renders. Without the feature `ssr`, nothing is known about it.

use supertokens_session::Origin;
use supertokens_ui::Snapshot;

#[cfg(all(feature = "ssr", not(target_arch = "wasm32")))]
use crate::server::request_session;

/// The current request, if [`SessionLayer`](crate::server::SessionLayer) has verified its session.
#[derive(Clone, Default)]
pub(crate) struct PageRequest {
    #[cfg(all(feature = "ssr", not(target_arch = "wasm32")))]
    session: Option<supertokens_server::RequestSession>,
    pub(crate) origin: Option<Origin>,
}

#[cfg(all(feature = "ssr", not(target_arch = "wasm32")))]
impl PageRequest {
    pub(crate) fn current() -> Self {
        let Some((session, origin)) = request_session() else { return Self::default() };
        Self { session: Some(session), origin }
    }

    /// The session of the page. Reading it forbids to cache the response.
    pub(crate) fn snapshot(&self) -> Snapshot {
        use supertokens_server::PageSession;

        let Some(session) = &self.session else { return Snapshot::default() };
        match session.page() {
            PageSession::Authenticated(verified) => {
                verified.front_token().cloned().map_or_else(Snapshot::default, Snapshot::authenticated)
            }
            PageSession::SignedOut | PageSession::NotTrusted => Snapshot::unauthenticated(),
            _ => Snapshot::default(),
        }
    }

    pub(crate) fn redirect(&self, location: &str) {
        if let Some(session) = &self.session {
            session.redirect(location);
        }
    }

    /// The page shows that the user has no access.
    pub(crate) fn deny(&self) {
        if let Some(session) = &self.session {
            session.set_status(http::StatusCode::FORBIDDEN);
        }
    }
}

#[cfg(not(all(feature = "ssr", not(target_arch = "wasm32"))))]
impl PageRequest {
    pub(crate) fn current() -> Self {
        Self::default()
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot::default()
    }

    pub(crate) fn redirect(&self, _: &str) {}

    pub(crate) fn deny(&self) {}
}
