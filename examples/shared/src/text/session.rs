//! Texts about the session.

use std::time::Duration;

use js_sys::Date;
use supertokens_session::SessionError;
use supertokens_ui::{SessionStatus, UnauthenticatedReason};

use super::sentence;

pub fn status_word(status: SessionStatus) -> &'static str {
    match status {
        SessionStatus::Loading => "Loading",
        SessionStatus::Authenticated => "Signed in",
        SessionStatus::Unauthenticated { .. } => "Signed out",
        SessionStatus::Unreachable => "Unreachable",
    }
}

/// What a screen reader announces when the status changes after the start.
pub fn status_announcement(before: SessionStatus, now: SessionStatus) -> Option<&'static str> {
    if before == now || before == SessionStatus::Loading {
        return None;
    }
    Some(match now {
        SessionStatus::Authenticated => "Signed in",
        SessionStatus::Unauthenticated { reason: UnauthenticatedReason::ExpiredOrRevoked } => "Session ended",
        SessionStatus::Unauthenticated { .. } => "Signed out",
        // The view in place of the page has its own live region.
        SessionStatus::Loading | SessionStatus::Unreachable => "",
    })
}

/// What a screen reader announces when the user's roles change.
pub fn roles_announcement(before: Option<&[String]>, now: Option<&[String]>) -> Option<String> {
    let (before, now) = (before?, now?);
    (before != now).then(|| format!("Your roles are now: {}.", now.join(", ")))
}

pub fn roles_text(roles: Option<Vec<String>>) -> String {
    roles.filter(|roles| !roles.is_empty()).map_or_else(|| "None.".to_owned(), |roles| roles.join(", "))
}

/// The error of a sign-out that did not reach the server.
pub fn sign_out_error(error: Option<SessionError>) -> Option<String> {
    match error? {
        error @ (SessionError::NotRevoked { .. } | SessionError::General { .. }) => {
            Some(sentence(&error.to_string()))
        }
        _ => None,
    }
}

/// The seconds until a time, by the device's clock. The client itself corrects clock skew.
pub fn seconds_left(expires_at: Duration) -> u64 {
    let remaining = expires_at.saturating_sub(Duration::from_millis(Date::now() as u64));
    remaining.as_secs() + u64::from(remaining.subsec_nanos() > 0)
}

/// The text for the seconds that the access token is valid, and what happens then.
pub fn time_left(seconds: u64) -> (String, &'static str) {
    match seconds {
        1.. => (format!("{seconds} s"), "The session continues after that."),
        _ => ("expired".to_owned(), "The next request refreshes it first."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_after_the_start_are_announced() {
        let (loading, signed_in) = (SessionStatus::Loading, SessionStatus::Authenticated);
        let ended = SessionStatus::Unauthenticated { reason: UnauthenticatedReason::ExpiredOrRevoked };
        assert_eq!(status_announcement(loading, signed_in), None);
        assert_eq!(status_announcement(signed_in, signed_in), None);
        assert_eq!(status_announcement(signed_in, ended), Some("Session ended"));
        assert_eq!(status_announcement(ended, signed_in), Some("Signed in"));
        let roles = ["user", "editor"].map(str::to_owned);
        assert_eq!(roles_announcement(None, Some(&roles)), None);
        assert_eq!(roles_announcement(Some(&roles), Some(&roles)), None);
        let expected = "Your roles are now: user, editor.";
        assert_eq!(roles_announcement(Some(&roles[..1]), Some(&roles)).as_deref(), Some(expected));
    }
}
