use supertokens_session::{FrontToken, SessionEvent};

/// Whether somebody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SessionStatus {
    /// Being found out.
    #[default]
    Loading,
    /// Somebody is signed in.
    Authenticated,
    /// Nobody is signed in: the server or the user said so.
    Unauthenticated {
        /// Since when, or why.
        reason: UnauthenticatedReason,
    },
    /// The backend does not answer; there may well be a session. [`Session::error`](crate::Session::error) says
    /// why, [`Session::recheck`](crate::Session::recheck) tries again.
    Unreachable,
}

/// Why nobody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnauthenticatedReason {
    /// There was no session when the app looked.
    NoSession,
    /// The user signed out.
    SignedOut,
    /// The session expired, or was revoked on the server.
    ExpiredOrRevoked,
}

/// What the provider knows at one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Snapshot {
    pub(crate) status: SessionStatus,
    pub(crate) front_token: Option<FrontToken>,
}

impl Snapshot {
    /// What to show after an event or a look, from what is kept then.
    pub(crate) fn next(
        &self,
        front_token: Option<FrontToken>,
        reason: Option<UnauthenticatedReason>,
    ) -> Self {
        let status = match (&front_token, self.status, reason) {
            (Some(_), ..) => SessionStatus::Authenticated,
            // Later news of "no session" does not hide how the session ended.
            (
                None,
                kept @ SessionStatus::Unauthenticated { .. },
                None | Some(UnauthenticatedReason::NoSession),
            ) => kept,
            (None, _, reason) => {
                SessionStatus::Unauthenticated { reason: reason.unwrap_or(UnauthenticatedReason::NoSession) }
            }
        };
        Self { status, front_token }
    }

    /// What to show when the backend did not answer: somebody who is signed in stays so.
    pub(crate) fn unreachable(&self) -> Self {
        match self.status {
            SessionStatus::Loading => Self { status: SessionStatus::Unreachable, front_token: None },
            _ => self.clone(),
        }
    }
}

/// Why nobody is signed in after an event, where it tells.
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
        Snapshot { status, front_token: (status == SessionStatus::Authenticated).then(front).flatten() }
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
    fn the_reason_of_the_end_outlives_later_news() {
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
    fn trouble_never_signs_anybody_out() {
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
