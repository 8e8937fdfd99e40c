//! A store for codes and tokens that expire.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use crate::clock::{millis, now_ms};
use crate::state::lock;

/// The number of stored values. A new one replaces the oldest, so that a visitor can't fill the memory.
const LIMIT: usize = 1_000;

/// Values by an unguessable key, until they expire.
pub(crate) struct Expiring<T> {
    lifetime_ms: u64,
    /// The oldest first.
    entries: Mutex<VecDeque<Entry<T>>>,
}

struct Entry<T> {
    key: String,
    value: T,
    expires_at: u64,
}

impl<T> Expiring<T> {
    /// An empty store whose values expire after this time.
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self { lifetime_ms: millis(lifetime), entries: Mutex::default() }
    }

    /// Stores a value.
    pub(crate) fn insert(&self, key: String, value: T) {
        let expires_at = now_ms().saturating_add(self.lifetime_ms);
        let mut entries = lock(&self.entries);
        if entries.len() >= LIMIT {
            entries.pop_front();
        }
        entries.push_back(Entry { key, value, expires_at });
    }

    /// Removes a value and returns it, unless it has expired.
    pub(crate) fn take(&self, key: &str) -> Option<T> {
        let mut entries = lock(&self.entries);
        let index = entries.iter().position(|entry| entry.key == key)?;
        let entry = entries.remove(index)?;
        (entry.expires_at > now_ms()).then_some(entry.value)
    }

    /// Reads or changes a value that has not expired.
    pub(crate) fn with<R>(&self, key: &str, act: impl FnOnce(&mut T) -> R) -> Option<R> {
        let now = now_ms();
        let mut entries = lock(&self.entries);
        let entry = entries.iter_mut().find(|entry| entry.key == key && entry.expires_at > now)?;
        Some(act(&mut entry.value))
    }

    /// Removes all values that match.
    pub(crate) fn remove(&self, matches: impl Fn(&T) -> bool) {
        lock(&self.entries).retain(|entry| !matches(&entry.value));
    }

    /// Changes all values.
    pub(crate) fn for_each(&self, act: impl FnMut(&mut T)) {
        lock(&self.entries).iter_mut().map(|entry| &mut entry.value).for_each(act);
    }

    /// Treats all values as expired.
    pub(crate) fn expire(&self) {
        lock(&self.entries).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Expiring, LIMIT};

    #[test]
    fn a_value_is_taken_once_and_not_after_its_time() {
        let store = Expiring::new(Duration::from_secs(60));
        store.insert("a".to_owned(), 1);
        assert_eq!(
            (store.with("a", |value| *value), store.take("a"), store.take("a")),
            (Some(1), Some(1), None)
        );
        let store = Expiring::new(Duration::ZERO);
        store.insert("a".to_owned(), 1);
        assert_eq!((store.with("a", |value| *value), store.take("a")), (None, None));
    }

    #[test]
    fn a_full_store_drops_the_oldest() {
        let store = Expiring::new(Duration::from_secs(60));
        for number in 0..=LIMIT {
            store.insert(number.to_string(), number);
        }
        assert_eq!((store.take("0"), store.take("1")), (None, Some(1)));
    }
}
