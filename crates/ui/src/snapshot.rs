use std::sync::Arc;

use serde::de::DeserializeOwned;
use supertokens_session::{FrontToken, SessionError, SessionEvent, warn_of_setup};

/// Whether a user is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SessionStatus {
    /// Not known yet.
    #[default]
    Loading,
    /// A user is signed in.
    Authenticated,
    /// No user is signed in.
    Unauthenticated {
        /// Why no user is signed in.
        reason: UnauthenticatedReason,
    },
    /// The backend does not respond, so it is not known whether there is a session.
    Unreachable,
}

/// Why no user is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnauthenticatedReason {
    /// There was no session when the app first read the store.
    NoSession,
    /// The user signed out.
    SignedOut,
    /// The session expired, or was revoked on the server.
    ExpiredOrRevoked,
}

impl SessionStatus {
    /// Whether a user is signed in.
    ///
    /// ```
    /// use supertokens_ui::SessionStatus;
    ///
    /// assert!(SessionStatus::Authenticated.is_authenticated());
    /// assert!(!SessionStatus::Loading.is_authenticated() && SessionStatus::Loading.is_loading());
    /// ```
    pub fn is_authenticated(self) -> bool {
        self == Self::Authenticated
    }

    /// Whether no user is signed in, for any reason.
    pub fn is_unauthenticated(self) -> bool {
        matches!(self, Self::Unauthenticated { .. })
    }

    /// Whether the status is not known yet.
    pub fn is_loading(self) -> bool {
        self == Self::Loading
    }

    /// Whether the backend does not respond, and no user is known to be signed in.
    pub fn is_unreachable(self) -> bool {
        self == Self::Unreachable
    }
}

/// The state of the session at one time. Without a session to read, a server renders the default.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Snapshot {
    /// Whether a user is signed in.
    pub status: SessionStatus,
    /// The decoded front token of the signed-in user.
    pub front_token: Option<FrontToken>,
    /// The last failure: of a read, of a refresh, or of a sign-out that did not reach the server.
    pub error: Option<SessionError>,
    /// Counts failures, so that a repeated error is also a change of the snapshot.
    pub error_count: u64,
    /// When a server rendered the page, in ms since the Unix epoch, until the browser has read its store. Claims are
    /// checked by this time until then, so that the first views equal the server's.
    pub rendered_at_ms: Option<i64>,
    /// Counts the rechecks: guards check claims again after the API rejects a claim, or when the app asks for it.
    pub recheck_count: u64,
}

/// A place for the snapshot, such as a signal. Every `Fn(Arc<Snapshot>)` implements it.
pub trait Publish {
    /// Called after each change. A running task may call it after the provider is dropped.
    fn publish(&self, snapshot: Arc<Snapshot>);

    /// Calls `then` when the page shows the published snapshots. Override it if the framework renders in a task that
    /// may end after the browser paints: a page of the back/forward cache is covered until then.
    fn when_shown(&self, then: Box<dyn FnOnce()>) {
        then();
    }
}

impl<F: Fn(Arc<Snapshot>)> Publish for F {
    fn publish(&self, snapshot: Arc<Snapshot>) {
        self(snapshot);
    }
}

impl Snapshot {
    /// The payload as a type of the app. If it does not fit, a debug build warns once.
    pub fn payload_or_warn<T: DeserializeOwned>(&self) -> Option<T> {
        let payload = self.front_token.as_ref()?.payload_as();
        if cfg!(debug_assertions) && payload.is_err() {
            warn_of_setup(format_args!(
                "the access token's payload does not fit `{}`, so there is none: `try_payload` gives the error",
                std::any::type_name::<T>()
            ));
        }
        payload.ok()
    }

    /// The snapshot after a read of the store.
    pub(crate) fn next(
        &self,
        front_token: Option<FrontToken>,
        reason: Option<UnauthenticatedReason>,
    ) -> Self {
        let status = match (&front_token, self.status, reason) {
            (Some(_), ..) => SessionStatus::Authenticated,
            // A later "no session" does not replace the reason why the session ended.
            (
                None,
                current @ SessionStatus::Unauthenticated { .. },
                None | Some(UnauthenticatedReason::NoSession),
            ) => current,
            (None, _, reason) => {
                SessionStatus::Unauthenticated { reason: reason.unwrap_or(UnauthenticatedReason::NoSession) }
            }
        };
        Self { status, front_token, rendered_at_ms: None, ..self.clone() }
    }

    /// The snapshot after a request without a response: a signed-in user stays signed in.
    pub(crate) fn unreachable(&self) -> Self {
        match self.status {
            SessionStatus::Loading => {
                Self { status: SessionStatus::Unreachable, front_token: None, ..self.clone() }
            }
            _ => self.clone(),
        }
    }

    pub(crate) fn with_error(self, error: Option<SessionError>) -> Self {
        let error_count = self.error_count + u64::from(error.is_some());
        Self { error, error_count, ..self }
    }

    pub(crate) fn is_known(&self) -> bool {
        matches!(self.status, SessionStatus::Authenticated | SessionStatus::Unauthenticated { .. })
    }
}

/// Why no user is signed in after an event, if the event says so.
pub(crate) fn reason_of(event: &SessionEvent) -> Option<UnauthenticatedReason> {
    match event {
        SessionEvent::SignOut => Some(UnauthenticatedReason::SignedOut),
        SessionEvent::Unauthorised { session_expired_or_revoked: true } => {
            Some(UnauthenticatedReason::ExpiredOrRevoked)
        }
        SessionEvent::Unauthorised { session_expired_or_revoked: false } => {
            Some(UnauthenticatedReason::NoSession)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use UnauthenticatedReason::*;

    fn front() -> Option<FrontToken> {
        // {"uid":"u1","ate":1,"up":{}}
        Some(FrontToken::decode("eyJ1aWQiOiJ1MSIsImF0ZSI6MSwidXAiOnt9fQ==").unwrap())
    }

    fn snapshot(status: SessionStatus) -> Snapshot {
        let front_token = (status == SessionStatus::Authenticated).then(front).flatten();
        Snapshot { status, front_token, ..Snapshot::default() }
    }

    #[test]
    fn a_front_token_means_signed_in() {
        for status in [
            SessionStatus::Loading,
            SessionStatus::Unreachable,
            SessionStatus::Unauthenticated { reason: SignedOut },
        ] {
            assert_eq!(snapshot(status).next(front(), None).status, SessionStatus::Authenticated);
        }
    }

    #[test]
    fn a_later_no_session_keeps_the_reason_why_the_session_ended() {
        let ended = snapshot(SessionStatus::Authenticated).next(None, Some(ExpiredOrRevoked));
        assert_eq!(ended.status, SessionStatus::Unauthenticated { reason: ExpiredOrRevoked });
        assert_eq!(ended.next(None, Some(NoSession)), ended);
        assert_eq!(ended.next(None, None), ended);
        assert_eq!(
            ended.next(None, Some(SignedOut)).status,
            SessionStatus::Unauthenticated { reason: SignedOut }
        );
    }

    #[test]
    fn a_failure_never_signs_a_user_out() {
        assert_eq!(snapshot(SessionStatus::Loading).unreachable().status, SessionStatus::Unreachable);
        for status in [
            SessionStatus::Authenticated,
            SessionStatus::Unreachable,
            SessionStatus::Unauthenticated { reason: SignedOut },
        ] {
            assert_eq!(snapshot(status).unreachable(), snapshot(status));
        }
    }
}
