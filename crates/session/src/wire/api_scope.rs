//! Decides which URLs are API URLs. Only requests to them carry session headers.

use super::url::{Origin, Url, UrlError};

/// The API scope: decides whether a URL is an API URL. Built once from the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiScope {
    api: Origin,
    backend_domain: Option<Domain>,
    exact_origin: bool,
}

impl ApiScope {
    /// The API's host on any port, and the hosts within `backend_domain`; with `exact_origin` only the API's origin.
    pub fn new(api: Origin, backend_domain: Option<Domain>, exact_origin: bool) -> Self {
        Self { api, backend_domain, exact_origin }
    }

    /// Whether requests to `url` carry the session.
    ///
    /// ```
    /// use supertokens_session::{Url, internal::api_scope::ApiScope};
    ///
    /// let api = Url::parse("https://api.example.com").unwrap();
    /// let scope = ApiScope::new(api.origin().clone(), None, false);
    /// let is_api_url = |text| scope.contains(&Url::parse(text).unwrap());
    /// assert!(is_api_url("https://api.example.com/orders"));
    /// assert!(is_api_url("https://api.example.com:8443/orders"));
    /// assert!(!is_api_url("http://api.example.com/orders"));
    /// assert!(!is_api_url("https://api.example.com.evil.example/orders"));
    /// ```
    pub fn contains(&self, url: &Url) -> bool {
        let origin = url.origin();
        if !self.may_contain(url) {
            return false;
        }
        if self.exact_origin {
            return *origin == self.api;
        }
        let host = origin.host();
        host == self.api.host() || self.backend_domain.as_ref().is_some_and(|domain| domain.contains(host))
    }

    /// The backend domain, if this host is one of several that are one API.
    pub(crate) fn domain_of(&self, host: &str) -> Option<&Domain> {
        self.backend_domain.as_ref().filter(|domain| !self.exact_origin && domain.contains(host))
    }

    /// Whether requests to `url` may carry the session if an override says so. Never for http if the API uses https,
    /// and never if the URL [opts out](Url::opts_out).
    pub fn may_contain(&self, url: &Url) -> bool {
        let is_downgrade = self.api.is_https() && !url.origin().is_https();
        !is_downgrade && !url.opts_out()
    }
}

/// A domain with all its subdomains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    name: String,
    has_leading_dot: bool,
}

impl Domain {
    /// Parses a domain name.
    ///
    /// # Errors
    /// [`UrlError`] if it is not a host name alone, or is a top-level domain (`com` would include every site).
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let without_dot = text.strip_prefix('.');
        let url = Url::parse(&format!("https://{}", without_dot.unwrap_or(text)))?;
        let name = url.origin().host();
        // An IPv6 address has no subdomains.
        let is_name = url.as_str() == format!("https://{name}/") && !name.starts_with('[');
        let labels_are_full = name.split('.').all(|label| !label.is_empty());
        if is_name && labels_are_full && (name.contains('.') || name == "localhost") {
            Ok(Self { name: name.to_owned(), has_leading_dot: without_dot.is_some() })
        } else {
            Err(UrlError::Invalid)
        }
    }

    /// The name, without a leading dot.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Whether it was written with a leading dot, as in `.example.com`.
    pub fn has_leading_dot(&self) -> bool {
        self.has_leading_dot
    }

    /// Whether `host` is the domain or a subdomain.
    pub fn contains(&self, host: &str) -> bool {
        host.strip_suffix(self.name.as_str()).is_some_and(|head| head.is_empty() || head.ends_with('.'))
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn scope(api: &str, domain: Option<&str>, exact: bool) -> impl Fn(&str) -> bool {
        let api = Url::parse(api).unwrap().origin().clone();
        let rule = ApiScope::new(api, domain.map(|d| Domain::parse(d).unwrap()), exact);
        move |text| rule.contains(&Url::parse(text).unwrap())
    }

    #[test]
    fn the_scope_is_the_api_host_on_any_port() {
        let is_api_url = scope("https://api.example.com", None, false);
        assert!(is_api_url("https://api.example.com:9000/x"));
        for other in [
            "https://example.com/x",
            "https://a.api.example.com/x",
            "https://api.example.com.:443/x",
            "https://xapi.example.com/x",
            "https://evil.example/?u=https://api.example.com/",
            "https://evil.example/#https://api.example.com/",
        ] {
            assert!(!is_api_url(other), "{other}");
        }
    }

    #[test]
    fn an_ipv6_api_host_matches_in_any_spelling() {
        for exact in [false, true] {
            let is_api_url = scope("http://[0:0:0:0:0:0:0:1]:3001", None, exact);
            assert!(is_api_url("http://[::1]:3001/x") && is_api_url("http://[0::0001]:3001/x"));
            assert!(!is_api_url("http://[::2]:3001/x") && !is_api_url("http://localhost:3001/x"));
        }
    }

    #[test]
    fn an_http_url_is_outside_the_scope_of_an_https_api() {
        assert!(!scope("https://api.example.com", None, false)("http://api.example.com/x"));
        assert!(!scope("https://api.example.com", Some("example.com"), false)("http://b.example.com/x"));
        assert!(scope("http://localhost:3001", None, false)("https://localhost/x"));
    }

    #[test]
    fn the_backend_domain_includes_its_subdomains() {
        for domain in ["example.com", ".example.com"] {
            let is_api_url = scope("https://api.example.com", Some(domain), false);
            assert!(is_api_url("https://example.com/") && is_api_url("https://a.b.example.com/"));
            assert!(
                !is_api_url("https://notexample.com/") && !is_api_url("https://example.com.evil.example/")
            );
        }
    }

    #[test]
    fn a_top_level_domain_is_an_invalid_backend_domain() {
        for bad in [
            "com",
            ".com",
            "",
            ".",
            "a..b",
            "a.",
            "a b.com",
            "a;b.com",
            "*.example.com",
            "example.com:8080",
            "example.com/a",
            "https://example.com",
            "me@example.com",
            "[::1]",
            "[::ffff:1.2.3.4]",
        ] {
            assert!(Domain::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn exact_origin_excludes_other_ports_and_opted_out_urls_are_outside() {
        let is_api_url = scope("https://api.example.com", Some("example.com"), true);
        assert!(is_api_url("https://api.example.com/x"));
        assert!(!is_api_url("https://api.example.com:9000/x") && !is_api_url("https://b.example.com/x"));
        for opted_out in [
            "/x?superTokensDoNotDoInterception",
            "/superTokensDoNotDoInterception/x",
            "/x#superTokensDoNotDoInterception",
        ] {
            let url = format!("https://api.example.com{opted_out}");
            assert!(!scope("https://api.example.com", None, false)(&url), "{url}");
        }
    }
}
