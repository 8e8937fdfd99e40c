//! http(s) URLs. In a browser, the browser's own `URL` parses them; elsewhere, the `url` crate does.
//!
//! Tokens leak if two parsers read a URL differently. So each URL is normalized by the parser of `fetch`, and all
//! decisions are made about the normalized URL, which is also the URL of the request.

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod native;

use std::fmt;

#[cfg(target_arch = "wasm32")]
use browser::normalize;
#[cfg(not(target_arch = "wasm32"))]
use native::normalize;

use super::names::DO_NOT_INTERCEPT;

/// With this base, a text without a scheme parses as `ws`, so its error is `Scheme` and not `Invalid`.
const NO_BASE: &str = "ws://base.invalid";

/// Scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// The normalized text, such as `https://api.example.com:8443`. It has no default port.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the scheme is `https`. Otherwise it is `http`.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }

    /// The host in lower case and ASCII; an IPv6 address has its brackets.
    pub fn host(&self) -> &str {
        let (_, authority) = self.0.split_once("://").unwrap_or_default();
        match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => host,
            _ => authority,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An absolute http(s) URL, normalized.
///
/// ```
/// use supertokens_session::{Url, UrlError};
///
/// let url = Url::parse("https://API.example.com:443/a/../orders?page=2#top").unwrap();
/// assert_eq!(url.origin().host(), "api.example.com");
/// assert_eq!(url.path_and_query(), "/orders?page=2");
/// assert_eq!(url.as_str(), "https://api.example.com/orders?page=2#top");
///
/// assert_eq!(Url::parse("api.example.com"), Err(UrlError::Scheme));
/// assert_eq!(Url::parse("https://user@api.example.com"), Err(UrlError::UserInfo));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Url {
    href: String,
    origin: Origin,
}

impl Url {
    /// Parses an absolute URL.
    ///
    /// # Errors
    /// [`UrlError`] with the part to fix.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        Self::from_href(normalize(text, NO_BASE).ok_or(UrlError::Invalid)?)
    }

    /// Parses an absolute URL, or a path of `base`.
    ///
    /// # Errors
    /// [`UrlError`]; [`UrlError::SchemeRelative`] for `//host/…`, which names a host but no scheme.
    pub fn resolve(text: &str, base: &Origin) -> Result<Self, UrlError> {
        if text.starts_with("//") {
            return Err(UrlError::SchemeRelative);
        }
        let url = Self::from_href(normalize(text, &base.0).ok_or(UrlError::Invalid)?)?;
        if url.origin == *base {
            return Ok(url);
        }
        // A parser drops white space and reads backslashes as slashes, so `/\t/host` and `/\host` name a host too.
        Self::parse(text).map_err(|_| UrlError::SchemeRelative)
    }

    /// The form of a normalized URL is fixed: scheme, `://`, user name and password with an `@`, host, port, path.
    fn from_href(href: String) -> Result<Self, UrlError> {
        let (scheme, rest) = href.split_once("://").ok_or(UrlError::Scheme)?;
        if !matches!(scheme, "http" | "https") {
            return Err(UrlError::Scheme);
        }
        let authority = rest.split('/').next().unwrap_or_default();
        if authority.contains('@') {
            return Err(UrlError::UserInfo);
        }
        // Parsers allow `*`, `;` and so on. No host has them, and a cookie's domain must not.
        if !authority.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b)) {
            return Err(UrlError::Invalid);
        }
        let origin = Origin(format!("{scheme}://{authority}"));
        Ok(Self { href, origin })
    }

    /// The whole URL.
    pub fn as_str(&self) -> &str {
        &self.href
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The path, beginning with a slash.
    pub fn path(&self) -> &str {
        self.tail().split(['?', '#']).next().unwrap_or_default()
    }

    /// Path and query, beginning with a slash.
    pub fn path_and_query(&self) -> &str {
        self.tail().split('#').next().unwrap_or_default()
    }

    /// The query, with its leading `?`; empty without one.
    pub fn query(&self) -> &str {
        self.path_and_query().find('?').map_or("", |at| &self.path_and_query()[at..])
    }

    /// Path, query and fragment.
    pub(crate) fn tail(&self) -> &str {
        self.href.strip_prefix(self.origin.as_str()).unwrap_or_default()
    }

    /// The URL for logs: query and fragment may contain personal data.
    pub(crate) fn without_query(&self) -> &str {
        self.href.split(['?', '#']).next().unwrap_or_default()
    }

    /// Whether two URLs differ at most in their fragment, which is never sent.
    #[doc(hidden)]
    pub fn is_same_resource(&self, other: &Self) -> bool {
        self.origin == other.origin && self.path_and_query() == other.path_and_query()
    }

    /// Whether path, query or fragment contains `superTokensDoNotDoInterception`.
    ///
    /// ```
    /// use supertokens_session::Url;
    ///
    /// let url = Url::parse("https://api.example.com/login#superTokensDoNotDoInterception").unwrap();
    /// assert!(url.opts_out());
    /// ```
    pub fn opts_out(&self) -> bool {
        self.tail().contains(DO_NOT_INTERCEPT)
    }
}

/// Without query and fragment, which may contain personal data or a code.
impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.without_query())
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.href)
    }
}

/// Why a URL is invalid. The caller's fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// No scheme, or a scheme other than http and https.
    #[error("the URL must begin with http:// or https://")]
    Scheme,
    /// `//host/path`.
    #[error("the URL has a host but no scheme: add http:// or https://")]
    SchemeRelative,
    /// A user name or password before the host.
    #[error("the URL contains a user name or password: remove it")]
    UserInfo,
    /// Not a URL, for example because of its host or port.
    #[error("the URL is invalid: check its host and port")]
    Invalid,
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Url::parse(text).unwrap().origin
    }

    #[test]
    fn an_origin_has_a_host_and_no_default_port() {
        for (url, text, host) in [
            ("https://Example.COM:443/a:9", "https://example.com", "example.com"),
            ("http://localhost:3001?:80", "http://localhost:3001", "localhost"),
            ("http://[0:0:0:0:0:0:0:1]", "http://[::1]", "[::1]"),
            ("http://[::1]:3001/", "http://[::1]:3001", "[::1]"),
            ("http://0x7f.1:80", "http://127.0.0.1", "127.0.0.1"),
            ("https://größe.example", "https://xn--gre-6ka8i.example", "xn--gre-6ka8i.example"),
        ] {
            let origin = origin(url);
            assert_eq!((origin.as_str(), origin.host()), (text, host));
            assert_eq!(origin.is_https(), url.starts_with("https"));
        }
    }

    #[test]
    fn a_url_has_a_path_a_query_and_a_fragment() {
        for (url, path, path_and_query, tail) in [
            ("https://a.example", "/", "/", "/"),
            ("https://a.example?q#f", "/", "/?q", "/?q#f"),
            ("https://a.example/p@q:r#f?g", "/p@q:r", "/p@q:r", "/p@q:r#f?g"),
            ("https://a.example/a/..//b?c?d#e#f", "//b", "//b?c?d", "//b?c?d#e#f"),
            ("https://a.example/?u=https://b.example", "/", "/?u=https://b.example", "/?u=https://b.example"),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!((url.path(), url.path_and_query(), url.tail()), (path, path_and_query, tail));
            assert_eq!(url.without_query(), format!("https://a.example{path}"));
        }
    }

    #[test]
    fn paths_are_resolved_against_the_base_only() {
        let base = origin("https://api.example.com");
        for (text, resolved) in [
            ("/orders?x=1", "https://api.example.com/orders?x=1"),
            ("orders", "https://api.example.com/orders"),
            ("orders/a:b", "https://api.example.com/orders/a:b"),
            ("?q", "https://api.example.com/?q"),
            ("?q=\\a", "https://api.example.com/?q=\\a"),
            ("#\\a", "https://api.example.com/#\\a"),
            ("\\orders", "https://api.example.com/orders"),
            (" ../a b\n", "https://api.example.com/a%20b"),
            ("", "https://api.example.com/"),
            ("https:orders", "https://api.example.com/orders"),
            ("https://other.example/x", "https://other.example/x"),
            ("HTTP:other.example", "http://other.example/"),
        ] {
            assert_eq!(Url::resolve(text, &base).unwrap().as_str(), resolved, "{text}");
        }
        for (text, error) in [
            ("//evil.example/x", UrlError::SchemeRelative),
            ("//api.example.com/x", UrlError::SchemeRelative),
            ("/\\evil.example/x", UrlError::SchemeRelative),
            ("\\\\evil.example/x", UrlError::SchemeRelative),
            ("/\t/evil.example/x", UrlError::SchemeRelative),
            (" //evil.example/x", UrlError::SchemeRelative),
            ("////evil.example/x", UrlError::SchemeRelative),
            ("/\\me@evil.example", UrlError::UserInfo),
            ("https://me@api.example.com", UrlError::UserInfo),
            ("javascript:alert(1)", UrlError::Scheme),
            ("ftp://api.example.com", UrlError::Scheme),
            ("https://", UrlError::Invalid),
            ("/\\", UrlError::Invalid),
        ] {
            assert_eq!(Url::resolve(text, &base), Err(error), "{text}");
        }
    }
}
