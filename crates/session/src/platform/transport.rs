use std::{any::Any, fmt, rc::Rc};

use super::LocalBoxFuture;
use crate::wire::{
    headers::{Headers, is_token},
    url::Url,
};

/// Sends one request, and nothing more: no retry, no session.
pub trait Transport {
    /// Sends the request. Dropping the future aborts it.
    ///
    /// # Errors
    /// [`TransportError`] when there is no answer. Any answer, whatever its status, is no error.
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>>;

    /// As [`send`](Self::send), for a request that is to reach the server even if the page is left meanwhile, such as a
    /// sign-out. Platforms without such requests send it as any other.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    fn send_keepalive(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        self.send(request)
    }
}

/// Bytes of a body that [`TransportResponse::peek`] reads at most.
pub const PEEK_LIMIT: usize = 64 * 1024;

/// A request, ready to go.
#[derive(Debug, Clone)]
pub struct TransportRequest {
    /// The method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// All headers.
    pub headers: Headers,
    /// The body; cheap to clone.
    pub body: Body,
    /// Whether cookies go with it; none leaves it to the platform.
    pub credentials: Option<Credentials>,
}

/// An answer, its body unread.
pub trait TransportResponse {
    /// The HTTP status.
    fn status(&self) -> u16;

    /// The URL of the response, after redirects; none where the platform does not know it.
    ///
    /// A response whose URL lies outside the API touches nothing of the session. Without a URL, a response counts as
    /// the API's own: a transport that follows redirects should tell where they led.
    fn url(&self) -> Option<String> {
        None
    }

    /// A header's value, where it is there and the server lets script read it.
    fn header(&self, name: &str) -> Option<String>;

    /// Reads the body.
    ///
    /// # Errors
    /// [`TransportError`] when it breaks off.
    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>>;

    /// Reads a copy of the body, and leaves the body itself unread. It reads [`PEEK_LIMIT`] bytes at most, since a body
    /// may have no end, and lets go of the copy when its future is dropped.
    ///
    /// # Errors
    /// [`TransportError::Body`] when it breaks off, or is longer than that: a part of a body is never taken for the
    /// whole.
    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>>;

    /// The platform's own response, for what this trait leaves out.
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
    /// The method of that name, as `fetch` reads it: the case of `get`, `head`, `post`, `put`, `delete` and `options`
    /// makes no difference, that of all others does. None where it is no token, or longer than 24 letters.
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

/// The name of a method that is none of the common ones.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct MethodName {
    /// Zeroes after the name.
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

/// Whether cookies go with a request (the Fetch standard's credentials mode).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credentials {
    /// Never.
    Omit,
    /// To the page's own origin.
    SameOrigin,
    /// Always.
    Include,
}

/// A request's body. All but a stream can be sent again.
#[derive(Clone, Default)]
pub enum Body {
    /// None.
    #[default]
    Empty,
    /// Text.
    Text(Rc<str>),
    /// Bytes.
    Bytes(Rc<Vec<u8>>),
    /// A body of the platform's own, such as a browser's `FormData` or `Blob`.
    Platform(Rc<dyn Any>),
    /// A body of the platform's own that can be read only once, such as a browser's `ReadableStream`. The session is
    /// refreshed for it before it is sent, and it is never sent again.
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

/// There is no answer. None of these ends a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// Nothing came back, and nobody can say why. Cure: try again when the network is back; where it never works,
    /// look at the browser's console for a content security policy (`connect-src`), an extension, or CORS.
    #[error(
        "no answer: the server or the network is down, or the browser blocked the call (CORS, a content security \
         policy, an extension)"
    )]
    Unreachable,
    /// The server is there, since it answered a call without the session, but the browser withheld the response. Most
    /// likely that is CORS; a network that failed for a moment looks the same. Cure: let the API, and the error pages
    /// of a proxy before it, send `access-control-allow-origin` with the page's own origin (`*` is refused where
    /// cookies go along), `access-control-allow-credentials: true`, and `access-control-allow-headers` with
    /// `content-type`, `rid`, `fdi-version`, `st-auth-mode`, `anti-csrf`, `authorization` and the app's own headers.
    /// SDKs of the older generation leave `st-auth-mode` out of their list.
    #[error(
        "the server is there, but the browser most likely stored its answer back (CORS): \
         `access-control-allow-origin` must name this page's origin and not be `*`, \
         `access-control-allow-credentials` must be `true`, and `access-control-allow-headers` must list rid, \
         fdi-version, st-auth-mode (which older SDKs leave out), anti-csrf and authorization"
    )]
    BlockedByCors,
    /// The page is https and the URL http: browsers make no such call, so none was made. Cure: serve the API over
    /// https, and write https in `api_domain`; only localhost may stay http.
    #[error("an https page can't call an http URL: serve the API over https and write https in `api_domain`")]
    MixedContent,
    /// The call took too long. Cure: try again; for a slow backend, raise `refresh_timeout_ms`.
    #[error("no answer in time")]
    TimedOut,
    /// The call was aborted, by the app or by the browser as it left the page. Cure: none is needed.
    #[error("the call was aborted")]
    Aborted,
    /// The platform could not make a request of it. Cure: as the message says.
    #[error(
        "the request can't be sent as it is: a GET or HEAD request has no body, and a body must be of a known kind"
    )]
    Unsendable,
    /// The answer's body broke off, was read before, or is too long for a [peek](TransportResponse::peek). Cure: read
    /// it once; try again where the network broke it off.
    #[error("the answer's body broke off, was read before, or is too long to be looked at")]
    Body,
}
