//! A strict parser of http(s) URLs.
//!
//! Browsers repair invalid URLs (backslashes, tabs, user names, other spellings of a host). Tokens leak if two parsers
//! repair a URL differently. This parser repairs nothing: every browser reads the URLs that it accepts in the same way.
//! In a query or a fragment, a backslash is a normal character.

use std::fmt;

use super::{ip, names::DO_NOT_INTERCEPT};

/// `http` or `https`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Not encrypted.
    Http,
    /// Encrypted.
    Https,
}

impl Scheme {
    fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// Scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// `http` or `https`.
    pub scheme: Scheme,
    /// In lower case; an IPv6 address has its brackets.
    pub host: String,
    /// The port; the scheme's default port if the URL has none.
    pub port: u16,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.host)?;
        if self.port == self.scheme.default_port() { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

/// An absolute http(s) URL without its fragment. It remembers a fragment that opts out of the session
/// (`superTokensDoNotDoInterception`): see [`opts_out`](Self::opts_out).
///
/// ```
/// use supertokens_session::wire::url::{Url, UrlError};
///
/// let url = Url::parse("https://API.example.com:443/orders?page=2").unwrap();
/// assert_eq!(url.origin().host, "api.example.com");
/// assert_eq!(url.to_string(), "https://api.example.com/orders?page=2");
///
/// assert_eq!(Url::parse("https://api.example.com\\@evil.example"), Err(UrlError::Character));
/// assert_eq!(Url::parse("https://user@api.example.com"), Err(UrlError::UserInfo));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    origin: Origin,
    path_and_query: String,
    has_opt_out_fragment: bool,
}

impl Url {
    /// Parses an absolute URL.
    ///
    /// # Errors
    /// [`UrlError`] with the part that is missing, or that browsers could read differently.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        refuse_invalid_characters(text)?;
        let (scheme, rest) = split_scheme(text)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(end);
        let origin = parse_authority(scheme, authority)?;
        Ok(Self::new(origin, tail))
    }

    /// Parses an absolute URL, or a path of `base`.
    ///
    /// # Errors
    /// [`UrlError`]; [`UrlError::SchemeRelative`] for `//host/…`, which names a host but no scheme.
    pub fn resolve(text: &str, base: &Origin) -> Result<Self, UrlError> {
        refuse_invalid_characters(text)?;
        if text.starts_with("//") {
            return Err(UrlError::SchemeRelative);
        }
        if text.starts_with(['/', '?', '#']) || text.is_empty() {
            return Ok(Self::new(base.clone(), text));
        }
        // A colon before the first slash would end a scheme.
        let first = text.split(['/', '?', '#']).next().unwrap_or(text);
        if first.contains(':') {
            return Self::parse(text);
        }
        Ok(Self::new(base.clone(), &format!("/{text}")))
    }

    fn new(origin: Origin, tail: &str) -> Self {
        let (tail, fragment) = tail.split_once('#').unwrap_or((tail, ""));
        let path_and_query = if tail.starts_with('/') { tail.to_owned() } else { format!("/{tail}") };
        Self { origin, path_and_query, has_opt_out_fragment: fragment.contains(DO_NOT_INTERCEPT) }
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The URL for logs: a query may contain personal data.
    pub(crate) fn without_query(&self) -> String {
        let path = self.path_and_query.split('?').next().unwrap_or_default();
        format!("{}{path}", self.origin)
    }

    /// Path and query, beginning with a slash.
    pub fn path_and_query(&self) -> &str {
        &self.path_and_query
    }

    /// Whether path, query or fragment contains `superTokensDoNotDoInterception`.
    ///
    /// ```
    /// use supertokens_session::wire::url::Url;
    ///
    /// let url = Url::parse("https://api.example.com/login#superTokensDoNotDoInterception").unwrap();
    /// assert!(url.opts_out());
    /// ```
    pub fn opts_out(&self) -> bool {
        self.has_opt_out_fragment || self.path_and_query.contains(DO_NOT_INTERCEPT)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path_and_query)?;
        // Another SDK on the page reads the URL too.
        if self.has_opt_out_fragment { write!(f, "#{DO_NOT_INTERCEPT}") } else { Ok(()) }
    }
}

/// Why a URL is invalid. The caller's fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// A space, a control character, or a backslash before the query. Browsers drop or replace them.
    #[error("the URL has a space, a control character or, before its query, a backslash: percent-encode it")]
    Character,
    /// No scheme, or a scheme other than http and https.
    #[error("the URL must begin with http:// or https://")]
    Scheme,
    /// `//host/path`.
    #[error("the URL has a host but no scheme: add http:// or https://")]
    SchemeRelative,
    /// A user name or password before the host.
    #[error("the URL contains a user name or password: remove it")]
    UserInfo,
    /// An empty host, or one that is not plain ASCII.
    #[error("the URL's host is invalid: use ASCII letters, digits, dots and hyphens")]
    Host,
    /// Not a port number.
    #[error("the URL's port is invalid: use a number from 1 to 65535")]
    Port,
}

fn refuse_invalid_characters(text: &str) -> Result<(), UrlError> {
    let has_slash_like = text.split(['?', '#']).next().is_some_and(|before| before.contains('\\'));
    let is_invalid = |c: char| c.is_control() || c == ' ';
    if has_slash_like || text.contains(is_invalid) { Err(UrlError::Character) } else { Ok(()) }
}

fn split_scheme(text: &str) -> Result<(Scheme, &str), UrlError> {
    let (scheme, rest) = text.split_once("://").ok_or(UrlError::Scheme)?;
    if scheme.eq_ignore_ascii_case("https") {
        Ok((Scheme::Https, rest))
    } else if scheme.eq_ignore_ascii_case("http") {
        Ok((Scheme::Http, rest))
    } else {
        Err(UrlError::Scheme)
    }
}

fn parse_authority(scheme: Scheme, authority: &str) -> Result<Origin, UrlError> {
    if authority.contains('@') {
        return Err(UrlError::UserInfo);
    }
    // An IPv6 address contains colons between its brackets.
    let after_host = match authority.rfind(']') {
        Some(at) => at + 1,
        None if authority.starts_with('[') => return Err(UrlError::Host),
        None => 0,
    };
    let (host, port) = match authority[after_host..].find(':') {
        Some(at) => (&authority[..after_host + at], Some(&authority[after_host + at + 1..])),
        None => (authority, None),
    };
    let port = match port {
        None => scheme.default_port(),
        Some(digits) => parse_port(digits)?,
    };
    Ok(Origin { scheme, host: parse_host(host)?, port })
}

fn parse_port(digits: &str) -> Result<u16, UrlError> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(UrlError::Port);
    }
    digits.parse().ok().filter(|port| *port > 0).ok_or(UrlError::Port)
}

pub(crate) fn parse_host(host: &str) -> Result<String, UrlError> {
    let plain = match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').and_then(ip::v6).is_some(),
        None => {
            !host.is_empty()
                && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
                && !is_unusual_ipv4(host)
        }
    };
    if plain { Ok(host.to_ascii_lowercase()) } else { Err(UrlError::Host) }
}

/// Browsers parse a host whose last part is a number as an IPv4 address, in many spellings (`127.1`, `0x7f.1`). This
/// parser only accepts the usual spelling.
fn is_unusual_ipv4(host: &str) -> bool {
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or(host);
    let number = last.bytes().all(|b| b.is_ascii_digit())
        || last
            .strip_prefix("0x")
            .or(last.strip_prefix("0X"))
            .is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
    number && ip::v4(host).is_none()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Url::parse(text).unwrap().origin
    }

    #[test]
    fn parses_plain_urls() {
        for (text, shown) in [
            ("http://localhost:3001", "http://localhost:3001/"),
            ("HTTPS://Example.COM:443/A?b#c", "https://example.com/A?b"),
            ("http://127.0.0.1:80/x", "http://127.0.0.1/x"),
            ("http://[::1]:3001/x", "http://[::1]:3001/x"),
            ("https://a.example?q=1", "https://a.example/?q=1"),
            ("https://a.example/p@q:r", "https://a.example/p@q:r"),
            ("https://a.example/?q=C:\\Users", "https://a.example/?q=C:\\Users"),
            ("https://a.example?\\@evil.example", "https://a.example/?\\@evil.example"),
            ("https://a.example#\\@evil.example", "https://a.example/"),
            ("https://a.example/\u{3000}?\u{2028}", "https://a.example/\u{3000}?\u{2028}"),
        ] {
            assert_eq!(Url::parse(text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn rejects_urls_that_browsers_would_repair() {
        use UrlError::*;
        for (text, error) in [
            ("https:/a.example", Scheme),
            ("https:a.example", Scheme),
            ("ftp://a.example", Scheme),
            ("javascript://a.example/%0aalert(1)", Scheme),
            ("https://a.example\\@evil.example", Character),
            ("https://a.example/\\evil.example", Character),
            ("https://evil.example\\?@a.example", Character),
            ("https:\\\\a.example", Character),
            ("https://a.example?\tq", Character),
            ("https://a.example\t.evil.example", Character),
            (" https://a.example", Character),
            ("https://a.example@evil.example", UserInfo),
            ("https://a.example:pw@evil.example", UserInfo),
            ("https://", Host),
            ("https:///a.example", Host),
            ("https://a%2eexample", Host),
            ("https://аpi.example.com", Host),
            ("https://a。example", Host),
            ("http://127.1", Host),
            ("http://0x7f000001", Host),
            ("http://2130706433", Host),
            ("http://0177.0.0.1", Host),
            ("https://a.example:", Port),
            ("https://a.example:0", Port),
            ("https://a.example:99999", Port),
            ("https://a.example:+80", Port),
            ("http://[::1", Host),
            ("http://[evil.example]", Host),
        ] {
            assert_eq!(Url::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn paths_are_resolved_against_the_base_only() {
        let base = origin("https://api.example.com");
        for (text, shown) in [
            ("/orders?x=1", "https://api.example.com/orders?x=1"),
            ("orders", "https://api.example.com/orders"),
            ("orders/a:b", "https://api.example.com/orders/a:b"),
            ("?q", "https://api.example.com/?q"),
            ("?q=\\a", "https://api.example.com/?q=\\a"),
            ("#\\a", "https://api.example.com/"),
            ("orders?q=\\a#\\", "https://api.example.com/orders?q=\\a"),
            ("", "https://api.example.com/"),
            ("https://other.example/x", "https://other.example/x"),
        ] {
            assert_eq!(Url::resolve(text, &base).unwrap().to_string(), shown);
        }
        assert_eq!(Url::resolve("//evil.example/x", &base), Err(UrlError::SchemeRelative));
        assert_eq!(Url::resolve("/\\evil.example/x", &base), Err(UrlError::Character));
        assert_eq!(Url::resolve("javascript:alert(1)", &base), Err(UrlError::Scheme));
    }
}
