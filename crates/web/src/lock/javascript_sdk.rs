//! The lock that the JavaScript SDK takes before it refreshes: `browser-tabs-lock` 1.x, one entry in localStorage.
//!
//! Its protocol: whoever finds no entry writes its own, looks 30 ms later whether that still stands, and writes it anew
//! once a second from then on. An entry that was not written for five seconds is nobody's.

use std::rc::Rc;

use js_sys::{JSON, Reflect};
use wasm_bindgen::JsValue;

use crate::{
    clock::now_ms,
    page::{Blocked, Page},
    storage::LocalStorage,
    timer::{Interval, sleep},
};

const KEY: &str = "browser-tabs-lock-key-REFRESH_TOKEN_USE";

/// After that an entry is nobody's.
const STALE_MS: i64 = 5_000;

/// How often one's own is written anew.
const RENEW_MS: u32 = 1_000;

/// How long until one's own counts. Theirs is 30 ms; but they write up to 25 ms after they have looked, which has to be
/// over, and seen, too.
const SETTLE_MS: u32 = 60;

const POLL_MS: u32 = 30;

/// The page's view of that lock.
#[derive(Debug, Clone)]
pub(super) struct JavascriptSdkLock {
    page: Page,
}

impl JavascriptSdkLock {
    pub(super) fn new(page: &Page) -> Self {
        Self { page: page.clone() }
    }

    /// Waits while a page with the JavaScript SDK refreshes; mostly one look into localStorage, which has no entry.
    pub(super) async fn pass(&self) {
        if let Ok(storage) = LocalStorage::open(&self.page) {
            wait_until_free(&storage).await;
        }
    }

    /// Takes the lock, so that they wait too. None where localStorage is blocked, which they can't use either.
    pub(super) async fn hold(&self) -> Option<Held> {
        let storage = LocalStorage::open(&self.page).ok()?;
        let id = format!("{}{}", now_ms(), random_text(15));
        loop {
            wait_until_free(&storage).await;
            let claim = Claim::write(LocalStorage::open(&self.page).ok()?, &id).ok()?;
            sleep(SETTLE_MS).await;
            if claim.stands() {
                return Some(claim.hold());
            }
        }
    }
}

/// A lock that is held until this is dropped.
pub(super) struct Held {
    _renewal: Interval,
    _claim: Rc<Claim>,
}

/// An entry of our own, removed when it is dropped, if it still stands.
struct Claim {
    storage: LocalStorage,
    id: String,
    iat: String,
    acquired_at: i64,
}

impl Claim {
    fn write(storage: LocalStorage, id: &str) -> Result<Self, Blocked> {
        let now = now_ms();
        let claim =
            Self { storage, id: id.to_owned(), iat: format!("{now}{}", random_text(4)), acquired_at: now };
        claim.renew(now)?;
        Ok(claim)
    }

    fn renew(&self, now: i64) -> Result<(), Blocked> {
        let Self { id, iat, acquired_at, .. } = self;
        self.storage.set(
            KEY,
            &format!(
                r#"{{"id":"{id}","iat":"{iat}","timeoutKey":"{id}-REFRESH_TOKEN_USE-{iat}","timeAcquired":{acquired_at},"timeRefreshed":{now}}}"#
            ),
        )
    }

    fn stands(&self) -> bool {
        let text = self.storage.get(KEY).ok().flatten();
        let Some(entry) = text.and_then(|text| JSON::parse(&text).ok()) else { return false };
        let is = |name: &str, value: &str| field(&entry, name).as_string().as_deref() == Some(value);
        is("id", &self.id) && is("iat", &self.iat)
    }

    fn hold(self) -> Held {
        let claim = Rc::new(self);
        let renewed = claim.clone();
        let renewal = Interval::new(RENEW_MS, move || {
            if renewed.stands() {
                // Where it is refused, it goes stale, and they no longer wait.
                let _ = renewed.renew(now_ms());
            }
        });
        Held { _renewal: renewal, _claim: claim }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.stands() {
            let _ = self.storage.remove(KEY);
        }
    }
}

async fn wait_until_free(storage: &LocalStorage) {
    let mut unchanged_since = (String::new(), 0);
    while let Ok(Some(text)) = storage.get(KEY) {
        let now = now_ms();
        if unchanged_since.0 != text {
            unchanged_since = (text, now);
        }
        let (text, since) = &unchanged_since;
        // The second of them ends the wait for one who wrote before the clock was set back.
        if !is_alive(text, now) || !(0..=STALE_MS + i64::from(RENEW_MS)).contains(&(now - since)) {
            return;
        }
        sleep(POLL_MS).await;
    }
}

/// By their own rule; text that is no entry is nobody's.
fn is_alive(text: &str, now: i64) -> bool {
    let Ok(entry) = JSON::parse(text) else { return false };
    let written = field(&entry, "timeRefreshed").as_f64().or(field(&entry, "timeAcquired").as_f64());
    written.is_some_and(|written| written >= (now - STALE_MS) as f64)
}

fn field(entry: &JsValue, name: &str) -> JsValue {
    Reflect::get(entry, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Not secret, only different from all others.
fn random_text(length: usize) -> String {
    const CHARS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let random = || (js_sys::Math::random() * CHARS.len() as f64) as usize;
    (0..length).filter_map(|_| CHARS.get(random()).map(|char| char::from(*char))).collect()
}
