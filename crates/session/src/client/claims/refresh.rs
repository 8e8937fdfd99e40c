use std::{fmt::Display, future::Future};

use super::function::ClaimFunction;
use crate::{client::SessionClient, platform::Method};

/// How the client fetches a claim: an API call, or an async function of the app. Both must bring a new front token.
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
    /// A call without a body, to an absolute URL or a path of the API.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self(ClaimSource::Call { method, url: url.into(), is_below_base_path: false })
    }

    /// A call to a path below `api_base_path`, such as the SuperTokens recipes' paths.
    pub fn below_base_path(method: Method, path: impl Into<String>) -> Self {
        Self(ClaimSource::Call { method, url: path.into(), is_below_base_path: true })
    }

    /// An async function of the app, if one call without a body is not enough: for several calls, a body, or a header.
    ///
    /// - The client holds no lock while it runs. Each tab runs it at most once at a time, and all checks that need it
    ///   wait for that run.
    /// - The client drops it after [`refresh_timeout`](crate::SessionConfigBuilder::refresh_timeout). A function that
    ///   checks its own claim waits for itself until then.
    /// - The client logs an error by its `Display`. A failed function counts as a call without a response
    ///   ([`has_response`](crate::CheckedClaims::has_response)), and the client checks the current claim.
    /// - Clones are the same function. Two values from separate calls of `from_fn` are different functions.
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
