use crate::{
    event::SessionEvent,
    protocol::response_headers::FrontTokenHeader,
    tab_message::{TabEvent, TabMessage},
    token::FrontToken,
};

/// The events of a response's front token. `before` is the front token that was stored when the response arrived.
pub(crate) fn events(
    before: Option<&FrontToken>,
    header: &FrontTokenHeader,
    status: u16,
    expired_status: u16,
) -> Vec<SessionEvent> {
    match (before, header) {
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

/// The events of a store read: another tab may have changed the front token since the last read.
pub(crate) fn events_of_read(before: Option<&FrontToken>, now: Option<&FrontToken>) -> Vec<SessionEvent> {
    match (before, now) {
        (None, None) => Vec::new(),
        (None, Some(_)) => vec![SessionEvent::SessionCreated],
        (Some(_), None) => vec![SessionEvent::Unauthorised { session_expired_or_revoked: false }],
        (Some(before), Some(now)) => difference(before, now),
    }
}

/// Like [`events_of_read`], after another tab's message. The message says how a session ended, and whether a refresh
/// happened. It only counts as far as the store confirms it.
pub(crate) fn events_of_tab_message(
    before: Option<&FrontToken>,
    now: Option<&FrontToken>,
    message: &TabMessage,
) -> Vec<SessionEvent> {
    let mut events = match (before, now, message.event()) {
        (Some(_), None, Some(TabEvent::SignOut)) => vec![SessionEvent::SignOut],
        (Some(_), None, Some(TabEvent::Expired)) => {
            vec![SessionEvent::Unauthorised { session_expired_or_revoked: true }]
        }
        _ => events_of_read(before, now),
    };
    if message.event() == Some(TabEvent::RefreshSession) && now.is_some() && message.is_about(now) {
        events.push(SessionEvent::RefreshSession);
    }
    events
}

fn difference(before: &FrontToken, now: &FrontToken) -> Vec<SessionEvent> {
    if before == now {
        return Vec::new();
    }
    let user = (before.user_id() != now.user_id()).then_some(SessionEvent::UserChanged);
    let payload =
        (before.payload_text() != now.payload_text()).then_some(SessionEvent::AccessTokenPayloadUpdated);
    user.into_iter().chain(payload).collect()
}
