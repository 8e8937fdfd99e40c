mod budget;
mod recent_writes;

use std::cell::{Cell, OnceCell, RefCell};

use js_sys::{Array, JsString};
use recent_writes::RecentWrites;
use supertokens_session::{
    AccessToken, AntiCsrfToken, FrontTokenText, IdRefreshToken, Marker, RefreshToken, SessionConfig,
    internal::{
        cookie::find,
        names::{
            ACCESS_TOKEN_KEY, ANTI_CSRF_KEY, BACKOFF_KEY, CLOCK_SKEW_KEY, FRONT_TOKEN_KEY,
            ID_REFRESH_TOKEN_KEY, LEASE_KEY, MARKER_KEY, OWNER_KEY, REFRESH_TOKEN_KEY,
        },
    },
    platform::{
        Change, Changes, RefreshBackoff, RefreshLease, SessionOwner, Store, StoreError, StoredSession,
    },
    warn_of_setup,
};

use crate::{
    browser,
    clock::now_ms,
    cookies::Cookies,
    engine::is_webkit,
    page::{Blocked, Page},
    storage::LocalStorage,
};

/// The session's values, then those that only this library uses.
const KEYS: [&str; 9] = [
    FRONT_TOKEN_KEY,
    MARKER_KEY,
    ID_REFRESH_TOKEN_KEY,
    ANTI_CSRF_KEY,
    ACCESS_TOKEN_KEY,
    REFRESH_TOKEN_KEY,
    OWNER_KEY,
    BACKOFF_KEY,
    LEASE_KEY,
];

/// Cookies, localStorage and memory hold these.
const SESSION_KEYS: &[&str] = KEYS.split_at(6).0;

/// Only cookies and memory hold these.
const SHARED_KEYS: &[&str] = KEYS.split_at(6).1;

/// The bytes of name and value that every browser accepts in a cookie.
const MAX_COOKIE_SIZE: usize = 4096;

/// The time until pages of another process see a cookie. It takes a few ms.
const SETTLES_MS: u32 = 50;

/// Three hundred years. A larger skew is an invalid value.
const MAX_SKEW_MS: i64 = 10_000_000_000_000;

/// Stores the session where all SuperTokens SDKs store it: in cookies that scripts can read and write.
///
/// If a value is over 4 KiB, or the browser blocks cookies, the value goes to localStorage under the same name. If
/// localStorage is blocked too, it goes to memory. Each value is in only one of the three.
///
/// All cookies of the session have at most 6 KiB together, since web servers refuse requests with longer `Cookie`
/// headers. If a session in header mode is larger, the refresh token goes to localStorage, then the access token. Other
/// subdomains can't read this localStorage. So with a `session_token_frontend_domain` above the page's host all values
/// stay in cookies, and a warning is logged.
///
/// ```no_run
/// use supertokens_session::{SessionConfig, SessionError, platform::Store};
/// use supertokens_web::{BrowserStore, Page};
///
/// # fn run() -> Result<(), SessionError> {
/// let config = SessionConfig::builder("https://api.example.com").build()?;
/// let store = BrowserStore::new(&Page::current()?, &config);
/// let stored = store.read()?;
/// # let _ = stored; Ok(())
/// # }
/// ```
pub struct BrowserStore {
    page: Page,
    cookies: Cookies,
    /// The keys in localStorage: the clock skew, then the session's.
    storage_keys: Array,
    /// Set once the browser has allowed access.
    storage: OnceCell<LocalStorage>,
    memory: Memory,
    /// The texts of the last read and its result. A write clears it.
    last_read: RefCell<Option<(Array, StoredSession)>>,
    /// All cookies at the last read.
    last_cookies: RefCell<String>,
    /// Only in WebKit.
    recent_writes: Option<RecentWrites>,
    warned_of_memory: Cell<bool>,
    warned_of_size: Cell<bool>,
    warned_of_invalid_value: Cell<bool>,
}

impl BrowserStore {
    /// The store of the page's origin, or of the configured frontend domain.
    pub fn new(page: &Page, config: &SessionConfig) -> Self {
        Self {
            page: page.clone(),
            cookies: Cookies::new(page, config),
            storage_keys: [&[CLOCK_SKEW_KEY], SESSION_KEYS]
                .concat()
                .into_iter()
                .map(JsString::from)
                .collect(),
            storage: OnceCell::new(),
            memory: Memory::default(),
            last_read: RefCell::default(),
            last_cookies: RefCell::default(),
            recent_writes: is_webkit(page).then(RecentWrites::default),
            warned_of_memory: Cell::new(false),
            warned_of_size: Cell::new(false),
            warned_of_invalid_value: Cell::new(false),
        }
    }

    /// The getter `window.localStorage` costs more than all reads of values, so it is called once.
    fn storage(&self) -> Result<&LocalStorage, Blocked> {
        match self.storage.get() {
            Some(storage) => Ok(storage),
            None => LocalStorage::open(&self.page).map(|storage| self.storage.get_or_init(|| storage)),
        }
    }

    /// Parses what the browser has stored. `texts` are all cookies, then the values of `storage_keys`. True if the
    /// cookies are stale.
    fn parse(&self, texts: &Array) -> (StoredSession, bool) {
        let text = |index| texts.get(index).as_string();
        let all = text(0).unwrap_or_default();
        let newer = self.recent_writes.as_ref().and_then(|writes| writes.correct(&all));
        let is_stale = newer.is_some();
        let cookies = newer.as_deref().unwrap_or(&all);
        let mut stored = StoredSession::default();
        for (index, key) in KEYS.into_iter().enumerate() {
            // Another page may have written its lease after this page's recent write.
            let is_shared = index >= SESSION_KEYS.len();
            let cookie = find(if is_shared { &all } else { cookies }, key);
            if !self.parse_into(&mut stored, key, cookie) {
                let fallback = text(index as u32 + 2).or_else(|| self.memory.get(key));
                self.parse_into(&mut stored, key, fallback.as_deref());
            } else if is_shared {
                // Some browsers show a write late, so a refused cookie may appear.
                self.memory.remove(key);
            }
        }
        let skew = text(1).or_else(|| self.memory.get(CLOCK_SKEW_KEY));
        stored.clock_skew_ms = skew.as_deref().map_or(0, parse_skew);
        self.last_cookies.replace(newer.unwrap_or(all));
        (stored, is_stale)
    }

    /// Parses a text into its field. False if there is none, or it is invalid.
    fn parse_into(&self, stored: &mut StoredSession, key: &str, text: Option<&str>) -> bool {
        fn set<T>(field: &mut Option<T>, value: Option<T>) -> bool {
            *field = value;
            field.is_some()
        }
        let Some(text) = text else { return false };
        let is_valid = match key {
            FRONT_TOKEN_KEY => set(&mut stored.front, FrontTokenText::parse(text).ok()),
            MARKER_KEY => set(&mut stored.marker, Marker::parse(text).ok()),
            ID_REFRESH_TOKEN_KEY => set(&mut stored.id_refresh, IdRefreshToken::from_header(text).ok()),
            ANTI_CSRF_KEY => set(&mut stored.anti_csrf, AntiCsrfToken::parse(text).ok()),
            ACCESS_TOKEN_KEY => set(&mut stored.access, AccessToken::parse(text).ok()),
            REFRESH_TOKEN_KEY => set(&mut stored.refresh, RefreshToken::parse(text).ok()),
            OWNER_KEY => set(&mut stored.owner, SessionOwner::parse(text)),
            BACKOFF_KEY => set(&mut stored.backoff, RefreshBackoff::parse(text)),
            _ => set(&mut stored.lease, RefreshLease::parse(text)),
        };
        if !is_valid {
            self.warn_of_invalid_value(key, text);
        }
        is_valid
    }

    fn warn_of_invalid_value(&self, key: &str, text: &str) {
        if !text.is_empty() && !self.warned_of_invalid_value.replace(true) {
            log::warn!("the stored value of {key} is invalid, so it is ignored");
        }
    }

    /// If other subdomains share the session, all of it stays in cookies: they can't read this origin's localStorage.
    fn apply_budget(&self, writes: &mut [PendingWrite], cookies: &str) {
        if !self.cookies.are_shared() {
            budget::apply(writes, cookies);
        } else if budget::size(writes, cookies) > budget::MAX_TOTAL_SIZE && !self.warned_of_size.replace(true)
        {
            warn_of_setup(format_args!(
                "the session's cookies have over {} bytes together, and web servers refuse requests with more than 8 \
                 KiB of cookies: make the access token's payload smaller",
                budget::MAX_TOTAL_SIZE
            ));
        }
    }

    /// Writes cookies, and reads all cookies after the writes. The result shows which cookies the browser refused.
    fn write_cookies(&self, writes: &mut dyn Iterator<Item = &PendingWrite>) -> String {
        let mut texts = Vec::new();
        for write in writes {
            texts.push(self.cookies.text(write.key, write.value.as_deref(), write.seconds()));
        }
        self.cookies.write(&texts)
    }

    /// Writes values that are too large for a cookie, or that the browser did not return from one. In that case cookies
    /// are blocked, or an old cookie under another domain shadows the new one.
    fn write_elsewhere(&self, writes: &[PendingWrite]) -> Result<(), StoreError> {
        let mut texts = Vec::new();
        for write in writes {
            // The fallback is written before the cookie is removed, so that other tabs always find the value.
            match &write.value {
                Some(_) => self.write_fallback(write.key, &write.text_with_expiry()),
                None => self.remove_fallback(write.key),
            }
            self.cookies.remove_from_all_domains(&mut texts, write.key);
            if write.in_cookie {
                texts.push(self.cookies.text(write.key, write.value.as_deref(), write.seconds()));
            }
        }
        let text = self.cookies.write(&texts);
        let mut result = Ok(());
        for write in writes {
            if write.is_read_from(&text) {
                self.remove_fallback(write.key);
            } else if write.is_shared() {
                // Another page may have written it since.
            } else if find(&text, write.key).is_some() {
                result = Err(StoreError::Unwritable);
            } else if self.memory.get(write.key).is_some() {
                self.warn_of_memory();
            }
        }
        self.last_cookies.replace(text);
        result
    }

    fn warn_of_memory(&self) {
        if !self.warned_of_memory.replace(true) {
            log::warn!(
                "the browser blocks cookies and storage for this page, so the session ends with the page"
            );
        }
    }

    /// Writes a value to localStorage, or to memory if that fails.
    fn write_fallback(&self, key: &'static str, value: &str) {
        let storage = if SHARED_KEYS.contains(&key) { Err(Blocked) } else { self.storage() };
        if storage.and_then(|storage| storage.set(key, value)).is_ok() {
            self.memory.remove(key);
        } else {
            self.remove_fallback(key);
            self.memory.0.borrow_mut().push((key, value.to_owned()));
        }
    }

    fn remove_fallback(&self, key: &str) {
        // If storage is blocked, the value can't be read either.
        let _ = self.storage().and_then(|storage| storage.remove(key));
        self.memory.remove(key);
    }
}

impl Store for BrowserStore {
    fn read(&self) -> Result<StoredSession, StoreError> {
        // Taken, not borrowed: the app's logger and wrappers of the browser's functions may read the store again.
        let mut last = self.last_read.take();
        let texts = browser::read_stored(
            self.page.document(),
            self.storage().ok().map(LocalStorage::as_raw),
            &self.storage_keys,
            last.as_ref().map(|(texts, _)| texts),
        );
        let mut is_stale = false;
        if let Some(texts) = texts {
            let stored;
            (stored, is_stale) = self.parse(&texts);
            last = Some((texts, stored));
        }
        let mut stored = last.as_ref().map(|(_, stored)| stored.clone()).unwrap_or_default();
        self.last_read.replace(last.filter(|_| !is_stale));
        stored.id_refresh = stored.id_refresh.filter(is_unexpired);
        Ok(stored)
    }

    fn write(&self, changes: Changes) -> Result<(), StoreError> {
        self.last_read.take();
        if let Some(skew) = changes.clock_skew_ms {
            self.write_fallback(CLOCK_SKEW_KEY, &skew.to_string());
        }
        let mut writes = PendingWrite::all(&changes);
        if writes.is_empty() {
            return Ok(());
        }
        let last_cookies = self.last_cookies.borrow().clone();
        self.apply_budget(&mut writes, &last_cookies);
        let mut text = self.write_cookies(&mut writes.iter().filter(|write| write.in_cookie));
        if writes.iter().any(|write| write.is_overwritten_in(&text)) {
            // Usually another tab wrote at the same moment. `write_elsewhere` would first remove the cookie, and a
            // refresh that reads just then would find no session. So this writes again first.
            text = self.write_cookies(&mut writes.iter().filter(|write| write.is_overwritten_in(&text)));
        }
        // The budget applies to the cookies as they are now: another tab may have written since the last read.
        self.apply_budget(&mut writes, &text);
        let changes_session = writes.iter().any(|write| !write.is_shared());
        writes.retain(|write| {
            let is_stored = write.in_cookie && write.is_read_from(&text);
            if is_stored {
                self.remove_fallback(write.key);
            }
            !is_stored
        });
        let before = self.last_cookies.replace(text.clone());
        if let Some(recent_writes) = self.recent_writes.as_ref().filter(|_| changes_session) {
            if writes.iter().all(PendingWrite::is_shared) {
                recent_writes.record(before, text);
            } else {
                recent_writes.clear();
            }
        }
        if writes.is_empty() { Ok(()) } else { self.write_elsewhere(&writes) }
    }

    fn settles_between_origins_ms(&self) -> Option<u32> {
        self.cookies.are_shared().then_some(SETTLES_MS)
    }
}

impl std::fmt::Debug for BrowserStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BrowserStore").finish_non_exhaustive()
    }
}

/// The new value of a key. It may hold a secret, so it has no `Debug`.
struct PendingWrite {
    key: &'static str,
    value: Option<String>,
    expires_at_ms: Option<i64>,
    /// Whether the change is for a cookie: a removal, or a value that fits.
    in_cookie: bool,
}

impl PendingWrite {
    fn new(key: &'static str, value: Option<String>) -> Self {
        // WebKitGTK accepts larger cookies too, but the page's server may refuse requests with them.
        let in_cookie = value.as_ref().is_none_or(|value| key.len() + value.len() <= MAX_COOKIE_SIZE);
        Self { key, value, expires_at_ms: None, in_cookie }
    }

    fn is_shared(&self) -> bool {
        SHARED_KEYS.contains(&self.key)
    }

    fn is_read_from(&self, cookies: &str) -> bool {
        let found = find(cookies, self.key);
        // Another page may write a shared value at any time, and the last one wins.
        found == self.value.as_deref() || (self.is_shared() && (found.is_some() || self.value.is_none()))
    }

    /// Whether a cookie has another value than this write's.
    fn is_overwritten_in(&self, cookies: &str) -> bool {
        let is_set = self.value.is_some() && self.in_cookie;
        is_set && find(cookies, self.key).is_some() && !self.is_read_from(cookies)
    }

    /// The lifetime of the cookie, if it has one, rounded up to seconds.
    fn seconds(&self) -> Option<i64> {
        self.expires_at_ms.map(|end| end.saturating_sub(now_ms()).saturating_add(999) / 1000)
    }

    /// The text for localStorage, where values don't expire by themselves.
    fn text_with_expiry(&self) -> String {
        let value = self.value.as_deref().unwrap_or_default();
        self.expires_at_ms.map_or_else(|| value.to_owned(), |end| format!("{value};{end}"))
    }

    fn all(changes: &Changes) -> Vec<Self> {
        fn text<'a, T, R>(change: &'a Change<T>, text: fn(&'a T) -> R) -> Option<Option<R>> {
            match change {
                Change::Keep => None,
                Change::Clear => Some(None),
                Change::Set(value) => Some(Some(text(value))),
            }
        }
        let (id_refresh, expires_at_ms) = match &changes.id_refresh {
            // A token that has expired already is removed.
            Change::Set(token) if !is_unexpired(token) => (&Change::Clear, None),
            Change::Set(token) => (&changes.id_refresh, token.expires_at_ms()),
            change => (change, None),
        };
        let mut writes = Vec::new();
        let mut add = |key, change: Option<Option<&str>>, expires_at_ms| {
            if let Some(value) = change {
                writes.push(Self { expires_at_ms, ..Self::new(key, value.map(str::to_owned)) });
            }
        };
        add(FRONT_TOKEN_KEY, text(&changes.front, FrontTokenText::reveal), None);
        add(MARKER_KEY, text(&changes.marker, Marker::reveal), None);
        add(ID_REFRESH_TOKEN_KEY, text(id_refresh, IdRefreshToken::text), expires_at_ms);
        add(ANTI_CSRF_KEY, text(&changes.anti_csrf, AntiCsrfToken::reveal), None);
        add(ACCESS_TOKEN_KEY, text(&changes.access, AccessToken::reveal), None);
        add(REFRESH_TOKEN_KEY, text(&changes.refresh, RefreshToken::reveal), None);
        let shared = [
            text(&changes.owner, SessionOwner::to_text),
            text(&changes.backoff, RefreshBackoff::to_text),
            text(&changes.lease, RefreshLease::to_text),
        ];
        for (key, change) in SHARED_KEYS.iter().zip(&shared) {
            add(key, change.as_ref().map(Option::as_deref), None);
        }
        writes
    }
}

/// Values that the browser refused to store. They may be secrets, so this has no `Debug`.
#[derive(Default)]
struct Memory(RefCell<Vec<(&'static str, String)>>);

impl Memory {
    fn get(&self, key: &str) -> Option<String> {
        self.0.borrow().iter().find(|(known, _)| *known == key).map(|(_, value)| value.clone())
    }

    fn remove(&self, key: &str) {
        self.0.borrow_mut().retain(|(known, _)| *known != key);
    }
}

/// A cookie expires by itself, but a value in localStorage or memory does not.
fn is_unexpired(token: &IdRefreshToken) -> bool {
    token.expires_at_ms().is_none_or(|end| end > now_ms())
}

/// The JavaScript SDK writes the same text. It writes a fraction if the server's time has one, and ignores it when it
/// reads.
fn parse_skew(text: &str) -> i64 {
    let whole = text.trim().split('.').next().and_then(|whole| whole.parse().ok());
    whole.filter(|skew| (-MAX_SKEW_MS..=MAX_SKEW_MS).contains(skew)).unwrap_or(0)
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod native_tests {
    use super::*;

    #[test]
    fn a_skew_is_read_without_its_fraction_and_an_invalid_one_is_zero() {
        for (text, skew) in [
            ("-60000", -60_000),
            (" 7000 ", 7000),
            ("", 0),
            ("NaN", 0),
            ("7123.456", 7123),
            ("-60000.9", -60_000),
            ("-", 0),
            (".5", 0),
            ("\"7000\"", 0),
            ("99999999999999", 0),
            ("-9223372036854775808", 0),
            ("99999999999999999999", 0),
        ] {
            assert_eq!(parse_skew(text), skew, "{text:?}");
        }
    }
}
