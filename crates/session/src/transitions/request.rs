use super::{LocalState, has_expired};
use crate::token::FrontToken;

/// The decision before a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BeforeRequest {
    /// Send the request.
    Send,
    /// Refresh, then send the request.
    RefreshFirst,
}

/// Decides before a request. `now_ms` is the server's time, as far as the client knows it. `is_sent_once` if the
/// request can't be retried.
pub(crate) fn before_request(
    state: &LocalState,
    front: Option<&FrontToken>,
    now_ms: i64,
    is_sent_once: bool,
) -> BeforeRequest {
    // Without a time of issue the clock skew is unknown, so with a fast clock the token would always look expired. The
    // API's 401 decides instead, unless the request can't be retried.
    let has_expired = front
        .is_some_and(|front| (is_sent_once || front.issued_at_ms().is_some()) && has_expired(front, now_ms));
    match state {
        LocalState::MayExist => BeforeRequest::RefreshFirst,
        LocalState::Exists { .. } if has_expired => BeforeRequest::RefreshFirst,
        LocalState::Exists { .. } | LocalState::NotExists => BeforeRequest::Send,
    }
}

/// Whether and in which sessions a request is retried after a refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retry {
    /// The request is not retried.
    Never,
    /// The request is about the user: it may be retried in any session of that user.
    SameUser,
    /// The request is about one session: it must not be sent in another session.
    SameSession,
}

impl Retry {
    /// Whether a request that was made in state `made` may be sent in state `now`.
    pub(crate) fn may_send(self, made: &LocalState, now: &LocalState) -> bool {
        match self {
            Self::Never | Self::SameUser => may_send(made, now),
            Self::SameSession => may_send_about(made, now),
        }
    }
}

/// The decision after a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AfterResponse {
    /// Return it to the caller.
    Deliver,
    /// Return it to the caller, and emit the invalid claims in it.
    ReportClaims,
    /// Return it to the caller: its headers have ended the session.
    SessionEnded,
    /// Refresh, then retry the request.
    Refresh,
    /// Return it to the caller: no retry is left.
    OutOfRetries,
}

/// The statuses with a special meaning, and the maximum number of retries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ResponseRules {
    /// The status of an expired session.
    pub(crate) expired_status: u16,
    /// The status of an invalid claim.
    pub(crate) invalid_claim_status: u16,
    /// The maximum number of retries.
    pub(crate) max_retries: u32,
}

/// Decides after the response to a request with `retries` retries. `ended` if its headers have ended the session.
pub(crate) fn after_response(status: u16, ended: bool, retries: u32, rules: ResponseRules) -> AfterResponse {
    if status == rules.expired_status && ended {
        AfterResponse::SessionEnded
    } else if status == rules.expired_status {
        if retries < rules.max_retries { AfterResponse::Refresh } else { AfterResponse::OutOfRetries }
    } else if status == rules.invalid_claim_status {
        AfterResponse::ReportClaims
    } else {
        AfterResponse::Deliver
    }
}

/// Whether a request that was made in state `made` may be sent in state `now`: never for another user. A request that
/// was made without a session may be sent in any session.
pub(crate) fn may_send(made: &LocalState, now: &LocalState) -> bool {
    match (made.key(), now.key()) {
        (Some(made), Some(now)) => made.user_id == now.user_id || made == now,
        _ => true,
    }
}

/// Like [`may_send`], for a request about the session itself: never in another session.
pub(crate) fn may_send_about(made: &LocalState, now: &LocalState) -> bool {
    match (made.key(), now.key()) {
        (Some(made), Some(now)) => made.may_be(now),
        _ => true,
    }
}
