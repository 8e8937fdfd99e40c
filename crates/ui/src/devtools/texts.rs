//! What the panel says. No text has a token.

use supertokens_session::{SessionEvent, platform::LockKind};

use crate::{SessionStatus, UnauthenticatedReason};

/// The name of the variant.
pub(super) fn status_name(status: SessionStatus) -> &'static str {
    match status {
        SessionStatus::Loading => "Loading",
        SessionStatus::Authenticated => "Authenticated",
        SessionStatus::Unauthenticated { .. } => "Unauthenticated",
        SessionStatus::Unreachable => "Unreachable",
    }
}

/// What the status means, and why the user is signed out.
pub(super) fn explanation(status: SessionStatus) -> &'static str {
    use UnauthenticatedReason::{ExpiredOrRevoked, NoSession, SignedOut};

    match status {
        SessionStatus::Loading => "The client checks whether there is a session.",
        SessionStatus::Authenticated => "A user is signed in.",
        SessionStatus::Unauthenticated { reason: NoSession } => {
            "This browser stores no session: no user has signed in, or the cookies were deleted."
        }
        SessionStatus::Unauthenticated { reason: SignedOut } => {
            "The user signed out, in this tab or in another one."
        }
        SessionStatus::Unauthenticated { reason: ExpiredOrRevoked } => {
            "The backend ended the session: it had expired, or was revoked on the server."
        }
        SessionStatus::Unreachable => {
            "The backend does not respond, so the client can't know whether there is a session."
        }
    }
}

/// How tabs wait for each other. `None` without a page.
pub(super) fn lock(kind: Option<LockKind>) -> &'static str {
    match kind {
        Some(LockKind::WebLocks) => "Web Locks",
        Some(LockKind::WebLocksAndJavascriptSdk) => "Web Locks, and the JavaScript SDK's lock entry",
        Some(LockKind::JavascriptSdk) => "The JavaScript SDK's lock entry",
        Some(LockKind::Custom) => "A lock of the app",
        Some(LockKind::Page) | None => "None: tabs can't wait for each other",
    }
}

/// What happened, in words.
pub(super) fn event(event: &SessionEvent) -> String {
    let text = match event {
        SessionEvent::SessionCreated => "A session began.",
        SessionEvent::RefreshSession => "The tokens were refreshed.",
        SessionEvent::AccessTokenPayloadUpdated => "The access token's payload changed.",
        SessionEvent::UserChanged => "The session now belongs to another user.",
        SessionEvent::SignOut => "The user signed out.",
        SessionEvent::Unauthorised { session_expired_or_revoked: true } => {
            "The session had expired, or was revoked."
        }
        SessionEvent::Unauthorised { session_expired_or_revoked: false } => {
            "The API rejected a request, and there is no session."
        }
        SessionEvent::ApiInvalidClaim { errors } => {
            let ids: Vec<_> = errors.iter().map(|error| error.id.as_str()).collect();
            return format!("The API rejected a request because of these claims: {}.", ids.join(", "));
        }
        _ => "",
    };
    text.to_owned()
}

/// The time of day in a time zone that is `utc_offset_minutes` east of UTC: `14:03:22`.
pub(super) fn time_of_day(at_ms: i64, utc_offset_minutes: i32) -> String {
    let seconds = at_ms.div_euclid(1_000).saturating_add(i64::from(utc_offset_minutes) * 60);
    let seconds = seconds.rem_euclid(24 * 60 * 60);
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// A length of time, in the largest unit of which it has at least two.
pub(super) fn span(ms: i64) -> String {
    let seconds = ms.max(0) / 1_000;
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::json;
    use supertokens_session::ClaimError;

    use super::*;

    #[test]
    fn each_status_and_each_reason_has_its_own_explanation() {
        let reasons = [
            UnauthenticatedReason::NoSession,
            UnauthenticatedReason::SignedOut,
            UnauthenticatedReason::ExpiredOrRevoked,
        ];
        let signed_out = reasons.map(|reason| SessionStatus::Unauthenticated { reason });
        let others = [SessionStatus::Loading, SessionStatus::Authenticated, SessionStatus::Unreachable];
        let texts: HashSet<_> = signed_out.into_iter().chain(others).map(explanation).collect();
        assert_eq!(texts.len(), 6);
        assert!(texts.iter().all(|text| text.ends_with('.')), "{texts:?}");
    }

    #[test]
    fn a_status_has_the_name_of_its_variant() {
        let signed_out = SessionStatus::Unauthenticated { reason: UnauthenticatedReason::SignedOut };
        assert!(format!("{signed_out:?}").starts_with(status_name(signed_out)));
        for status in [SessionStatus::Loading, SessionStatus::Authenticated, SessionStatus::Unreachable] {
            assert_eq!(status_name(status), format!("{status:?}"));
        }
    }

    #[test]
    fn a_rejected_claim_is_named_without_the_values_of_its_reason() {
        let errors = [
            ClaimError::new("st-role", &json!({ "actualValue": ["secret-4711"] })),
            ClaimError::new("st-ev", &json!(null)),
        ];
        let text = event(&SessionEvent::ApiInvalidClaim { errors: errors.into() });
        assert_eq!(text, "The API rejected a request because of these claims: st-role, st-ev.");
    }

    #[test]
    fn the_two_kinds_of_a_rejected_request_differ() {
        let texts = [true, false].map(|session_expired_or_revoked| {
            event(&SessionEvent::Unauthorised { session_expired_or_revoked })
        });
        assert_ne!(texts[0], texts[1]);
    }

    #[test]
    fn times_are_those_of_the_time_zone_on_either_side_of_midnight() {
        // 2023-11-14T22:13:20Z
        let at_ms = 1_700_000_000_999;
        assert_eq!(time_of_day(at_ms, 0), "22:13:20");
        assert_eq!(time_of_day(at_ms, 120), "00:13:20");
        assert_eq!(time_of_day(at_ms, -8 * 60), "14:13:20");
        assert_eq!(time_of_day(at_ms, 5 * 60 + 45), "03:58:20");
        assert_eq!(time_of_day(-1, 0), "23:59:59");
        for extreme in [i64::MIN, i64::MAX] {
            assert_eq!(time_of_day(extreme, i32::MAX).len(), 8);
        }
    }

    #[test]
    fn spans_have_a_unit_that_shows_their_size() {
        let cases = [
            (-5_000, "0 s"),
            (999, "0 s"),
            (1_000, "1 s"),
            (119_999, "119 s"),
            (120_000, "2 min"),
            (7_199_000, "119 min"),
            (7_200_000, "2 h"),
            (172_799_000, "47 h"),
            (172_800_000, "2 days"),
            (i64::MAX, "106751991167 days"),
        ];
        for (ms, expected) in cases {
            assert_eq!(span(ms), expected, "{ms}");
        }
    }
}
