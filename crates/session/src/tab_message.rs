use crate::{event::SessionEvent, token::FrontToken};

/// The message that a tab sends to the other tabs after a session event. It contains the event and an epoch, which
/// identifies the resulting session state. It contains no token, no user id and no part of the payload.
///
/// A message is only a hint: each tab reads the current session from the shared store.
///
/// [`SessionClient::tab_message_of`](crate::SessionClient::tab_message_of) creates a message, and
/// [`SessionClient::receive_tab_message`](crate::SessionClient::receive_tab_message) handles one.
///
/// ```
/// use supertokens_session::internal::TabMessage;
///
/// assert_eq!(TabMessage::read("SignOut none").to_text(), "SignOut none");
/// // Text of another version or another script is an unknown event: the tab then reads the store.
/// assert_eq!(TabMessage::read("?").to_text(), "Unknown none");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TabMessage {
    event: Option<TabEvent>,
    /// None without a session.
    epoch: Option<u64>,
}

/// An event that other tabs can see in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TabEvent {
    SessionCreated,
    RefreshSession,
    PayloadUpdated,
    UserChanged,
    SignOut,
    Expired,
}

impl TabEvent {
    const ALL: [Self; 6] = [
        Self::SessionCreated,
        Self::RefreshSession,
        Self::PayloadUpdated,
        Self::UserChanged,
        Self::SignOut,
        Self::Expired,
    ];

    fn of(event: &SessionEvent) -> Option<Self> {
        match event {
            SessionEvent::SessionCreated => Some(Self::SessionCreated),
            SessionEvent::RefreshSession => Some(Self::RefreshSession),
            SessionEvent::AccessTokenPayloadUpdated => Some(Self::PayloadUpdated),
            SessionEvent::UserChanged => Some(Self::UserChanged),
            SessionEvent::SignOut => Some(Self::SignOut),
            SessionEvent::Unauthorised { session_expired_or_revoked: true } => Some(Self::Expired),
            // These events do not change the store.
            SessionEvent::Unauthorised { session_expired_or_revoked: false }
            | SessionEvent::ApiInvalidClaim { .. } => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::SessionCreated => "SessionCreated",
            Self::RefreshSession => "RefreshSession",
            Self::PayloadUpdated => "AccessTokenPayloadUpdated",
            Self::UserChanged => "UserChanged",
            Self::SignOut => "SignOut",
            Self::Expired => "Expired",
        }
    }
}

impl TabMessage {
    /// A message for an event that left `front` in the store; none if the event does not change the store.
    pub(crate) fn of(event: &SessionEvent, front: Option<&FrontToken>) -> Option<Self> {
        let event = Some(TabEvent::of(event)?);
        Some(Self { event, epoch: front.map(FrontToken::fingerprint) })
    }

    /// Parses the output of [`to_text`](Self::to_text). Any other text becomes an unknown event.
    pub fn read(text: &str) -> Self {
        let mut words = text.split_ascii_whitespace();
        let name = words.next().unwrap_or_default();
        Self {
            event: TabEvent::ALL.into_iter().find(|event| event.name() == name),
            epoch: words.next().and_then(|word| u64::from_str_radix(word, 16).ok()),
        }
    }

    /// Two words: the event and the epoch.
    pub fn to_text(&self) -> String {
        let name = self.event.map_or("Unknown", TabEvent::name);
        match self.epoch {
            Some(epoch) => format!("{name} {epoch:016x}"),
            None => format!("{name} none"),
        }
    }

    pub(crate) fn event(&self) -> Option<TabEvent> {
        self.event
    }

    /// Whether the message is about the session that is stored now.
    pub(crate) fn is_about(&self, front: Option<&FrontToken>) -> bool {
        self.epoch == front.map(FrontToken::fingerprint)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use base64::prelude::{BASE64_STANDARD, Engine};

    use super::*;

    fn front(json: &str) -> FrontToken {
        FrontToken::decode(&BASE64_STANDARD.encode(json)).unwrap()
    }

    #[test]
    fn text_and_message_round_trip() {
        let ann = front(r#"{"uid":"ann","ate":1,"up":{"role":"x"}}"#);
        for event in TabEvent::ALL {
            for epoch in [None, Some(0), Some(u64::MAX), Some(ann.fingerprint())] {
                let message = TabMessage { event: Some(event), epoch };
                assert_eq!(TabMessage::read(&message.to_text()), message);
                assert_eq!(TabMessage::read(&format!("{} later", message.to_text())), message);
            }
        }
        for text in ["", " ", "signout", "Unknown zz", "\u{0} 1 2", "SignOut"] {
            assert_eq!(TabMessage::read(text).epoch.is_some(), text.contains('1'), "{text:?}");
        }
    }

    #[test]
    fn the_epoch_identifies_each_state() {
        let states = [
            r#"{"uid":"ann","ate":1,"up":{}}"#,
            r#"{"uid":"ann","ate":2,"up":{}}"#,
            r#"{"uid":"bob","ate":1,"up":{}}"#,
            r#"{"uid":"ann","ate":1,"up":{"role":"x"}}"#,
            r#"{"uid":"ann","ate":1,"up":{"role":"y"}}"#,
        ];
        let epochs = states.map(|json| front(json).fingerprint());
        for (at, epoch) in epochs.iter().enumerate() {
            assert!(!epochs[..at].contains(epoch), "{}", states[at]);
            assert_eq!(front(states[at]).fingerprint(), *epoch);
        }
    }

    #[test]
    fn the_text_contains_no_session_data() {
        let ann = front(r#"{"uid":"ann-4711","ate":1700000000000,"up":{"mail":"ann@example.com"}}"#);
        let text = TabMessage::of(&SessionEvent::SessionCreated, Some(&ann)).unwrap().to_text();
        assert_eq!(text, format!("SessionCreated {:016x}", ann.fingerprint()));
    }
}
