//! Works around stale reads of `document.cookie` in WebKit.

use std::cell::RefCell;

use supertokens_session::internal::{cookie::find, names::MARKER_KEY};

use super::SESSION_KEYS;
use crate::clock::now_ms;

/// WebKit returns stale cookies for less than this time.
const RECENT_MS: i64 = 1_000;

/// The writes of the last second. If a page writes cookies twice within a few ms, WebKit returns some cookies from
/// before the last write for a while. Each write has a unique marker, so such a mixture can't be another tab's write.
/// It may hold secrets, so it has no `Debug`.
#[derive(Default)]
pub(super) struct RecentWrites(RefCell<Option<LastWrite>>);

struct LastWrite {
    at_ms: i64,
    /// All cookies after the write.
    after: String,
    /// All cookies before this write and before earlier recent writes. The newest is last.
    before: Vec<String>,
}

impl RecentWrites {
    /// Records all cookies before a write and after it.
    pub(super) fn record(&self, before: String, after: String) {
        let earlier = self.0.take().filter(LastWrite::is_recent);
        let mut all_before = earlier.map(|last| last.before).unwrap_or_default();
        all_before.push(before);
        // More writes within a second are unlikely, and WebKit stops returning the oldest cookies first.
        all_before.drain(..all_before.len().saturating_sub(8));
        self.0.replace(Some(LastWrite { at_ms: now_ms(), after, before: all_before }));
    }

    pub(super) fn clear(&self) {
        self.0.take();
    }

    /// The cookies of the last write, if the cookies that were read are stale.
    pub(super) fn correct(&self, read: &str) -> Option<String> {
        let mut last = self.0.borrow_mut();
        last.take_if(|last| !last.is_recent());
        let last = last.as_ref()?;
        last.is_stale(read).then(|| last.after.clone())
    }
}

impl LastWrite {
    fn is_recent(&self) -> bool {
        (0..RECENT_MS).contains(&now_ms().saturating_sub(self.at_ms))
    }

    /// Whether these cookies are, all or in part, from before this write.
    fn is_stale(&self, cookies: &str) -> bool {
        if cookies == self.after {
            return false;
        }
        let is_same = |key, before: &str| find(cookies, key) == find(before, key);
        let is_last = |key| is_same(key, &self.after);
        if find(cookies, MARKER_KEY).is_none() {
            // WebKit shows the state before the first write. Other code may also have removed all cookies; then the
            // session ends a second later.
            return self.before.iter().any(|before| SESSION_KEYS.iter().all(|key| is_same(key, before)));
        }
        // Each write of this library that removes a cookie changes the marker. So with the last marker, other code
        // removed the missing cookies.
        if SESSION_KEYS.iter().all(|key| is_last(key)) {
            return false;
        }
        let may_be_missing = !is_last(MARKER_KEY);
        SESSION_KEYS.iter().all(|key| {
            let may_be_stale = find(cookies, key).is_some() || may_be_missing;
            is_last(key) || (may_be_stale && self.before.iter().any(|before| is_same(key, before)))
        })
    }
}
