use crate::platform::Method;

/// The API call that makes the backend fetch a claim anew. Its answer brings a new front token.
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
pub struct ClaimRefresh {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) is_below_base_path: bool,
}

impl ClaimRefresh {
    /// A call of an absolute URL or a path of the API. It has no body.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self { method, url: url.into(), is_below_base_path: false }
    }

    /// A call of a path below `api_base_path`, such as those of the SuperTokens recipes.
    pub fn below_base_path(method: Method, path: impl Into<String>) -> Self {
        Self { method, url: path.into(), is_below_base_path: true }
    }
}
