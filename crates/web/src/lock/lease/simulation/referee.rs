//! Sees who is in, and since when nobody can have heard of a tab.

use super::super::SEEN_MS;
use super::sea::{MS, Sea};

/// Stopped for less, a tab is alive to all.
const ALIVE: u64 = 4_000 * MS;

/// A tab that runs for so long has answered what it was asked.
const TIME_TO_ANSWER: u64 = 2 * SEEN_MS as u64 * MS;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Foul {
    /// Two are in, and the first one was not stopped for long.
    TwoIn { first: usize, second: usize },
    /// One that was passed over goes on as if it was in.
    UsedWithout(usize),
    /// A tab that lives and wants to be in never is.
    Starved(usize),
}

/// One tab, as the referee sees it.
#[derive(Default)]
pub(super) struct Seat {
    pub(super) is_in: bool,
    pub(super) is_passed_over: bool,
    /// Until then it ran long enough to answer.
    pub(super) answered_until: u64,
}

/// What has been seen of all.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) foul: Option<Foul>,
    pub(super) entered: u32,
    pub(super) passed_over: u32,
    pub(super) died_inside: u32,
    pub(super) longest_succession_ms: u64,
    /// Since when nobody has been in, and only because somebody died in there.
    orphaned_at: Option<u64>,
}

impl Sea {
    pub(super) fn gets_in(&mut self, tab: usize) {
        for other in 0..self.tabs.len() {
            if other == tab || self.tabs[other].is_dead || !self.tabs[other].seat.is_in {
                continue;
            }
            if self.tabs[other].seat.is_passed_over {
                continue;
            }
            if self.now.saturating_sub(self.last_answer(other)) < ALIVE {
                self.seen.foul.get_or_insert(Foul::TwoIn { first: other, second: tab });
            }
            self.tabs[other].seat.is_passed_over = true;
            self.seen.passed_over += 1;
        }
        if let Some(since) = self.seen.orphaned_at.take() {
            let took_ms = (self.now - since) / MS;
            self.seen.longest_succession_ms = self.seen.longest_succession_ms.max(took_ms);
        }
        self.seen.entered += 1;
        self.tabs[tab].seat.is_in = true;
        self.tabs[tab].seat.is_passed_over = false;
    }

    /// Does what only one may.
    pub(super) fn uses(&mut self, tab: usize) {
        if self.tabs[tab].seat.is_passed_over {
            self.seen.foul.get_or_insert(Foul::UsedWithout(tab));
        }
    }

    pub(super) fn leaves(&mut self, tab: usize) {
        self.tabs[tab].seat.is_in = false;
    }

    pub(super) fn mourn(&mut self, tab: usize) {
        if self.tabs[tab].seat.is_in {
            self.seen.died_inside += 1;
            self.orphan(tab);
        }
    }

    /// Counts only where somebody waits from then on.
    fn orphan(&mut self, dead: usize) {
        let waits =
            self.tabs.iter().enumerate().any(|(tab, one)| tab != dead && !one.is_dead && one.wants_in);
        self.seen.orphaned_at = waits.then_some(self.now);
    }

    /// When a tab last was in a position to answer.
    fn last_answer(&self, tab: usize) -> u64 {
        let one = &self.tabs[tab];
        let runs_since = one.stopped_until;
        if self.now >= runs_since + TIME_TO_ANSWER { self.now } else { one.seat.answered_until }
    }

    /// A stop begins: what is asked from now on waits.
    pub(super) fn note_stop(&mut self, tab: usize) {
        let now = self.now;
        let one = &mut self.tabs[tab];
        if now >= one.stopped_until + TIME_TO_ANSWER {
            one.seat.answered_until = now;
        }
    }
}
