//! What the page's own writes have put into the cookies a moment ago.

use std::cell::RefCell;

use supertokens_session::wire::{cookie::find_all, names::MARKER_KEY};

use super::KEYS;
use crate::clock::now_ms;

/// For how long a browser may be late, with time to spare.
const MOMENT_MS: i64 = 1_000;

/// The last writes of a moment. WebKit tells a page late of its own: after two in a few ms, the page reads for a while
/// what was there before the last, cookie by cookie. No other tab brings that back, since each write has a marker of
/// its own. They may hold secrets: no `Debug`.
#[derive(Default)]
pub(super) struct Written(RefCell<Option<Last>>);

struct Last {
    at_ms: i64,
    /// All cookies, as the write has left them.
    after: String,
    /// All cookies before it, and before the writes just before it: the newest last.
    before: Vec<String>,
}

impl Written {
    /// All cookies, before a write and after it.
    pub(super) fn note(&self, before: String, after: String) {
        let earlier = self.0.take().filter(Last::is_of_this_moment);
        let mut before_that = earlier.map(|last| last.before).unwrap_or_default();
        before_that.push(before);
        // Nobody writes more often than this for long, and an older text is the first to be no longer read.
        before_that.drain(..before_that.len().saturating_sub(8));
        self.0.replace(Some(Last { at_ms: now_ms(), after, before: before_that }));
    }

    pub(super) fn forget(&self) {
        self.0.take();
    }

    /// The cookies as they were written, where those that are read have fallen back behind that.
    pub(super) fn instead_of(&self, read: &str) -> Option<String> {
        let mut last = self.0.borrow_mut();
        last.take_if(|last| !last.is_of_this_moment());
        let last = last.as_ref()?;
        last.is_forgotten_in(read).then(|| last.after.clone())
    }
}

impl Last {
    fn is_of_this_moment(&self) -> bool {
        (0..MOMENT_MS).contains(&now_ms().saturating_sub(self.at_ms))
    }

    fn is_forgotten_in(&self, cookies: &str) -> bool {
        if cookies == self.after {
            return false;
        }
        let found = find_all(cookies, &KEYS);
        let after = find_all(&self.after, &KEYS);
        let [marker] = find_all(cookies, &[MARKER_KEY]);
        let [last_marker] = find_all(&self.after, &[MARKER_KEY]);
        // Without a marker, or beside the last one, what is gone has been taken away: each of our own writes that takes
        // something away has another marker.
        if marker.is_none() || found == after {
            return false;
        }
        let may_be_gone = marker != last_marker;
        let before: Vec<_> = self.before.iter().map(|text| find_all(text, &KEYS)).collect();
        let was = |at: usize| before.iter().any(|texts| texts[at] == found[at]);
        (0..KEYS.len()).all(|at| found[at] == after[at] || ((found[at].is_some() || may_be_gone) && was(at)))
    }
}
