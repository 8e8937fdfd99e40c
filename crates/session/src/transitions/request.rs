use super::{LocalState, has_expired};
use crate::token::FrontToken;

/// What to do before a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BeforeRequest {
    /// Send it.
    Send,
    /// Refresh, then send it once.
    RefreshFirst,
}

/// What to do before a request is sent; `now_ms` by the server's clock, as far as it is known. `has_one_go` where it
/// can't be sent again.
pub(crate) fn before_request(
    state: &LocalState,
    front: Option<&FrontToken>,
    now_ms: i64,
    has_one_go: bool,
) -> BeforeRequest {
    // A token that does not tell when it was issued puts no clock right: by one that is ahead it would look expired
    // at every request. Its 401 tells, unless nothing can be done about it any more.
    let has_expired = front
        .is_some_and(|front| (has_one_go || front.issued_at_ms().is_some()) && has_expired(front, now_ms));
    match state {
        LocalState::MayExist => BeforeRequest::RefreshFirst,
        LocalState::Exists { .. } if has_expired => BeforeRequest::RefreshFirst,
        LocalState::Exists { .. } | LocalState::NotExists => BeforeRequest::Send,
    }
}

/// Whether a request is sent again after a refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retry {
    /// It is sent once.
    Never,
    /// It is the user's request, in any of their sessions.
    ForTheUser,
    /// It is about one session: it is not sent in another one.
    InTheSession,
}

impl Retry {
    /// Whether a request that was made in one state may be sent in another.
    pub(crate) fn may_send(self, made: &LocalState, now: &LocalState) -> bool {
        match self {
            Self::Never | Self::ForTheUser => may_send(made, now),
            Self::InTheSession => may_send_about(made, now),
        }
    }
}

/// What to do with the answer to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AfterResponse {
    /// It goes to the caller.
    Deliver,
    /// It goes to the caller, and may name claims that are not valid.
    ReportClaims,
    /// It goes to the caller: it says itself that the session has ended.
    SessionEnded,
    /// Refresh, then send the request again.
    Refresh,
    /// It goes to the caller: no retry is left.
    OutOfRetries,
}

/// The statuses with a meaning of their own, and how often a request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ResponseRules {
    /// Stands for an expired session.
    pub(crate) expired_status: u16,
    /// Stands for an invalid claim.
    pub(crate) invalid_claim_status: u16,
    /// How often a request may be sent again.
    pub(crate) max_retries: u32,
}

/// What to do with the answer to a request that has been sent again `retries` times; `ended` where its headers have
/// ended the session.
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

/// Whether a request that was made in one state may be sent in another: never in another user's name. One that was made
/// without a session may be sent with any.
pub(crate) fn may_send(made: &LocalState, now: &LocalState) -> bool {
    match (made.key(), now.key()) {
        (Some(made), Some(now)) => made.user_id == now.user_id || made == now,
        _ => true,
    }
}

/// As [`may_send`], for a request that is about the session itself: never in another session.
pub(crate) fn may_send_about(made: &LocalState, now: &LocalState) -> bool {
    match (made.key(), now.key()) {
        (Some(made), Some(now)) => made.may_be(now),
        _ => true,
    }
}
