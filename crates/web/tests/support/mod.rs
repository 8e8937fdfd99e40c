//! A clean page for each test, and patches of browser APIs.

#![allow(dead_code, unreachable_pub, missing_docs)]

pub mod recorded_api;

use std::{cell::RefCell, future::Future, pin::pin};

use futures_util::future::{Either, select};
use js_sys::Function;
use supertokens_session::{
    AntiCsrfToken, FrontTokenText, IdRefreshToken, Marker, SessionConfig, SessionConfigBuilder,
    platform::{Change, Changes, Clock, Store, StoreError, StoredSession},
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

/// The store of a tab. Each call stands for another tab.
pub fn tab() -> BrowserStore {
    BrowserStore::new(&page(), &config())
}

/// Removes the cookies, the storage and the log of earlier tests.
pub async fn clean() {
    js("document.cookie.split(';').forEach(c => {
            document.cookie = c.split('=')[0].trim() + '=;path=/;expires=Thu, 01 Jan 1970 00:00:00 GMT';
        });
        localStorage.clear()");
    cookies_are_shown().await;
    assert_eq!(text_of("document.cookie"), "");
    collect_log();
    LOG.take();
}

/// Waits until each page shows this page's writes of cookies. WebKit tells pages of a write later than it stores it, but
/// before it responds to the next request.
pub async fn cookies_are_shown() {
    let request = "const request = new XMLHttpRequest();
        request.open('GET', '/');
        await new Promise(done => { request.onloadend = done; request.send() })";
    recorded_api::value_of_async(request).await.unwrap();
}

/// The value of a JavaScript expression.
pub fn js(code: &str) -> JsValue {
    js_sys::eval(code).unwrap_or_else(|error| panic!("{code}: {error:?}"))
}

pub fn text_of(code: &str) -> String {
    js(&format!("String({code})")).as_string().unwrap()
}

pub fn is_true(code: &str) -> bool {
    js(code).as_bool() == Some(true)
}

/// A patch of the page's APIs, until it is dropped.
#[must_use]
pub struct PagePatch(Function);

/// Runs a function body that patches an API and returns a function that undoes it.
pub fn patch_page(body: &str) -> PagePatch {
    PagePatch(js(&format!("(() => {{ {body} }})()")).unchecked_into())
}

impl Drop for PagePatch {
    fn drop(&mut self) {
        self.0.call0(&JsValue::UNDEFINED).unwrap();
    }
}

pub fn without_storage() -> PagePatch {
    patch_page(
        "const own = Object.getOwnPropertyDescriptor(window, 'localStorage');
         const get = () => { throw new DOMException('blocked', 'SecurityError') };
         Object.defineProperty(window, 'localStorage', { configurable: true, get });
         return () => own ? Object.defineProperty(window, 'localStorage', own) : delete window.localStorage",
    )
}

/// `document.cookie` is empty and ignores writes, as with "block all cookies".
pub fn without_cookies() -> PagePatch {
    patch_page(
        "Object.defineProperty(document, 'cookie', { configurable: true, get: () => '', set: () => {} });
         return () => delete document.cookie",
    )
}

/// `document.cookie` throws, as in a sandboxed frame.
pub fn with_throwing_cookies() -> PagePatch {
    patch_page(
        "const refuse = () => { throw new DOMException('sandboxed', 'SecurityError') };
         Object.defineProperty(document, 'cookie', { configurable: true, get: refuse, set: refuse });
         return () => delete document.cookie",
    )
}

/// Records the writes of `document.cookie` in `window.assigned`, and counts its reads in `window.reads`.
pub fn with_recorded_cookies() -> PagePatch {
    patch_page(
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

/// Replaces the browser's cookies by a list that starts with an `old` front token of the domain `domain`. The browser
/// itself refuses domain cookies here, since the page's host is an IP address.
pub fn with_old_domain_cookie(domain: &str) -> PagePatch {
    patch_page(&format!(
        "const cookies = new Map([['sFrontToken|' + {domain}, 'old']]);
         Object.defineProperty(document, 'cookie', {{
             configurable: true,
             get: () => [...cookies].map(([key, value]) => key.split('|')[0] + '=' + value).join('; '),
             set: text => {{
                 const [name, value] = text.split(';')[0].split('=');
                 const key = name + '|' + (/domain=([^;]*)/.exec(text)?.[1] ?? '');
                 if (/expires=Thu, 01 Jan 1970/.test(text)) cookies.delete(key); else cookies.set(key, value);
             }},
         }});
         return () => delete document.cookie"
    ))
}

/// Removes Web Locks, as in an insecure context.
pub fn without_web_locks() -> PagePatch {
    with_web_locks("undefined")
}

pub fn with_web_locks(locks: &str) -> PagePatch {
    patch_page(&format!(
        "const locks = {locks};
         Object.defineProperty(navigator, 'locks', {{ configurable: true, get: () => locks }});
         return () => delete navigator.locks"
    ))
}

pub async fn pause(ms: u32) {
    BrowserClock::new(&page()).sleep(ms).await;
}

/// The future's value, or `None` if the future is not ready within `ms`.
pub async fn within<T>(ms: u32, future: impl Future<Output = T>) -> Option<T> {
    match select(pin!(future), BrowserClock::new(&page()).sleep(ms)).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}

/// The future's value, with a timeout that is long enough for a busy machine.
pub async fn completed<T>(future: impl Future<Output = T>) -> Option<T> {
    within(300_000, future).await
}

/// Waits until a condition holds, with a timeout that is long enough for a busy machine.
pub async fn eventually(holds: impl Fn() -> bool) -> bool {
    let wait = async {
        while !holds() {
            pause(5).await;
        }
    };
    completed(wait).await.is_some()
}

/// Waits until an expression is true, with a timeout that is long enough for a busy machine.
pub async fn becomes_true(code: &str) -> bool {
    eventually(|| is_true(code)).await
}

/// Stops the device's clock, so that delays of a busy machine don't matter. [`advance_clock`] advances it.
pub fn with_stopped_clock() -> PagePatch {
    patch_page(
        "const own = Date.now;
         window.clock = own.call(Date);
         Date.now = () => window.clock;
         return () => { Date.now = own }",
    )
}

pub fn advance_clock(ms: u32) {
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

/// Stores a change marker of the older generation from its header.
pub fn set_id_refresh(store: &BrowserStore, header: &str) -> Result<(), StoreError> {
    let token = IdRefreshToken::from_header(header).unwrap();
    store.write(Changes { id_refresh: Change::Set(token), ..Changes::default() })
}

pub fn id_refresh_of(store: &BrowserStore) -> Option<String> {
    stored(store).id_refresh.map(|token| token.text().to_owned())
}

/// The time in `ms` from now, in ms since the epoch.
pub fn ahead_ms(ms: i64) -> i64 {
    BrowserClock::new(&page()).now_ms() + ms
}

pub fn front(text: &str) -> FrontTokenText {
    FrontTokenText::parse(text).unwrap()
}

/// The changes of a sign-in.
pub fn sign_in() -> Changes {
    Changes {
        front: Change::Set(front("eyJ1aWQiOiJ1In0=")),
        marker: Change::Set(Marker::parse("1700000000000").unwrap()),
        anti_csrf: Change::Set(AntiCsrfToken::parse("anti-s3cret").unwrap()),
        ..Changes::default()
    }
}

/// The changes of a sign-out, except for the marker.
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
    // This fails after the first call, since the logger is set then.
    if log::set_logger(&Collector).is_ok() {
        log::set_max_level(log::LevelFilter::Trace);
    }
}

/// The log lines since [`clean`].
pub fn logged() -> Vec<String> {
    LOG.with_borrow(Clone::clone)
}
