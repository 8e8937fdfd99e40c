//! The settings. [`SessionConfigBuilder`] checks them once.

mod builder;
mod error;
mod page;

use std::{any::Any, fmt, rc::Rc, sync::Arc, time::Duration};

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
pub struct SessionConfig(Arc<Checked>);

#[derive(Debug, PartialEq)]
struct Checked {
    same_origin: Option<LinkedOnDemand<page::SameOrigin>>,
    api_domain: Origin,
    refresh_url: Url,
    sign_out_url: Url,
    api_scope: ApiScope,
    settings: Settings,
}

/// The settings that don't depend on each other: see the methods of [`SessionConfigBuilder`].
#[doc(hidden)]
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The login page's origin; none for the page's origin.
    pub website_domain: Option<Origin>,
    /// The login page's path, from `website_base_path`.
    pub login_path: String,
    /// The other origins to which the login page may redirect users.
    pub return_origins: OtherOrigins,
    /// The path of the SuperTokens API, without a trailing slash; empty for the root.
    pub(crate) api_base_path: String,
    /// The tenant of recipe calls; none for the public one.
    pub(crate) tenant_id: Option<String>,
    /// The domain of the cookies that script writes; none for the page's host.
    pub frontend_domain: Option<Domain>,
    /// Whether the page runs in an iframe of another site; none lets the platform detect it.
    pub in_iframe: Option<bool>,
    pub(crate) session_expired_status: u16,
    pub(crate) invalid_claim_status: u16,
    token_transfer_method: TokenTransferMethod,
    pub(crate) auto_add_credentials: bool,
    pub(crate) max_retries: u32,
    pub(crate) refresh_headers: Headers,
    /// The time limit of a refresh or sign-out.
    pub refresh_timeout_ms: u32,
    /// How long before the expiry to refresh, and the function that does.
    pub(crate) refresh_ahead: Option<(u32, LinkedOnDemand<RefreshAhead>)>,
    /// Whether a refresh also takes the JavaScript SDK's lock.
    pub share_lock_with_javascript_sdk: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            website_domain: None,
            login_path: "/login".to_owned(),
            return_origins: OtherOrigins::none(),
            api_base_path: "/auth".to_owned(),
            tenant_id: None,
            frontend_domain: None,
            in_iframe: None,
            session_expired_status: 401,
            invalid_claim_status: 403,
            token_transfer_method: TokenTransferMethod::Cookie,
            auto_add_credentials: true,
            max_retries: 10,
            refresh_headers: Headers::new(),
            refresh_timeout_ms: 30_000,
            refresh_ahead: None,
            share_lock_with_javascript_sdk: false,
        }
    }
}

/// Starts to refresh ahead of the expiry, for a client (which this module can't name) and a page.
pub(crate) type RefreshAhead = fn(&dyn Any, &Rc<VisiblePage>);

/// Returns a random number from 0 to 1 while the page is visible, else none.
pub type VisiblePage = dyn Fn() -> Option<f64>;

/// A function that only one setter names, so that the linker drops it from apps that don't call the setter. Always
/// equal: compare the settings beside it.
#[derive(Clone, Copy)]
pub(crate) struct LinkedOnDemand<F>(pub(crate) F);

impl<F> PartialEq for LinkedOnDemand<F> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<F> fmt::Debug for LinkedOnDemand<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkedOnDemand")
    }
}

impl SessionConfig {
    /// Starts with the API's origin, such as `https://api.example.com` (`apiDomain` in the SuperTokens docs).
    #[doc(alias = "apiDomain")]
    pub fn builder(api_domain: impl Into<String>) -> SessionConfigBuilder {
        SessionConfigBuilder::new(&api_domain.into())
    }

    /// Starts with an API on the page's origin: a development server or a proxy forwards its path to the backend.
    ///
    /// `supertokens_web::session_client` inserts the page's origin. On your own platform, call
    /// [`for_page`](Self::for_page).
    ///
    /// ```
    /// use supertokens_session::{SessionConfig, Url};
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

    /// The URL of the refresh call.
    pub fn refresh_url(&self) -> &Url {
        &self.0.refresh_url
    }

    /// The URL of the sign-out call.
    pub fn sign_out_url(&self) -> &Url {
        &self.0.sign_out_url
    }

    /// The path below which a tenant's recipe APIs are. Without `tenant`, it is the tenant of the settings.
    ///
    /// # Errors
    /// [`ConfigError`] if it is no tenant id.
    #[doc(hidden)]
    pub fn recipe_base_path(&self, tenant: Option<&str>) -> Result<String, ConfigError> {
        let base = &self.0.settings.api_base_path;
        match tenant.or(self.0.settings.tenant_id.as_deref()) {
            None | Some("public") => Ok(base.clone()),
            Some(tenant) => Ok(format!("{base}/{}", builder::check_tenant(tenant)?)),
        }
    }

    /// The text that tells this API from others: the refresh URL. The hosts of one `session_token_backend_domain` are one
    /// API, so there it is that domain and the path.
    pub(crate) fn api_identity(&self) -> String {
        let url = &self.0.refresh_url;
        match self.0.api_scope.domain_of(url.origin().host()) {
            Some(domain) => [domain.as_str(), url.path()].concat(),
            None => url.to_string(),
        }
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

    /// How tokens are sent.
    pub fn token_transfer_method(&self) -> TokenTransferMethod {
        self.0.settings.token_transfer_method
    }

    /// The time limit of a refresh or sign-out.
    pub fn refresh_timeout(&self) -> Duration {
        Duration::from_millis(self.0.settings.refresh_timeout_ms.into())
    }

    /// How long before the expiry visible tabs refresh the session; none if only requests refresh it.
    pub fn refresh_ahead(&self) -> Option<Duration> {
        let (margin_ms, _) = self.0.settings.refresh_ahead.as_ref()?;
        Some(Duration::from_millis((*margin_ms).into()))
    }

    /// The other settings.
    #[doc(hidden)]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
}
