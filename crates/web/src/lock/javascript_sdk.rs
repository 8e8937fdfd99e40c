//! The lock of the JavaScript SDK, `browser-tabs-lock` 1.x: one entry in localStorage for each name.
//!
//! A page waits 30 ms and reads. If there is no entry, it writes its own, and reads again 30 ms later. If its entry is
//! still there, the page holds the lock and renews the entry every second. An entry older than five seconds is stale:
//! its page counts as dead.

use std::rc::Rc;

#[cfg(feature = "devtools")]
use supertokens_session::platform::LockKind;
use supertokens_session::platform::{LocalBoxFuture, Lock, LockError, LockGuard, REFRESH_LOCK};

use crate::{
    browser,
    clock::now_ms,
    page::{Blocked, Page},
    storage::LocalStorage,
    timer::{Interval, sleep},
};

const PREFIX: &str = "browser-tabs-lock-key-";

/// The SDK's name of [`REFRESH_LOCK`].
const SDK_REFRESH_LOCK: &str = "REFRESH_TOKEN_USE";

/// An entry older than this is stale.
const STALE_MS: i64 = 5_000;

/// The holder renews its entry at this interval.
const RENEW_MS: u32 = 1_000;

/// The time between the write of an entry and its check. The SDK waits 30 ms, and its own read and write are up to 25
/// ms apart. This covers both.
const SETTLE_MS: u32 = 60;

const POLL_MS: u32 = 30;

/// The JavaScript SDK's lock: an entry in localStorage. [`TabLock`](super::TabLock) uses it on pages without Web Locks,
/// and says when two pages can hold it at the same time.
#[derive(Debug, Clone)]
pub struct JavascriptSdkLock {
    page: Page,
}

impl JavascriptSdkLock {
    /// The lock of the page's origin.
    pub fn new(page: &Page) -> Self {
        Self { page: page.clone() }
    }

    /// Whether the page has a localStorage.
    #[cfg(feature = "devtools")]
    pub(super) fn is_available(&self) -> bool {
        LocalStorage::open(&self.page).is_ok()
    }

    /// Waits while another page holds the lock. Without an entry this costs one read.
    pub(super) async fn wait_until_free(&self, name: &str) -> Result<(), Blocked> {
        Entry::new(&self.page, name)?.wait_until_free().await
    }

    /// Waits for the lock and takes it.
    pub(super) async fn hold(&self, name: &str) -> Result<HeldEntry, Blocked> {
        let entry = Rc::new(Entry::new(&self.page, name)?);
        loop {
            settle(POLL_MS).await;
            entry.wait_until_free().await?;
            let held = HeldEntry::write(&entry)?;
            settle(SETTLE_MS).await;
            if entry.renew() {
                return Ok(held);
            }
        }
    }
}

impl Lock for JavascriptSdkLock {
    /// [`LockError::Refused`] if localStorage is blocked.
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(async move {
            let held = self.hold(name).await.map_err(|Blocked| LockError::Refused)?;
            Ok(held.added_to(LockGuard::new(|| {})))
        })
    }

    #[cfg(feature = "devtools")]
    fn kind(&self) -> LockKind {
        LockKind::JavascriptSdk
    }
}

/// Waits until this page sees the writes of other pages. A busy page does not see them. If the timer fires late, the
/// page was busy, so a second timer follows.
async fn settle(ms: u32) {
    for _ in 0..2 {
        let started = now_ms();
        sleep(ms).await;
        if now_ms() - started < i64::from(2 * ms) {
            break;
        }
    }
}

/// An entry of this page. It is renewed until this is dropped, and then removed.
pub(super) struct HeldEntry {
    entry: Rc<Entry>,
    _renewal: Interval,
}

impl HeldEntry {
    fn write(entry: &Rc<Entry>) -> Result<Self, Blocked> {
        entry.write()?;
        // Some extensions replace localStorage by an object that stores nothing.
        if !entry.exists() {
            return Err(Blocked);
        }
        let renewed = entry.clone();
        let renewal = Interval::new(RENEW_MS, move || {
            renewed.renew();
        });
        Ok(Self { entry: entry.clone(), _renewal: renewal })
    }

    /// A guard that holds the entry too. The lock counts as lost when the entry is.
    pub(super) fn added_to(self, guard: LockGuard) -> LockGuard {
        let entry = self.entry.clone();
        guard.keeping(self).with_check(move || entry.renew())
    }
}

impl Drop for HeldEntry {
    fn drop(&mut self) {
        self.entry.remove();
    }
}

/// This page's entry of a lock.
struct Entry {
    storage: LocalStorage,
    key: String,
    /// Unique among all entries.
    id: String,
    /// The JSON up to the value of `timeRefreshed`.
    json: String,
}

impl Entry {
    fn new(page: &Page, name: &str) -> Result<Self, Blocked> {
        let storage = LocalStorage::open(page)?;
        let key = [PREFIX, if name == REFRESH_LOCK { SDK_REFRESH_LOCK } else { name }].concat();
        let now = now_ms();
        let (id, iat) = (format!("{now}{}", random_text(15)), format!("{now}{}", random_text(4)));
        // The SDK never reads `timeoutKey`, so it doesn't need the name of this lock.
        let json = format!(
            r#"{{"id":"{id}","iat":"{iat}","timeoutKey":"{id}-{SDK_REFRESH_LOCK}-{iat}","timeAcquired":{now},"timeRefreshed":"#
        );
        Ok(Self { storage, key, id, json })
    }

    async fn wait_until_free(&self) -> Result<(), Blocked> {
        let mut seen = (String::new(), 0);
        while let Some(text) = self.storage.get(&self.key)? {
            let now = now_ms();
            // The SDK's rule. A text that is no entry is stale too.
            let is_stale = browser::written_at(&text) < (now - STALE_MS) as f64;
            if seen.0 != text || now < seen.1 {
                seen = (text, now);
            }
            // A living holder changes its entry every second. If a page dies and the clock is then set back, its entry
            // has a date in the future; the second condition ends that wait.
            if is_stale || now - seen.1 > STALE_MS + i64::from(RENEW_MS) {
                break;
            }
            sleep(POLL_MS).await;
        }
        Ok(())
    }

    fn write(&self) -> Result<(), Blocked> {
        self.storage.set(&self.key, &format!("{}{}}}", self.json, now_ms()))
    }

    /// Writes the entry with the current time. False if another page replaced or removed it.
    fn renew(&self) -> bool {
        let exists = self.exists();
        if exists {
            // If the browser refuses the write, the entry becomes stale, and other pages stop waiting.
            let _ = self.write();
        }
        exists
    }

    fn remove(&self) {
        if self.exists() {
            let _ = self.storage.remove(&self.key);
        }
    }

    fn exists(&self) -> bool {
        matches!(self.storage.get(&self.key), Ok(Some(text)) if text.contains(&self.id))
    }
}

/// A text to make an id unique. It is no secret.
fn random_text(length: usize) -> String {
    const CHARS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let random = || (js_sys::Math::random() * CHARS.len() as f64) as usize;
    (0..length).filter_map(|_| CHARS.get(random()).map(|char| char::from(*char))).collect()
}
