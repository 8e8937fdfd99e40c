use std::{fmt::Display, future::Future};

use super::function::ClaimFunction;
use crate::{client::SessionClient, platform::Method};

/// How a claim is fetched anew: an API call, or an async function of the app's own. Either brings a new front token.
///
/// ```
/// use supertokens_session::{claims::ClaimRefresh, platform::Method};
///
/// // A path of the API, or an absolute URL:
/// let refresh = ClaimRefresh::new(Method::Post, "/claims/plan/refresh");
/// // A path below `api_base_path`:
/// let refresh = ClaimRefresh::below_base_path(Method::Get, "/user/email/verify");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRefresh(pub(crate) ClaimSource);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ClaimSource {
    Call { method: Method, url: String, is_below_base_path: bool },
    Function(ClaimFunction),
}

impl ClaimRefresh {
    /// A call of an absolute URL or a path of the API. It has no body.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self(ClaimSource::Call { method, url: url.into(), is_below_base_path: false })
    }

    /// A call of a path below `api_base_path`, such as those of the SuperTokens recipes.
    pub fn below_base_path(method: Method, path: impl Into<String>) -> Self {
        Self(ClaimSource::Call { method, url: path.into(), is_below_base_path: true })
    }

    /// An async function of the app's own, for what a call without a body can't do: several calls, a body, a header.
    ///
    /// - It runs while no lock is held. In one tab it runs once at a time, and all checks that need it wait for that
    ///   run. Other tabs run theirs.
    /// - It is given up after [`refresh_timeout_ms`](crate::SessionConfig::refresh_timeout_ms). A function that checks
    ///   its own claim waits for itself until then.
    /// - An error is logged by its `Display`, and counts as a call without an answer
    ///   ([`is_answered`](crate::CheckedClaims::is_answered)). The claim is then checked as it is.
    /// - Clones are one function. Two values that were made apart are two functions, whatever they do.
    ///
    /// ```
    /// use supertokens_session::{SessionError, claims::{ClaimRefresh, PrimitiveClaim}};
    ///
    /// let plan = PrimitiveClaim::<String>::new("plan").refreshed_by(ClaimRefresh::from_fn(|client| async move {
    ///     let request = client.post("/claims/refresh").body(r#"{"claims":["plan"]}"#);
    ///     request.header("content-type", "application/json").send().await?;
    ///     Ok::<(), SessionError>(())
    /// }));
    /// # let _ = plan;
    /// ```
    pub fn from_fn<F, W, E>(function: F) -> Self
    where
        F: Fn(SessionClient) -> W + Send + Sync + 'static,
        W: Future<Output = Result<(), E>> + 'static,
        E: Display,
    {
        Self(ClaimSource::Function(ClaimFunction::new(function)))
    }

    pub(crate) fn is_function(&self) -> bool {
        matches!(self.0, ClaimSource::Function(_))
    }
}
