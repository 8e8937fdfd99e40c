use std::{any::Any, fmt, rc::Rc};

use super::LocalBoxFuture;
use crate::wire::{
    headers::{Headers, is_token},
    url::Url,
};

/// Sends one request, without retries and without the session.
pub trait Transport {
    /// Sends the request. Dropping the future aborts it.
    ///
    /// # Errors
    /// [`TransportError`] if there is no response. A response with any status is no error.
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>>;

    /// Like [`send`](Self::send), for a request that must reach the server even if the user leaves the page, such as a
    /// sign-out. A platform without such requests sends a normal one.
    ///
    /// # Errors
    /// See [`send`](Self::send).
    fn send_keepalive(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        self.send(request)
    }
}

/// The maximum number of bytes that [`TransportResponse::peek`] reads.
pub const PEEK_LIMIT: usize = 64 * 1024;

/// A complete request.
#[derive(Debug, Clone)]
pub struct TransportRequest {
    /// The method.
    pub method: Method,
    /// The URL.
    pub url: Url,
    /// All headers.
    pub headers: Headers,
    /// The body; cheap to clone.
    pub body: Body,
    /// Whether the request sends cookies; none lets the platform decide.
    pub credentials: Option<Credentials>,
}

/// A response with an unread body.
pub trait TransportResponse {
    /// The HTTP status.
    fn status(&self) -> u16;

    /// The URL of the response after redirects; none if the platform does not know it.
    ///
    /// A response from a URL outside the API does not change the session. A response without a URL counts as a response
    /// of the API. So a transport that follows redirects should return the final URL.
    fn url(&self) -> Option<String> {
        None
    }

    /// A header's value, if the response has it and the server lets script read it.
    fn header(&self, name: &str) -> Option<String>;

    /// Reads the body.
    ///
    /// # Errors
    /// [`TransportError`] if the body breaks off.
    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>>;

    /// Reads a copy of the body, which stays unread. It reads at most [`PEEK_LIMIT`] bytes, because a body may be
    /// endless. Dropping the future drops the copy.
    ///
    /// # Errors
    /// [`TransportError::Body`] if the body breaks off or is longer than the limit. It never returns a part of a body.
    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>>;

    /// The platform's own response, for everything else.
    fn as_any(&self) -> &dyn Any;
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`
    Head,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
    /// `OPTIONS`
    Options,
    /// Another one, such as `PROPFIND`.
    Other(MethodName),
}

impl Method {
    /// The method with that name, by the rules of `fetch`: it ignores the case of `get`, `head`, `post`, `put`,
    /// `delete` and `options` only. None if the name is not an HTTP token, or has more than 24 letters.
    ///
    /// ```
    /// use supertokens_session::platform::Method;
    ///
    /// assert_eq!(Method::from_name("post"), Some(Method::Post));
    /// assert_eq!(Method::from_name("PROPFIND").unwrap().as_str(), "PROPFIND");
    /// assert_eq!(Method::from_name("a b"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        let known = [Self::Get, Self::Head, Self::Post, Self::Put, Self::Delete, Self::Options];
        let known = known.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(name));
        known.or((name == "PATCH").then_some(Self::Patch)).or_else(|| MethodName::new(name).map(Self::Other))
    }

    /// The method's name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Other(name) => name.as_str(),
        }
    }
}

/// The name of any other method.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct MethodName {
    /// The name, padded with zeros.
    bytes: [u8; 24],
}

impl MethodName {
    fn new(name: &str) -> Option<Self> {
        let mut bytes = [0; 24];
        bytes.get_mut(..name.len()).filter(|_| is_token(name))?.copy_from_slice(name.as_bytes());
        Some(Self { bytes })
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap_or_default().trim_end_matches('\0')
    }
}

impl fmt::Debug for MethodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether a request sends cookies (the Fetch standard's credentials mode).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credentials {
    /// Never.
    Omit,
    /// To the page's own origin.
    SameOrigin,
    /// Always.
    Include,
}

/// A request's body. All bodies except streams can be sent again for a retry.
#[derive(Clone, Default)]
pub enum Body {
    /// None.
    #[default]
    Empty,
    /// Text.
    Text(Rc<str>),
    /// Bytes.
    Bytes(Rc<Vec<u8>>),
    /// The platform's own body, such as a browser's `FormData` or `Blob`.
    Platform(Rc<dyn Any>),
    /// The platform's own body that can be read only once, such as a browser's `ReadableStream`. If the session has
    /// expired, the client refreshes it before it sends the body. It never retries the request.
    Stream(Rc<dyn Any>),
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Empty",
            Self::Text(_) => "Text(..)",
            Self::Bytes(_) => "Bytes(..)",
            Self::Platform(_) => "Platform(..)",
            Self::Stream(_) => "Stream(..)",
        })
    }
}

/// A request without a response. None of these errors ends a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// There is no response, and the cause is unknown. Fix: retry when the network is back. If no call works, check the
    /// browser's console for a content security policy (`connect-src`), an extension, or CORS.
    #[error(
        "no response: the server or the network is down, or the browser blocked the call (CORS, a content security \
         policy, an extension)"
    )]
    Unreachable,
    /// The server responded to a call without the session, but the browser blocked this response. The most likely cause
    /// is CORS; a short network failure looks the same. Fix: let the API, and the error pages of a proxy, send these
    /// headers:
    ///
    /// - `access-control-allow-origin` with the page's origin (browsers refuse `*` for requests with cookies)
    /// - `access-control-allow-credentials: true`
    /// - `access-control-allow-headers` with `content-type`, `rid`, `fdi-version`, `st-auth-mode`, `anti-csrf`,
    ///   `authorization` and the app's own headers. Older SDKs leave out `st-auth-mode`.
    #[error(
        "the browser most likely blocked the response (CORS): `access-control-allow-origin` must be this page's \
         origin and not be `*`, `access-control-allow-credentials` must be `true`, and \
         `access-control-allow-headers` must list rid, fdi-version, st-auth-mode (which older SDKs leave out), \
         anti-csrf and authorization"
    )]
    BlockedByCors,
    /// The page is https and the URL http: browsers block such calls, so the client did not send it. Fix: serve the API
    /// over https, and use https in `api_domain`. Only localhost may use http.
    #[error("an https page can't call an http URL: serve the API over https and use https in `api_domain`")]
    MixedContent,
    /// The call took too long. Fix: retry; for a slow backend, raise `refresh_timeout`.
    #[error("no response in time")]
    TimedOut,
    /// The app aborted the call, or the browser did when the user left the page. Fix: none needed.
    #[error("the call was aborted")]
    Aborted,
    /// The platform could not create the request. Fix: see the message.
    #[error(
        "the request can't be sent: a GET or HEAD request has no body, and the body's type must be known"
    )]
    Unsendable,
    /// The response's body broke off, was read before, or is too long for a [peek](TransportResponse::peek). Fix: read
    /// it once; retry if the network broke it off.
    #[error("the response's body broke off, was read before, or is too long")]
    Body,
}
