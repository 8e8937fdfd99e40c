//! Checks return addresses: a redirect after the login may only lead to a page of the app's own origin.
//!
//! A return address comes from a query parameter, so any link can contain one. The parser of the page's URLs resolves
//! it against the page's origin. [`check`] accepts the normalized path only if every router keeps it on that origin,
//! decoded or not. It does not check query and fragment: no browser reads a host in them.

mod elsewhere;
mod readings;

use std::iter;

pub use elsewhere::{Destination, OtherOrigins, find};
use readings::is_slash;

use super::{
    percent,
    url::{Origin, Url, UrlError},
};

/// The query parameter with the return address.
///
/// ```
/// assert_eq!(supertokens_session::internal::redirect::RETURN_ADDRESS, "redirectToPath");
/// ```
pub const RETURN_ADDRESS: &str = "redirectToPath";

/// The query parameter with which a backend sends users to the login page of its OAuth2 provider.
const LOGIN_CHALLENGE: &str = "loginChallenge";

const MAX_CHARACTERS: usize = 2048;

/// The rules that [`check`] applies to a return address.
///
/// ```
/// use supertokens_session::internal::redirect::{RedirectError, RedirectRules, check};
/// use supertokens_session::Url;
///
/// let page = Url::parse("https://app.example").unwrap();
/// let rules = RedirectRules::new(page.origin().clone(), "/login").allow("/account").allow("/orders");
/// assert_eq!(check("/orders/7", &rules).as_deref(), Ok("/orders/7"));
/// assert_eq!(check("/orders-of-others", &rules), Err(RedirectError::NotAllowed));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectRules {
    origin: Origin,
    login: Option<Vec<String>>,
    except: Vec<Vec<String>>,
    allowed: Vec<Vec<String>>,
}

impl RedirectRules {
    /// Allows every page of `origin`, the page's origin, except the login page and the pages below it. A login path of
    /// `/` only excludes `/`.
    pub fn new(origin: Origin, login_path: &str) -> Self {
        let url = Url::resolve(login_path, &origin);
        let login = known_segments(url.as_ref().map_or(login_path, Url::path));
        Self { login: Some(login), ..Self::pages_of(origin) }
    }

    /// Allows every page of `origin`, the page's origin.
    pub fn pages_of(origin: Origin) -> Self {
        Self { origin, login: None, except: Vec::new(), allowed: Vec::new() }
    }

    /// Excludes one page, for example the current one. Pages below it stay allowed.
    ///
    /// ```
    /// use supertokens_session::internal::redirect::{RedirectError, RedirectRules, check};
    /// use supertokens_session::Url;
    ///
    /// let page = Url::parse("https://app.example").unwrap();
    /// let rules = RedirectRules::pages_of(page.origin().clone()).except("/verify");
    /// assert_eq!(check("/verify/?again", &rules), Err(RedirectError::SamePage));
    /// assert_eq!(check("/verify/code", &rules).as_deref(), Ok("/verify/code"));
    /// ```
    #[must_use]
    pub fn except(mut self, page: &str) -> Self {
        self.except.push(known_segments(page));
        self
    }

    /// Limits redirects to `prefix` and the paths below it. Several calls allow several prefixes.
    #[must_use]
    pub fn allow(mut self, prefix: &str) -> Self {
        self.allowed.push(segments(prefix));
        self
    }
}

/// Why a return address is invalid.
///
/// ```
/// use supertokens_session::internal::redirect::RedirectError;
///
/// assert_eq!(RedirectError::LoginPage.to_string(), "the return address is the login page: it would loop");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectError {
    /// The return address is empty.
    #[error("the return address is empty: use / for the start page")]
    Empty,
    /// Over 2048 characters, normalized.
    #[error("the return address has more than 2048 characters: shorten it")]
    TooLong,
    /// Neither a path nor a valid URL.
    #[error("{0}")]
    Url(#[from] UrlError),
    /// Another scheme, host or port than the page's origin.
    #[error("the return address is on another origin: use the page's origin")]
    OtherOrigin,
    /// A decoded path has a second leading slash, a dot segment or a control character. This includes characters that
    /// look like a slash or a dot, and decoders that accept overlong UTF-8 or drop invalid UTF-8.
    #[error("decoded, the path has a second leading slash, dots or a control character: remove it")]
    Disguised,
    /// The login page or a page below it.
    #[error("the return address is the login page: it would loop")]
    LoginPage,
    /// A page that the rules exclude, for example the current one.
    #[error("the return address is the current page: it would loop")]
    SamePage,
    /// Not below one of the allowed prefixes.
    #[error("the return address is not below an allowed path: allow its prefix in the redirect rules")]
    NotAllowed,
}

/// Checks a return address (a path, or an absolute URL of the page's origin), and returns its normalized path with query
/// and fragment. Leading slashes are merged.
///
/// ```
/// use supertokens_session::internal::redirect::{RedirectError, RedirectRules, check};
/// use supertokens_session::{Url, UrlError};
///
/// let page = Url::parse("https://app.example").unwrap();
/// let rules = RedirectRules::new(page.origin().clone(), "/login");
/// assert_eq!(check("/orders?page=2#top", &rules).as_deref(), Ok("/orders?page=2#top"));
/// assert_eq!(check("https://app.example/a/../orders", &rules).as_deref(), Ok("/orders"));
/// assert_eq!(check("//evil.example", &rules), Err(RedirectError::Url(UrlError::SchemeRelative)));
/// assert_eq!(check("/%5Cevil.example", &rules), Err(RedirectError::Disguised));
/// assert_eq!(check("/Login/?again", &rules), Err(RedirectError::LoginPage));
/// ```
///
/// # Errors
/// [`RedirectError`] with the reason. The caller then chooses another page.
pub fn check(target: &str, rules: &RedirectRules) -> Result<String, RedirectError> {
    match find(target, rules, &OtherOrigins::none())? {
        Destination::Here(path) => Ok(path),
        Destination::Elsewhere(_) => Err(RedirectError::OtherOrigin),
    }
}

/// Checks the path of a URL of the page's origin.
fn check_path(url: &Url, rules: &RedirectRules) -> Result<String, RedirectError> {
    let (path, rest) = split_path(url.tail());
    // A router would read a host after two slashes.
    let path = format!("/{}", path.trim_start_matches('/'));
    // Routers decode a path, some of them twice, and then navigate again: every decoded form must stay on the origin.
    if !decodings(&path).all(|decoded| readings::stays_on_origin(&decoded)) {
        return Err(RedirectError::Disguised);
    }
    let read = known_segments(&path);
    let is_login = rules
        .login
        .as_ref()
        .is_some_and(|login| if login.is_empty() { read.is_empty() } else { read.starts_with(login) });
    if is_login {
        return Err(RedirectError::LoginPage);
    }
    if rules.except.contains(&read) {
        return Err(RedirectError::SamePage);
    }
    let written = segments(&path);
    if !rules.allowed.is_empty() && !rules.allowed.iter().any(|prefix| written.starts_with(prefix)) {
        return Err(RedirectError::NotAllowed);
    }
    Ok(path + rest)
}

/// The login page's URL with a return address.
///
/// ```
/// use supertokens_session::internal::redirect::login_url;
///
/// assert_eq!(login_url("/login", "/admin?x=1#top"), "/login?redirectToPath=%2Fadmin%3Fx%3D1%23top");
/// assert_eq!(login_url("/login?tenant=a", "/"), "/login?tenant=a&redirectToPath=%2F");
/// ```
pub fn login_url(login_path: &str, return_to: &str) -> String {
    let (page, fragment) = login_path.split_at(login_path.find('#').unwrap_or(login_path.len()));
    let separator = if page.contains('?') { '&' } else { '?' };
    format!("{page}{separator}{RETURN_ADDRESS}={}{fragment}", percent::encode(return_to))
}

/// The URL of a login or step-up page, with the tenant and the login challenge of the current page's query: a sign-in
/// there is for the same tenant, and continues the same OAuth2 login.
///
/// ```
/// use supertokens_session::internal::redirect::with_login_parameters;
///
/// let here = "?page=2&tenantId=acme&loginChallenge=c";
/// assert_eq!(with_login_parameters("/login", here), "/login?tenantId=acme&loginChallenge=c");
/// assert_eq!(with_login_parameters("/login?tenantId=b#form", "tenantId=acme"), "/login?tenantId=b#form");
/// ```
pub fn with_login_parameters(page: &str, query: &str) -> String {
    let (page, fragment) = page.split_at(page.find('#').unwrap_or(page.len()));
    let mut url = page.to_owned();
    for name in ["tenantId", LOGIN_CHALLENGE] {
        let known = raw_parameter(page.split_once('?').unwrap_or_default().1, name);
        if let (None, Some(value)) = (known, raw_parameter(query, name)) {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&[name, "=", value].concat());
        }
    }
    url + fragment
}

/// The challenge of an OAuth2 login in a query.
pub fn login_challenge(query: &str) -> Option<String> {
    decoded(raw_parameter(query, LOGIN_CHALLENGE)?)
}

/// The return address in a query, with or without its leading `?`; none if it is absent or not UTF-8. Any link can
/// contain one: [`check`] it before use.
///
/// ```
/// use supertokens_session::internal::redirect::return_address;
///
/// assert_eq!(return_address("?a=b&redirectToPath=%2Fadmin").as_deref(), Some("/admin"));
/// assert_eq!(return_address("a=b"), None);
/// ```
pub fn return_address(query: &str) -> Option<String> {
    decoded(raw_parameter(query, RETURN_ADDRESS)?)
}

/// A parameter's value as it is in the query.
fn raw_parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs =
        query.strip_prefix('?').unwrap_or(query).split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// None if the value is not UTF-8.
fn decoded(value: &str) -> Option<String> {
    String::from_utf8(percent_decode(&value.replace('+', " "))).ok()
}

/// Splits off the query and the fragment.
fn split_path(text: &str) -> (&str, &str) {
    text.split_at(text.find(['?', '#']).unwrap_or(text.len()))
}

/// The decoded segments of a path, without empty ones. A segment that is not UTF-8 stays encoded, so that two different
/// segments stay different.
fn segments(path: &str) -> Vec<String> {
    let decode = |part: &str| {
        let decoded = decodings(part).last()?;
        let is_text = !decoded.contains(char::REPLACEMENT_CHARACTER);
        Some(if is_text { decoded } else { part.to_owned() })
    };
    path.split(is_slash).filter(|part| !part.is_empty()).filter_map(decode).collect()
}

/// The segments that identify a page, independent of encoding and case.
fn known_segments(path: &str) -> Vec<String> {
    let decoded = decodings(split_path(path).0).last().unwrap_or_default();
    segments(&split_path(&decoded).0.to_ascii_lowercase())
}

/// A text: unchanged, decoded once, decoded twice and so on, until it no longer changes.
fn decodings(text: &str) -> impl Iterator<Item = String> {
    iter::successors(Some(text.to_owned()), |text| {
        let decoded = String::from_utf8_lossy(&percent_decode(text)).into_owned();
        (decoded != *text).then_some(decoded)
    })
}

fn percent_decode(text: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if let (b'%', [high, low, after @ ..]) = (first, tail)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            decoded.push(high << 4 | low);
            rest = after;
        } else {
            decoded.push(*first);
            rest = tail;
        }
    }
    decoded
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
