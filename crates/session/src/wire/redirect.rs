//! Where a redirect after the login may lead: to a page of ours and nowhere else.
//!
//! A return address travels in a query parameter, so anybody can write one into a link. [`check`] lets a path
//! through only if it stays on our origin for every browser and for every router, decoded or not. Query and fragment
//! come back as they are: no browser reads a host in them.

mod elsewhere;
mod readings;

use std::iter;

pub use elsewhere::{Destination, OtherOrigins, find};
use readings::{is_dot, is_slash};

use super::{
    percent,
    url::{Origin, Url, UrlError},
};

/// The query parameter that holds the return address.
///
/// ```
/// assert_eq!(supertokens_session::wire::redirect::RETURN_ADDRESS, "redirectToPath");
/// ```
pub const RETURN_ADDRESS: &str = "redirectToPath";

const MAX_CHARACTERS: usize = 2048;

/// What [`check`] holds a return address against.
///
/// ```
/// use supertokens_session::wire::redirect::{RedirectError, RedirectRules, check};
/// use supertokens_session::wire::url::Url;
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
    /// Every page of `origin`, the page's own, except the login page and what is below it. A login path of `/`
    /// keeps only `/` out.
    pub fn new(origin: Origin, login_path: &str) -> Self {
        let login =
            without_origin(login_path, &origin).map_or_else(|_| known_segments(login_path), known_segments);
        Self { login: Some(login), ..Self::pages_of(origin) }
    }

    /// Every page of `origin`, the page's own.
    pub fn pages_of(origin: Origin) -> Self {
        Self { origin, login: None, except: Vec::new(), allowed: Vec::new() }
    }

    /// Keeps that one page out, such as the one that the user is on. What is below it stays in.
    ///
    /// ```
    /// use supertokens_session::wire::redirect::{RedirectError, RedirectRules, check};
    /// use supertokens_session::wire::url::Url;
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

    /// Keeps redirects to `prefix`, the paths below it, and those of other calls.
    #[must_use]
    pub fn allow(mut self, prefix: &str) -> Self {
        self.allowed.push(segments(prefix));
        self
    }
}

/// Why a return address was refused.
///
/// ```
/// use supertokens_session::wire::redirect::RedirectError;
///
/// assert_eq!(RedirectError::LoginPage.to_string(), "the return address is the login page: it would loop");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectError {
    /// Nothing there.
    #[error("the return address is empty: use / for the start page")]
    Empty,
    /// Over 2048 characters.
    #[error("the return address has more than 2048 characters: shorten it")]
    TooLong,
    /// White space before or after it, which browsers drop.
    #[error("the return address has white space around it: trim it")]
    Whitespace,
    /// A control character, or a backslash before the query, which browsers drop or replace.
    #[error("the return address has a control character, or a backslash in its path: percent-encode it")]
    Character,
    /// Neither a path nor `http://` or `https://`.
    #[error("the return address must begin with / or with the page's own origin")]
    Scheme,
    /// `//host/path`.
    #[error("the return address has a host but no scheme: begin the path with one slash only")]
    SchemeRelative,
    /// A user name or password before the host.
    #[error("the return address has a user name or password in it: take it out")]
    UserInfo,
    /// Another scheme, host or port than the page's.
    #[error("the return address is on another origin: redirects stay on the page's own")]
    OtherOrigin,
    /// A character in the path that looks like a slash, backslash or dot.
    #[error("the path has a character that looks like a slash or a dot: write the ASCII one")]
    LookAlike,
    /// Percent-encoding in the path that hides a leading slash, a dot segment or a control character: also from
    /// decoders that accept overlong UTF-8, or drop bytes that are no UTF-8.
    #[error("percent-encoding in the path hides a slash, dots or a control character: take it out")]
    Disguised,
    /// The login page or a page below it.
    #[error("the return address is the login page: it would loop")]
    LoginPage,
    /// A page that was to be left out, such as the one that the user is on.
    #[error("the return address is the page itself: it would loop")]
    SamePage,
    /// Not below one of the allowed prefixes.
    #[error("the return address is not below an allowed path: allow its prefix in the redirect rules")]
    NotAllowed,
}

/// Checks a return address, a path or an absolute URL of our own origin, and gives back the path with query and
/// fragment. Dot segments are resolved and leading slashes made one; all else stays as it is.
///
/// ```
/// use supertokens_session::wire::redirect::{RedirectError, RedirectRules, check};
/// use supertokens_session::wire::url::Url;
///
/// let page = Url::parse("https://app.example").unwrap();
/// let rules = RedirectRules::new(page.origin().clone(), "/login");
/// assert_eq!(check("/orders?page=2#top", &rules).as_deref(), Ok("/orders?page=2#top"));
/// assert_eq!(check("https://app.example/a/../orders", &rules).as_deref(), Ok("/orders"));
/// assert_eq!(check("//evil.example", &rules), Err(RedirectError::SchemeRelative));
/// assert_eq!(check("/%5Cevil.example", &rules), Err(RedirectError::Disguised));
/// assert_eq!(check("/Login/?again", &rules), Err(RedirectError::LoginPage));
/// ```
///
/// # Errors
/// [`RedirectError`] says what is wrong; the caller then goes to a page of its own choice.
pub fn check(target: &str, rules: &RedirectRules) -> Result<String, RedirectError> {
    if target.is_empty() {
        return Err(RedirectError::Empty);
    }
    if target.chars().count() > MAX_CHARACTERS {
        return Err(RedirectError::TooLong);
    }
    if target.trim() != target {
        return Err(RedirectError::Whitespace);
    }
    // Browsers make a slash of a backslash, but leave it alone in a query and a fragment.
    if target.contains(char::is_control) || split_path(target).0.contains('\\') {
        return Err(RedirectError::Character);
    }
    let (path, rest) = split_path(without_origin(target, &rules.origin)?);
    if path.contains(|c: char| !c.is_ascii() && (is_slash(c) || is_dot(c))) {
        return Err(RedirectError::LookAlike);
    }
    let path = resolve_dots(path);
    // Routers decode, some of them twice, and then navigate again: every reading has to stay here.
    if !decodings(&path).all(|reading| readings::stay_here(&reading)) {
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

/// The login page's URL with a return address in it.
///
/// ```
/// use supertokens_session::wire::redirect::login_url;
///
/// assert_eq!(login_url("/login", "/admin?x=1#top"), "/login?redirectToPath=%2Fadmin%3Fx%3D1%23top");
/// assert_eq!(login_url("/login?tenant=a", "/"), "/login?tenant=a&redirectToPath=%2F");
/// ```
pub fn login_url(login_path: &str, return_to: &str) -> String {
    let (page, fragment) = login_path.split_at(login_path.find('#').unwrap_or(login_path.len()));
    let joint = if page.contains('?') { '&' } else { '?' };
    format!("{page}{joint}{RETURN_ADDRESS}={}{fragment}", percent::encode(return_to))
}

/// The return address in a query, with or without its leading `?`; none when it is not there or no UTF-8. Whoever
/// made the link wrote it: [`check`] it before use.
///
/// ```
/// use supertokens_session::wire::redirect::return_address;
///
/// assert_eq!(return_address("?a=b&redirectToPath=%2Fadmin").as_deref(), Some("/admin"));
/// assert_eq!(return_address("a=b"), None);
/// ```
pub fn return_address(query: &str) -> Option<String> {
    let mut pairs =
        query.strip_prefix('?').unwrap_or(query).split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == RETURN_ADDRESS)?;
    String::from_utf8(percent_decode(&value.replace('+', " "))).ok()
}

/// Takes our origin off.
fn without_origin<'a>(target: &'a str, origin: &Origin) -> Result<&'a str, RedirectError> {
    if target.starts_with("//") {
        return Err(RedirectError::SchemeRelative);
    }
    if target.starts_with('/') {
        return Ok(target);
    }
    let (_, after) = target.split_once("://").ok_or(RedirectError::Scheme)?;
    let (_, tail) = after.split_at(after.find(['/', '?', '#']).unwrap_or(after.len()));
    match Url::parse(target.strip_suffix(tail).unwrap_or(target)) {
        Ok(url) if url.origin() == origin => Ok(tail),
        Err(UrlError::Scheme) => Err(RedirectError::Scheme),
        Err(UrlError::UserInfo) => Err(RedirectError::UserInfo),
        _ => Err(RedirectError::OtherOrigin),
    }
}

/// The path, and the query with the fragment.
fn split_path(text: &str) -> (&str, &str) {
    text.split_at(text.find(['?', '#']).unwrap_or(text.len()))
}

/// Resolves dot segments as browsers do, `%2e` being a dot, and makes leading slashes one.
fn resolve_dots(path: &str) -> String {
    let mut stored = Vec::new();
    let mut ends_in_dots = false;
    for segment in path.split('/').skip(1) {
        let dots = segment.to_ascii_lowercase().replace("%2e", ".");
        ends_in_dots = matches!(dots.as_str(), "." | "..");
        if !ends_in_dots {
            stored.push(segment);
        } else if dots == ".." {
            stored.pop();
        }
    }
    if ends_in_dots {
        stored.push("");
    }
    format!("/{}", stored.join("/").trim_start_matches('/'))
}

/// The segments of a path, each fully decoded; empty ones do not count. One that is no UTF-8 stays as it is written, so
/// that no two are taken for one.
fn segments(path: &str) -> Vec<String> {
    let decode = |part: &str| {
        let decoded = decodings(part).last()?;
        let is_text = !decoded.contains(char::REPLACEMENT_CHARACTER);
        Some(if is_text { decoded } else { part.to_owned() })
    };
    path.split(is_slash).filter(|part| !part.is_empty()).filter_map(decode).collect()
}

/// The segments by which a page is known: however it is encoded, in whatever case.
fn known_segments(path: &str) -> Vec<String> {
    let decoded = decodings(split_path(path).0).last().unwrap_or_default();
    segments(&split_path(&decoded).0.to_ascii_lowercase())
}

/// A text as it stands, decoded once, decoded twice, until nothing changes.
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
