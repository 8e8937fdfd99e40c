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

/// What can go wrong with a call or a session. Each variant says whose fault it is and what to do; the messages say
/// it too. `docs/errors.md` in the repository has them all in one table.
///
/// No error carries a token, all are cheap to clone, and none signs anybody out: only an answer of the server's does.
///
/// ```
/// use supertokens_session::SessionError;
///
/// fn words(error: &SessionError) -> &'static str {
///     match error {
///         SessionError::NoSession => "Please sign in.",
///         SessionError::Network(_) | SessionError::RefreshUnreachable(_) => "We can't be reached. Try again.",
///         _ => "Something went wrong.",
///     }
/// }
/// assert_eq!(words(&SessionError::NoSession), "Please sign in.");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// A setting can't be used. The app's fault. Cure: mend the setting that is named.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The URL of a request can't be used. The caller's fault. Cure: write a path of the API, or a plain absolute URL
    /// with what is odd in it percent-encoded.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// A header of a request can't be sent. The caller's fault. Cure: encode the value, base64 for one, before it
    /// becomes a header.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// A body could not be written as JSON. The caller's fault. Cure: keys of maps must be text or numbers, and a
    /// `Serialize` of the app's own must not fail.
    #[error("the request's body can't be written as JSON: keys of maps must be text or numbers")]
    SerializeBody,
    /// A query could not be written. The caller's fault. Cure: pairs, or a map or struct of plain values.
    #[error("the query's parameters can't be written: use pairs, or a map or struct of plain values")]
    SerializeQuery,
    /// A response has a status outside 200 to 299, and the caller asked for one of success
    /// ([`error_for_status`](crate::SessionResponse::error_for_status)). The API's or the caller's fault. Cure: 4xx: check
    /// what was sent; 5xx: see the backend's log. Read the body first where it says why.
    #[error("the API responded with status {status}: 4xx: check what was sent; 5xx: see the backend's log")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// A response's body is not what the caller asked for. The caller's or the API's fault. Cure: compare the type with
    /// what the API sends, and check the status first ([`error_for_status`](crate::SessionResponse::error_for_status)),
    /// since errors often have another body.
    #[error("the body of a response with status {status} is not what was asked for, {expected}: {message}")]
    DeserializeBody {
        /// What was asked for.
        expected: &'static str,
        /// The HTTP status.
        status: u16,
        /// What `serde_json` says, with line and column. The texts that it quotes from the body are left out, since they
        /// may be secrets; the words of a `Deserialize` of the app's own stay, apart from what is in quotation marks.
        message: String,
    },
    /// There is no answer to a request; the cause says why. The session is as it was. Cure: that of the cause.
    #[error("{0}")]
    Network(#[source] TransportError),
    /// There is no answer to the refresh call; the cause says why. The user stays signed in. Cure: that of the cause.
    #[error("the session could not be refreshed: {0}")]
    RefreshUnreachable(#[source] TransportError),
    /// There is no refresh API where the refresh call went (404 or 405). The app's fault; the user stays signed in.
    /// Cure: set `api_base_path`, or `refresh_token_url`, to what the backend's SDK is set to (`apiBasePath`, and
    /// `apiGatewayPath` before it), and let no proxy take that path away. The log has the URL that was called.
    #[error(
        "the session could not be refreshed: there is no refresh API at that address (status {status}): set \
         `api_base_path` or `refresh_token_url` to what the backend is set to"
    )]
    RefreshNotFound {
        /// The HTTP status.
        status: u16,
    },
    /// The refresh call was answered with success, but with a web page. The app's or the proxy's fault; the user stays
    /// signed in. Cure: the call ended at the app's own `index.html`, or at the login page of a proxy or a wifi: let
    /// `api_domain` and `api_base_path` lead to the backend, and let the web server hand that path on to it.
    #[error(
        "the session could not be refreshed: a web page answered in the refresh API's place: let `api_domain` and \
         `api_base_path` lead to the backend, and the web server or proxy hand that path on to it"
    )]
    RefreshAnsweredWithPage,
    /// The refresh call was answered with an error. The backend's fault, or of what stands before it; the user stays
    /// signed in. The beginning of the response's body comes along where it could be read. Cure: 5xx: the backend's log says why. 4xx: something before the backend refuses the call, such as a
    /// firewall or a rate limit; where that is the backend's own word for "expired", set
    /// `session_expired_status_code` to it.
    #[error(
        "the session could not be refreshed: the refresh API answered with status {status}: see the backend's log, \
         and what stands before it"
    )]
    RefreshFailed {
        /// The HTTP status.
        status: u16,
        /// The beginning of the response's body; none where it is empty or did not arrive in time.
        body: Option<ErrorBody>,
    },
    /// No refresh was sent: the refresh API has asked for a pause (429, or `retry-after`), or has failed several times in
    /// a row. The backend's fault, or of what stands before it; the user stays signed in. Cure: try again after that
    /// time. All tabs wait for it.
    #[error("the session is not refreshed now: the refresh API is busy or failing; try again in {} s", whole_seconds(*.remaining))]
    RefreshBackoff {
        /// How long refreshes still wait.
        remaining: Duration,
    },
    /// The refresh call was answered with success, but without a front token that can be read. The API's or a proxy's
    /// fault; the user stays signed in. Cure: let the API send `access-control-expose-headers: front-token` (with
    /// `anti-csrf`, and in header mode `st-access-token` and `st-refresh-token`), and let no proxy strip it.
    #[error(
        "the refresh API answered with success but without a `front-token` header: let the API send \
         `access-control-expose-headers: front-token`, check that no proxy strips headers, and that \
         `api_base_path` leads to a SuperTokens backend"
    )]
    RefreshWithoutFrontToken,
    /// A redirect led the refresh call off the API, and nothing of that response is believed. The fault of the app, or of
    /// a proxy; the user stays signed in. Cure: a proxy's login page or a moved API answered: set `api_domain` to the
    /// address that the API answers at without a redirect, and let the proxy leave the refresh call alone.
    #[error(
        "the session could not be refreshed: a redirect led the refresh call off the API: set `api_domain` to the \
         address that the API answers at without a redirect"
    )]
    RefreshRedirected,
    /// An answer brought tokens of a session, but no front token, so that nobody counts as signed in. The API's or a
    /// proxy's fault. Cure: as for [`RefreshWithoutFrontToken`](Self::RefreshWithoutFrontToken).
    #[error(
        "the answer brought a session's tokens but no `front-token` header, so nobody counts as signed in: let the \
         API send `access-control-expose-headers: front-token`, and check that no proxy strips headers"
    )]
    AnswerWithoutFrontToken,
    /// A front token can't be decoded: one that a response or the refresh call brought, whose session is then not stored,
    /// or one in a cookie. The fault is the backend's, a proxy's, or of the script that wrote the cookie. Cure: the message names
    /// the step or the field that is wrong.
    #[error(transparent)]
    FrontToken(#[from] FrontTokenError),
    /// A token that a response brought can't be read: it was sent more than once with different values, or has
    /// characters that no cookie can hold. The session that was there stays. The backend's or a proxy's fault. Cure: let
    /// only one of them set that header.
    #[error(
        "the response's header `{name}` can't be read: it came more than once with different values, or has characters \
         that no cookie can hold: check that no proxy changes it"
    )]
    UnreadableHeader {
        /// The header's name.
        name: &'static str,
    },
    /// The API stored answering with the expired status after each refresh. The API's fault: it answers a valid
    /// session with the status that stands for an expired one. Cure: let it use another status for refusals of its
    /// own, or send such requests with `without_retry`.
    #[error(
        "the API answered with the session-expired status {attempts} times, each after a refresh that succeeded: \
         let it use another status for refusals of its own"
    )]
    TooManyRetries {
        /// How often the request was sent again.
        attempts: u32,
    },
    /// The session that the request was made with has ended, and somebody else has signed in since: the request was
    /// not sent in their name. Nobody's fault. Cure: show what the new user may see, and let them decide.
    #[error("another user has signed in since the request was made: it was not sent in their name")]
    SessionChanged,
    /// There is no session: it never was, or it has ended. Nobody's fault. Cure: sign in.
    #[error("there is no session: sign in")]
    NoSession,
    /// The session ended here, but the server could not be told: its cookies or tokens may still be valid there. Cure:
    /// tell the user, who can sign in and out once more when the server is back.
    #[error("signed out on this device, but the server has not revoked the session: {cause}")]
    NotRevoked {
        /// Why the server could not be told.
        cause: SignOutFailure,
    },
    /// The backend refused with a message for the user (`GENERAL_ERROR`). Cure: show the message.
    #[error("{message}")]
    General {
        /// The message, as the backend wrote it.
        message: String,
    },
    /// The store can't be used. The browser's settings, as a rule. Cure: let the user allow cookies or storage. For a
    /// store of the app's own, [`source`](std::error::Error::source) has the cause.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lock can't be had. The browser's or another tab's fault. Cure: try again; close the other tabs.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The refresh was cut off before its end. The platform's fault. Cure: try again; a `Spawn` of the app's own must
    /// not drop its tasks.
    #[error("the refresh was cut off before its end: try again")]
    Interrupted,
    /// A hook of the app's own ([`Overrides::before_api_call`](crate::Overrides::before_api_call)) changed the URL
    /// of a call to one that must not see the session. The app's fault; nothing was sent, the session is as it was.
    /// Cure: keep the URL on `api_domain` or within `session_token_backend_domain`.
    #[error(
        "`before_api_call` changed the URL of the {} call to one outside the API: keep it on `api_domain` or within \
         `session_token_backend_domain`",
        .action.name()
    )]
    HookLeftApi {
        /// The call that the hook was asked about.
        action: ApiAction,
    },
    /// The access token travels in a cookie that no script can read. The caller's fault. Cure: in cookie mode call
    /// [`ensure_fresh`](crate::SessionClient::ensure_fresh), and let the browser send the cookie along; or set
    /// `token_transfer_method` to `Header`.
    #[error(
        "the access token is in a cookie that no script can read: call `ensure_fresh` and let the browser send the \
         cookie along, or set `token_transfer_method` to `Header`"
    )]
    TokenInCookie,
    /// There is no browser here, such as while a server renders. Cure: make the client in the browser only.
    #[error("there is no browser here: a session is read in the browser only")]
    NotInBrowser,
    /// The page's `fetch` or `XMLHttpRequest` can't be wrapped. The page's fault: something has frozen them. Cure: begin
    /// to intercept before it does, or send with the client.
    #[error("the page's `fetch` or `XMLHttpRequest` can't be wrapped: something has frozen them")]
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

/// Rounded up. `as_secs_f64` would link the formatting of floats.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// Why the server could not be told of a sign-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignOutFailure {
    /// There was no answer. Cure: that of the cause.
    #[error("{0}")]
    Network(#[source] TransportError),
    /// The sign-out API answered with an error. Cure: 404: set `api_base_path`; else the backend's log says why.
    #[error("the sign-out API answered with status {status}")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// A redirect led the sign-out call off the API. Cure: set `api_domain` to the address that the API answers at
    /// without a redirect.
    #[error("a redirect led the sign-out call off the API")]
    Redirected,
    /// The session had to be refreshed first, and could not be. Cure: try again.
    #[error("the session could not be refreshed for it")]
    Refresh,
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
