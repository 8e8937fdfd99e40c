use supertokens_session::SessionEvent;

use crate::text::time_of_day;

const MAX_ENTRIES: usize = 100;

/// The session's events since the page was loaded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EventLog {
    /// Newest first.
    pub entries: Vec<Entry>,
    pub refreshes: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub number: usize,
    pub time: String,
    pub name: &'static str,
    pub text: String,
}

impl EventLog {
    pub fn add(&mut self, event: &SessionEvent) {
        if *event == SessionEvent::RefreshSession {
            self.refreshes += 1;
        }
        let number = self.entries.first().map_or(0, |newest| newest.number + 1);
        let (name, text) = describe(event);
        self.entries.insert(0, Entry { number, time: time_of_day(), name, text });
        self.entries.truncate(MAX_ENTRIES);
    }
}

fn describe(event: &SessionEvent) -> (&'static str, String) {
    let (name, text) = match event {
        SessionEvent::SessionCreated => ("SessionCreated", "A session was created."),
        SessionEvent::RefreshSession => ("RefreshSession", "The session was refreshed and has new tokens."),
        SessionEvent::AccessTokenPayloadUpdated => {
            ("AccessTokenPayloadUpdated", "The access token’s payload changed.")
        }
        SessionEvent::UserChanged => ("UserChanged", "The session now belongs to another user."),
        SessionEvent::SignOut => ("SignOut", "The user signed out."),
        SessionEvent::Unauthorised { session_expired_or_revoked: true } => {
            ("Unauthorised", "The session expired or was revoked.")
        }
        SessionEvent::Unauthorised { session_expired_or_revoked: false } => {
            ("Unauthorised", "The API rejected a request: no user is signed in.")
        }
        SessionEvent::ApiInvalidClaim { errors } => {
            let ids: Vec<_> = errors.iter().map(|error| error.id.as_str()).collect();
            return (
                "ApiInvalidClaim",
                format!("The API rejected a request because of these claims: {}.", ids.join(", ")),
            );
        }
        _ => ("Other", "This app does not know the event."),
    };
    (name, text.to_owned())
}
