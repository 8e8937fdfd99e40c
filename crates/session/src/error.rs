use crate::{
    config::ConfigError,
    overrides::ApiAction,
    platform::{LockError, StoreError, TransportError},
    token::FrontTokenError,
    wire::{headers::HeaderError, url::UrlError},
};

/// What can go wrong with a call or a session. Each variant says whose fault it is and what to do.
///
/// No error carries a token, and all are cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// A setting can't be used. The app's fault: mend the setting that is named.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The URL of a request can't be used. The caller's fault.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// A header of a request can't be sent. The caller's fault.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// A body could not be written as JSON. The caller's fault: a map with keys that are no text, for one.
    #[error("the request's body can't be written as JSON")]
    SerializeBody,
    /// An answer is not what the caller asked for: other JSON, or no UTF-8.
    #[error("the answer's body is not what was asked for: {expected}")]
    DeserializeBody {
        /// What was asked for.
        expected: &'static str,
    },
    /// There is no answer to a request. The network's fault, or CORS; the session is as it was.
    #[error("{0}")]
    Network(#[source] TransportError),
    /// There is no answer to the refresh call. The network's fault, or CORS; the user stays signed in.
    #[error("the session could not be refreshed: {0}")]
    RefreshUnreachable(#[source] TransportError),
    /// The refresh call was answered with an error. The backend's fault; the user stays signed in.
    #[error("the session could not be refreshed: the refresh API answered with status {status}")]
    RefreshFailed {
        /// The HTTP status.
        status: u16,
    },
    /// The refresh call was answered with success, but without a front token that can be read.
    #[error(
        "the refresh API answered with success but without a `front-token` header: let the API send \
         `access-control-expose-headers: front-token`, check that no proxy strips headers, and that \
         `api_base_path` leads to a SuperTokens backend"
    )]
    RefreshWithoutFrontToken,
    /// A front token can't be decoded. The backend's fault.
    #[error(transparent)]
    FrontToken(#[from] FrontTokenError),
    /// The API kept answering with the expired status after each refresh. The API's fault: it answers a valid
    /// session with the status that stands for an expired one.
    #[error(
        "the API answered with the session-expired status {attempts} times, each after a refresh that succeeded: \
         let it use another status for refusals of its own"
    )]
    TooManyRetries {
        /// How often the request was sent again.
        attempts: u32,
    },
    /// The session that the request was made with has ended, and somebody else has signed in since: the request was
    /// not sent in their name. Nobody's fault: show what the new user may see, and let them decide.
    #[error("another user has signed in since the request was made: it was not sent in their name")]
    SessionChanged,
    /// There is no session: it never was, or it has ended.
    #[error("there is no session: sign in")]
    NoSession,
    /// The session ended here, but the server could not be told: its cookies or tokens may still be valid there.
    #[error("signed out on this device, but the server has not revoked the session: {cause}")]
    NotRevoked {
        /// Why the server could not be told.
        cause: SignOutFailure,
    },
    /// The backend refused with a message for the user (`GENERAL_ERROR`).
    #[error("{message}")]
    General {
        /// The message, as the backend wrote it.
        message: String,
    },
    /// The store can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lock can't be had.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The refresh was cut off before its end. The platform's fault: its tasks must not be dropped.
    #[error("the refresh was cut off before its end: try again")]
    Interrupted,
    /// A hook of the app's own ([`Overrides::before_api_call`](crate::Overrides::before_api_call)) changed the URL
    /// of a call to one that must not see the session. The app's fault; nothing was sent, the session is as it was.
    #[error(
        "`before_api_call` changed the URL of the {} call to one outside the API: keep it on `api_domain` or within \
         `session_token_backend_domain`",
        .action.name()
    )]
    HookLeftApi {
        /// The call that the hook was asked about.
        action: ApiAction,
    },
    /// There is no browser here, such as while a server renders.
    #[error("there is no browser here: a session is read in the browser only")]
    NotInBrowser,
}

/// Why the server could not be told of a sign-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignOutFailure {
    /// There was no answer.
    #[error("{0}")]
    Network(#[source] TransportError),
    /// The sign-out API answered with an error.
    #[error("the sign-out API answered with status {status}")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// The session had to be refreshed first, and could not be.
    #[error("the session could not be refreshed for it")]
    Refresh,
}
