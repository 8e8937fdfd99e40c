mod build;
mod peek;

use std::{any::Any, cell::OnceCell, rc::Rc};

use build::BuiltRequest;
use js_sys::{JsString, Promise, Reflect, Uint8Array};
use supertokens_session::{
    platform::{Body, LocalBoxFuture, Transport, TransportError, TransportRequest, TransportResponse},
    wire::{names, site::is_mixed_content, url::Origin},
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Response};

use crate::{kind::is_a, native_fetch, page::Page, probe::Probes};

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
/// use supertokens_session::{SessionError, wire::{headers::Headers, url::Url}};
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
    probes: Rc<Probes>,
}

impl FetchTransport {
    /// The page's `fetch`.
    pub fn new(page: &Page) -> Self {
        Self { page: page.clone(), origin: page.origin(), probes: Rc::default() }
    }

    fn is_mixed_content(&self, target: &Origin) -> bool {
        self.origin.as_ref().is_some_and(|page| is_mixed_content(page, target))
    }

    async fn fetch(&self, built: &BuiltRequest) -> Result<JsValue, TransportError> {
        let fetch = native_fetch::fetch(&self.page).map_err(|e| error_of(&e))?;
        let response = match built {
            BuiltRequest::Request(request) => {
                native_fetch::mark(request);
                fetch.call1(self.page.window(), request)
            }
            BuiltRequest::UrlAndInit(url, init) => {
                native_fetch::mark(init);
                fetch.call2(self.page.window(), url, init)
            }
        };
        // A wrapped `fetch` may return anything.
        let response = Promise::resolve(&response.map_err(|e| error_of(&e))?);
        JsFuture::from(response).await.map_err(|e| error_of(&e))
    }

    /// Finds the likely reason why there was no response.
    async fn why_no_response(&self, target: &Origin) -> TransportError {
        let is_online = self.page.window().navigator().on_line();
        let may_be_cors = self.origin.as_ref() != Some(target) && is_online;
        if may_be_cors && self.probes.is_reachable(&self.page, target).await {
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
            let abort = AbortController::new().map_err(|_| TransportError::Unsendable)?;
            let built =
                BuiltRequest::new(&request, &abort, is_keepalive).map_err(|_| TransportError::Unsendable)?;
            let mut abort_guard = AbortOnDrop::new(&abort);
            let response = match self.fetch(&built).await {
                Err(TransportError::Unreachable) => return Err(self.why_no_response(target).await),
                response => response?,
            };
            if !is_a(&response, "Response") {
                return Err(TransportError::Unreachable);
            }
            abort_guard.disarm();
            Ok(Box::new(FetchResponse::new(response)) as Box<dyn TransportResponse>)
        })
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
/// use supertokens_session::platform::TransportResponse;
/// use supertokens_web::FetchResponse;
///
/// fn was_redirected(response: &dyn TransportResponse) -> Option<bool> {
///     let response = response.downcast_ref::<FetchResponse>()?;
///     Some(response.as_raw().redirected())
/// }
/// ```
#[derive(Debug)]
pub struct FetchResponse {
    raw: Response,
    headers: OnceCell<Result<RawHeaders, JsValue>>,
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
        Self { raw, headers: OnceCell::new() }
    }

    /// Wraps the object that `fetch` returned.
    pub(crate) fn new(raw: JsValue) -> Self {
        Self { raw: raw.unchecked_into(), headers: OnceCell::new() }
    }

    /// The browser's own response. While `fetch` is intercepted, this may be an object that a mock of the page
    /// returned, which may lack properties of a response.
    pub fn as_raw(&self) -> &Response {
        &self.raw
    }
}

impl TransportResponse for FetchResponse {
    fn status(&self) -> u16 {
        self.raw.unchecked_ref::<RawResponse>().status().unwrap_or_default()
    }

    fn url(&self) -> Option<String> {
        // It is empty if a script of the page created the response, and may have any type.
        Reflect::get(&self.raw, &"url".into()).ok()?.as_string().filter(|url| !url.is_empty())
    }

    fn header(&self, name: &str) -> Option<String> {
        let headers = self.headers.get_or_init(|| self.raw.unchecked_ref::<RawResponse>().headers());
        let headers = headers.as_ref().ok()?;
        SESSION_HEADERS.with(|all| match all.iter().find(|(known, _)| *known == name) {
            Some((_, name)) => headers.get(name).ok().flatten(),
            None => headers.get(&name.into()).ok().flatten(),
        })
    }

    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(read(Ok(self.raw)))
    }

    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(peek::peek(&self.raw))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

// `web_sys::Headers` creates a JavaScript string of the name at each read. The getters of `web_sys::Response` don't
// catch exceptions, which objects of a mocked `fetch` may throw.
#[wasm_bindgen]
extern "C" {
    type RawResponse;

    #[wasm_bindgen(method, getter, catch)]
    fn status(this: &RawResponse) -> Result<u16, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn headers(this: &RawResponse) -> Result<RawHeaders, JsValue>;

    #[derive(Debug)]
    type RawHeaders;

    #[wasm_bindgen(method, catch)]
    fn get(this: &RawHeaders, name: &JsString) -> Result<Option<String>, JsValue>;
}

thread_local! {
    /// The headers that the client reads from each response, as JavaScript strings.
    static SESSION_HEADERS: [(&'static str, JsString); 5] = [
        names::FRONT_TOKEN,
        names::ID_REFRESH_TOKEN,
        names::ACCESS_TOKEN,
        names::REFRESH_TOKEN,
        names::ANTI_CSRF,
    ]
    .map(|name| (name, name.into()));
}

/// Aborts the request when it is dropped, unless it has a response: an abort would then cut off the body.
pub(crate) struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    pub(crate) fn new(abort: &AbortController) -> Self {
        Self(Some(abort.clone()))
    }

    fn disarm(&mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(abort) = &self.0 {
            abort.abort();
        }
    }
}

/// The error of a rejection, which may be any value, even `undefined`.
pub(crate) fn error_of(rejection: &JsValue) -> TransportError {
    let name = Reflect::get(rejection, &"name".into()).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        Some("AbortError") => TransportError::Aborted,
        Some("TimeoutError") => TransportError::TimedOut,
        _ => TransportError::Unreachable,
    }
}

async fn read(response: Result<Response, JsValue>) -> Result<Vec<u8>, TransportError> {
    let broken = |_: JsValue| TransportError::Body;
    let body = response.and_then(|response| response.array_buffer()).map_err(broken)?;
    let body = JsFuture::from(Promise::resolve(&body)).await.map_err(broken)?;
    if is_a(&body, "ArrayBuffer") { Ok(Uint8Array::new(&body).to_vec()) } else { Err(TransportError::Body) }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
