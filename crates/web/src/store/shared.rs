//! Cookies beside the session's that no other SDK knows: owner, backoff and lease.

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

/// Where the browser refuses cookies, this page alone knows these values.
#[derive(Default)]
pub(super) struct Shared {
    refused: RefCell<Vec<(&'static str, String)>>,
}

impl Shared {
    pub(super) fn read(&self, stored: &mut StoredSession, cookies: &str) {
        let mut refused = self.refused.borrow_mut();
        // A browser may have shown the write late.
        refused.retain(|(key, _)| find_all(cookies, &[key]) == [None]);
        let known = |key| refused.iter().find(|(known, _)| *known == key).map(|(_, value)| value.as_str());
        let [owner, backoff, lease] = find_all(cookies, &KEYS);
        stored.owner = owner.or_else(|| known(OWNER_KEY)).and_then(SessionOwner::parse);
        stored.backoff = backoff.or_else(|| known(BACKOFF_KEY)).and_then(RefreshBackoff::parse);
        stored.lease = lease.or_else(|| known(LEASE_KEY)).and_then(RefreshLease::parse);
    }

    /// Writes cookies; [`verify`](Self::verify) tells which of them the browser refused.
    pub(super) fn write(&self, changes: &Changes, cookies: &Cookies) -> Written {
        let all = [
            text_of(OWNER_KEY, &changes.owner, SessionOwner::to_text),
            text_of(BACKOFF_KEY, &changes.backoff, RefreshBackoff::to_text),
            text_of(LEASE_KEY, &changes.lease, RefreshLease::to_text),
        ];
        let written: Vec<_> = all.into_iter().flatten().collect();
        for (key, value) in &written {
            cookies.write(key, value.as_deref(), None);
        }
        Written(written)
    }

    /// `cookies`: as they are read after the write.
    pub(super) fn verify(&self, written: Written, cookies: &str) {
        let mut refused = self.refused.borrow_mut();
        for (key, value) in written.0 {
            refused.retain(|(known, _)| *known != key);
            if find_all(cookies, &[key]) == [None] {
                refused.extend(value.map(|value| (key, value)));
            }
        }
    }
}

/// Each key with its new value; none where it was removed.
pub(super) struct Written(Vec<(&'static str, Option<String>)>);

impl Written {
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
