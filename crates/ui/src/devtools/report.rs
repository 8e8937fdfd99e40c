use supertokens_session::platform::LockKind;

use super::{
    recorder::Recorder,
    texts::{self, span, status_name, time_of_day},
};
use crate::{SessionStatus, Snapshot};

/// What the panel shows. It contains no token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The status, by its name in [`SessionStatus`].
    pub status: &'static str,
    /// What the status means: for a signed-out user, why.
    pub explanation: &'static str,
    /// The details, in the order of the panel.
    pub facts: Vec<Fact>,
    /// The recent events, newest first.
    pub events: Vec<EventEntry>,
}

/// A detail of the session.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fact {
    /// A name that never changes, for tests.
    pub name: &'static str,
    /// The text in front of the value.
    pub label: &'static str,
    /// The value, as a text.
    pub value: String,
}

/// An event of the session, as the panel shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventEntry {
    /// Counts the events of the page.
    pub number: u64,
    /// The time of day.
    pub time: String,
    /// The event's name in [`SessionEvent`](supertokens_session::SessionEvent).
    pub name: &'static str,
    /// What happened.
    pub text: String,
}

/// What time it is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Now {
    /// By the device's clock, in ms since the Unix epoch.
    pub(super) device_ms: i64,
    /// By the server's clock.
    pub(super) server_ms: i64,
    /// The device's time zone.
    pub(super) utc_offset_minutes: i32,
}

const NOTHING: &str = "–";

impl Report {
    pub(super) fn new(snapshot: &Snapshot, recorder: &Recorder, lock: Option<LockKind>, now: Now) -> Self {
        let reason = match snapshot.status {
            SessionStatus::Unauthenticated { reason } => Some(format!("{reason:?}")),
            _ => None,
        };
        let front_token = snapshot.front_token.as_ref();
        let user_id = front_token.map(|front_token| front_token.user_id().to_owned());
        let expiry = front_token.map(|front_token| expiry(front_token.expires_at_ms(), now));
        let last_refresh = recorder.last_refresh_ms.map(|at_ms| {
            let ago = span(now.device_ms.saturating_sub(at_ms));
            format!("{} ({ago} ago)", time_of_day(at_ms, now.utc_offset_minutes))
        });
        let or_nothing = |value: Option<String>| value.unwrap_or_else(|| NOTHING.to_owned());
        let mut facts = vec![
            fact("status", "Status", status_name(snapshot.status).to_owned()),
            fact("reason", "Reason", or_nothing(reason)),
            fact("user-id", "User id", or_nothing(user_id)),
            fact("expiry", "Access token expires", or_nothing(expiry)),
            fact(
                "last-refresh",
                "Last refresh",
                last_refresh.unwrap_or_else(|| "Not since this page was opened".to_owned()),
            ),
            fact("lock", "Refresh lock", texts::lock(lock).to_owned()),
        ];
        // An error may quote the backend, and that may quote anything; a name can't contain a token.
        facts.extend(
            snapshot.error.as_ref().map(|error| fact("error", "Last error", error.name().to_owned())),
        );
        let events = recorder.events.iter().map(|recorded| EventEntry {
            number: recorded.number,
            time: time_of_day(recorded.at_ms, now.utc_offset_minutes),
            name: recorded.event.name(),
            text: texts::event(&recorded.event),
        });
        Self {
            status: status_name(snapshot.status),
            explanation: texts::explanation(snapshot.status),
            facts,
            events: events.collect(),
        }
    }
}

fn fact(name: &'static str, label: &'static str, value: String) -> Fact {
    Fact { name, label, value }
}

/// When the access token expires, by the device's clock. The backend's clock decides whether it has.
fn expiry(expires_at_ms: i64, now: Now) -> String {
    let left_ms = expires_at_ms.saturating_sub(now.server_ms);
    let time = time_of_day(now.device_ms.saturating_add(left_ms), now.utc_offset_minutes);
    if left_ms > 0 {
        format!("{time} (in {})", span(left_ms))
    } else {
        format!("{time} (expired {} ago; the next request refreshes it)", span(left_ms.saturating_neg()))
    }
}

#[cfg(test)]
mod tests {
    use supertokens_session::{FrontToken, SessionError, SessionEvent};

    use super::*;
    use crate::UnauthenticatedReason;

    /// 2023-11-14T22:13:20Z
    const NOW_MS: i64 = 1_700_000_000_000;
    const FRONT: &str = "eyJ1aWQiOiJhbm4iLCJhdGUiOjE3MDAwMDAwNjAwMDAsInVwIjp7fX0=";

    fn now() -> Now {
        Now { device_ms: NOW_MS, server_ms: NOW_MS, utc_offset_minutes: 60 }
    }

    /// `ann` is signed in, until a minute from now.
    fn signed_in() -> Snapshot {
        let front_token = Some(FrontToken::decode(FRONT).unwrap());
        Snapshot { status: SessionStatus::Authenticated, front_token, ..Snapshot::default() }
    }

    fn report(snapshot: &Snapshot) -> Report {
        Report::new(snapshot, &Recorder::default(), Some(LockKind::WebLocks), now())
    }

    fn value(report: &Report, name: &str) -> String {
        report.facts.iter().find(|fact| fact.name == name).unwrap().value.clone()
    }

    #[test]
    fn a_signed_in_user_has_an_id_and_an_expiry_and_no_reason() {
        let report = report(&signed_in());
        assert_eq!((report.status, report.explanation), ("Authenticated", "A user is signed in."));
        assert_eq!(value(&report, "user-id"), "ann");
        assert_eq!(value(&report, "expiry"), "23:14:20 (in 60 s)");
        assert_eq!(value(&report, "reason"), "–");
        assert_eq!(value(&report, "last-refresh"), "Not since this page was opened");
        assert_eq!(value(&report, "lock"), "Web Locks");
    }

    #[test]
    fn an_expiry_in_the_past_says_so_and_what_follows() {
        let later = Now { device_ms: NOW_MS + 90_000, server_ms: NOW_MS + 90_000, ..now() };
        let report = Report::new(&signed_in(), &Recorder::default(), None, later);
        assert_eq!(value(&report, "expiry"), "23:14:20 (expired 30 s ago; the next request refreshes it)");
        let at_expiry = Now { device_ms: NOW_MS + 60_000, server_ms: NOW_MS + 60_000, ..now() };
        let report = Report::new(&signed_in(), &Recorder::default(), None, at_expiry);
        assert!(value(&report, "expiry").contains("expired 0 s ago"));
    }

    #[test]
    fn the_servers_clock_decides_about_the_expiry_and_the_devices_clock_shows_it() {
        // The device's clock is an hour slow.
        let now = Now { device_ms: NOW_MS - 3_600_000, server_ms: NOW_MS, utc_offset_minutes: 60 };
        let report = Report::new(&signed_in(), &Recorder::default(), None, now);
        assert_eq!(value(&report, "expiry"), "22:14:20 (in 60 s)");
    }

    #[test]
    fn a_signed_out_user_has_a_reason_and_nothing_else() {
        let reason = UnauthenticatedReason::ExpiredOrRevoked;
        let status = SessionStatus::Unauthenticated { reason };
        let report = report(&Snapshot { status, ..Snapshot::default() });
        assert_eq!(
            (report.status, value(&report, "reason").as_str()),
            ("Unauthenticated", "ExpiredOrRevoked")
        );
        assert!(report.explanation.contains("revoked on the server"), "{}", report.explanation);
        assert_eq!([value(&report, "user-id"), value(&report, "expiry")], ["–", "–"]);
    }

    #[test]
    fn events_and_the_last_refresh_have_the_local_time() {
        let mut recorder = Recorder::default();
        recorder.record(&SessionEvent::RefreshSession, NOW_MS - 12_000);
        recorder.record(&SessionEvent::SignOut, NOW_MS);
        let report = Report::new(&signed_in(), &recorder, None, now());
        assert_eq!(value(&report, "last-refresh"), "23:13:08 (12 s ago)");
        let events: Vec<_> =
            report.events.iter().map(|one| (one.number, one.time.as_str(), one.name)).collect();
        assert_eq!(events, [(2, "23:13:20", "SignOut"), (1, "23:13:08", "RefreshSession")]);
        assert_eq!(report.events[0].text, "The user signed out.");
    }

    #[test]
    fn each_lock_has_its_own_text_and_a_page_without_one_says_so() {
        let text = |lock| value(&Report::new(&signed_in(), &Recorder::default(), lock, now()), "lock");
        assert_eq!(text(Some(LockKind::JavascriptSdk)), "The JavaScript SDK's lock entry");
        assert_eq!(
            text(Some(LockKind::WebLocksAndJavascriptSdk)),
            "Web Locks, and the JavaScript SDK's lock entry"
        );
        assert_eq!(text(Some(LockKind::Custom)), "A lock of the app");
        for none in [Some(LockKind::Page), None] {
            assert_eq!(text(none), "None: tabs can't wait for each other");
        }
    }

    #[test]
    fn an_error_is_named_without_its_text_which_is_the_backends() {
        let quoted = "st-access-token eyJhbGciOiJSUzI1NiJ9";
        let error = SessionError::General { message: quoted.to_owned() };
        let report = report(&signed_in().with_error(Some(error)));
        assert_eq!(value(&report, "error"), "General");
        assert!(!format!("{report:?}").contains("eyJ"), "{report:?}");
        assert!(!self::report(&signed_in()).facts.iter().any(|fact| fact.name == "error"));
    }

    #[test]
    fn no_text_contains_the_front_token() {
        let report = format!("{:?}", report(&signed_in()));
        assert!(report.contains("ann") && !report.contains(FRONT), "{report}");
    }
}
