use crate::wire::{headers::HeaderError, url::UrlError};

/// An invalid setting. The app's fault: the message names the setting and the fix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid setting `{setting}`: {problem}")]
pub struct ConfigError {
    setting: &'static str,
    problem: Problem,
}

impl ConfigError {
    pub(super) fn new(setting: &'static str, problem: impl Into<Problem>) -> Self {
        Self { setting, problem: problem.into() }
    }

    /// The setting's name in the builder.
    pub fn setting(&self) -> &'static str {
        self.setting
    }

    /// The problem with the setting.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

/// The problem with a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// An invalid URL or host.
    #[error("{0}")]
    Url(#[from] UrlError),
    /// A domain with a path, a query or a fragment.
    #[error("use only scheme, host and port; a path goes into `api_base_path` or `website_base_path`")]
    NotAnOrigin,
    /// A path with a query, a fragment, a double slash, white space or a backslash.
    #[error("use a path such as /auth")]
    NotAPath,
    /// Not a tenant id.
    #[error("use a tenant id: letters, digits, `-` and `_`")]
    NotATenant,
    /// A URL outside the API.
    #[error("the URL is outside the API: use `api_domain` or `session_token_backend_domain`")]
    NotApi,
    /// Not an HTTP error status.
    #[error("use an HTTP status from 400 to 599")]
    NotAnErrorStatus,
    /// The expired status and the invalid-claim status are the same.
    #[error("use another status than `session_expired_status_code`")]
    SameStatus,
    /// An invalid header.
    #[error("{0}")]
    Header(#[from] HeaderError),
    /// The page is https and the URL http: browsers block such requests.
    #[error("an https page can't call an http API: use https")]
    MixedContent,
    /// A time under 1 ms.
    #[error("use at least 1 ms")]
    NoTime,
    /// A time over 49 days, which no timer can wait.
    #[error("use at most 49 days")]
    TooMuchTime,
}
