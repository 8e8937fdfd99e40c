//! The settings. [`build`](SessionConfigBuilder::build) checks them once.

mod builder;
mod error;
mod page;

use std::sync::Arc;

pub use builder::SessionConfigBuilder;
pub use error::{ConfigError, Problem};

use crate::wire::{
    api_scope::{ApiScope, Domain},
    headers::Headers,
    redirect::OtherOrigins,
    url::{Origin, Url, UrlError},
};

/// How tokens are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TokenTransferMethod {
    /// In httpOnly cookies, which no script can read. The default.
    #[default]
    Cookie,
    /// In headers. Any script on the page can read the tokens, so an XSS attack can steal the session. Use it for APIs
    /// on another site, where browsers block cookies.
    Header,
}

impl TokenTransferMethod {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::Header => "header",
        }
    }
}

/// The checked settings of a session client. Cloning is cheap.
///
/// ```
/// use supertokens_session::{SessionConfig, TokenTransferMethod};
///
/// let config = SessionConfig::builder("https://api.example.com")
///     .api_base_path("/auth")
///     .token_transfer_method(TokenTransferMethod::Cookie)
///     .build()
///     .unwrap();
/// assert_eq!(config.refresh_url().to_string(), "https://api.example.com/auth/session/refresh");
///
/// let error = SessionConfig::builder("api.example.com").build().unwrap_err();
/// assert_eq!(error.setting(), "api_domain");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SessionConfig(Arc<Settings>);

#[derive(Debug, PartialEq)]
struct Settings {
    same_origin: Option<page::SameOrigin>,
    api_domain: Origin,
    website_domain: Option<Origin>,
    login_path: String,
    return_origins: OtherOrigins,
    api_base_path: String,
    refresh_url: Url,
    sign_out_url: Url,
    api_scope: ApiScope,
    frontend_domain: Option<Domain>,
    in_iframe: Option<bool>,
    session_expired_status: u16,
    invalid_claim_status: u16,
    transfer: TokenTransferMethod,
    auto_add_credentials: bool,
    max_retries: u32,
    refresh_headers: Headers,
    refresh_timeout_ms: u32,
    refresh_ahead_ms: Option<u32>,
    share_lock_with_javascript_sdk: bool,
}

impl SessionConfig {
    /// Starts with the API's origin, such as `https://api.example.com` (`apiDomain` in the SuperTokens docs).
    pub fn builder(api_domain: impl Into<String>) -> SessionConfigBuilder {
        SessionConfigBuilder::new(api_domain.into())
    }

    /// Starts with an API on the page's origin: a development server or a proxy forwards its path to the backend.
    ///
    /// `supertokens_web::session_client` inserts the page's origin. On your own platform, call
    /// [`for_page`](Self::for_page).
    ///
    /// ```
    /// use supertokens_session::{SessionConfig, wire::url::Url};
    ///
    /// let config = SessionConfig::same_origin().build().unwrap();
    /// let page = Url::parse("https://example.com").unwrap();
    /// let config = config.for_page(page.origin()).unwrap();
    /// assert_eq!(config.refresh_url().to_string(), "https://example.com/auth/session/refresh");
    /// ```
    pub fn same_origin() -> SessionConfigBuilder {
        page::same_origin()
    }

    /// The API's origin.
    pub fn api_domain(&self) -> &Origin {
        &self.0.api_domain
    }

    /// The login page's origin; none for the page's origin.
    pub fn website_domain(&self) -> Option<&Origin> {
        self.0.website_domain.as_ref()
    }

    /// The login page's path, from `website_base_path`.
    pub fn login_path(&self) -> &str {
        &self.0.login_path
    }

    /// The other origins to which the login page may redirect users.
    pub fn return_origins(&self) -> &OtherOrigins {
        &self.0.return_origins
    }

    /// The path of the SuperTokens API, without a trailing slash; empty for the root.
    pub fn api_base_path(&self) -> &str {
        &self.0.api_base_path
    }

    /// The URL of the refresh call.
    pub fn refresh_url(&self) -> &Url {
        &self.0.refresh_url
    }

    /// The URL of the sign-out call.
    pub fn sign_out_url(&self) -> &Url {
        &self.0.sign_out_url
    }

    /// Whether requests to `url` carry the session.
    pub fn is_api_url(&self, url: &Url) -> bool {
        self.0.api_scope.contains(url)
    }

    /// Whether requests to `url` may carry the session if an override says so.
    pub(crate) fn may_be_api_url(&self, url: &Url) -> bool {
        self.0.api_scope.may_contain(url)
    }

    /// Resolves a request's URL: an absolute URL, or a path of the API.
    ///
    /// # Errors
    /// [`UrlError`] for any other text.
    pub fn resolve(&self, url: &str) -> Result<Url, UrlError> {
        Url::resolve(url, &self.0.api_domain)
    }

    /// The domain of the cookies that script writes; none for the page's host.
    pub fn session_token_frontend_domain(&self) -> Option<&Domain> {
        self.0.frontend_domain.as_ref()
    }

    /// Whether the page runs in an iframe of another site; none lets the platform detect it.
    pub fn is_in_iframe(&self) -> Option<bool> {
        self.0.in_iframe
    }

    /// The HTTP status of an expired session (401).
    pub fn session_expired_status_code(&self) -> u16 {
        self.0.session_expired_status
    }

    /// The HTTP status of an invalid claim (403).
    pub fn invalid_claim_status_code(&self) -> u16 {
        self.0.invalid_claim_status
    }

    /// How tokens are sent.
    pub fn token_transfer_method(&self) -> TokenTransferMethod {
        self.0.transfer
    }

    /// Whether API requests send credentials if the caller sets no mode.
    pub fn auto_add_credentials(&self) -> bool {
        self.0.auto_add_credentials
    }

    /// The maximum number of retries after a refresh, per request.
    pub fn max_retry_attempts_for_session_refresh(&self) -> u32 {
        self.0.max_retries
    }

    /// Extra headers for the refresh call.
    pub fn refresh_api_custom_headers(&self) -> &Headers {
        &self.0.refresh_headers
    }

    /// The time limit of a refresh or sign-out, in ms.
    pub fn refresh_timeout_ms(&self) -> u32 {
        self.0.refresh_timeout_ms
    }

    /// How long before the expiry visible tabs refresh the session, in ms; none if only requests refresh it.
    pub fn refresh_ahead_ms(&self) -> Option<u32> {
        self.0.refresh_ahead_ms
    }

    /// Whether a refresh also takes the JavaScript SDK's lock.
    pub fn share_lock_with_javascript_sdk(&self) -> bool {
        self.0.share_lock_with_javascript_sdk
    }
}
