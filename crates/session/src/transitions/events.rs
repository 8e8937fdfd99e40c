use crate::{
    event::SessionEvent,
    protocol::response_headers::FrontTokenHeader,
    tab_message::{TabEvent, TabMessage},
    token::FrontToken,
};

/// What an answer's front token means to listeners; `before` is what was stored when it came.
pub(crate) fn events(
    before: Option<&FrontToken>,
    arrival: &FrontTokenHeader,
    status: u16,
    expired_status: u16,
) -> Vec<SessionEvent> {
    match (before, arrival) {
        (_, FrontTokenHeader::None | FrontTokenHeader::Unreadable) | (None, FrontTokenHeader::Remove) => {
            Vec::new()
        }
        (None, FrontTokenHeader::Token { .. }) => vec![SessionEvent::SessionCreated],
        (Some(before), FrontTokenHeader::Token { front: now, .. }) => difference(before, now),
        (Some(_), FrontTokenHeader::Remove) if status == expired_status => {
            vec![SessionEvent::Unauthorised { session_expired_or_revoked: true }]
        }
        (Some(_), FrontTokenHeader::Remove) => vec![SessionEvent::SignOut],
    }
}

/// What listeners learn when a look finds another front token than this client knew of: another tab has been at work.
pub(crate) fn events_of_read(before: Option<&FrontToken>, now: Option<&FrontToken>) -> Vec<SessionEvent> {
    match (before, now) {
        (None, None) => Vec::new(),
        (None, Some(_)) => vec![SessionEvent::SessionCreated],
        (Some(_), None) => vec![SessionEvent::Unauthorised { session_expired_or_revoked: false }],
        (Some(before), Some(now)) => difference(before, now),
    }
}

/// As [`events_of_read`], where another tab has told of it: then it is known how a session ended, and that there was a refresh.
/// The tab is believed only as far as what is there now bears it out.
pub(crate) fn events_of_tab_message(
    before: Option<&FrontToken>,
    now: Option<&FrontToken>,
    notice: &TabMessage,
) -> Vec<SessionEvent> {
    let mut events = match (before, now, notice.happened()) {
        (Some(_), None, Some(TabEvent::SignOut)) => vec![SessionEvent::SignOut],
        (Some(_), None, Some(TabEvent::Expired)) => {
            vec![SessionEvent::Unauthorised { session_expired_or_revoked: true }]
        }
        _ => events_of_read(before, now),
    };
    if notice.happened() == Some(TabEvent::RefreshSession) && now.is_some() && notice.is_about(now) {
        events.push(SessionEvent::RefreshSession);
    }
    events
}

fn difference(before: &FrontToken, now: &FrontToken) -> Vec<SessionEvent> {
    if before == now {
        return Vec::new();
    }
    let user = (before.user_id() != now.user_id()).then_some(SessionEvent::UserChanged);
    let payload = (before.payload() != now.payload()).then_some(SessionEvent::AccessTokenPayloadUpdated);
    user.into_iter().chain(payload).collect()
}
