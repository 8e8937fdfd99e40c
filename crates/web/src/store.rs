mod budget;
mod raw;
mod recent_writes;
mod shared;

use std::cell::{Cell, OnceCell, RefCell};

use raw::{Keys, Raw, text};
use recent_writes::RecentWrites;
use shared::SharedValues;
use supertokens_session::{
    SessionConfig,
    platform::{Change, Changes, Store, StoreError, StoredSession},
    token::{AccessToken, AntiCsrfToken, FrontTokenText, IdRefreshToken, InvalidToken, Marker, RefreshToken},
    warn_of_setup,
    wire::{
        cookie::find_all,
        names::{
            ACCESS_TOKEN_KEY, ANTI_CSRF_KEY, CLOCK_SKEW_KEY, FRONT_TOKEN_KEY, ID_REFRESH_TOKEN_KEY,
            MARKER_KEY, REFRESH_TOKEN_KEY,
        },
    },
};

use crate::{
    clock::now_ms,
    cookies::Cookies,
    engine::is_webkit,
    page::{Blocked, Page},
    storage::LocalStorage,
};

const KEYS: [&str; 6] =
    [FRONT_TOKEN_KEY, MARKER_KEY, ID_REFRESH_TOKEN_KEY, ANTI_CSRF_KEY, ACCESS_TOKEN_KEY, REFRESH_TOKEN_KEY];

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
    keys: Keys,
    /// Set once the browser has allowed access.
    storage: OnceCell<LocalStorage>,
    memory: Memory,
    shared: SharedValues,
    /// The last read and its result. A write clears it.
    last_read: RefCell<Option<(Raw, StoredSession)>>,
    /// The last front token. It is long and rarely changes, so a read often saves its validation.
    last_front: RefCell<Option<FrontTokenText>>,
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
            keys: Keys::new(),
            storage: OnceCell::new(),
            memory: Memory::default(),
            shared: SharedValues::default(),
            last_read: RefCell::default(),
            last_front: RefCell::default(),
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

    fn read_now(&self) -> StoredSession {
        let raw = Raw::read(&self.cookies, self.storage().ok(), &self.keys);
        let stored = self.cached(&raw).unwrap_or_else(|| self.parse_and_cache(raw));
        let id_refresh = stored.id_refresh.filter(is_unexpired);
        StoredSession { id_refresh, ..stored }
    }

    /// The last result, if the browser still has the same texts. Its `id_refresh` may have expired since.
    fn cached(&self, raw: &Raw) -> Option<StoredSession> {
        let last = self.last_read.borrow();
        last.as_ref().filter(|(before, _)| before == raw).map(|(_, stored)| stored.clone())
    }

    fn parse_and_cache(&self, raw: Raw) -> StoredSession {
        let cookies = raw.cookies();
        if let Some(newer) = self.recent_writes.as_ref().and_then(|writes| writes.newer_than(&cookies)) {
            self.last_read.take();
            return self.parse(newer, &raw);
        }
        let stored = self.parse(cookies, &raw);
        self.last_read.replace(Some((raw, stored.clone())));
        stored
    }

    fn parse(&self, cookies: String, raw: &Raw) -> StoredSession {
        let mut stored = StoredSession::default();
        for (key, in_cookie) in KEYS.into_iter().zip(find_all(&cookies, &KEYS)) {
            if !in_cookie.is_some_and(|text| self.parse_into(&mut stored, key, text))
                && let Some(text) = self.read_fallback(key, raw)
            {
                self.parse_into(&mut stored, key, &text);
            }
        }
        // From `raw`, since another page may have written its lease after this page's recent write.
        self.shared.read(&mut stored, &raw.cookies());
        stored.clock_skew_ms = self.read_fallback(CLOCK_SKEW_KEY, raw).as_deref().map_or(0, parse_skew);
        self.last_cookies.replace(cookies);
        stored
    }

    /// Parses a text into its field. False if it is invalid.
    fn parse_into(&self, stored: &mut StoredSession, key: &str, text: &str) -> bool {
        fn set<T>(field: &mut Option<T>, value: Result<T, InvalidToken>) -> bool {
            *field = value.ok();
            field.is_some()
        }
        let is_valid = match key {
            FRONT_TOKEN_KEY => set(&mut stored.front, self.front_token(text)),
            MARKER_KEY => set(&mut stored.marker, Marker::parse(text)),
            ID_REFRESH_TOKEN_KEY => set(&mut stored.id_refresh, IdRefreshToken::from_header(text)),
            ANTI_CSRF_KEY => set(&mut stored.anti_csrf, AntiCsrfToken::parse(text)),
            ACCESS_TOKEN_KEY => set(&mut stored.access, AccessToken::parse(text)),
            _ => set(&mut stored.refresh, RefreshToken::parse(text)),
        };
        if !is_valid {
            self.warn_of_invalid_value(key, text);
        }
        is_valid
    }

    fn front_token(&self, text: &str) -> Result<FrontTokenText, InvalidToken> {
        let mut last = self.last_front.borrow_mut();
        if let Some(front) = last.as_ref().filter(|front| front.reveal() == text) {
            return Ok(front.clone());
        }
        let front = FrontTokenText::parse(text)?;
        *last = Some(front.clone());
        Ok(front)
    }

    /// Reads a value from localStorage or memory.
    fn read_fallback(&self, key: &str, raw: &Raw) -> Option<String> {
        raw.in_storage(key).or_else(|| self.memory.get(key))
    }

    fn warn_of_invalid_value(&self, key: &str, text: &str) {
        if !text.is_empty() && !self.warned_of_invalid_value.replace(true) {
            log::warn!("the stored value of {key} is not a valid token, so it is ignored");
        }
    }

    fn write_now(&self, changes: Changes) -> Result<(), StoreError> {
        self.last_read.take();
        let storage = self.storage();
        if let Some(skew) = changes.clock_skew_ms {
            self.write_fallback(CLOCK_SKEW_KEY, &skew.to_string(), storage);
        }

        let shared = self.shared.write(&changes, &self.cookies);
        let mut writes = PendingWrite::all(changes);
        if writes.is_empty() {
            if !shared.is_empty() {
                self.shared.verify(shared, &text(self.cookies.read().as_ref()));
            }
            return Ok(());
        }
        self.apply_budget(&mut writes, &self.last_cookies.borrow());
        let mut text = self.write_cookies(writes.iter().filter(|write| write.in_cookie));
        self.shared.verify(shared, &text);
        if writes.iter().any(|write| write.is_overwritten_in(&text)) {
            // Usually another tab wrote at the same moment. `write_elsewhere` would first remove the cookie, and a
            // refresh that reads just then would find no session. So this writes again first.
            text = self.write_cookies(writes.iter().filter(|write| write.is_overwritten_in(&text)));
        }
        // The budget applies to the cookies as they are now: another tab may have written since the last read.
        self.apply_budget(&mut writes, &text);
        let (stored, remaining): (Vec<_>, Vec<_>) =
            writes.into_iter().partition(|write| write.in_cookie && write.is_read_from(&text));
        for write in &stored {
            self.remove_fallback(write.key, storage);
        }
        let before = self.last_cookies.replace(text.clone());
        if !remaining.is_empty() {
            self.recent_writes.iter().for_each(RecentWrites::clear);
            return self.write_elsewhere(&remaining, storage);
        }
        if let Some(recent_writes) = &self.recent_writes {
            recent_writes.record(before, text);
        }
        Ok(())
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

    /// Writes cookies, and reads all cookies after the writes.
    fn write_cookies<'a>(&self, writes: impl Iterator<Item = &'a PendingWrite>) -> String {
        for write in writes {
            self.cookies.write(write.key, write.value.as_deref(), write.seconds());
        }
        // Browsers write `document.cookie` asynchronously. The read waits for the writes, so that other tabs see them,
        // and shows which cookies the browser refused.
        text(self.cookies.read().as_ref())
    }

    /// Writes values that are too large for a cookie, or that the browser did not return from one. In that case cookies
    /// are blocked, or an old cookie under another domain shadows the new one.
    fn write_elsewhere(
        &self,
        writes: &[PendingWrite],
        storage: Result<&LocalStorage, Blocked>,
    ) -> Result<(), StoreError> {
        for write in writes {
            // The fallback is written before the cookie is removed, so that other tabs always find the value.
            match &write.value {
                Some(_) => self.write_fallback(write.key, &write.text_with_expiry(), storage),
                None => self.remove_fallback(write.key, storage),
            }
            self.cookies.remove_from_all_domains(write.key);
            if write.in_cookie {
                self.cookies.write(write.key, write.value.as_deref(), write.seconds());
            }
        }
        let text = text(self.cookies.read().as_ref());
        let mut result = Ok(());
        for write in writes {
            if write.is_read_from(&text) {
                self.remove_fallback(write.key, storage);
            } else if find_all(&text, &[write.key]) != [None] {
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
    fn write_fallback(&self, key: &'static str, value: &str, storage: Result<&LocalStorage, Blocked>) {
        match storage.and_then(|storage| storage.set(key, value)) {
            Ok(()) => self.memory.remove(key),
            Err(Blocked) => {
                self.remove_fallback(key, storage);
                self.memory.set(key, value);
            }
        }
    }

    fn remove_fallback(&self, key: &str, storage: Result<&LocalStorage, Blocked>) {
        // If storage is blocked, the value can't be read either.
        let _ = storage.and_then(|storage| storage.remove(key));
        self.memory.remove(key);
    }
}

impl Store for BrowserStore {
    fn read(&self) -> Result<StoredSession, StoreError> {
        Ok(self.read_now())
    }

    fn write(&self, changes: Changes) -> Result<(), StoreError> {
        self.write_now(changes)
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

    fn is_read_from(&self, cookies: &str) -> bool {
        find_all(cookies, &[self.key]) == [self.value.as_deref()]
    }

    /// Whether a cookie has another value than this write's.
    fn is_overwritten_in(&self, cookies: &str) -> bool {
        let [found] = find_all(cookies, &[self.key]);
        self.value.is_some() && self.in_cookie && found.is_some() && found != self.value.as_deref()
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

    fn all(changes: Changes) -> Vec<Self> {
        let all = [
            Self::from_change(FRONT_TOKEN_KEY, &changes.front, FrontTokenText::reveal),
            Self::from_change(MARKER_KEY, &changes.marker, Marker::reveal),
            Self::id_refresh(&changes.id_refresh),
            Self::from_change(ANTI_CSRF_KEY, &changes.anti_csrf, AntiCsrfToken::reveal),
            Self::from_change(ACCESS_TOKEN_KEY, &changes.access, AccessToken::reveal),
            Self::from_change(REFRESH_TOKEN_KEY, &changes.refresh, RefreshToken::reveal),
        ];
        all.into_iter().flatten().collect()
    }

    fn id_refresh(change: &Change<IdRefreshToken>) -> Option<Self> {
        let expires_at_ms = match change {
            // A token that has expired already is removed.
            Change::Set(token) if !is_unexpired(token) => return Self::id_refresh(&Change::Clear),
            Change::Set(token) => token.expires_at_ms(),
            Change::Keep | Change::Clear => None,
        };
        let write = Self::from_change(ID_REFRESH_TOKEN_KEY, change, IdRefreshToken::text)?;
        Some(Self { expires_at_ms, ..write })
    }

    fn from_change<T>(key: &'static str, change: &Change<T>, reveal: impl Fn(&T) -> &str) -> Option<Self> {
        match change {
            Change::Keep => None,
            Change::Clear => Some(Self::new(key, None)),
            Change::Set(value) => Some(Self::new(key, Some(reveal(value).to_owned()))),
        }
    }
}

/// Values that the browser refused to store. They may be secrets, so this has no `Debug`.
#[derive(Default)]
struct Memory(RefCell<Vec<(&'static str, String)>>);

impl Memory {
    fn get(&self, key: &str) -> Option<String> {
        self.0.borrow().iter().find(|(known, _)| *known == key).map(|(_, value)| value.clone())
    }

    fn set(&self, key: &'static str, value: &str) {
        self.remove(key);
        self.0.borrow_mut().push((key, value.to_owned()));
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

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
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
