//! Wraps the page's `fetch` and `XMLHttpRequest`, for the requests that the app's own code does not send with the client.

mod caller_request;
mod fetch;
mod now;
mod script;
mod xhr;

use js_sys::Function;
use supertokens_session::{
    SessionClient, SessionError,
    wire::{names, url::Url},
};
use wasm_bindgen::prelude::*;

pub(crate) use caller_request::CallerRequest;
pub(crate) use script::has_stream;

use crate::{native_fetch::NativeFetch, page::Page};

/// Lets whatever calls `window.fetch` on this page take part in the session, until the guard is dropped: code of others,
/// and Rust clients such as gloo-net and reqwest.
///
/// A request to the API is sent as [`SessionClient`] sends one: with the session's headers, after a refresh where that is
/// due, and again after a 401. Method, body, signal and all other options stay the caller's, and what comes of it is the
/// browser's own: its `Response`, its errors. Where the session is what fails (a refresh without an answer, another user
/// who has signed in meanwhile), the promise is rejected with a `TypeError` that says so.
///
/// Why the session let a request fail, its caller reads from a property of the `Response` or the error,
/// `supertokensSessionError`, with a `code` ([`SessionError::code`]) and a `message`. The page gets an event of `window`,
/// `supertokens-session-error`, and Rust code [`Overrides::after_request`](supertokens_session::Overrides::after_request).
///
/// - Any other request is handed to the `fetch` that was there, with the very same arguments. So is a call of the refresh
///   API.
/// - The `fetch` that was there is called with the URL and the options of the caller's, as they were at the call, so mocks
///   and developer tools can read the body. Of a caller's `Request` it gets a copy.
/// - A body is sent again whole. One that is a stream, or a `Request` made of one, can't be: the session is refreshed for
///   it ahead, and its caller gets the 401 if there is one all the same.
/// - Cookies go along (`auto_add_credentials`) unless the caller chose otherwise. Of a `Request`, `same-origin` is not
///   told from no choice.
/// - A request chooses for itself by a header that never leaves the page, `supertokens-interception`: `off` leaves the
///   session out, `once` hands a 401 over as it is. An `Authorization` of the caller's own is stored.
/// - Calling it twice is safe, be it in another copy of this library on the same page: each request is taken care of once.
/// - Where somebody else has wrapped `fetch` over this meanwhile, theirs stays when the guard is dropped, and what is under
///   it passes everything through.
///
/// ```no_run
/// use supertokens_session::{SessionConfig, SessionError};
///
/// # fn run() -> Result<(), SessionError> {
/// let config = SessionConfig::builder("https://api.example.com").build()?;
/// let client = supertokens_web::session_client(config)?;
/// let interception = supertokens_web::intercept_fetch(&client)?;
/// // Whatever calls `fetch` here takes part.
/// drop(interception);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`SessionError::NotInBrowser`] where there is no page, [`SessionError::NotInterceptable`] where something has frozen the
/// page's `fetch`.
pub fn intercept_fetch(client: &SessionClient) -> Result<Interception, SessionError> {
    let page = Page::current()?;
    let beneath = NativeFetch::push(&page);
    let is_api_url = is_api_url(client);
    let run = fetch::runner(client, &page);
    let undo = script::intercept_fetch(is_api_url.as_ref(), run.as_ref())
        .map_err(|_| SessionError::NotInterceptable)?;
    Ok(Interception(vec![Layer { undo, _kept: Box::new((is_api_url, run, beneath)) }]))
}

/// As [`intercept_fetch`], for `XMLHttpRequest`: axios and other code of before `fetch`.
///
/// The app keeps its own object, and sees the events of the last attempt only, each once and in the browser's order. Those
/// of an attempt that is followed by another are hidden from it, upload events of any but the first too. Synchronous
/// requests are left alone: nothing can be waited for in them. `timeout` counts from `send`, refreshes included. The
/// property `supertokensSessionError` is on the object itself, until it is opened anew.
///
/// ```no_run
/// use supertokens_session::{SessionClient, SessionError};
///
/// # fn run(client: &SessionClient) -> Result<(), SessionError> {
/// supertokens_web::intercept_xhr(client)?.forget(); // for as long as the page lives
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`intercept_fetch`].
//
// Methods and setters of the prototypes are wrapped, and the constructor stays: objects that are there already take part,
// `instanceof`, constants and subclasses need no care, and the object that the app holds is the one that is sent. An event
// is hidden from the app by the first listener, so the ways to become one are wrapped as well.
pub fn intercept_xhr(client: &SessionClient) -> Result<Interception, SessionError> {
    Page::current()?;
    let is_api_url = is_api_url(client);
    let run = xhr::runner(client);
    let undo = script::intercept_xhr(is_api_url.as_ref(), run.as_ref())
        .map_err(|_| SessionError::NotInterceptable)?;
    Ok(Interception(vec![Layer { undo, _kept: Box::new((is_api_url, run)) }]))
}

/// [`intercept_fetch`] and [`intercept_xhr`]: whatever makes requests on the page.
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
pub fn intercept_page(client: &SessionClient) -> Result<Interception, SessionError> {
    let mut both = intercept_fetch(client)?;
    both.0.append(&mut intercept_xhr(client)?.0);
    Ok(both)
}

/// Intercepts until it is dropped; then the page has the very functions that it had.
#[must_use = "interception ends when this is dropped"]
pub struct Interception(Vec<Layer>);

impl Interception {
    /// Intercepts for as long as the page lives.
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
    /// What the page calls until it is undone.
    _kept: Box<dyn std::any::Any>,
}

impl Drop for Layer {
    fn drop(&mut self) {
        // It throws where something has frozen the functions meanwhile; then ours pass everything through.
        let _ = self.undo.call0(&JsValue::UNDEFINED);
    }
}

fn is_api_url(client: &SessionClient) -> Closure<dyn Fn(String) -> bool> {
    let client = client.clone();
    Closure::new(move |url: String| {
        // Whoever refreshes by hand must not wait for a refresh.
        Url::parse(&url)
            .is_ok_and(|url| client.should_do_interception(&url) && url != *client.config().refresh_url())
    })
}

/// The headers by which a request of the caller's own differs for the session.
const MEANT: [&str; 2] = [names::RID, names::AUTHORIZATION];
