mod build;
mod peek;

use std::{any::Any, cell::OnceCell, rc::Rc};

use build::Built;
use js_sys::{JsString, Promise, Reflect, Uint8Array};
use supertokens_session::{
    platform::{Body, LocalBoxFuture, Transport, TransportError, TransportRequest, TransportResponse},
    wire::{names, site::is_mixed_content, url::Origin},
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Response};

use crate::{kind::is_a, native_fetch, page::Page, probe::Probes};

/// Bytes of a body with which a request may outlive the page.
const MOST_OF_KEEPALIVE: usize = 8 * 1024;

/// Sends requests with `window.fetch`, as it is when they are sent: wrapped ones are called. While
/// [`intercept_fetch`](crate::intercept_fetch) is on, it is the one that was there before.
///
/// A body of the platform's own ([`Body::Platform`]) is a `wasm_bindgen::JsValue`: a `FormData`, `Blob`,
/// `URLSearchParams` or whatever else `fetch` takes more than once, and of a [`Body::Stream`] a
/// `ReadableStream`: [`body`](crate::body()) makes either.
///
/// An http URL on an https page is an error at once ([`TransportError::MixedContent`]). A browser tells an answer that
/// it keeps back (CORS) like a dead network; so where a call to another origin gets no answer, the origin is asked for
/// `/` once in 30 s, without the session, and the error is [`TransportError::BlockedByCors`] where that is answered
/// within a second.
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
/// let answer = transport.send(request).await.map_err(SessionError::Network)?;
/// assert_eq!(answer.status(), 200);
/// # Ok(())
/// # }
/// ```
///
/// [`Body::Platform`]: supertokens_session::platform::Body::Platform
/// [`Body::Stream`]: supertokens_session::platform::Body::Stream
//
// gloo-net builds no request here: its builder makes `/x?a=1&` of `/x?a=1`, which breaks signed URLs, and its
// errors panic on an exception or a rejection that is no `Error`.
#[derive(Debug, Clone)]
pub struct FetchTransport {
    page: Page,
    origin: Option<Origin>,
    probes: Rc<Probes>,
}

impl FetchTransport {
    /// The page's fetch.
    pub fn new(page: &Page) -> Self {
        Self { page: page.clone(), origin: page.origin(), probes: Rc::default() }
    }

    fn is_mixed_content(&self, target: &Origin) -> bool {
        self.origin.as_ref().is_some_and(|page| is_mixed_content(page, target))
    }

    async fn fetch(&self, built: &Built) -> Result<JsValue, TransportError> {
        let fetch = native_fetch::fetch(&self.page).map_err(|e| refusal(&e))?;
        let answer = match built {
            Built::Whole(request) => {
                native_fetch::mark(request);
                fetch.call1(self.page.window(), request)
            }
            Built::Parts(url, init) => {
                native_fetch::mark(init);
                fetch.call2(self.page.window(), url, init)
            }
        };
        // A wrapped `fetch` may return anything.
        let answer = Promise::resolve(&answer.map_err(|e| refusal(&e))?);
        JsFuture::from(answer).await.map_err(|e| refusal(&e))
    }

    /// What it means that there was no answer, as far as can be told.
    async fn why_unanswered(&self, target: &Origin) -> TransportError {
        let is_online = self.page.window().navigator().on_line();
        let may_be_cors = self.origin.as_ref() != Some(target) && is_online;
        if may_be_cors && self.probes.is_answered(&self.page, target).await {
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
            let built = Built::new(&request, &abort, is_keepalive).map_err(|_| TransportError::Unsendable)?;
            let mut unanswered = AbortOnDrop::new(&abort);
            let answer = match self.fetch(&built).await {
                Err(TransportError::Unreachable) => return Err(self.why_unanswered(target).await),
                answer => answer?,
            };
            if !is_a(&answer, "Response") {
                return Err(TransportError::Unreachable);
            }
            unanswered.disarm();
            Ok(Box::new(FetchResponse::new(answer)) as Box<dyn TransportResponse>)
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

    /// As `fetch` with `keepalive`, where the request has no body or a small one: browsers refuse such calls with more
    /// than 64 KiB over all of the page.
    fn send_keepalive(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        let is_small = match &request.body {
            Body::Empty => true,
            Body::Text(text) => text.len() <= MOST_OF_KEEPALIVE,
            Body::Bytes(bytes) => bytes.len() <= MOST_OF_KEEPALIVE,
            Body::Platform(_) | Body::Stream(_) => false,
        };
        self.send_as(request, is_small)
    }
}

/// The answer of a [`FetchTransport`].
///
/// ```no_run
/// use supertokens_session::platform::TransportResponse;
/// use supertokens_web::FetchResponse;
///
/// fn was_redirected(answer: &dyn TransportResponse) -> Option<bool> {
///     let answer = answer.as_any().downcast_ref::<FetchResponse>()?;
///     Some(answer.as_raw().redirected())
/// }
/// ```
#[derive(Debug)]
pub struct FetchResponse {
    raw: Response,
    headers: OnceCell<Result<AnswerHeaders, JsValue>>,
}

impl FetchResponse {
    /// A response of the browser's, for a [`Transport`] of the app's own.
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

    /// What `fetch` returned, an object.
    pub(crate) fn new(raw: JsValue) -> Self {
        Self { raw: raw.unchecked_into(), headers: OnceCell::new() }
    }

    /// The browser's own response. While `fetch` is intercepted, a hook may see here what a mock of the page's returned,
    /// which need not have all of a response.
    pub fn as_raw(&self) -> &Response {
        &self.raw
    }
}

impl TransportResponse for FetchResponse {
    fn status(&self) -> u16 {
        self.raw.unchecked_ref::<Answer>().status().unwrap_or_default()
    }

    fn url(&self) -> Option<String> {
        // Empty where a script of the page has made the response, which may be anything.
        Reflect::get(&self.raw, &"url".into()).ok()?.as_string().filter(|url| !url.is_empty())
    }

    fn header(&self, name: &str) -> Option<String> {
        let headers = self.headers.get_or_init(|| self.raw.unchecked_ref::<Answer>().headers());
        let headers = headers.as_ref().ok()?;
        ASKED_FOR.with(|all| match all.iter().find(|(known, _)| *known == name) {
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

// `web_sys::Headers` makes a new JavaScript text of the name each time, and what `web_sys::Response` reads may throw where
// the page has a `fetch` of its own.
#[wasm_bindgen]
extern "C" {
    type Answer;

    #[wasm_bindgen(method, getter, catch)]
    fn status(this: &Answer) -> Result<u16, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn headers(this: &Answer) -> Result<AnswerHeaders, JsValue>;

    #[derive(Debug)]
    type AnswerHeaders;

    #[wasm_bindgen(method, catch)]
    fn get(this: &AnswerHeaders, name: &JsString) -> Result<Option<String>, JsValue>;
}

thread_local! {
    /// What every answer is asked for.
    static ASKED_FOR: [(&'static str, JsString); 5] = [
        names::FRONT_TOKEN,
        names::ID_REFRESH_TOKEN,
        names::ACCESS_TOKEN,
        names::REFRESH_TOKEN,
        names::ANTI_CSRF,
    ]
    .map(|name| (name, name.into()));
}

/// Aborts the request, unless it was answered: then that would cut off the body.
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

/// What a rejection says. It may be anything, even `undefined`.
pub(crate) fn refusal(error: &JsValue) -> TransportError {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
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
