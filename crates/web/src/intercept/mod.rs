//! Wraps the page's `fetch` and `XMLHttpRequest`, so that requests of other code use the session.

mod caller_request;
mod fetch;
mod script;
mod task;
mod xhr;

use js_sys::Function;
use supertokens_session::{SessionClient, SessionError, Url, internal::names};
use wasm_bindgen::prelude::*;

pub(crate) use caller_request::CallerRequest;
pub(crate) use script::has_stream;

use crate::{native_fetch::NativeFetch, page::Page};

/// Wraps `window.fetch`, so that calls to the API use the session, until the guard is dropped. This covers third-party
/// code, and Rust clients such as gloo-net and reqwest.
///
/// The client sends a request to the API as its own: with the session's headers, after a refresh if the session needs
/// one, with a retry after a 401. The request's method, body, signal and other options stay the caller's. The caller
/// gets the browser's own `Response` or error. If the session fails (a refresh without a response, or another user
/// signed in), the promise is rejected with a `TypeError` that names the reason.
///
/// If a request fails because of the session, its `Response` or error has a property `supertokensSessionError`, with a
/// `code` ([`SessionError::name`]) and a `message`. The page gets the event `supertokens-session-error` on `window`.
/// Rust code gets [`Overrides::after_request`](supertokens_session::Overrides::after_request).
///
/// - Any other request goes to the native `fetch` with the same arguments. So does a call of the refresh API.
/// - The native `fetch` gets the caller's URL and options, as they were at the call, so mocks and developer tools can
///   read the body. If the caller passed a `Request`, the native `fetch` gets a copy.
/// - A retry sends the whole body. A stream, or a `Request` made of one, can't be sent twice. The client refreshes the
///   session before it sends such a body, and does not retry after a 401.
/// - Cookies are included (`auto_add_credentials`) unless the caller set `credentials`. In a `Request`, `same-origin`
///   means the same as no choice.
/// - The header `supertokens-interception` changes this for one request, and never reaches the server: `off` sends the
///   request without the session, and `once` returns a 401 without a retry. The caller's own `Authorization` header
///   stays.
/// - Calling this twice is safe, also from another copy of this library on the same page: one of them handles each
///   request.
/// - If other code has wrapped `fetch` since, its wrapper stays when the guard is dropped, and this one passes all
///   calls through.
///
/// ```no_run
/// use supertokens_session::{SessionConfig, SessionError};
///
/// # fn run() -> Result<(), SessionError> {
/// let config = SessionConfig::builder("https://api.example.com").build()?;
/// let client = supertokens_web::session_client(config)?;
/// let interception = supertokens_web::intercept_fetch(&client)?;
/// // Code that calls `fetch` here uses the session.
/// drop(interception);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`SessionError::NotInBrowser`] if there is no page, and [`SessionError::NotInterceptable`] if the page's `fetch` is
/// frozen.
#[doc(alias = "addFetchInterceptorsAndReturnModifiedFetch")]
pub fn intercept_fetch(client: &SessionClient) -> Result<Interception, SessionError> {
    let page = Page::current()?;
    let native_fetch = NativeFetch::push(&page);
    let is_api_url = is_api_url(client);
    let run = fetch::runner(client, &page);
    let undo = script::intercept_fetch(is_api_url.as_ref(), run.as_ref())
        .map_err(|_| SessionError::NotInterceptable)?;
    Ok(Interception(vec![Layer { undo, _alive: Box::new((is_api_url, run, native_fetch)) }]))
}

/// As [`intercept_fetch`], for `XMLHttpRequest`: axios and other code that does not use `fetch`.
///
/// The app holds the browser's own object. It gets the events of the last attempt only, each once and in the browser's
/// order. Upload events are those of the first attempt. Synchronous requests are not intercepted, since they can't wait
/// for a refresh. `timeout` counts from `send` and includes refreshes. The property `supertokensSessionError` is on the
/// object itself, until the app opens it again.
///
/// ```no_run
/// use supertokens_session::{SessionClient, SessionError};
///
/// # fn run(client: &SessionClient) -> Result<(), SessionError> {
/// supertokens_web::intercept_xhr(client)?.forget(); // until the page is closed
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`intercept_fetch`].
//
// The methods and setters of the prototypes are wrapped, not the constructor. So this covers existing objects, and
// `instanceof`, constants and subclasses work. Only the first listener can hide an event from the app, so
// `addEventListener` and the `on…` setters are wrapped too.
#[doc(alias = "addXMLHttpRequestInterceptor")]
pub fn intercept_xhr(client: &SessionClient) -> Result<Interception, SessionError> {
    Page::current()?;
    let is_api_url = is_api_url(client);
    let run = xhr::runner(client);
    let undo = script::intercept_xhr(is_api_url.as_ref(), run.as_ref())
        .map_err(|_| SessionError::NotInterceptable)?;
    Ok(Interception(vec![Layer { undo, _alive: Box::new((is_api_url, run)) }]))
}

/// [`intercept_fetch`] and [`intercept_xhr`]: all requests of the page.
///
/// ```no_run
/// use supertokens_session::{SessionClient, SessionError};
///
/// # fn run(client: &SessionClient) -> Result<(), SessionError> {
/// let interception = supertokens_web::intercept_page(client)?;
/// # drop(interception); Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`intercept_fetch`].
#[doc(alias = "addAxiosInterceptors")]
pub fn intercept_page(client: &SessionClient) -> Result<Interception, SessionError> {
    let mut both = intercept_fetch(client)?;
    both.0.append(&mut intercept_xhr(client)?.0);
    Ok(both)
}

/// Intercepts requests until it is dropped. Then the page has its original functions.
#[must_use = "interception ends when this is dropped"]
pub struct Interception(Vec<Layer>);

impl Interception {
    /// Intercepts requests until the page is closed.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

impl std::fmt::Debug for Interception {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Interception")
    }
}

struct Layer {
    undo: Function,
    /// The closures that the page's functions call.
    _alive: Box<dyn std::any::Any>,
}

impl Drop for Layer {
    fn drop(&mut self) {
        // It throws if the functions are frozen. Then the wrappers stay and pass all calls through.
        let _ = self.undo.call0(&JsValue::UNDEFINED);
    }
}

fn is_api_url(client: &SessionClient) -> Closure<dyn Fn(String) -> bool> {
    let client = client.clone();
    Closure::new(move |url: String| {
        // A caller that refreshes by hand must not wait for a refresh.
        Url::parse(&url)
            .is_ok_and(|url| client.is_api_url(&url) && !url.is_same_resource(client.config().refresh_url()))
    })
}

/// The headers of a caller's request that the session client reads.
const SESSION_HEADERS: [&str; 2] = [names::RID, names::AUTHORIZATION];
