//! Which URLs take part in the session (the only ones that ever see one of its headers).

use super::url::{Origin, Scheme, Url, UrlError, parse_host};

/// The rule by which a URL is ours, made once from the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiScope {
    api: Origin,
    backend_domain: Option<Domain>,
    exact_origin: bool,
}

impl ApiScope {
    /// The API's host on any port, and the hosts within `backend_domain`; with `exact_origin` the API's origin alone.
    pub fn new(api: Origin, backend_domain: Option<Domain>, exact_origin: bool) -> Self {
        Self { api, backend_domain, exact_origin }
    }

    /// Whether requests to `url` carry the session.
    ///
    /// ```
    /// use supertokens_session::wire::{ours::ApiScope, url::Url};
    ///
    /// let api = Url::parse("https://api.example.com").unwrap();
    /// let ours = ApiScope::new(api.origin().clone(), None, false);
    /// let is_api_url = |text| ours.contains(&Url::parse(text).unwrap());
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
        let is_api_host = is_same_host(&origin.host, &self.api.host);
        if self.exact_origin {
            return is_api_host && (origin.scheme, origin.port) == (self.api.scheme, self.api.port);
        }
        is_api_host || self.backend_domain.as_ref().is_some_and(|domain| domain.contains(&origin.host))
    }

    /// Whether requests to `url` may carry the session at all, whatever host it is on: never to http where the API
    /// is https, and never where the URL [opts out](Url::opts_out).
    pub fn may_contain(&self, url: &Url) -> bool {
        let is_downgrade = self.api.scheme == Scheme::Https && url.origin().scheme == Scheme::Http;
        !is_downgrade && !url.opts_out()
    }
}

/// An IPv6 address has many spellings, of which browsers use one.
fn is_same_host(one: &str, other: &str) -> bool {
    let address = |host: &str| super::ip::v6(host.strip_prefix('[')?.strip_suffix(']')?);
    one == other || address(one).is_some_and(|one| address(other) == Some(one))
}

/// A domain with all its subdomains; a leading dot is the same as none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain(String);

impl Domain {
    /// Reads a domain name.
    ///
    /// # Errors
    /// [`UrlError::Host`] when it is not a plain host name, or a top-level domain (`com` would take in every site).
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let name = parse_host(text.strip_prefix('.').unwrap_or(text))?;
        // An IPv6 address may have dots, and has no subdomains.
        let labels_are_full = name.split('.').all(|label| !label.is_empty() && !label.starts_with('['));
        if labels_are_full && (name.contains('.') || name == "localhost") {
            Ok(Self(name))
        } else {
            Err(UrlError::Host)
        }
    }

    /// The name, without a leading dot.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `host` is the domain or lies below it.
    pub fn contains(&self, host: &str) -> bool {
        host.strip_suffix(self.0.as_str()).is_some_and(|head| head.is_empty() || head.ends_with('.'))
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn ours(api: &str, domain: Option<&str>, exact: bool) -> impl Fn(&str) -> bool {
        let api = Url::parse(api).unwrap().origin().clone();
        let rule = ApiScope::new(api, domain.map(|d| Domain::parse(d).unwrap()), exact);
        move |text| rule.contains(&Url::parse(text).unwrap())
    }

    #[test]
    fn the_host_on_any_port_and_no_other_host() {
        let is_api_url = ours("https://api.example.com", None, false);
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
    fn an_ipv6_address_in_any_spelling() {
        for exact in [false, true] {
            let is_api_url = ours("http://[0:0:0:0:0:0:0:1]:3001", None, exact);
            assert!(is_api_url("http://[::1]:3001/x") && is_api_url("http://[0::0001]:3001/x"));
            assert!(!is_api_url("http://[::2]:3001/x") && !is_api_url("http://localhost:3001/x"));
        }
    }

    #[test]
    fn never_from_https_to_http() {
        assert!(!ours("https://api.example.com", None, false)("http://api.example.com/x"));
        assert!(!ours("https://api.example.com", Some("example.com"), false)("http://b.example.com/x"));
        assert!(ours("http://localhost:3001", None, false)("https://localhost/x"));
    }

    #[test]
    fn the_backend_domain_takes_in_its_subdomains() {
        for domain in ["example.com", ".example.com"] {
            let is_api_url = ours("https://api.example.com", Some(domain), false);
            assert!(is_api_url("https://example.com/") && is_api_url("https://a.b.example.com/"));
            assert!(
                !is_api_url("https://notexample.com/") && !is_api_url("https://example.com.evil.example/")
            );
        }
    }

    #[test]
    fn a_top_level_domain_is_no_backend_domain() {
        for bad in [
            "com",
            ".com",
            "",
            ".",
            "a..b",
            "a.",
            "a b.com",
            "exa\u{301}mple.com",
            "[::1]",
            "[::ffff:1.2.3.4]",
        ] {
            assert!(Domain::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_exact_origin_and_the_opt_out() {
        let is_api_url = ours("https://api.example.com", Some("example.com"), true);
        assert!(is_api_url("https://api.example.com/x"));
        assert!(!is_api_url("https://api.example.com:9000/x") && !is_api_url("https://b.example.com/x"));
        for opted_out in [
            "/x?superTokensDoNotDoInterception",
            "/superTokensDoNotDoInterception/x",
            "/x#superTokensDoNotDoInterception",
        ] {
            let url = format!("https://api.example.com{opted_out}");
            assert!(!ours("https://api.example.com", None, false)(&url), "{url}");
        }
    }
}
