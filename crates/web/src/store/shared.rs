//! Cookies that only this library uses: owner, backoff and lease.

use std::cell::RefCell;

use supertokens_session::{
    platform::{Change, Changes, RefreshBackoff, RefreshLease, SessionOwner, StoredSession},
    wire::{
        cookie::find_all,
        names::{BACKOFF_KEY, LEASE_KEY, OWNER_KEY},
    },
};

use crate::cookies::Cookies;

const KEYS: [&str; 3] = [OWNER_KEY, BACKOFF_KEY, LEASE_KEY];

/// Reads and writes these cookies. If the browser refuses them, it holds their values in memory.
#[derive(Default)]
pub(super) struct SharedValues {
    refused: RefCell<Vec<(&'static str, String)>>,
}

impl SharedValues {
    pub(super) fn read(&self, stored: &mut StoredSession, cookies: &str) {
        let mut refused = self.refused.borrow_mut();
        // Some browsers show a write late, so a refused cookie may appear.
        refused.retain(|(key, _)| find_all(cookies, &[key]) == [None]);
        let in_memory = |key| {
            refused.iter().find(|(refused_key, _)| *refused_key == key).map(|(_, value)| value.as_str())
        };
        let [owner, backoff, lease] = find_all(cookies, &KEYS);
        stored.owner = owner.or_else(|| in_memory(OWNER_KEY)).and_then(SessionOwner::parse);
        stored.backoff = backoff.or_else(|| in_memory(BACKOFF_KEY)).and_then(RefreshBackoff::parse);
        stored.lease = lease.or_else(|| in_memory(LEASE_KEY)).and_then(RefreshLease::parse);
    }

    /// Writes cookies. [`verify`](Self::verify) then finds the ones that the browser refused.
    pub(super) fn write(&self, changes: &Changes, cookies: &Cookies) -> WrittenCookies {
        let all = [
            text_of(OWNER_KEY, &changes.owner, SessionOwner::to_text),
            text_of(BACKOFF_KEY, &changes.backoff, RefreshBackoff::to_text),
            text_of(LEASE_KEY, &changes.lease, RefreshLease::to_text),
        ];
        let written: Vec<_> = all.into_iter().flatten().collect();
        for (key, value) in &written {
            cookies.write(key, value.as_deref(), None);
        }
        WrittenCookies(written)
    }

    /// Finds refused cookies. `cookies` are read after the write.
    pub(super) fn verify(&self, written: WrittenCookies, cookies: &str) {
        let mut refused = self.refused.borrow_mut();
        for (key, value) in written.0 {
            refused.retain(|(refused_key, _)| *refused_key != key);
            if find_all(cookies, &[key]) == [None] {
                refused.extend(value.map(|value| (key, value)));
            }
        }
    }
}

/// Each written key with its new value, or `None` for a removal.
pub(super) struct WrittenCookies(Vec<(&'static str, Option<String>)>);

impl WrittenCookies {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn text_of<T>(
    key: &'static str,
    change: &Change<T>,
    to_text: fn(&T) -> String,
) -> Option<(&'static str, Option<String>)> {
    match change {
        Change::Keep => None,
        Change::Clear => Some((key, None)),
        Change::Set(value) => Some((key, Some(to_text(value)))),
    }
}
