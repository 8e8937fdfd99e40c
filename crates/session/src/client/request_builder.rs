use std::rc::Rc;

use serde::Serialize;

use super::{SessionClient, SessionResponse, request::ClientRequest};
use crate::{
    error::SessionError,
    platform::{Body, Credentials, LocalBoxFuture, Method, Transport, TransportRequest},
    protocol::request_headers,
    transitions::Retry,
    wire::{headers::Headers, names},
};

/// A request being put together; [`send`](Self::send) sends it.
///
/// Mistakes on the way (a header that can't be sent, a URL that can't be read, a body that is no JSON) come out of `send`.
#[derive(Clone)]
#[must_use = "a request does nothing until `send` is awaited"]
pub struct RequestBuilder {
    client: SessionClient,
    method: Method,
    url: String,
    headers: Headers,
    /// The first mistake of the caller.
    error: Option<SessionError>,
    body: Body,
    credentials: Option<Credentials>,
    session: SessionPart,
    with_retry: bool,
    timeout_ms: Option<u32>,
    transport: Option<Rc<dyn Transport>>,
}

/// Whether a request carries the session.
#[derive(Clone, Copy)]
enum SessionPart {
    ByUrl,
    With,
    Without,
}

impl RequestBuilder {
    pub(super) fn new(client: SessionClient, method: Method, url: &str) -> Self {
        Self {
            client,
            method,
            url: url.to_owned(),
            headers: Headers::new(),
            error: None,
            body: Body::Empty,
            credentials: None,
            session: SessionPart::ByUrl,
            with_retry: true,
            timeout_ms: None,
            transport: None,
        }
    }

    /// Sets a header, in place of any of that name.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let set = self.headers.set(name, value).map_err(SessionError::from);
        self.note(set);
        self
    }

    /// Adds parameters to the query: pairs, a map, or a struct of plain values.
    ///
    /// ```
    /// # fn run(client: supertokens_session::SessionClient, page: u32) {
    /// #[derive(serde::Serialize)]
    /// struct Filter<'a> {
    ///     status: &'a str,
    ///     page: Option<u32>,
    /// }
    ///
    /// let request = client.get("/orders").query(&[("page", page)]);
    /// let request = client.get("/orders").query(&Filter { status: "open", page: None });
    /// # }
    /// ```
    pub fn query<T: Serialize + ?Sized>(mut self, parameters: &T) -> Self {
        let parameters = serde_urlencoded::to_string(parameters).map_err(|_| SessionError::SerializeQuery);
        if let Some(parameters) = self.note(parameters).filter(|parameters| !parameters.is_empty()) {
            let at = self.url.find('#').unwrap_or(self.url.len());
            let joint = if self.url[..at].contains('?') { "&" } else { "?" };
            self.url.insert_str(at, &[joint, parameters.as_str()].concat());
        }
        self
    }

    /// Sets the body: text, bytes, or a body of the platform's own.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets the body to JSON, and the content type with it unless one was set.
    pub fn json<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        let text = serde_json::to_string(value).map_err(|_| SessionError::SerializeBody);
        match self.note(text) {
            Some(text) => self.json_text(text),
            None => self,
        }
    }

    fn json_text(self, text: String) -> Self {
        let has_type = self.headers.get("content-type").is_some();
        let request = if has_type { self } else { self.header("content-type", "application/json") };
        request.body(text)
    }

    /// Keeps the first mistake for [`send`](Self::send).
    fn note<T>(&mut self, outcome: Result<T, SessionError>) -> Option<T> {
        outcome.map_err(|error| self.error.get_or_insert(error)).ok()
    }

    /// Says whether cookies go with the request. Unless set, requests to the API send them
    /// (`auto_add_credentials`), others as the browser decides.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Leaves the session out: no header of it goes, nothing in the answer touches it.
    pub fn without_session(mut self) -> Self {
        self.session = SessionPart::Without;
        self
    }

    /// The caller asked [`should_do_interception`](SessionClient::should_do_interception), and the answer was yes.
    #[doc(hidden)]
    pub fn as_api_request(mut self) -> Self {
        self.session = SessionPart::With;
        self
    }

    /// Hands a 401 over as it is, without a refresh and a second try.
    pub fn without_retry(mut self) -> Self {
        self.with_retry = false;
        self
    }

    /// Waits no longer than this for an answer, in ms, refreshes and second tries included: then it is
    /// [`SessionError::Network`] with [`TransportError::TimedOut`](crate::platform::TransportError::TimedOut), and the
    /// request is aborted. A refresh that others wait for goes on.
    pub fn timeout_ms(mut self, ms: u32) -> Self {
        self.timeout_ms = Some(ms);
        self
    }

    /// Sends this request by a transport of its own, each time that it is sent; refreshes go the client's own way.
    ///
    /// This is the seam for requests that something else has made: all that the client knows and decides is in the
    /// [`TransportRequest`], and the transport adds to it what this crate has no words for. It is how `supertokens-web`
    /// sends what it intercepts.
    ///
    /// ```
    /// use std::{future::ready, rc::Rc};
    /// use supertokens_session::{SessionClient, SessionConfig, SessionError};
    /// use supertokens_session::platform::{
    ///     LocalBoxFuture, Platform, Transport, TransportError, TransportRequest, TransportResponse,
    /// };
    ///
    /// struct NoWay;
    ///
    /// impl Transport for NoWay {
    ///     fn send(
    ///         &self,
    ///         request: TransportRequest,
    ///     ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
    ///         assert_eq!(request.url.path_and_query(), "/orders");
    ///         Box::pin(ready(Err(TransportError::Aborted)))
    ///     }
    /// }
    ///
    /// # futures_util::FutureExt::now_or_never(async {
    /// let config = SessionConfig::builder("https://api.example.com").build()?;
    /// let client = SessionClient::new(config, Platform::absent());
    /// let outcome = client.get("/orders").without_session().by(Rc::new(NoWay)).send().await;
    /// assert_eq!(outcome.unwrap_err(), SessionError::Network(TransportError::Aborted));
    /// # Ok::<(), SessionError>(())
    /// # }).unwrap().unwrap();
    /// ```
    pub fn by(mut self, transport: Rc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Sends it. Dropping the future aborts the request, never a refresh that others wait for.
    ///
    /// # Errors
    /// [`SessionError`]: the caller's mistakes, no answer, or a refresh that failed. Any HTTP status is an answer;
    /// a final 401 comes with [`SessionResponse::session_error`].
    pub fn send(self) -> LocalBoxFuture<'static, Result<SessionResponse, SessionError>> {
        Box::pin(async move {
            let (client, timeout_ms) = (self.client.clone(), self.timeout_ms);
            let mut request = None;
            let sending: LocalBoxFuture<'_, _> = Box::pin(self.send_in_any_time(&mut request));
            let outcome = match timeout_ms {
                None => sending.await,
                Some(ms) => {
                    let outcome = client.within(ms, sending).await;
                    outcome.unwrap_or_else(|error| Err(SessionError::Network(error)))
                }
            };
            client.after_request(request.as_ref(), &outcome);
            outcome
        })
    }

    /// Where the app wants to see what comes of the request, it is put into `seen`.
    async fn send_in_any_time(
        self,
        seen: &mut Option<TransportRequest>,
    ) -> Result<SessionResponse, SessionError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let mut request = TransportRequest {
            method: self.method,
            url: self.client.0.config.resolve(&self.url)?,
            headers: self.headers,
            body: self.body,
            credentials: self.credentials,
        };
        let is_api_request = match self.session {
            SessionPart::ByUrl => self.client.should_do_interception(&request.url),
            SessionPart::With => true,
            SessionPart::Without => false,
        };
        if !is_api_request {
            return self.client.send_without_session(request, self.transport.as_ref()).await;
        }
        if request.headers.get(names::AUTHORIZATION).is_some() {
            request_headers::forget_own_authorization(&mut request, &self.client.read().await?.stored);
        }
        if self.client.overrides().is_some() {
            *seen = Some(request.clone());
        }
        let may_retry = self.with_retry && request.body.can_be_sent_again();
        let retry = if may_retry { Retry::ForTheUser } else { Retry::Never };
        let request = ClientRequest { content: request, transport: self.transport, retry, made: None };
        self.client.send_with_session(request).await
    }
}

impl std::fmt::Debug for RequestBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestBuilder")
            .field("method", &self.method)
            .field("headers", &self.headers)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
