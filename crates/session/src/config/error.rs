use crate::wire::{headers::HeaderError, url::UrlError};

/// A setting that can't be used. The fault is the app's: the message names the setting and the cure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the setting `{setting}` can't be used: {problem}")]
pub struct ConfigError {
    setting: &'static str,
    problem: Problem,
}

impl ConfigError {
    pub(super) fn new(setting: &'static str, problem: impl Into<Problem>) -> Self {
        Self { setting, problem: problem.into() }
    }

    /// The setting's name, as the builder spells it.
    pub fn setting(&self) -> &'static str {
        self.setting
    }

    /// What is wrong with it.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

/// What is wrong with a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Not a URL or host that can be used.
    #[error("{0}")]
    Url(#[from] UrlError),
    /// A domain with a path, a query or a fragment.
    #[error(
        "it must be scheme, host and port alone; a path goes into `api_base_path` or `website_base_path`"
    )]
    NotAnOrigin,
    /// A path with a query, a fragment or a double slash.
    #[error("it must be a path such as /auth")]
    NotAPath,
    /// A URL to which session headers must not go.
    #[error("it lies outside the API: use a URL on `api_domain` or within `session_token_backend_domain`")]
    NotApi,
    /// Not an HTTP error status.
    #[error("it must be an HTTP status from 400 to 599")]
    NotAnErrorStatus,
    /// The expired status and the invalid-claim status are the same.
    #[error("it must differ from `session_expired_status_code`")]
    SameStatus,
    /// A header that can't be sent.
    #[error("{0}")]
    Header(#[from] HeaderError),
    /// The page is https and the URL http, which browsers refuse.
    #[error("an https page can't call it over http: serve the API over https, and write https here")]
    MixedContent,
    /// Zero where there must be time to wait.
    #[error("it must be more than 0 ms")]
    NoTime,
}
