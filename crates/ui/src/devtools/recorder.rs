use std::collections::VecDeque;

use supertokens_session::SessionEvent;

/// How many events the recorder stores.
const MAX_EVENTS: usize = 50;

/// The recent events of a session. Events carry no token.
#[derive(Default)]
pub(super) struct Recorder {
    /// Newest first.
    pub(super) events: VecDeque<RecordedEvent>,
    /// The time of the last refresh since the recorder started.
    pub(super) last_refresh_ms: Option<i64>,
}

/// An event with its time.
pub(super) struct RecordedEvent {
    /// Counts the events of the page.
    pub(super) number: u64,
    /// By the device's clock, in ms since the Unix epoch.
    pub(super) at_ms: i64,
    pub(super) event: SessionEvent,
}

impl Recorder {
    /// Adds an event. The oldest one is dropped if there are too many.
    pub(super) fn record(&mut self, event: &SessionEvent, at_ms: i64) {
        if *event == SessionEvent::RefreshSession {
            self.last_refresh_ms = Some(at_ms);
        }
        let number = self.events.front().map_or(1, |newest| newest.number + 1);
        self.events.push_front(RecordedEvent { number, at_ms, event: event.clone() });
        self.events.truncate(MAX_EVENTS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_stored_with_their_times_newest_first() {
        let mut recorder = Recorder::default();
        recorder.record(&SessionEvent::SessionCreated, 1_000);
        recorder.record(&SessionEvent::SignOut, 2_000);
        let events: Vec<_> =
            recorder.events.iter().map(|one| (one.number, one.at_ms, one.event.clone())).collect();
        assert_eq!(events, [(2, 2_000, SessionEvent::SignOut), (1, 1_000, SessionEvent::SessionCreated)]);
    }

    #[test]
    fn the_oldest_events_are_dropped_and_the_numbers_continue() {
        let mut recorder = Recorder::default();
        for at_ms in 1..=120 {
            recorder.record(&SessionEvent::AccessTokenPayloadUpdated, at_ms);
        }
        let numbers: Vec<_> = recorder.events.iter().map(|one| one.number).collect();
        assert_eq!(numbers, (71..=120).rev().collect::<Vec<_>>());
    }

    #[test]
    fn the_last_refresh_is_remembered_after_its_event_was_dropped() {
        let mut recorder = Recorder::default();
        assert_eq!(recorder.last_refresh_ms, None);
        recorder.record(&SessionEvent::RefreshSession, 5);
        for at_ms in 6..=100 {
            recorder.record(&SessionEvent::AccessTokenPayloadUpdated, at_ms);
        }
        assert_eq!(recorder.last_refresh_ms, Some(5));
        recorder.record(&SessionEvent::RefreshSession, 101);
        assert_eq!(recorder.last_refresh_ms, Some(101));
    }
}
