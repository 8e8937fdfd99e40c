use crate::{event::SessionEvent, token::FrontToken};

/// What one tab tells the others when something has happened to the session: what it was, and an epoch that tells the
/// state it led to from all others. No token, no user and nothing of the payload is in it.
///
/// It is a hint and never a fact: what there is now, each tab reads in the store that all share.
///
/// [`SessionClient::tab_message_of`](crate::SessionClient::tab_message_of) makes one,
/// [`SessionClient::receive_tab_message`](crate::SessionClient::receive_tab_message) takes it.
///
/// ```
/// use supertokens_session::TabMessage;
///
/// assert_eq!(TabMessage::read("SignOut none").to_text(), "SignOut none");
/// // Whatever else another version, or another script, says: it is worth a look.
/// assert_eq!(TabMessage::read("?").to_text(), "Unknown none");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TabMessage {
    happened: Option<TabEvent>,
    /// None without a session.
    epoch: Option<u64>,
}

/// What another tab can see in the store.
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
            // Nothing has changed.
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
    /// Of an event, after which `front` was there; none where no other tab could see a change.
    pub(crate) fn of(event: &SessionEvent, front: Option<&FrontToken>) -> Option<Self> {
        let happened = Some(TabEvent::of(event)?);
        Some(Self { happened, epoch: front.map(FrontToken::fingerprint) })
    }

    /// Reads what [`to_text`](Self::to_text) wrote. Any other text is a notice of something unknown.
    pub fn read(text: &str) -> Self {
        let mut words = text.split_ascii_whitespace();
        let name = words.next().unwrap_or_default();
        Self {
            happened: TabEvent::ALL.into_iter().find(|happened| happened.name() == name),
            epoch: words.next().and_then(|word| u64::from_str_radix(word, 16).ok()),
        }
    }

    /// Two words: what happened, and the epoch.
    pub fn to_text(&self) -> String {
        let name = self.happened.map_or("Unknown", TabEvent::name);
        match self.epoch {
            Some(epoch) => format!("{name} {epoch:016x}"),
            None => format!("{name} none"),
        }
    }

    pub(crate) fn happened(&self) -> Option<TabEvent> {
        self.happened
    }

    /// Whether what is there now is what the notice tells of.
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
    fn says_what_it_read() {
        let ann = front(r#"{"uid":"ann","ate":1,"up":{"role":"x"}}"#);
        for happened in TabEvent::ALL {
            for epoch in [None, Some(0), Some(u64::MAX), Some(ann.fingerprint())] {
                let notice = TabMessage { happened: Some(happened), epoch };
                assert_eq!(TabMessage::read(&notice.to_text()), notice);
                assert_eq!(TabMessage::read(&format!("{} later", notice.to_text())), notice);
            }
        }
        for odd in ["", " ", "signout", "Unknown zz", "\u{0} 1 2", "SignOut"] {
            assert_eq!(TabMessage::read(odd).epoch.is_some(), odd.contains('1'), "{odd:?}");
        }
    }

    #[test]
    fn the_epoch_tells_every_state_from_every_other() {
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
    fn nothing_of_the_session_is_in_it() {
        let ann = front(r#"{"uid":"ann-4711","ate":1700000000000,"up":{"mail":"ann@example.com"}}"#);
        let text = TabMessage::of(&SessionEvent::SessionCreated, Some(&ann)).unwrap().to_text();
        assert_eq!(text, format!("SessionCreated {:016x}", ann.fingerprint()));
    }
}
