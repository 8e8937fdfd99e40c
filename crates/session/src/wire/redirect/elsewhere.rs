use std::fmt;

use super::{RedirectError, RedirectRules, check};
use crate::wire::url::{Origin, Scheme, Url};

/// Other origins that redirects may lead to. By default none.
///
/// Each origin is allowed exactly: no subdomain, no other port, no other scheme.
///
/// ```
/// use supertokens_session::wire::redirect::OtherOrigins;
/// use supertokens_session::wire::url::Url;
///
/// let shop = Url::parse("https://shop.example").unwrap();
/// let others = OtherOrigins::none().allow(shop.origin().clone());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OtherOrigins(Vec<Origin>);

impl OtherOrigins {
    /// No other origin.
    pub fn none() -> Self {
        Self::default()
    }

    /// Allows all pages of `origin`.
    #[must_use]
    pub fn allow(mut self, origin: Origin) -> Self {
        self.0.push(origin);
        self
    }
}

/// The target of a redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A path on the page's origin, for the router.
    Here(String),
    /// A page on another origin, which the browser must load.
    Elsewhere {
        /// The page's URL.
        url: Url,
        /// The fragment with its `#`; empty if there is none.
        fragment: String,
    },
}

/// The URL for a link.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Here(path) => f.write_str(path),
            Self::Elsewhere { url, fragment } => {
                write!(f, "{}{}{fragment}", url.origin(), url.path_and_query())
            }
        }
    }
}

/// Like [`check`], and also accepts pages on the allowed other origins. An https page never redirects to http, even if
/// that origin is allowed.
///
/// ```
/// use supertokens_session::wire::redirect::{Destination, OtherOrigins, RedirectError, RedirectRules, find};
/// use supertokens_session::wire::url::Url;
///
/// let page = Url::parse("https://app.example").unwrap();
/// let rules = RedirectRules::new(page.origin().clone(), "/login");
/// let url = Url::parse("https://shop.example/cart?id=7").unwrap();
/// let others = OtherOrigins::none().allow(url.origin().clone());
///
/// assert_eq!(find("/orders", &rules, &others), Ok(Destination::Here("/orders".to_owned())));
/// let cart = find("https://shop.example/cart?id=7#top", &rules, &others).unwrap();
/// assert_eq!(cart.to_string(), "https://shop.example/cart?id=7#top");
/// assert_eq!(cart, Destination::Elsewhere { url, fragment: "#top".to_owned() });
/// assert_eq!(find("https://a.shop.example/", &rules, &others), Err(RedirectError::OtherOrigin));
/// ```
///
/// # Errors
/// [`RedirectError`] with the reason. The caller then chooses another page.
pub fn find(
    target: &str,
    rules: &RedirectRules,
    others: &OtherOrigins,
) -> Result<Destination, RedirectError> {
    match check(target, rules) {
        Ok(path) => Ok(Destination::Here(path)),
        Err(RedirectError::OtherOrigin) => elsewhere(target, &rules.origin, others),
        Err(error) => Err(error),
    }
}

/// [`check`] has already checked the length and characters.
fn elsewhere(target: &str, page: &Origin, others: &OtherOrigins) -> Result<Destination, RedirectError> {
    let url = Url::parse(target).map_err(|_| RedirectError::OtherOrigin)?;
    let is_no_downgrade = url.origin().scheme == Scheme::Https || page.scheme == Scheme::Http;
    let is_allowed = others.0.contains(url.origin()) && is_no_downgrade;
    if !is_allowed {
        return Err(RedirectError::OtherOrigin);
    }
    let fragment = target.find('#').map_or("", |at| &target[at..]).to_owned();
    Ok(Destination::Elsewhere { url, fragment })
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Url::parse(text).unwrap().origin().clone()
    }

    fn rules(page: &str) -> RedirectRules {
        RedirectRules::new(origin(page), "/login")
    }

    fn others(all: &[&str]) -> OtherOrigins {
        all.iter().fold(OtherOrigins::none(), |others, other| others.allow(origin(other)))
    }

    fn find_from_app(target: &str) -> Result<Destination, RedirectError> {
        let others = others(&["https://shop.example", "https://docs.example:8443", "http://old.example"]);
        find(target, &rules("https://app.example"), &others)
    }

    #[test]
    fn pages_of_an_allowed_origin_are_accepted() {
        for (target, url) in [
            ("https://shop.example", "https://shop.example/"),
            ("https://shop.example/cart?id=7#top", "https://shop.example/cart?id=7#top"),
            ("https://shop.example#/a#b", "https://shop.example/#/a#b"),
            ("HTTPS://SHOP.example:443/a/../b", "https://shop.example/a/../b"),
            ("https://docs.example:8443/", "https://docs.example:8443/"),
            ("https://shop.example//evil.example", "https://shop.example//evil.example"),
            ("https://shop.example?to=https://evil.example", "https://shop.example/?to=https://evil.example"),
            ("https://shop.example/login", "https://shop.example/login"),
        ] {
            let found = find_from_app(target).unwrap();
            assert_eq!(found.to_string(), url, "{target}");
            assert!(matches!(found, Destination::Elsewhere { .. }), "{target}");
        }
    }

    #[test]
    fn origins_are_allowed_exactly() {
        for (name, target) in [
            ("a subdomain", "https://a.shop.example/"),
            ("a parent", "https://example/"),
            ("a suffix", "https://evilshop.example/"),
            ("a prefix", "https://shop.example.evil.example/"),
            ("another port", "https://shop.example:8443/"),
            ("the scheme's own port", "https://docs.example/"),
            ("a trailing dot", "https://shop.example./"),
            ("an unrelated origin", "https://evil.example/"),
            ("an encoded dot", "https://shop%2eexample/"),
            ("an encoded at sign", "https://shop.example%40evil.example/"),
            ("a look-alike dot", "https://shop。example/"),
            ("a look-alike slash", "https://shop.example／.evil.example/"),
            ("a look-alike letter", "https://ѕhop.example/"),
            ("no host", "https:///shop.example"),
            ("a bad port", "https://shop.example:x/"),
            ("a space in the path", "https://shop.example/a b"),
        ] {
            assert_eq!(find_from_app(target), Err(RedirectError::OtherOrigin), "{name}: {target}");
        }
    }

    #[test]
    fn invalid_targets_are_rejected_for_other_origins_too() {
        use RedirectError::*;
        let long = format!("https://shop.example/{}", "a".repeat(2048));
        for (name, target, error) in [
            ("backslash", "https://shop.example\\@evil.example", Character),
            ("backslashes", "https:\\\\shop.example", Character),
            ("tab", "https://shop\t.example/", Character),
            ("newline", "https://shop.example/\n", Whitespace),
            ("leading space", " https://shop.example/", Whitespace),
            ("control character", "https://shop.example/\u{1}x", Character),
            ("host, no scheme", "//shop.example/", SchemeRelative),
            ("scheme without host", "https:shop.example", Scheme),
            ("another scheme", "javascript://shop.example/%0aalert(1)", Scheme),
            ("user-info", "https://shop.example@evil.example", UserInfo),
            ("user-info before an allowed host", "https://me@shop.example/", UserInfo),
            ("over 2048 characters", &long, TooLong),
            ("the page's login page", "https://app.example/login", LoginPage),
            ("nothing", "", Empty),
        ] {
            assert_eq!(find_from_app(target), Err(error), "{name}: {target:?}");
        }
    }

    #[test]
    fn an_https_page_never_redirects_to_http() {
        assert_eq!(find_from_app("http://old.example/"), Err(RedirectError::OtherOrigin));
        let url = Url::parse("http://old.example/").unwrap();
        let old = Ok(Destination::Elsewhere { url, fragment: String::new() });
        let both = others(&["http://old.example", "https://shop.example"]);
        let dev = rules("http://localhost:3000");
        assert_eq!(find("http://old.example/", &dev, &both), old);
        assert!(find("https://shop.example/", &dev, &both).is_ok());
        assert_eq!(find("https://old.example/", &dev, &both), Err(RedirectError::OtherOrigin));
    }

    #[test]
    fn own_pages_are_here_and_other_origins_must_be_allowed() {
        assert_eq!(find_from_app("/a?b#c"), Ok(Destination::Here("/a?b#c".to_owned())));
        assert_eq!(find_from_app("https://app.example/a"), Ok(Destination::Here("/a".to_owned())));
        let (rules, none) = (rules("https://app.example"), OtherOrigins::none());
        assert_eq!(find("https://shop.example/", &rules, &none), Err(RedirectError::OtherOrigin));
        // Allowing the page's own origin does not disable its rules.
        let own = others(&["https://app.example"]);
        assert_eq!(find("https://app.example/login", &rules, &own), Err(RedirectError::LoginPage));
        let rules = rules.allow("/account");
        assert_eq!(find("https://app.example/admin", &rules, &own), Err(RedirectError::NotAllowed));
    }
}
