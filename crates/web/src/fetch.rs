use std::{any::Any, cell::OnceCell, future::ready};

use js_sys::{Array, JsString, Object, Promise, Uint8Array};
use supertokens_session::{
    Origin,
    internal::{names, site::is_mixed_content},
    platform::{
        Body, Credentials, LocalBoxFuture, Method, PEEK_LIMIT, Transport, TransportError, TransportRequest,
        TransportResponse,
    },
    warn_of_setup,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::{
    browser::{self, AbortOnDrop},
    native_fetch,
    page::Page,
};

/// A request with a larger body is sent without `keepalive`.
const MAX_KEEPALIVE_BODY: usize = 8 * 1024;

/// Sends requests with the current `window.fetch`, also if other code has wrapped it. While
/// [`intercept_fetch`](crate::intercept_fetch) is on, it calls the native `fetch` instead.
///
/// A [`Body::Platform`] is a `wasm_bindgen::JsValue` that `fetch` can send more than once: a `FormData`, a `Blob`, or
/// `URLSearchParams`. A [`Body::Stream`] is a `ReadableStream`. [`body`](crate::body()) makes either.
///
/// An http URL on an https page fails at once with [`TransportError::MixedContent`]. Browsers report a response that
/// CORS blocks like a dead network. So if a request to another origin gets no response, the transport sends a probe, at
/// most once in 30 s. The probe is a `GET` of the origin's `/` without the session. If it gets a response within a
/// second, the error is [`TransportError::BlockedByCors`].
///
/// ```no_run
/// use supertokens_session::{Headers, SessionError, Url};
/// use supertokens_session::platform::{Body, Method, Transport, TransportError, TransportRequest};
/// use supertokens_web::{FetchTransport, Page};
///
/// # async fn run() -> Result<(), SessionError> {
/// let transport = FetchTransport::new(&Page::current()?);
/// let request = TransportRequest {
///     method: Method::Get,
///     url: Url::parse("https://api.example.com/orders")?,
///     headers: Headers::new(),
///     body: Body::Empty,
///     credentials: None,
/// };
/// let response = transport.send(request).await.map_err(SessionError::Network)?;
/// assert_eq!(response.status(), 200);
/// # Ok(())
/// # }
/// ```
///
/// [`Body::Platform`]: supertokens_session::platform::Body::Platform
/// [`Body::Stream`]: supertokens_session::platform::Body::Stream
//
// This does not use gloo-net. Its builder turns `/x?a=1` into `/x?a=1&`, which breaks signed URLs. Its error type
// panics on a rejection that is not an `Error`.
#[derive(Debug, Clone)]
pub struct FetchTransport {
    page: Page,
    origin: Option<Origin>,
    probes: Object,
}

impl FetchTransport {
    /// The page's `fetch`.
    pub fn new(page: &Page) -> Self {
        Self { page: page.clone(), origin: page.origin(), probes: Object::new() }
    }

    fn is_mixed_content(&self, target: &Origin) -> bool {
        self.origin.as_ref().is_some_and(|page| is_mixed_content(page, target))
    }

    /// Whether a server responds at all. Browsers report a response that CORS blocks like a dead network. A `no-cors`
    /// request distinguishes the two in most cases.
    async fn is_reachable(&self, target: &Origin) -> bool {
        let (fetch, url) = (native_fetch::replaced(), format!("{target}/"));
        let reachable = browser::probe(self.page.window(), fetch.as_ref(), &url, &self.probes);
        let reachable = JsFuture::from(reachable).await.ok().and_then(|reachable| reachable.as_f64());
        if reachable == Some(1.0) {
            warn_of_setup(format_args!("{target}: {}", TransportError::BlockedByCors));
        }
        reachable > Some(0.0)
    }

    /// Finds the likely reason why there was no response.
    async fn why_no_response(&self, target: &Origin) -> TransportError {
        let is_online = self.page.window().navigator().on_line();
        let may_be_cors = self.origin.as_ref() != Some(target) && is_online;
        if may_be_cors && self.is_reachable(target).await {
            TransportError::BlockedByCors
        } else {
            TransportError::Unreachable
        }
    }
}

impl FetchTransport {
    fn send_as(
        &self,
        request: TransportRequest,
        is_keepalive: bool,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        Box::pin(async move {
            let target = request.url.origin();
            if self.is_mixed_content(target) {
                return Err(TransportError::MixedContent);
            }
            let mut abort = AbortOnDrop::new().ok_or(TransportError::Unsendable)?;
            let sent = self.start(&request, &abort, is_keepalive).ok_or(TransportError::Unsendable)?;
            let response = match JsFuture::from(sent).await {
                // A wrapped `fetch` may return anything.
                Ok(response) if browser::is_a(&response, "Response") => response,
                Ok(_) => return Err(TransportError::Unreachable),
                Err(rejection) => {
                    return Err(match error_of(&rejection) {
                        TransportError::Unreachable => self.why_no_response(target).await,
                        error => error,
                    });
                }
            };
            // An abort would cut off the body.
            abort.disarm();
            Ok(Box::new(FetchResponse::new(response)) as Box<dyn TransportResponse>)
        })
    }

    /// `None` if the browser can't send the request.
    fn start(&self, request: &TransportRequest, abort: &AbortOnDrop, is_keepalive: bool) -> Option<Promise> {
        let mut head = [request.method.as_str(), "\n"].concat();
        head.push_str(match request.credentials {
            None => "",
            Some(Credentials::Omit) => "omit",
            Some(Credentials::SameOrigin) => "same-origin",
            Some(Credentials::Include) => "include",
        });
        for (name, value) in request.headers.iter() {
            for text in ["\n", name, "\n", value] {
                head.push_str(text);
            }
        }
        let body = match &request.body {
            Body::Empty => JsValue::UNDEFINED,
            Body::Text(text) => JsValue::from_str(text),
            Body::Bytes(bytes) => Uint8Array::from(&bytes[..]).into(),
            Body::Platform(body) | Body::Stream(body) => body.downcast_ref::<JsValue>()?.clone(),
        };
        browser::send(
            self.page.window(),
            native_fetch::replaced().as_ref(),
            &abort.abort,
            request.url.as_str(),
            &head,
            &body,
            matches!(request.body, Body::Stream(_)),
            is_keepalive,
            !matches!((&request.body, &request.method), (Body::Empty, method) if !matches!(method, Method::Other(_))),
        )
    }
}

impl Transport for FetchTransport {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        self.send_as(request, false)
    }

    /// Sets the `keepalive` of `fetch` if the body is empty or small. Browsers limit the bodies of such requests to 64
    /// KiB for the whole page.
    fn send_keepalive(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        let is_small = match &request.body {
            Body::Empty => true,
            Body::Text(text) => text.len() <= MAX_KEEPALIVE_BODY,
            Body::Bytes(bytes) => bytes.len() <= MAX_KEEPALIVE_BODY,
            Body::Platform(_) | Body::Stream(_) => false,
        };
        self.send_as(request, is_small)
    }
}

/// The response of a [`FetchTransport`].
///
/// ```no_run
/// use supertokens_session::SessionResponse;
/// use supertokens_web::FetchResponse;
///
/// fn was_redirected(response: &SessionResponse) -> Option<bool> {
///     let response = response.downcast_ref::<FetchResponse>()?;
///     Some(response.as_raw().redirected())
/// }
/// ```
#[derive(Debug)]
pub struct FetchResponse {
    raw: Response,
    /// The values of `SESSION_HEADERS`, if there is one.
    session_headers: OnceCell<Option<Array>>,
}

impl FetchResponse {
    /// Wraps a browser's response, for an app's own [`Transport`].
    ///
    /// ```no_run
    /// use supertokens_session::platform::{TransportError, TransportResponse};
    /// use supertokens_web::FetchResponse;
    /// use web_sys::Response;
    ///
    /// fn offline() -> Result<Box<dyn TransportResponse>, TransportError> {
    ///     let stored = Response::new_with_opt_str(Some("{}")).map_err(|_| TransportError::Unreachable)?;
    ///     Ok(Box::new(FetchResponse::from_raw(stored)))
    /// }
    /// ```
    pub fn from_raw(raw: Response) -> Self {
        Self { raw, session_headers: OnceCell::new() }
    }

    /// Wraps the object that `fetch` returned.
    pub(crate) fn new(raw: JsValue) -> Self {
        Self { raw: raw.unchecked_into(), session_headers: OnceCell::new() }
    }

    /// The browser's own response. While `fetch` is intercepted, this may be an object that a mock of the page
    /// returned, which may lack properties of a response.
    pub fn as_raw(&self) -> &Response {
        &self.raw
    }
}

impl TransportResponse for FetchResponse {
    fn status(&self) -> u16 {
        browser::status_of(&self.raw)
    }

    fn url(&self) -> Option<String> {
        // It is empty if a script of the page created the response.
        browser::url_of(&self.raw).filter(|url| !url.is_empty())
    }

    fn header(&self, name: &str) -> Option<String> {
        let Some(index) = SESSION_HEADERS.iter().position(|known| *known == name) else {
            return browser::header(&self.raw, name);
        };
        let read = || SESSION_HEADER_NAMES.with(|names| browser::headers_of(&self.raw, names));
        self.session_headers.get_or_init(read).as_ref()?.get(index as u32).as_string()
    }

    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        read(browser::read_body(&self.raw), None)
    }

    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        let Some(abort) = AbortOnDrop::new() else { return Box::pin(ready(Err(TransportError::Body))) };
        read(browser::peek(&self.raw, PEEK_LIMIT, &abort.abort), Some(abort))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The headers that the client reads from each response.
const SESSION_HEADERS: [&str; 5] = [
    names::FRONT_TOKEN,
    names::ID_REFRESH_TOKEN,
    names::ACCESS_TOKEN,
    names::REFRESH_TOKEN,
    names::ANTI_CSRF,
];

thread_local! {
    static SESSION_HEADER_NAMES: Array = SESSION_HEADERS.map(JsString::from).into_iter().collect();
}

/// Reads bytes. Dropping the future aborts if there is an `abort`.
fn read(
    bytes: Promise,
    abort: Option<AbortOnDrop>,
) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
    let bytes = JsFuture::from(bytes);
    Box::pin(async move {
        let bytes = bytes.await.map_err(|_| TransportError::Body)?;
        drop(abort);
        Ok(bytes.unchecked_into::<Uint8Array>().to_vec())
    })
}

/// The error of a rejection, which may be any value, even `undefined`.
pub(crate) fn error_of(rejection: &JsValue) -> TransportError {
    match browser::error_name(rejection).as_deref() {
        Some("AbortError") => TransportError::Aborted,
        Some("TimeoutError") => TransportError::TimedOut,
        _ => TransportError::Unreachable,
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
