use std::fmt;

use super::{MAX_CHARACTERS, RedirectError, RedirectRules, check_path};
use crate::wire::url::{Origin, Url};

/// Other origins that redirects may lead to. By default none.
///
/// Each origin is allowed exactly: no subdomain, no other port, no other scheme.
///
/// ```
/// use supertokens_session::internal::redirect::OtherOrigins;
/// use supertokens_session::Url;
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
    Elsewhere(Url),
}

/// The URL for a link.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Here(path) => f.write_str(path),
            Self::Elsewhere(url) => f.write_str(url.as_str()),
        }
    }
}

/// Like [`check`](super::check), and also accepts pages on the allowed other origins. An https page never redirects to
/// http, even if that origin is allowed.
///
/// ```
/// use supertokens_session::internal::redirect::{Destination, OtherOrigins, RedirectError, RedirectRules, find};
/// use supertokens_session::Url;
///
/// let page = Url::parse("https://app.example").unwrap();
/// let rules = RedirectRules::new(page.origin().clone(), "/login");
/// let url = Url::parse("https://shop.example/cart?id=7#top").unwrap();
/// let others = OtherOrigins::none().allow(url.origin().clone());
///
/// assert_eq!(find("/orders", &rules, &others), Ok(Destination::Here("/orders".to_owned())));
/// let cart = find("https://shop.example/cart?id=7#top", &rules, &others).unwrap();
/// assert_eq!(cart, Destination::Elsewhere(url));
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
    if target.is_empty() {
        return Err(RedirectError::Empty);
    }
    let url = Url::resolve(target, &rules.origin)?;
    if url.as_str().len() > MAX_CHARACTERS {
        return Err(RedirectError::TooLong);
    }
    if *url.origin() == rules.origin {
        return check_path(&url, rules).map(Destination::Here);
    }
    let is_downgrade = rules.origin.is_https() && !url.origin().is_https();
    if is_downgrade || !others.0.contains(url.origin()) {
        return Err(RedirectError::OtherOrigin);
    }
    Ok(Destination::Elsewhere(url))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::wire::url::UrlError;

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
            ("HTTPS://SHOP.example:443/a/../b", "https://shop.example/b"),
            ("https://docs.example:8443/", "https://docs.example:8443/"),
            ("https://shop.example//evil.example", "https://shop.example//evil.example"),
            ("https://shop.example?to=https://evil.example", "https://shop.example/?to=https://evil.example"),
            ("https://shop.example/login", "https://shop.example/login"),
            ("https:///shop.example", "https://shop.example/"),
            ("https:\\\\shop.example\\a b\n", "https://shop.example/a%20b"),
            ("https://shop%2eexample/", "https://shop.example/"),
            ("https://shop。example/", "https://shop.example/"),
            (" https://shop\t.example/\u{1}x", "https://shop.example/%01x"),
        ] {
            let found = find_from_app(target).unwrap();
            assert_eq!(found.to_string(), url, "{target}");
            assert!(matches!(found, Destination::Elsewhere(_)), "{target}");
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
            ("a look-alike letter", "https://ѕhop.example/"),
            ("a backslash before user-info", "https://evil.example\\@shop.example/"),
        ] {
            assert_eq!(find_from_app(target), Err(RedirectError::OtherOrigin), "{name}: {target}");
        }
    }

    #[test]
    fn invalid_targets_are_rejected_for_other_origins_too() {
        use RedirectError::{Empty, LoginPage, TooLong, Url};
        let long = format!("https://shop.example/{}", "a".repeat(2048));
        for (name, target, error) in [
            ("host, no scheme", "//shop.example/", Url(UrlError::SchemeRelative)),
            ("backslashes", "\\\\shop.example/", Url(UrlError::SchemeRelative)),
            ("another scheme", "javascript://shop.example/%0aalert(1)", Url(UrlError::Scheme)),
            ("an encoded at sign", "https://shop.example%40evil.example/", Url(UrlError::Invalid)),
            ("a look-alike slash", "https://shop.example／.evil.example/", Url(UrlError::Invalid)),
            ("a bad port", "https://shop.example:x/", Url(UrlError::Invalid)),
            ("user-info", "https://shop.example@evil.example", Url(UrlError::UserInfo)),
            ("user-info before an allowed host", "https://me@shop.example/", Url(UrlError::UserInfo)),
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
        let old = Ok(Destination::Elsewhere(Url::parse("http://old.example/").unwrap()));
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
