//! A clean page for each test, and parts of it that can be broken on purpose.

#![allow(dead_code, unreachable_pub, missing_docs)]

pub mod recorded_api;

use std::{cell::RefCell, future::Future, pin::pin};

use futures_util::future::{Either, select};
use js_sys::Function;
use supertokens_session::{
    SessionConfig, SessionConfigBuilder,
    platform::{Change, Changes, Clock, Store, StoreError, StoredSession},
    token::{AntiCsrfToken, FrontTokenText, IdRefreshToken, Marker},
};
use supertokens_web::{BrowserClock, BrowserStore, Page};
use wasm_bindgen::{JsCast, JsValue};

pub fn page() -> Page {
    Page::current().unwrap()
}

pub fn settings() -> SessionConfigBuilder {
    SessionConfig::builder("http://localhost:3001")
}

pub fn config() -> SessionConfig {
    settings().build().unwrap()
}

/// A store as a tab makes it; each call stands for another tab.
pub fn tab() -> BrowserStore {
    BrowserStore::new(&page(), &config())
}

/// Forgets all that tests before this one left behind.
pub fn clean() {
    js("document.cookie.split(';').forEach(c => {
            document.cookie = c.split('=')[0].trim() + '=;path=/;expires=Thu, 01 Jan 1970 00:00:00 GMT';
        });
        localStorage.clear()");
    collect_log();
    LOG.take();
}

/// The value of some JavaScript.
pub fn js(code: &str) -> JsValue {
    js_sys::eval(code).unwrap_or_else(|error| panic!("{code}: {error:?}"))
}

pub fn text_of(code: &str) -> String {
    js(&format!("String({code})")).as_string().unwrap()
}

pub fn is_true(code: &str) -> bool {
    js(code).as_bool() == Some(true)
}

/// Something of the page that is broken until this is dropped.
#[must_use]
pub struct Broken(Function);

/// Runs a function's body, which breaks something and returns the way back.
pub fn broken(body: &str) -> Broken {
    Broken(js(&format!("(() => {{ {body} }})()")).unchecked_into())
}

impl Drop for Broken {
    fn drop(&mut self) {
        self.0.call0(&JsValue::UNDEFINED).unwrap();
    }
}

pub fn without_storage() -> Broken {
    broken(
        "const own = Object.getOwnPropertyDescriptor(window, 'localStorage');
         const get = () => { throw new DOMException('blocked', 'SecurityError') };
         Object.defineProperty(window, 'localStorage', { configurable: true, get });
         return () => own ? Object.defineProperty(window, 'localStorage', own) : delete window.localStorage",
    )
}

/// Cookies are empty and stay so, as with "block all cookies".
pub fn without_cookies() -> Broken {
    broken(
        "Object.defineProperty(document, 'cookie', { configurable: true, get: () => '', set: () => {} });
         return () => delete document.cookie",
    )
}

/// Cookies throw, as in a sandboxed frame.
pub fn with_throwing_cookies() -> Broken {
    broken(
        "const no = () => { throw new DOMException('sandboxed', 'SecurityError') };
         Object.defineProperty(document, 'cookie', { configurable: true, get: no, set: no });
         return () => delete document.cookie",
    )
}

/// Everything works, and what is assigned to `document.cookie` is in `window.assigned`, how often it was read in
/// `window.reads`.
pub fn with_recorded_cookies() -> Broken {
    broken(
        "const own = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
         window.assigned = [];
         window.reads = 0;
         Object.defineProperty(document, 'cookie', {
             configurable: true,
             get: () => { window.reads++; return own.get.call(document) },
             set: text => { window.assigned.push(text); own.set.call(document, text) },
         });
         return () => delete document.cookie",
    )
}

/// A jar that holds an `old` front token first, which was set with the attribute `domain=<domain>`. The page's
/// host is a number here, which has no domain cookies, so this is a stand-in for the browser's own jar.
pub fn with_leftover(domain: &str) -> Broken {
    broken(&format!(
        "const jar = new Map([['sFrontToken|' + {domain}, 'old']]);
         Object.defineProperty(document, 'cookie', {{
             configurable: true,
             get: () => [...jar].map(([key, value]) => key.split('|')[0] + '=' + value).join('; '),
             set: text => {{
                 const [name, value] = text.split(';')[0].split('=');
                 const key = name + '|' + (/domain=([^;]*)/.exec(text)?.[1] ?? '');
                 if (/expires=Thu, 01 Jan 1970/.test(text)) jar.delete(key); else jar.set(key, value);
             }},
         }});
         return () => delete document.cookie"
    ))
}

/// As in a context that is not secure.
pub fn without_web_locks() -> Broken {
    with_web_locks("undefined")
}

pub fn with_web_locks(locks: &str) -> Broken {
    broken(&format!(
        "const locks = {locks};
         Object.defineProperty(navigator, 'locks', {{ configurable: true, get: () => locks }});
         return () => delete navigator.locks"
    ))
}

pub async fn pause(ms: u32) {
    BrowserClock::new(&page()).sleep(ms).await;
}

/// The future's value, where it comes within `ms`. The future is dropped.
pub async fn within<T>(ms: u32, future: impl Future<Output = T>) -> Option<T> {
    match select(pin!(future), BrowserClock::new(&page()).sleep(ms)).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}

/// The future's value, where it comes at all: it gets as long as a busy machine may need.
pub async fn in_the_end<T>(future: impl Future<Output = T>) -> Option<T> {
    within(300_000, future).await
}

/// Waits until something holds, for as long as a busy machine may need.
pub async fn comes_about(holds: impl Fn() -> bool) -> bool {
    let comes = async {
        while !holds() {
            pause(5).await;
        }
    };
    in_the_end(comes).await.is_some()
}

/// Waits until a script says yes, for as long as a busy machine may need.
pub async fn comes_true(code: &str) -> bool {
    comes_about(|| is_true(code)).await
}

/// The device's clock stands still, so that a busy machine makes nothing old. [`set_clock_on`] sets it on.
pub fn with_clock_that_stands() -> Broken {
    broken(
        "const own = Date.now;
         window.clock = own.call(Date);
         Date.now = () => window.clock;
         return () => { Date.now = own }",
    )
}

pub fn set_clock_on(ms: u32) {
    js(&format!("window.clock += {ms}"));
}

pub fn stored(store: &BrowserStore) -> StoredSession {
    store.read().unwrap()
}

pub fn set_front(store: &BrowserStore, value: &str) -> Result<(), StoreError> {
    store.write(Changes { front: Change::Set(front(value)), ..Changes::default() })
}

pub fn front_of(store: &BrowserStore) -> Option<String> {
    stored(store).front.map(|front| front.reveal().to_owned())
}

/// Keeps a change marker of the older generation, as its header brings it.
pub fn set_id_refresh(store: &BrowserStore, header: &str) -> Result<(), StoreError> {
    let token = IdRefreshToken::from_header(header).unwrap();
    store.write(Changes { id_refresh: Change::Set(token), ..Changes::default() })
}

pub fn id_refresh_of(store: &BrowserStore) -> Option<String> {
    stored(store).id_refresh.map(|token| token.text().to_owned())
}

/// So many ms from now, in ms since the epoch.
pub fn ahead_ms(ms: i64) -> i64 {
    BrowserClock::new(&page()).now_ms() + ms
}

pub fn front(text: &str) -> FrontTokenText {
    FrontTokenText::parse(text).unwrap()
}

/// Changes that a sign-in makes.
pub fn sign_in() -> Changes {
    Changes {
        front: Change::Set(front("eyJ1aWQiOiJ1In0=")),
        marker: Change::Set(Marker::parse("1700000000000").unwrap()),
        anti_csrf: Change::Set(AntiCsrfToken::parse("anti-s3cret").unwrap()),
        ..Changes::default()
    }
}

/// Changes that a sign-out makes, but for the marker.
pub fn clear() -> Changes {
    Changes {
        front: Change::Clear,
        marker: Change::Clear,
        id_refresh: Change::Clear,
        anti_csrf: Change::Clear,
        access: Change::Clear,
        refresh: Change::Clear,
        ..Changes::default()
    }
}

thread_local! {
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

struct Collector;

impl log::Log for Collector {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        LOG.with_borrow_mut(|lines| lines.push(format!("{} {}", record.level(), record.args())));
    }

    fn flush(&self) {}
}

fn collect_log() {
    // The second time it is there already.
    if log::set_logger(&Collector).is_ok() {
        log::set_max_level(log::LevelFilter::Trace);
    }
}

/// All that was logged since [`clean`].
pub fn logged() -> Vec<String> {
    LOG.with_borrow(Clone::clone)
}
