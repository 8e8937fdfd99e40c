//! The lock of the JavaScript SDK, `browser-tabs-lock` 1.x: one entry in localStorage for each name.
//!
//! A page waits 30 ms and reads. If there is no entry, it writes its own, and reads again 30 ms later. If its entry is
//! still there, the page holds the lock, and writes the entry anew every second. An entry that is older than five seconds
//! counts as a dead page's.

use std::rc::Rc;

use js_sys::{JSON, Reflect};
use supertokens_session::platform::{LocalBoxFuture, Lock, LockError, LockGuard, REFRESH_LOCK};
use wasm_bindgen::JsValue;

use crate::{
    clock::now_ms,
    page::{Blocked, Page},
    storage::LocalStorage,
    timer::{Interval, sleep},
};

const PREFIX: &str = "browser-tabs-lock-key-";

/// The SDK's name of [`REFRESH_LOCK`].
const SDK_REFRESH_LOCK: &str = "REFRESH_TOKEN_USE";

/// An older entry is stale.
const STALE_MS: i64 = 5_000;

/// The holder writes its entry anew after this.
const RENEW_MS: u32 = 1_000;

/// The time between the write of an entry and its check. The SDK waits 30 ms. It also waits up to 25 ms between its own
/// read and write, so a longer wait here covers both.
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

    /// Waits while another page holds the lock. If there is no entry, this is one read.
    pub(super) async fn wait_until_free(&self, name: &str) -> Result<(), Blocked> {
        Slot::open(&self.page, name)?.wait_until_free().await
    }

    /// Waits for the lock and takes it.
    pub(super) async fn hold(&self, name: &str) -> Result<Held, Blocked> {
        let slot = Rc::new(Slot::open(&self.page, name)?);
        loop {
            settle(POLL_MS).await;
            slot.wait_until_free().await?;
            let held = Held::write(&slot)?;
            settle(SETTLE_MS).await;
            if held.entry.renew() {
                return Ok(held);
            }
        }
    }
}

impl Lock for JavascriptSdkLock {
    /// [`LockError::Refused`] where localStorage is blocked.
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(async move {
            let held = self.hold(name).await.map_err(|Blocked| LockError::Refused)?;
            Ok(held.added_to(LockGuard::new(|| {})))
        })
    }
}

/// Waits until this page sees what others wrote. A page sees no write of another while it is busy. If the timer is late,
/// it may fire before the page has caught up, so a second timer follows.
async fn settle(ms: u32) {
    for _ in 0..2 {
        let started = now_ms();
        sleep(ms).await;
        if now_ms() - started < i64::from(2 * ms) {
            break;
        }
    }
}

/// The place of a lock's entry.
struct Slot {
    storage: LocalStorage,
    key: String,
}

impl Slot {
    fn open(page: &Page, name: &str) -> Result<Self, Blocked> {
        let name = if name == REFRESH_LOCK { SDK_REFRESH_LOCK } else { name };
        Ok(Self { storage: LocalStorage::open(page)?, key: [PREFIX, name].concat() })
    }

    async fn wait_until_free(&self) -> Result<(), Blocked> {
        let mut seen = (String::new(), 0);
        while let Some(text) = self.storage.get(&self.key)? {
            let now = now_ms();
            if seen.0 != text || now < seen.1 {
                seen = (text, now);
            }
            let (text, since) = &seen;
            // A holder changes its entry every second. So this also ends for a date in the future, which a page leaves
            // that dies before the clock is set back.
            if is_stale(text, now) || now - since > STALE_MS + i64::from(RENEW_MS) {
                break;
            }
            sleep(POLL_MS).await;
        }
        Ok(())
    }
}

/// An entry of this page, which is renewed until this is dropped.
pub(super) struct Held {
    entry: Rc<Entry>,
    _renewal: Interval,
}

impl Held {
    fn write(slot: &Rc<Slot>) -> Result<Self, Blocked> {
        let entry = Rc::new(Entry::new(slot.clone()));
        entry.write()?;
        // Extensions can replace localStorage by one that stores nothing.
        if !entry.stands() {
            return Err(Blocked);
        }
        let renewed = entry.clone();
        let renewal = Interval::new(RENEW_MS, move || {
            renewed.renew();
        });
        Ok(Self { entry, _renewal: renewal })
    }

    /// A guard that holds both. It is lost when the entry is.
    pub(super) fn added_to(self, guard: LockGuard) -> LockGuard {
        let entry = self.entry.clone();
        guard.keeping(self).with_check(move || entry.renew())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.entry.remove();
    }
}

struct Entry {
    slot: Rc<Slot>,
    /// Differs from the id of each other entry.
    id: String,
    /// The JSON up to the value of `timeRefreshed`.
    json: String,
}

impl Entry {
    fn new(slot: Rc<Slot>) -> Self {
        let now = now_ms().to_string();
        let id = [&*now, &random_text(15)].concat();
        let iat = [&*now, &random_text(4)].concat();
        // The SDK never reads `timeoutKey`, so it doesn't need the name of this lock.
        let json = [
            r#"{"id":""#,
            &id,
            r#"","iat":""#,
            &iat,
            r#"","timeoutKey":""#,
            &id,
            "-REFRESH_TOKEN_USE-",
            &iat,
            r#"","timeAcquired":"#,
            &now,
            r#","timeRefreshed":"#,
        ]
        .concat();
        Self { slot, id, json }
    }

    fn write(&self) -> Result<(), Blocked> {
        self.slot.storage.set(&self.slot.key, &[&*self.json, &now_ms().to_string(), "}"].concat())
    }

    /// Makes the entry young again. False if it is no longer there: then another page may hold the lock.
    fn renew(&self) -> bool {
        let stands = self.stands();
        if stands {
            // If the browser refuses the write, the entry becomes stale, and others no longer wait.
            let _ = self.write();
        }
        stands
    }

    fn remove(&self) {
        if self.stands() {
            let _ = self.slot.storage.remove(&self.slot.key);
        }
    }

    fn stands(&self) -> bool {
        matches!(self.slot.storage.get(&self.slot.key), Ok(Some(text)) if text.contains(&self.id))
    }
}

/// By the SDK's rule. A text that is no entry is stale too.
fn is_stale(text: &str, now: i64) -> bool {
    let Ok(entry) = JSON::parse(text) else { return true };
    let field = |name: &str| Reflect::get(&entry, &name.into()).ok().as_ref().and_then(JsValue::as_f64);
    let written = field("timeRefreshed").or_else(|| field("timeAcquired"));
    written.is_none_or(|written| written < (now - STALE_MS) as f64)
}

/// Not secret, only different from all others.
fn random_text(length: usize) -> String {
    const CHARS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let random = || (js_sys::Math::random() * CHARS.len() as f64) as usize;
    (0..length).filter_map(|_| CHARS.get(random()).map(|char| char::from(*char))).collect()
}
