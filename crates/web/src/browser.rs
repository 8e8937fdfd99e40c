//! The functions of `browser.js`. Each makes several calls of browser APIs, so that a request needs few calls between
//! wasm and JavaScript.

use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, BroadcastChannel, HtmlDocument, Storage, Window};

#[wasm_bindgen(module = "/src/browser.js")]
extern "C" {
    /// Whether `value` is a browser object of this interface. `instanceof` fails for objects of a frame or another
    /// window, which a page may pass in.
    #[wasm_bindgen(js_name = isA)]
    pub(crate) fn is_a(value: &JsValue, interface: &str) -> bool;

    /// The name of an error, which may be any value, even `undefined`.
    #[wasm_bindgen(js_name = errorName)]
    pub(crate) fn error_name(error: &JsValue) -> Option<String>;

    /// The texts of all cookies and of these keys of localStorage. `None` if they equal those of the last read.
    #[wasm_bindgen(js_name = readStored)]
    pub(crate) fn read_stored(
        document: &HtmlDocument,
        storage: Option<&Storage>,
        keys: &Array,
        last: Option<&Array>,
    ) -> Option<Array>;

    /// Writes cookies, one a line, and reads all cookies. Browsers write `document.cookie` asynchronously. The read
    /// waits for the writes, so that other tabs see them.
    #[wasm_bindgen(js_name = writeCookies)]
    pub(crate) fn write_cookies(document: &HtmlDocument, cookies: &str) -> Option<String>;

    /// Sends a request with `fetch`, or else with `window.fetch`. `None` if the browser can't send it.
    ///
    /// `head` has a line each for the method, the credentials, and the names and values of headers. One text costs less
    /// than a `Headers` that is filled from wasm. Only the constructor of `Request` tells whether the browser can send a
    /// request. It costs half as much as all other steps, so it is called only if the request may fail.
    ///
    /// The client may send a body twice, unless that is a stream. A browser that can't send streams would convert one to
    /// text and add a content type.
    pub(crate) fn send(
        window: &Window,
        fetch: Option<&JsValue>,
        abort: &AbortController,
        url: &str,
        head: &str,
        body: &JsValue,
        is_stream: bool,
        is_keepalive: bool,
        may_fail: bool,
    ) -> Option<Promise>;

    /// Resolves to 0 if the server at this URL does not respond within a second, else to 1, or to 2 if `probes` has a
    /// result of the last 30 s. It sends a request without headers and cookies, whose response no script can read.
    pub(crate) fn probe(window: &Window, fetch: Option<&JsValue>, url: &str, probes: &Object) -> Promise;

    // Objects of a mocked `fetch` may lack each property of a response, and throw at each read.

    #[wasm_bindgen(js_name = statusOf)]
    pub(crate) fn status_of(response: &JsValue) -> u16;

    #[wasm_bindgen(js_name = urlOf)]
    pub(crate) fn url_of(response: &JsValue) -> Option<String>;

    pub(crate) fn header(response: &JsValue, name: &str) -> Option<String>;

    /// The values of these headers. `None` if the response has none of them.
    #[wasm_bindgen(js_name = headersOf)]
    pub(crate) fn headers_of(response: &JsValue, names: &Array) -> Option<Array>;

    /// Resolves to a `Uint8Array`.
    #[wasm_bindgen(js_name = readBody)]
    pub(crate) fn read_body(response: &JsValue) -> Promise;

    /// Reads a copy of a body, which is made at the call. Resolves to a `Uint8Array`, or rejects if there are more than
    /// `limit` bytes. After an abort the browser buffers no more. Polyfills of `fetch` create responses without `body`.
    pub(crate) fn peek(response: &JsValue, limit: usize, abort: &AbortController) -> Promise;

    /// Resolves when the lock is granted. An abort releases it, or cancels the request.
    pub(crate) fn lock(locks: &JsValue, name: &str, abort: &AbortController) -> Promise;

    /// As [`lock`], for the clients of this page: it resolves when all earlier requests of the name were aborted.
    #[wasm_bindgen(js_name = pageLock)]
    pub(crate) fn page_lock(name: &str, abort: &AbortController) -> Promise;

    /// When the JavaScript SDK's lock wrote this entry. 0 for a text that is no entry.
    #[wasm_bindgen(js_name = writtenAt)]
    pub(crate) fn written_at(entry: &str) -> f64;

    /// Resolves after this time, or at an abort. A browser fires a timer over 2³¹ ms at once, so a longer time needs
    /// several. While the browser unloads the page it may refuse timers; then only an abort resolves the promise.
    pub(crate) fn sleep(ms: u32, abort: &AbortController) -> Promise;

    /// Calls a function repeatedly, until an abort.
    pub(crate) fn repeat(ms: u32, call: &Function, abort: &AbortController);

    /// Calls `call` for each event, until an abort, with its index in `names` and its `persisted`. It listens in the
    /// capture phase: before the app's own listeners, and also to events of the document.
    pub(crate) fn listen(window: &Window, names: &str, call: &Function, abort: &AbortController);

    /// Opens a channel, until an abort. `None` if the browser refuses it, as some do where storage is blocked.
    #[wasm_bindgen(js_name = openChannel)]
    pub(crate) fn open_channel(
        name: &str,
        call: &Function,
        abort: &AbortController,
    ) -> Option<BroadcastChannel>;

    /// The last times (ms) that sessionStorage has under this key. Adds `now` to them if it is not 0.
    pub(crate) fn navigations(key: &str, now: f64) -> Vec<f64>;

    /// Adds a cover of the page (1), or removes one (-1). False if there is nothing to cover.
    ///
    /// `visibility` hides all elements that inherit it, dialogs too, and `opacity` those that are set visible. A content
    /// security policy can forbid style attributes, but not `setProperty`. An empty value removes a property.
    pub(crate) fn cover(count: i32) -> bool;
}

/// Aborts when it is dropped, unless it is disarmed.
#[must_use = "it aborts when it is dropped"]
pub(crate) struct AbortOnDrop {
    pub(crate) abort: AbortController,
    is_armed: bool,
}

impl AbortOnDrop {
    /// `None` if the browser refuses.
    pub(crate) fn new() -> Option<Self> {
        Some(Self { abort: AbortController::new().ok()?, is_armed: true })
    }

    pub(crate) fn disarm(&mut self) {
        self.is_armed = false;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if self.is_armed {
            self.abort.abort();
        }
    }
}
