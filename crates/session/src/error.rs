mod body;
mod name;

use std::time::Duration;

pub use body::ErrorBody;

use crate::{
    config::ConfigError,
    platform::{LockError, StoreError, TransportError},
    protocol::{ApiAction, response_headers::Unreadable},
    token::FrontTokenError,
    wire::{headers::HeaderError, url::UrlError},
};

/// An error of a call or of the session. Each variant names the party at fault and the fix, and the messages name the
/// fix too. `docs/guide/src/errors.md` in the repository lists all errors in one table.
///
/// An error carries no token and is cheap to clone. No error signs the user out: only a server response does.
///
/// ```
/// use supertokens_session::SessionError;
///
/// fn message(error: &SessionError) -> &'static str {
///     match error {
///         SessionError::NoSession => "Please sign in.",
///         SessionError::Network(_) | SessionError::RefreshUnreachable(_) => "The server can't be reached. Try again.",
///         _ => "Something went wrong.",
///     }
/// }
/// assert_eq!(message(&SessionError::NoSession), "Please sign in.");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// A setting is invalid. The app's fault. Fix: correct the setting that the message names.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The URL of a request is invalid. The caller's fault. Fix: use a path of the API or an absolute URL, and
    /// percent-encode special characters.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// A header of a request is invalid. The caller's fault. Fix: encode the value, for example as base64.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// A body can't be written as JSON. The caller's fault. Fix: use text or numbers as map keys, and don't let a
    /// `Serialize` implementation of the app fail.
    #[error("the request body can't be written as JSON: use text or numbers as map keys")]
    SerializeBody,
    /// A query can't be written. The caller's fault. Fix: use pairs, a map, or a struct of plain values.
    #[error("the query can't be written: use pairs, a map, or a struct of plain values")]
    SerializeQuery,
    /// A response has a status outside 200 to 299, and the caller required success
    /// ([`error_for_status`](crate::SessionResponse::error_for_status)). The API's or the caller's fault. Fix: for 4xx
    /// check the request, for 5xx see the backend's log. Read the body first if it says why.
    #[error("the API returned status {status}: for 4xx check the request, for 5xx see the backend's log")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// A response's body does not match the type that the caller requested. The caller's or the API's fault. Fix:
    /// compare the type with the API's response. Check the status first
    /// ([`error_for_status`](crate::SessionResponse::error_for_status)): errors often have another body.
    #[error("the response body (status {status}) is not {expected}: {message}")]
    DeserializeBody {
        /// The type that the caller requested.
        expected: &'static str,
        /// The HTTP status.
        status: u16,
        /// The error of `serde_json`, with line and column. It leaves out quoted text, because that may be secret:
        /// texts of the body, and quotations in messages of the app's `Deserialize` implementations.
        message: String,
    },
    /// A request has no response; the cause says why. The session is unchanged. Fix: see the cause.
    #[error("{0}")]
    Network(#[source] TransportError),
    /// The refresh call has no response; the cause says why. The user stays signed in. Fix: see the cause.
    #[error("the session could not be refreshed: {0}")]
    RefreshUnreachable(#[source] TransportError),
    /// The refresh call did not reach a refresh API (404 or 405). The app's fault; the user stays signed in. Fix: set
    /// `api_base_path` or `refresh_token_url` to the values of the backend SDK (`apiBasePath`, with `apiGatewayPath`
    /// before it), and let the proxy forward that path. The log contains the URL.
    #[error(
        "the refresh API returned status {status}: set `api_base_path` or `refresh_token_url` to the backend's value"
    )]
    RefreshNotFound {
        /// The HTTP status.
        status: u16,
    },
    /// The refresh call returned success and a web page. The app's or the proxy's fault; the user stays signed in. The
    /// page is the app's own `index.html`, or the login page of a proxy or Wi-Fi network. Fix: make `api_domain` and
    /// `api_base_path` point to the backend, and let the web server forward that path.
    #[error("the refresh API returned a web page: check `api_domain` and `api_base_path`, and the proxy")]
    RefreshReturnedPage,
    /// The refresh call returned an error. The fault of the backend, or of a proxy before it; the user stays signed in.
    /// Fix: for 5xx see the backend's log. A 4xx comes from a firewall or a rate limit before the backend. If the
    /// backend uses that status for "expired", set `session_expired_status_code` to it.
    #[error("the refresh API returned status {status}: see the backend's log and check the proxy")]
    RefreshFailed {
        /// The HTTP status.
        status: u16,
        /// The beginning of the response's body; none if it is empty or did not arrive in time.
        body: Option<ErrorBody>,
    },
    /// The client sent no refresh call: the refresh API requested a delay (429 or `retry-after`), or failed several
    /// times in a row. The fault of the backend, or of a proxy before it; the user stays signed in. Fix: retry after
    /// that time. All tabs share the backoff.
    #[error("the refresh API is busy or failing: retry in {} s", whole_seconds(*.remaining))]
    RefreshBackoff {
        /// The time until the next refresh may be sent.
        remaining: Duration,
    },
    /// The refresh call returned success, but script can read no front token. The API's or a proxy's fault; the user
    /// stays signed in. Fix: let the API send `access-control-expose-headers: front-token` (also for `anti-csrf`, and
    /// in header mode for `st-access-token` and `st-refresh-token`), and let no proxy strip it.
    #[error(
        "the refresh API returned no `front-token` header: let it send \
         `access-control-expose-headers: front-token`, and check `api_base_path` and the proxy"
    )]
    RefreshWithoutFrontToken,
    /// A redirect led the refresh call to another origin, so the client ignores the response. The fault of the app or
    /// of a proxy; the user stays signed in. A proxy's login page or a moved API responded. Fix: set `api_domain` to
    /// the API's address without a redirect, and let the proxy forward the refresh call.
    #[error(
        "the refresh call was redirected to another origin: set `api_domain` to the API's address without a redirect"
    )]
    RefreshRedirected,
    /// A response contains a session's tokens, but script can read no front token, so the user is not signed in. The
    /// API's or a proxy's fault. Fix: see [`RefreshWithoutFrontToken`](Self::RefreshWithoutFrontToken).
    #[error(
        "the response has tokens but no `front-token` header: let the API send \
         `access-control-expose-headers: front-token`, and check the proxy"
    )]
    ResponseWithoutFrontToken,
    /// A front token can't be decoded. If a response contains it, the client does not store that response's session.
    /// The fault of the backend, of a proxy, or of the script that wrote the cookie. Fix: the message names the step or
    /// the field that is wrong.
    #[error(transparent)]
    FrontToken(#[from] FrontTokenError),
    /// A response's token can't be read: it has several values, or characters that no cookie can hold. The stored
    /// session is unchanged. The backend's or a proxy's fault. Fix: let only one of them set that header.
    #[error(
        "the response header `{name}` has several values or characters that no cookie can hold: check the proxy"
    )]
    UnreadableHeader {
        /// The header's name.
        name: &'static str,
    },
    /// The API returned the session-expired status after each refresh. The API's fault: it returns that status for a
    /// valid session. Fix: use another status for other errors, or send such requests with `without_retry`.
    #[error(
        "the API returned the session-expired status {attempts} times after a refresh: use another status for \
         other errors"
    )]
    TooManyRetries {
        /// The number of retries.
        attempts: u32,
    },
    /// The session of the request has ended, and another user has signed in. The client did not send the request for
    /// the new user. Not a fault. Fix: show the new user's data, and let the new user decide.
    #[error("another user has signed in since the request was made: the request was not sent")]
    SessionChanged,
    /// There is no session: the user never signed in, or the session has ended. Not a fault. Fix: sign in.
    #[error("there is no session: sign in")]
    NoSession,
    /// The session ended in this browser, but the server did not revoke it: its cookies or tokens may still be valid.
    /// Fix: inform the user, who can sign in and out again when the server responds.
    #[error("signed out on this device, but the server has not revoked the session: {cause}")]
    NotRevoked {
        /// Why the server did not revoke the session.
        cause: SignOutFailure,
    },
    /// The backend returned a message for the user (`GENERAL_ERROR`). Fix: show the message.
    #[error("{message}")]
    #[doc(alias = "STGeneralError")]
    General {
        /// The backend's message.
        message: String,
    },
    /// The store can't be used, usually because of the browser's settings. Fix: ask the user to allow cookies or
    /// storage. For the app's own store, [`source`](std::error::Error::source) has the cause.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The client can't acquire the lock. The browser's or another tab's fault. Fix: retry; close the other tabs.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The refresh task was dropped before its end. The platform's fault. Fix: retry; the app's own `Spawn` must not
    /// drop its tasks.
    #[error("the refresh was interrupted: retry")]
    Interrupted,
    /// An app hook ([`Overrides::before_api_call`](crate::Overrides::before_api_call)) changed the URL of a call to one
    /// outside the API. The app's fault; the client sent nothing, and the session is unchanged. Fix: keep the URL on
    /// `api_domain` or within `session_token_backend_domain`.
    #[error(
        "`before_api_call` moved the {} call off the API: keep it on `api_domain` or `session_token_backend_domain`",
        .action.name()
    )]
    HookLeftApi {
        /// The call that the hook changed.
        action: ApiAction,
    },
    /// Script can't read the access token's cookie. The caller's fault. Fix: in cookie mode call
    /// [`ensure_fresh`](crate::SessionClient::ensure_fresh), and let the browser send the cookie; or set
    /// `token_transfer_method` to `Header`.
    #[error(
        "script can't read the access token's cookie: call `ensure_fresh`, or set `token_transfer_method` to `Header`"
    )]
    TokenInCookie,
    /// The code does not run in a browser, for example during server rendering. Fix: create the client only in the
    /// browser.
    #[error("there is no browser: create the client only in the browser")]
    NotInBrowser,
    /// The page's `fetch` or `XMLHttpRequest` can't be wrapped. The page's fault: a script has frozen them. Fix: start
    /// interception before that script runs, or send requests with the client.
    #[error("the page's `fetch` or `XMLHttpRequest` is frozen: start interception earlier")]
    NotInterceptable,
}

impl From<Unreadable> for SessionError {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::FrontToken(error) => Self::FrontToken(error),
            Unreadable::Token { name } => Self::UnreadableHeader { name },
        }
    }
}

/// Rounds up. `as_secs_f64` would link the formatting of floats.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// Why the server did not revoke a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignOutFailure {
    /// The call has no response. Fix: see the cause.
    #[error("{0}")]
    Network(#[source] TransportError),
    /// The sign-out API returned an error. Fix: for 404 set `api_base_path`, else see the backend's log.
    #[error("the sign-out API returned status {status}")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// A redirect led the sign-out call to another origin. Fix: set `api_domain` to the API's address without a
    /// redirect.
    #[error("the sign-out call was redirected to another origin")]
    Redirected,
    /// The session expired and could not be refreshed. Fix: retry.
    #[error("the session could not be refreshed")]
    Refresh,
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
