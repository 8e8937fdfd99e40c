use std::{rc::Rc, time::Duration};

use serde::Serialize;

use super::{Client, ClientFuture, SessionClient, SessionResponse, request::ClientRequest};
use crate::{
    error::SessionError,
    platform::{Body, Credentials, LocalBoxFuture, Method, Transport, TransportRequest},
    protocol::request_headers,
    timing::millis,
    transitions::Retry,
    wire::{headers::Headers, names},
};

/// Builds a request; [`send`](Self::send) sends it.
///
/// `send` returns the first error of the builder, for example an invalid header or URL, or a body that can't be written
/// as JSON.
#[derive(Clone)]
#[must_use = "a request does nothing until `send` is awaited"]
pub struct RequestBuilder {
    client: SessionClient,
    method: Method,
    url: String,
    headers: Headers,
    /// The first error of the caller.
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

    /// Sets a header, and replaces any header with that name.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let set = self.headers.set(name, value).map_err(SessionError::from);
        self.record(set);
        self
    }

    /// Adds query parameters: pairs, a map, or a struct of plain values.
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
        if let Some(parameters) = self.record(parameters).filter(|parameters| !parameters.is_empty()) {
            let at = self.url.find('#').unwrap_or(self.url.len());
            let separator = if self.url[..at].contains('?') { "&" } else { "?" };
            self.url.insert_str(at, &[separator, parameters.as_str()].concat());
        }
        self
    }

    /// Sets the body: text, bytes, or the platform's own body type.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets the body to JSON, and the content type unless a header sets it.
    pub fn json<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        let text = serde_json::to_string(value).map_err(|_| SessionError::SerializeBody);
        match self.record(text) {
            Some(text) => self.json_text(text),
            None => self,
        }
    }

    fn json_text(self, text: String) -> Self {
        let has_type = self.headers.get("content-type").is_some();
        let request = if has_type { self } else { self.header("content-type", "application/json") };
        request.body(text)
    }

    /// Stores the first error for [`send`](Self::send).
    fn record<T>(&mut self, outcome: Result<T, SessionError>) -> Option<T> {
        outcome.map_err(|error| self.error.get_or_insert(error)).ok()
    }

    /// Sets whether the browser sends cookies. By default, API requests send cookies (`auto_add_credentials`), and for
    /// other requests the browser decides.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Sends the request without the session. The response does not change the session.
    pub fn without_session(mut self) -> Self {
        self.session = SessionPart::Without;
        self
    }

    /// The caller has checked with [`is_api_url`](SessionClient::is_api_url) that this is an
    /// API request.
    #[doc(hidden)]
    pub fn as_api_request(mut self) -> Self {
        self.session = SessionPart::With;
        self
    }

    /// Returns a 401 to the caller, without a refresh and a retry.
    pub fn without_retry(mut self) -> Self {
        self.with_retry = false;
        self
    }

    /// Sets a time limit, which includes refreshes and retries. After it, [`send`](Self::send) aborts the request and
    /// returns [`SessionError::Network`] with
    /// [`TransportError::TimedOut`](crate::platform::TransportError::TimedOut). A refresh that other requests wait for
    /// continues. The longest limit is 49 days.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout_ms = Some(millis(limit).unwrap_or(u32::MAX));
        self
    }

    /// Sends this request and its retries with another transport. Refreshes use the client's transport.
    ///
    /// Use it for requests that other code created. The [`TransportRequest`] contains everything that the client
    /// decides, and the transport adds what this crate can't represent. `supertokens-web` sends intercepted requests
    /// this way.
    ///
    /// ```
    /// use std::{future::ready, rc::Rc};
    /// use supertokens_session::{SessionClient, SessionConfig, SessionError};
    /// use supertokens_session::platform::{
    ///     LocalBoxFuture, Platform, Transport, TransportError, TransportRequest, TransportResponse,
    /// };
    ///
    /// struct Offline;
    ///
    /// impl Transport for Offline {
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
    /// let outcome = client.get("/orders").without_session().by(Rc::new(Offline)).send().await;
    /// assert_eq!(outcome.unwrap_err(), SessionError::Network(TransportError::Aborted));
    /// # Ok::<(), SessionError>(())
    /// # }).unwrap().unwrap();
    /// ```
    pub fn by(mut self, transport: Rc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Sends the request. Dropping the future aborts the request, but never a refresh that other requests wait for.
    ///
    /// # Errors
    /// A [`SessionError`] if the request is invalid, has no response, or a refresh failed. A response with any HTTP
    /// status is no error; a final 401 has a [`SessionResponse::session_error`].
    pub fn send(self) -> ClientFuture<SessionResponse> {
        self.client.clone().run(|client| Box::pin(self.send_by(client)))
    }

    async fn send_by(self, client: Client) -> Result<SessionResponse, SessionError> {
        let timeout_ms = self.timeout_ms;
        let mut request = None;
        let sending: LocalBoxFuture<'_, _> = Box::pin(self.send_without_time_limit(&client, &mut request));
        let outcome = match timeout_ms {
            None => sending.await,
            Some(ms) => {
                let outcome = client.within(ms, sending).await;
                outcome.unwrap_or_else(|error| Err(SessionError::Network(error)))
            }
        };
        client.after_request(request.as_ref(), &outcome);
        outcome
    }

    /// If the app has overrides, writes the request to `api_request` for
    /// [`Overrides::after_request`](crate::Overrides::after_request).
    async fn send_without_time_limit(
        self,
        client: &Client,
        api_request: &mut Option<TransportRequest>,
    ) -> Result<SessionResponse, SessionError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let mut request = TransportRequest {
            method: self.method,
            url: client.0.config.resolve(&self.url)?,
            headers: self.headers,
            body: self.body,
            credentials: self.credentials,
        };
        let is_api_request = match self.session {
            SessionPart::ByUrl => client.is_api_url(&request.url),
            SessionPart::With => true,
            SessionPart::Without => false,
        };
        if !is_api_request {
            return client.send_without_session(request, self.transport.as_ref()).await;
        }
        if request.headers.get(names::AUTHORIZATION).is_some() {
            request_headers::forget_own_authorization(&mut request, &client.read().await?.stored);
        }
        if client.overrides().is_some() {
            *api_request = Some(request.clone());
        }
        let may_retry = self.with_retry && request.body.can_be_sent_again();
        let retry = if may_retry { Retry::SameUser } else { Retry::Never };
        let request = ClientRequest { content: request, transport: self.transport, retry, made: None };
        client.send_with_session(request).await
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
