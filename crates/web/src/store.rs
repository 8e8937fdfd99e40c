mod budget;
mod raw;
mod shared;
mod written;

use std::cell::{Cell, OnceCell, RefCell};

use raw::{Keys, Raw, text};
use shared::Shared;
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
use written::Written;

use crate::{
    clock::now_ms,
    cookies::Cookies,
    engine::is_webkit,
    page::{Blocked, Page},
    storage::LocalStorage,
};

const KEYS: [&str; 6] =
    [FRONT_TOKEN_KEY, MARKER_KEY, ID_REFRESH_TOKEN_KEY, ANTI_CSRF_KEY, ACCESS_TOKEN_KEY, REFRESH_TOKEN_KEY];

/// Bytes of name and value that every browser keeps.
const MOST_OF_A_COOKIE: usize = 4096;

/// Pages of another process read a cookie a few ms after it was written.
const SETTLES_MS: u32 = 50;

/// Three hundred years: more is no skew, but a broken value.
const MAX_SKEW_MS: i64 = 10_000_000_000_000;

/// Keeps the session where every SuperTokens SDK of the site keeps it: in cookies that script writes.
///
/// What a cookie can't hold (one over 4 KiB, or any where they are blocked) goes to localStorage under the same
/// name, and where that is blocked too, to memory. A value is in one of the three only.
///
/// All cookies of the session have at most 6 KiB together, since web servers refuse requests with longer `Cookie` lines:
/// of a larger session in header mode the refresh token goes to localStorage, then the access token. Other subdomains read
/// no localStorage, so with a `session_token_frontend_domain` above the page's host all stay in cookies, and a warning
/// tells.
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
    /// Once it could be opened.
    storage: OnceCell<LocalStorage>,
    memory: Memory,
    shared: Shared,
    /// What was read last, and what was made of it. Nothing was written since.
    last: RefCell<Option<(Raw, StoredSession)>>,
    /// The front token that was read last: it is long, and seldom another one.
    front: RefCell<Option<FrontTokenText>>,
    /// All cookies, when they were read last.
    seen: RefCell<String>,
    /// In WebKit.
    written: Option<Written>,
    warned_of_memory: Cell<bool>,
    warned_of_size: Cell<bool>,
    warned_of_garbage: Cell<bool>,
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
            shared: Shared::default(),
            last: RefCell::default(),
            front: RefCell::default(),
            seen: RefCell::default(),
            written: is_webkit(page).then(Written::default),
            warned_of_memory: Cell::new(false),
            warned_of_size: Cell::new(false),
            warned_of_garbage: Cell::new(false),
        }
    }

    /// A look at `window.localStorage` costs more than all that is looked up there.
    fn storage(&self) -> Result<&LocalStorage, Blocked> {
        match self.storage.get() {
            Some(storage) => Ok(storage),
            None => LocalStorage::open(&self.page).map(|storage| self.storage.get_or_init(|| storage)),
        }
    }

    fn read_now(&self) -> StoredSession {
        let raw = Raw::read(&self.cookies, self.storage().ok(), &self.keys);
        let stored = self.made_out_before(&raw).unwrap_or_else(|| self.make_out_anew(raw));
        let id_refresh = stored.id_refresh.filter(is_unexpired);
        StoredSession { id_refresh, ..stored }
    }

    /// What was made of the same texts at the last read, be it expired or not.
    fn made_out_before(&self, raw: &Raw) -> Option<StoredSession> {
        let last = self.last.borrow();
        last.as_ref().filter(|(before, _)| before == raw).map(|(_, stored)| stored.clone())
    }

    fn make_out_anew(&self, raw: Raw) -> StoredSession {
        let cookies = raw.cookies();
        if let Some(written) = self.written.as_ref().and_then(|written| written.instead_of(&cookies)) {
            self.last.take();
            return self.make_out(written, &raw);
        }
        let stored = self.make_out(cookies, &raw);
        self.last.replace(Some((raw, stored.clone())));
        stored
    }

    fn make_out(&self, cookies: String, raw: &Raw) -> StoredSession {
        let mut stored = StoredSession::default();
        for (key, in_cookie) in KEYS.into_iter().zip(find_all(&cookies, &KEYS)) {
            if !in_cookie.is_some_and(|text| self.take(&mut stored, key, text))
                && let Some(text) = self.elsewhere(key, raw)
            {
                self.take(&mut stored, key, &text);
            }
        }
        // As they are read now: what was written a moment ago says nothing of other pages' leases.
        self.shared.read(&mut stored, &raw.cookies());
        stored.clock_skew_ms = self.elsewhere(CLOCK_SKEW_KEY, raw).as_deref().map_or(0, parse_skew);
        self.seen.replace(cookies);
        stored
    }

    /// Takes over a text, if it is what it should be.
    fn take(&self, stored: &mut StoredSession, key: &str, text: &str) -> bool {
        fn put<T>(place: &mut Option<T>, value: Result<T, InvalidToken>) -> bool {
            *place = value.ok();
            place.is_some()
        }
        let is_good = match key {
            FRONT_TOKEN_KEY => put(&mut stored.front, self.front_token(text)),
            MARKER_KEY => put(&mut stored.marker, Marker::parse(text)),
            ID_REFRESH_TOKEN_KEY => put(&mut stored.id_refresh, IdRefreshToken::from_header(text)),
            ANTI_CSRF_KEY => put(&mut stored.anti_csrf, AntiCsrfToken::parse(text)),
            ACCESS_TOKEN_KEY => put(&mut stored.access, AccessToken::parse(text)),
            _ => put(&mut stored.refresh, RefreshToken::parse(text)),
        };
        if !is_good {
            self.warn_of_garbage(key, text);
        }
        is_good
    }

    fn front_token(&self, text: &str) -> Result<FrontTokenText, InvalidToken> {
        let mut last = self.front.borrow_mut();
        if let Some(front) = last.as_ref().filter(|front| front.reveal() == text) {
            return Ok(front.clone());
        }
        let front = FrontTokenText::parse(text)?;
        *last = Some(front.clone());
        Ok(front)
    }

    /// What localStorage or memory keeps.
    fn elsewhere(&self, key: &str, raw: &Raw) -> Option<String> {
        raw.in_storage(key).or_else(|| self.memory.get(key))
    }

    fn warn_of_garbage(&self, key: &str, text: &str) {
        if !text.is_empty() && !self.warned_of_garbage.replace(true) {
            log::warn!("the stored value of {key} is no token: it counts as absent");
        }
    }

    fn write_now(&self, changes: Changes) -> Result<(), StoreError> {
        self.last.take();
        let storage = self.storage();
        if let Some(skew) = changes.clock_skew_ms {
            self.put_elsewhere(CLOCK_SKEW_KEY, &skew.to_string(), storage);
        }

        let shared = self.shared.write(&changes, &self.cookies);
        let mut wanted = Wanted::all(changes);
        if wanted.is_empty() {
            if !shared.is_empty() {
                self.shared.verify(shared, &text(self.cookies.read().as_ref()));
            }
            return Ok(());
        }
        self.keep_within_budget(&mut wanted, &self.seen.borrow());
        let mut text = self.write_cookies(wanted.iter().filter(|one| one.in_cookie));
        self.shared.verify(shared, &text);
        if wanted.iter().any(|one| one.is_overwritten_in(&text)) {
            // As a rule by another tab, in the same moment. What is found to be lost is swept away first: that would
            // leave all tabs without it for a moment, and a refresh that looks just then would find no session.
            text = self.write_cookies(wanted.iter().filter(|one| one.is_overwritten_in(&text)));
        }
        // By what is there indeed: another tab may have written since the last read.
        self.keep_within_budget(&mut wanted, &text);
        let (stored, lost): (Vec<_>, Vec<_>) =
            wanted.into_iter().partition(|one| one.in_cookie && one.is_read_from(&text));
        for one in &stored {
            self.remove_elsewhere(one.key, storage);
        }
        let before = self.seen.replace(text.clone());
        if !lost.is_empty() {
            self.written.iter().for_each(Written::forget);
            return self.write_lost(&lost, storage);
        }
        if let Some(written) = &self.written {
            written.note(before, text);
        }
        Ok(())
    }

    /// Other places are this origin's alone: where other subdomains share the session, all of it stays in cookies.
    fn keep_within_budget(&self, wanted: &mut [Wanted], cookies: &str) {
        if !self.cookies.are_shared() {
            budget::keep(wanted, cookies);
        } else if budget::size(wanted, cookies) > budget::MOST_OF_ALL && !self.warned_of_size.replace(true) {
            warn_of_setup(format_args!(
                "the session's cookies have over {} bytes together, and web servers refuse requests with more than 8 KiB \
                 of cookies: make the access token's payload smaller",
                budget::MOST_OF_ALL
            ));
        }
    }

    /// Writes cookies, and gives what all of them are then.
    fn write_cookies<'a>(&self, wanted: impl Iterator<Item = &'a Wanted>) -> String {
        for one in wanted {
            self.cookies.write(one.key, one.value.as_deref(), one.seconds());
        }
        // A browser does not wait for a write to `document.cookie`: the read makes it, so that other tabs see it,
        // and tells what the browser refused.
        text(self.cookies.read().as_ref())
    }

    /// Finds another place for what is not to be in a cookie, or did not come back from one: they are blocked, or a
    /// leftover under another domain is read before ours.
    fn write_lost(&self, lost: &[Wanted], storage: Result<&LocalStorage, Blocked>) -> Result<(), StoreError> {
        for one in lost {
            // First the other place, then away with the cookie: other tabs never meet neither.
            match &one.value {
                Some(_) => self.put_elsewhere(one.key, &one.text_with_expiry(), storage),
                None => self.remove_elsewhere(one.key, storage),
            }
            self.cookies.sweep(one.key);
            if one.in_cookie {
                self.cookies.write(one.key, one.value.as_deref(), one.seconds());
            }
        }
        let text = text(self.cookies.read().as_ref());
        let mut written = Ok(());
        for one in lost {
            if one.is_read_from(&text) {
                self.remove_elsewhere(one.key, storage);
            } else if find_all(&text, &[one.key]) != [None] {
                written = Err(StoreError::Unwritable);
            } else if self.memory.get(one.key).is_some() {
                self.warn_of_memory();
            }
        }
        self.seen.replace(text);
        written
    }

    fn warn_of_memory(&self) {
        if !self.warned_of_memory.replace(true) {
            log::warn!(
                "the browser blocks cookies and storage for this page: the session ends with the page"
            );
        }
    }

    /// Keeps a value in localStorage, else in memory.
    fn put_elsewhere(&self, key: &'static str, value: &str, storage: Result<&LocalStorage, Blocked>) {
        match storage.and_then(|storage| storage.set(key, value)) {
            Ok(()) => self.memory.remove(key),
            Err(Blocked) => {
                self.remove_elsewhere(key, storage);
                self.memory.set(key, value);
            }
        }
    }

    fn remove_elsewhere(&self, key: &str, storage: Result<&LocalStorage, Blocked>) {
        // Where it can't be removed it can't be read either.
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

/// What is to be read under a key from now on. It may hold a secret: no `Debug`.
struct Wanted {
    key: &'static str,
    value: Option<String>,
    expires_at_ms: Option<i64>,
    /// Whether a cookie is to have it, or to be removed.
    in_cookie: bool,
}

impl Wanted {
    fn new(key: &'static str, value: Option<String>) -> Self {
        // WebKitGTK keeps larger ones too, and sends them to the page's server, which may refuse a request for that.
        let in_cookie = value.as_ref().is_none_or(|value| key.len() + value.len() <= MOST_OF_A_COOKIE);
        Self { key, value, expires_at_ms: None, in_cookie }
    }

    fn is_read_from(&self, cookies: &str) -> bool {
        find_all(cookies, &[self.key]) == [self.value.as_deref()]
    }

    /// Whether a cookie has another value than the one that was written.
    fn is_overwritten_in(&self, cookies: &str) -> bool {
        let [found] = find_all(cookies, &[self.key]);
        self.value.is_some() && self.in_cookie && found.is_some() && found != self.value.as_deref()
    }

    /// How long a cookie is to live, where it has an end: no less than a second, which is the least it can.
    fn seconds(&self) -> Option<i64> {
        self.expires_at_ms.map(|end| end.saturating_sub(now_ms()).saturating_add(999) / 1000)
    }

    /// What is stored where nothing expires by itself.
    fn text_with_expiry(&self) -> String {
        let value = self.value.as_deref().unwrap_or_default();
        self.expires_at_ms.map_or_else(|| value.to_owned(), |end| format!("{value};{end}"))
    }

    fn all(changes: Changes) -> Vec<Self> {
        let all = [
            Self::one(FRONT_TOKEN_KEY, &changes.front, FrontTokenText::reveal),
            Self::one(MARKER_KEY, &changes.marker, Marker::reveal),
            Self::id_refresh(&changes.id_refresh),
            Self::one(ANTI_CSRF_KEY, &changes.anti_csrf, AntiCsrfToken::reveal),
            Self::one(ACCESS_TOKEN_KEY, &changes.access, AccessToken::reveal),
            Self::one(REFRESH_TOKEN_KEY, &changes.refresh, RefreshToken::reveal),
        ];
        all.into_iter().flatten().collect()
    }

    fn id_refresh(change: &Change<IdRefreshToken>) -> Option<Self> {
        let expires_at_ms = match change {
            // No store keeps what has expired.
            Change::Set(token) if !is_unexpired(token) => return Self::id_refresh(&Change::Clear),
            Change::Set(token) => token.expires_at_ms(),
            Change::Keep | Change::Clear => None,
        };
        let one = Self::one(ID_REFRESH_TOKEN_KEY, change, IdRefreshToken::text)?;
        Some(Self { expires_at_ms, ..one })
    }

    fn one<T>(key: &'static str, change: &Change<T>, reveal: impl Fn(&T) -> &str) -> Option<Self> {
        match change {
            Change::Keep => None,
            Change::Clear => Some(Self::new(key, None)),
            Change::Set(value) => Some(Self::new(key, Some(reveal(value).to_owned()))),
        }
    }
}

/// The last resort. It may hold secrets: no `Debug`.
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

/// Cookies expire by themselves; what is stored elsewhere does not.
fn is_unexpired(token: &IdRefreshToken) -> bool {
    token.expires_at_ms().is_none_or(|end| end > now_ms())
}

/// The JavaScript SDK writes the same text, with a fraction where the server's time has one, and reads no fraction.
fn parse_skew(text: &str) -> i64 {
    let whole = text.trim().split('.').next().and_then(|whole| whole.parse().ok());
    whole.filter(|skew| (-MAX_SKEW_MS..=MAX_SKEW_MS).contains(skew)).unwrap_or(0)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_skew_is_read_without_its_fraction_and_an_absurd_one_is_none() {
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
