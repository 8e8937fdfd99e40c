use std::{sync::Arc, time::Duration};

use super::{
    Checked, ConfigError, LinkedOnDemand, Problem, RefreshAhead, SessionConfig, Settings,
    TokenTransferMethod, page::SameOrigin,
};
use crate::{
    timing::millis,
    wire::{
        api_scope::{ApiScope, Domain},
        url::{Origin, Url},
    },
};

/// Checks and collects the settings of a [`SessionConfig`]; [`build`](Self::build) returns it, or the first error.
// Each setter parses its own value, so the linker drops the parsers of settings that an app does not use.
#[derive(Debug, Clone)]
#[must_use = "settings do nothing until `build` is called"]
pub struct SessionConfigBuilder {
    api_domain: Result<Origin, ConfigError>,
    /// The first error of a setter.
    error: Option<ConfigError>,
    pub(super) same_origin: Option<fn(&Self) -> LinkedOnDemand<SameOrigin>>,
    refresh_url: Option<Url>,
    backend_domain: Option<Domain>,
    exact_origin: bool,
    settings: Settings,
}

impl SessionConfigBuilder {
    pub(super) fn new(api_domain: &str) -> Self {
        Self {
            api_domain: parse_origin("api_domain", api_domain),
            error: None,
            same_origin: None,
            refresh_url: None,
            backend_domain: None,
            exact_origin: false,
            settings: Settings::default(),
        }
    }

    /// Records the first error.
    fn check<T>(&mut self, outcome: Result<T, ConfigError>) -> Option<T> {
        outcome.map_err(|error| self.error.get_or_insert(error)).ok()
    }

    /// The path of the SuperTokens API (`apiBasePath`). Default: `/auth`.
    #[doc(alias = "apiBasePath")]
    pub fn api_base_path(mut self, path: impl Into<String>) -> Self {
        let path = base_path("api_base_path", &path.into());
        self.settings.api_base_path = self.check(path).unwrap_or_default();
        self
    }

    /// The tenant whose users sign in here (`tenantId`). Default: `public`. A call of a recipe can name another one.
    #[doc(alias = "tenantId")]
    pub fn tenant_id(mut self, tenant: impl Into<String>) -> Self {
        let tenant = tenant.into();
        self.settings.tenant_id = self.check(check_tenant(tenant.trim()).map(str::to_owned));
        self
    }

    /// The login page's origin (`websiteDomain`), such as `https://example.com`. Default: the page's origin. With
    /// another origin, guards redirect to that origin, and the return address is a full URL. A login page of this crate
    /// must [allow](Self::allow_return_to) the return address's origin.
    #[doc(alias = "websiteDomain")]
    pub fn website_domain(mut self, origin: impl Into<String>) -> Self {
        let origin = parse_origin("website_domain", &origin.into());
        self.settings.website_domain = self.check(origin);
        self
    }

    /// The path of the login page (`websiteBasePath`). Default: `/login`.
    #[doc(alias = "websiteBasePath")]
    pub fn website_base_path(mut self, path: impl Into<String>) -> Self {
        let path = base_path("website_base_path", &path.into());
        // If the login page's path is the site's root, the start page is the login page.
        self.settings.login_path = self.check(path).filter(|path| !path.is_empty()).unwrap_or("/".to_owned());
        self
    }

    /// Another origin, such as `https://app.example.com`, to which this login page may redirect users after sign-in.
    /// Call it once per origin. Default: only the page's origin. It allows this exact origin: no subdomain, no other
    /// port or scheme, and never http from an https page.
    pub fn allow_return_to(mut self, origin: impl Into<String>) -> Self {
        let origin = parse_origin("allow_return_to", &origin.into());
        if let Some(origin) = self.check(origin) {
            self.settings.return_origins = self.settings.return_origins.allow(origin);
        }
        self
    }

    /// The full URL of the refresh API (`refreshTokenUrl`). Default: `{api_domain}{api_base_path}/session/refresh`.
    #[doc(alias = "refreshTokenUrl")]
    pub fn refresh_token_url(mut self, url: impl Into<String>) -> Self {
        let url = Url::parse(url.into().trim()).map_err(|e| ConfigError::new("refresh_token_url", e));
        self.refresh_url = self.check(url);
        self
    }

    /// The domain of the cookies that script writes (`sessionTokenFrontendDomain`), to share the session between
    /// subdomains. Write it with a leading dot (`.example.com`): without the dot, a page on `example.com` itself does not
    /// share its session. Default: the page's host.
    #[doc(alias = "sessionTokenFrontendDomain")]
    pub fn session_token_frontend_domain(mut self, domain: impl Into<String>) -> Self {
        let domain = parse_domain("session_token_frontend_domain", &domain.into());
        self.settings.frontend_domain = self.check(domain);
        self
    }

    /// A domain whose hosts are all part of the API (`sessionTokenBackendDomain`). They count as one API, so subdomains
    /// that call the API on their own hosts can share a session. Default: none.
    #[doc(alias = "sessionTokenBackendDomain")]
    pub fn session_token_backend_domain(mut self, domain: impl Into<String>) -> Self {
        let domain = parse_domain("session_token_backend_domain", &domain.into());
        self.backend_domain = self.check(domain);
        self
    }

    /// Limits the API to its exact origin: without it, other ports of the same host are part of the API too.
    pub fn exact_origin(mut self, exact: bool) -> Self {
        self.exact_origin = exact;
        self
    }

    /// Whether the page runs in an iframe of another site (`isInIframe`). Default: detected.
    #[doc(alias = "isInIframe")]
    pub fn is_in_iframe(mut self, in_iframe: bool) -> Self {
        self.settings.in_iframe = Some(in_iframe);
        self
    }

    /// The HTTP status of an expired session (`sessionExpiredStatusCode`). Default: 401.
    #[doc(alias = "sessionExpiredStatusCode")]
    pub fn session_expired_status_code(mut self, status: u16) -> Self {
        self.settings.session_expired_status = status;
        self
    }

    /// The HTTP status of an invalid claim (`invalidClaimStatusCode`). Default: 403.
    #[doc(alias = "invalidClaimStatusCode")]
    pub fn invalid_claim_status_code(mut self, status: u16) -> Self {
        self.settings.invalid_claim_status = status;
        self
    }

    /// How tokens are sent (`tokenTransferMethod`). Default: cookies.
    #[doc(alias = "tokenTransferMethod")]
    pub fn token_transfer_method(mut self, method: TokenTransferMethod) -> Self {
        self.settings.token_transfer_method = method;
        self
    }

    /// Whether API requests send credentials if the caller sets no mode (`autoAddCredentials`). Default: true.
    #[doc(alias = "autoAddCredentials")]
    pub fn auto_add_credentials(mut self, add: bool) -> Self {
        self.settings.auto_add_credentials = add;
        self
    }

    /// The maximum number of retries after a refresh (`maxRetryAttemptsForSessionRefresh`), per request. Default: 10.
    #[doc(alias = "maxRetryAttemptsForSessionRefresh")]
    pub fn max_retry_attempts_for_session_refresh(mut self, attempts: u32) -> Self {
        self.settings.max_retries = attempts;
        self
    }

    /// An extra header for the refresh call (`refreshAPICustomHeaders`).
    #[doc(alias = "refreshAPICustomHeaders")]
    pub fn refresh_api_custom_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let set = self.settings.refresh_headers.set(&name.into(), &value.into());
        self.check(set.map_err(|e| ConfigError::new("refresh_api_custom_header", e)));
        self
    }

    /// The time limit of a refresh or sign-out. After it, the call counts as a network failure. Default: 30 s.
    pub fn refresh_timeout(mut self, limit: Duration) -> Self {
        if let Some(ms) = self.check(parse_time("refresh_timeout", limit)) {
            self.settings.refresh_timeout_ms = ms;
        }
        self
    }

    /// Whether a refresh also takes the JavaScript SDK's lock (`REFRESH_TOKEN_USE` of `browser-tabs-lock`). Then pages
    /// of the same origin with that SDK wait for this refresh. Default: false.
    ///
    /// Set it while you migrate the pages of an origin one by one and users may have both kinds open: two refreshes
    /// with one token look like token theft. It adds about 90 ms to each refresh. This client waits for such pages in
    /// any case. Pages without Web Locks (plain http) always take that lock.
    pub fn share_lock_with_javascript_sdk(mut self, share: bool) -> Self {
        self.settings.share_lock_with_javascript_sdk = share;
        self
    }

    pub(crate) fn refresh_ahead_by(mut self, margin: Duration, start: RefreshAhead) -> Self {
        let margin_ms = self.check(parse_time("refresh_ahead", margin));
        self.settings.refresh_ahead = margin_ms.map(|margin_ms| (margin_ms, LinkedOnDemand(start)));
        self
    }

    /// The same settings, for an API on this origin.
    pub(super) fn with_api_domain(&self, page: &Origin) -> Self {
        Self { api_domain: Ok(page.clone()), same_origin: None, ..self.clone() }
    }

    /// Returns the checked settings.
    ///
    /// # Errors
    /// [`ConfigError`] with the first invalid setting and the reason.
    pub fn build(self) -> Result<SessionConfig, ConfigError> {
        let same_origin = self.same_origin.map(|keep| keep(&self));
        let api_domain = self.api_domain?;
        if let Some(error) = self.error {
            return Err(error);
        }
        check_statuses(&self.settings)?;
        let api_scope = ApiScope::new(api_domain.clone(), self.backend_domain, self.exact_origin);
        let endpoint = |path: &str| {
            Url::resolve(&[&self.settings.api_base_path, path].concat(), &api_domain)
                .map_err(|e| ConfigError::new("api_base_path", e))
        };
        let sign_out_url = endpoint("/signout")?;
        let refresh_url = self.refresh_url.map_or_else(|| endpoint("/session/refresh"), Ok)?;
        if !api_scope.contains(&refresh_url) {
            return Err(ConfigError::new("refresh_token_url", Problem::NotApi));
        }
        let settings = self.settings;
        Ok(SessionConfig(Arc::new(Checked {
            same_origin,
            api_domain,
            refresh_url,
            sign_out_url,
            api_scope,
            settings,
        })))
    }
}

fn parse_origin(setting: &'static str, text: &str) -> Result<Origin, ConfigError> {
    let url = Url::parse(text.trim()).map_err(|e| ConfigError::new(setting, e))?;
    if url.as_str() != format!("{}/", url.origin()) {
        return Err(ConfigError::new(setting, Problem::NotAnOrigin));
    }
    Ok(url.origin().clone())
}

/// A base path with a leading and without a trailing slash; `/` becomes empty.
fn base_path(setting: &'static str, text: &str) -> Result<String, ConfigError> {
    let path = text.trim().trim_matches('/');
    let is_invalid = |c: char| "?#:\\".contains(c) || c.is_whitespace() || c.is_control();
    if path.contains(is_invalid) || path.contains("//") {
        return Err(ConfigError::new(setting, Problem::NotAPath));
    }
    Ok(if path.is_empty() { String::new() } else { format!("/{path}") })
}

/// A tenant id becomes a segment of a path, so it must not change the path otherwise.
pub(super) fn check_tenant(tenant: &str) -> Result<&str, ConfigError> {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if tenant.is_empty() || !tenant.bytes().all(is_letter) {
        return Err(ConfigError::new("tenant_id", Problem::NotATenant));
    }
    Ok(tenant)
}

fn parse_domain(setting: &'static str, text: &str) -> Result<Domain, ConfigError> {
    Domain::parse(text.trim()).map_err(|e| ConfigError::new(setting, e))
}

fn parse_time(setting: &'static str, time: Duration) -> Result<u32, ConfigError> {
    match millis(time) {
        Some(0) => Err(ConfigError::new(setting, Problem::NoTime)),
        Some(ms) => Ok(ms),
        None => Err(ConfigError::new(setting, Problem::TooMuchTime)),
    }
}

fn check_statuses(settings: &Settings) -> Result<(), ConfigError> {
    let (expired, invalid_claim) = (settings.session_expired_status, settings.invalid_claim_status);
    for (setting, status) in
        [("session_expired_status_code", expired), ("invalid_claim_status_code", invalid_claim)]
    {
        if !(400..600).contains(&status) {
            return Err(ConfigError::new(setting, Problem::NotAnErrorStatus));
        }
    }
    if expired == invalid_claim {
        return Err(ConfigError::new("invalid_claim_status_code", Problem::SameStatus));
    }
    Ok(())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::wire::{headers::HeaderError, url::UrlError};

    fn api() -> SessionConfigBuilder {
        SessionConfig::builder("https://api.example.com")
    }

    #[test]
    fn the_defaults_match_the_protocol() {
        let config = api().build().unwrap();
        let settings = config.settings();
        assert_eq!(config.refresh_url().to_string(), "https://api.example.com/auth/session/refresh");
        assert_eq!(config.sign_out_url().to_string(), "https://api.example.com/auth/signout");
        assert_eq!(settings.session_expired_status, 401);
        assert_eq!(settings.invalid_claim_status, 403);
        assert_eq!(config.token_transfer_method(), TokenTransferMethod::Cookie);
        assert_eq!(settings.max_retries, 10);
        assert!(settings.auto_add_credentials);
        assert_eq!(settings.in_iframe, None);
        assert!(!settings.share_lock_with_javascript_sdk);
        assert_eq!((config.refresh_timeout(), config.refresh_ahead()), (Duration::from_secs(30), None));
        assert_eq!(
            (&config.settings().website_domain, config.settings().login_path.as_str()),
            (&None, "/login")
        );
    }

    #[test]
    fn login_page_settings_are_normalized() {
        for (path, login) in [("/login", "/login"), ("auth/", "/auth"), ("/", "/"), ("/a/b", "/a/b")] {
            let config = api().website_domain("https://Example.com:443/").website_base_path(path);
            let config = config.build().unwrap();
            assert_eq!(config.settings().login_path, login);
            assert_eq!(config.settings().website_domain.as_ref().unwrap().to_string(), "https://example.com");
        }
    }

    #[test]
    fn base_paths_are_normalized() {
        for (path, url) in [
            ("/auth", "/auth/session/refresh"),
            ("auth/", "/auth/session/refresh"),
            ("/", "/session/refresh"),
            ("", "/session/refresh"),
            ("/v1/auth", "/v1/auth/session/refresh"),
        ] {
            let config = api().api_base_path(path).build().unwrap();
            assert_eq!(config.refresh_url().path_and_query(), url);
        }
    }

    #[test]
    fn a_tenant_is_one_segment_of_the_path() {
        let path = |config: SessionConfigBuilder, tenant| config.build().unwrap().recipe_base_path(tenant);
        assert_eq!(path(api(), None).as_deref(), Ok("/auth"));
        assert_eq!(path(api(), Some("acme")).as_deref(), Ok("/auth/acme"));
        assert_eq!(path(api().tenant_id("acme"), None).as_deref(), Ok("/auth/acme"));
        assert_eq!(path(api().tenant_id("acme"), Some("public")).as_deref(), Ok("/auth"));
        assert_eq!(path(api().api_base_path("/"), Some("a-1_B")).as_deref(), Ok("/a-1_B"));
        for tenant in ["", "..", "a/b", "a?b", "a b", "%2e%2e", "ü"] {
            assert_eq!(path(api(), Some(tenant)).unwrap_err().setting(), "tenant_id", "{tenant}");
        }
    }

    #[test]
    fn surrounding_spaces_of_a_setting_are_ignored() {
        let config = SessionConfig::builder(" https://api.example.com\n")
            .api_base_path(" /auth ")
            .website_domain(" https://example.com ")
            .website_base_path("\t/login")
            .session_token_backend_domain(" example.com ");
        let plain = SessionConfig::builder("https://api.example.com")
            .api_base_path("/auth")
            .website_domain("https://example.com")
            .website_base_path("/login")
            .session_token_backend_domain("example.com");
        assert_eq!(config.build(), plain.build());
    }

    #[test]
    fn a_same_origin_api_uses_the_page_origin() {
        let config = SessionConfig::same_origin().api_base_path("/v1").build().unwrap();
        assert!(config.refresh_url().to_string().contains(".invalid/"));
        let page = parse_origin("page", "https://example.com:8443").unwrap();
        let config = config.for_page(&page).unwrap();
        assert_eq!(config.refresh_url().to_string(), "https://example.com:8443/v1/session/refresh");
        assert_eq!(config.for_page(&page), Ok(config.clone()));
        let error = SessionConfig::same_origin().refresh_ahead(Duration::ZERO).build().unwrap_err();
        assert_eq!(error.setting(), "refresh_ahead");
    }

    #[test]
    fn an_invalid_setting_is_named_in_the_error() {
        use Problem::*;
        let cases = [
            (SessionConfig::builder("api.example.com"), "api_domain", Url(UrlError::Scheme)),
            (SessionConfig::builder("https://api.example.com/v1"), "api_domain", NotAnOrigin),
            (SessionConfig::builder("https://api.example.com/?a"), "api_domain", NotAnOrigin),
            (SessionConfig::builder(""), "api_domain", Url(UrlError::Scheme)),
            (api().api_base_path("/a?b"), "api_base_path", NotAPath),
            (api().website_domain("example.com"), "website_domain", Url(UrlError::Scheme)),
            (api().website_domain("https://example.com/login"), "website_domain", NotAnOrigin),
            (api().website_domain("https://a@example.com"), "website_domain", Url(UrlError::UserInfo)),
            (api().allow_return_to("app.example.com"), "allow_return_to", Url(UrlError::Scheme)),
            (api().allow_return_to("https://*.example.com"), "allow_return_to", Url(UrlError::Invalid)),
            (api().allow_return_to("https://example.com/app"), "allow_return_to", NotAnOrigin),
            (api().website_base_path("https://example.com"), "website_base_path", NotAPath),
            (api().website_base_path("/a//b"), "website_base_path", NotAPath),
            (api().website_base_path("/a\\b"), "website_base_path", NotAPath),
            (api().api_base_path("/a b"), "api_base_path", NotAPath),
            (api().tenant_id("a/b"), "tenant_id", NotATenant),
            (api().refresh_token_url("/x"), "refresh_token_url", Url(UrlError::Scheme)),
            (api().refresh_token_url("https://evil.example/x"), "refresh_token_url", NotApi),
            (api().refresh_token_url("http://api.example.com/x"), "refresh_token_url", NotApi),
            (
                api().session_token_backend_domain("com"),
                "session_token_backend_domain",
                Url(UrlError::Invalid),
            ),
            (
                api().session_token_frontend_domain("a b"),
                "session_token_frontend_domain",
                Url(UrlError::Invalid),
            ),
            (api().api_base_path("https://api.example.com/auth"), "api_base_path", NotAPath),
            (api().api_base_path("/a//b"), "api_base_path", NotAPath),
            (
                api().refresh_token_url("https://ann@api.example.com/x"),
                "refresh_token_url",
                Url(UrlError::UserInfo),
            ),
            (
                api().session_token_backend_domain("https://example.com"),
                "session_token_backend_domain",
                Url(UrlError::Invalid),
            ),
            (
                api().session_token_frontend_domain("app.example.com:8080"),
                "session_token_frontend_domain",
                Url(UrlError::Invalid),
            ),
            (api().session_expired_status_code(200), "session_expired_status_code", NotAnErrorStatus),
            (api().session_expired_status_code(600), "session_expired_status_code", NotAnErrorStatus),
            (api().session_expired_status_code(403), "invalid_claim_status_code", SameStatus),
            (api().invalid_claim_status_code(0), "invalid_claim_status_code", NotAnErrorStatus),
            (api().invalid_claim_status_code(399), "invalid_claim_status_code", NotAnErrorStatus),
            (api().invalid_claim_status_code(401), "invalid_claim_status_code", SameStatus),
            (
                api().refresh_api_custom_header("a b", "c"),
                "refresh_api_custom_header",
                Header(HeaderError::Name),
            ),
            (
                api().refresh_api_custom_header("x-tenant", "a\r\nb: c"),
                "refresh_api_custom_header",
                Header(HeaderError::Value),
            ),
            (api().refresh_ahead(Duration::ZERO), "refresh_ahead", NoTime),
            (api().refresh_ahead(Duration::MAX), "refresh_ahead", TooMuchTime),
            (api().refresh_timeout(Duration::from_micros(999)), "refresh_timeout", NoTime),
            (api().refresh_timeout(Duration::from_secs(50 * 86_400)), "refresh_timeout", TooMuchTime),
        ];
        for (builder, setting, problem) in cases {
            let error = builder.build().unwrap_err();
            assert_eq!((error.setting(), *error.problem()), (setting, problem));
            assert!(error.to_string().contains(setting), "{error}");
        }
    }
}
