//! Finds the login page: on the page's origin or on another origin.

use super::{
    redirect::{Destination, login_url},
    url::{Origin, Url, UrlError},
};

/// The login page at `path` of `website`, with the return address in its query. Without `website` or `page`, it is on
/// the page's origin. `return_to` is a path of the page. For a login page on another origin it becomes a full URL,
/// because a path would lead to the wrong site. Code that reads it from the query must [check](super::redirect::find)
/// it.
///
/// ```
/// use supertokens_session::{Url, internal::login::login_page};
///
/// let page = Url::parse("https://app.example.com").unwrap();
/// let website = Url::parse("https://example.com").unwrap();
/// let (page, website) = (page.origin(), website.origin());
///
/// let here = login_page("/login", None, Some(page), "/orders").unwrap();
/// assert_eq!(here.to_string(), "/login?redirectToPath=%2Forders");
/// assert_eq!(login_page("/login", None, Some(page), None).unwrap().to_string(), "/login");
///
/// let there = login_page("/login", Some(website), Some(page), "/orders").unwrap();
/// let back = "https%3A%2F%2Fapp.example.com%2Forders";
/// assert_eq!(there.to_string(), format!("https://example.com/login?redirectToPath={back}"));
/// ```
///
/// # Errors
/// [`UrlError`] if `path` is no path of `website`, for example because it begins with a slash and a backslash.
pub fn login_page<'a>(
    path: &str,
    website: Option<&Origin>,
    page: Option<&Origin>,
    return_to: impl Into<Option<&'a str>>,
) -> Result<Destination, UrlError> {
    let return_to = return_to.into();
    match (website, page) {
        (Some(website), Some(page)) if website != page => {
            let url = return_to.map_or_else(
                || path.to_owned(),
                |path_here| login_url(path, &format!("{page}/{}", path_here.trim_start_matches('/'))),
            );
            Url::resolve(&format!("/{}", url.trim_start_matches('/')), website).map(Destination::Elsewhere)
        }
        _ => Ok(Destination::Here(return_to.map_or_else(|| path.to_owned(), |to| login_url(path, to)))),
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Url::parse(text).unwrap().origin().clone()
    }

    fn find(path: &str, website: &str, return_to: &str) -> Result<Destination, UrlError> {
        login_page(path, Some(&origin(website)), Some(&origin("https://app.example.com")), return_to)
    }

    #[test]
    fn the_pages_origin_in_any_spelling_is_here() {
        for website in ["https://app.example.com", "HTTPS://APP.example.com:443/"] {
            let here = Destination::Here("/login?redirectToPath=%2F".to_owned());
            assert_eq!(find("/login", website, "/"), Ok(here));
        }
    }

    #[test]
    fn without_a_return_address_the_login_url_has_no_parameter() {
        let (website, page) = (origin("https://example.com"), origin("https://app.example.com"));
        let login_url = |path, website| login_page(path, website, Some(&page), None).unwrap().to_string();
        assert_eq!(login_url("/login?tenant=a#form", None), "/login?tenant=a#form");
        assert_eq!(login_url("/login?tenant=a", Some(&website)), "https://example.com/login?tenant=a");
        assert_eq!(login_url("//evil.example", Some(&website)), "https://example.com/evil.example");
    }

    #[test]
    fn a_page_without_an_origin_stays_here() {
        let website = origin("https://example.com");
        let found = login_page("/login", Some(&website), None, "/").unwrap();
        assert!(matches!(found, Destination::Here(_)));
    }

    #[test]
    fn another_scheme_host_or_port_is_elsewhere() {
        for website in ["http://app.example.com", "https://example.com", "https://app.example.com:8443"] {
            let Destination::Elsewhere(url) = find("/login?a=b#c", website, "/x?y=z#top").unwrap() else {
                panic!("{website}");
            };
            let back = "https%3A%2F%2Fapp.example.com%2Fx%3Fy%3Dz%23top";
            assert_eq!(url.to_string(), format!("{website}/login?a=b&redirectToPath={back}#c"));
        }
    }

    #[test]
    fn no_path_and_no_return_address_leads_to_a_third_host() {
        for path in [
            "//evil.example",
            "/.evil.example",
            ".evil.example",
            "@evil.example",
            ":8443/x",
            "https://evil.example/login",
            "",
            "/",
        ] {
            for return_to in ["/", "//evil.example", "https://evil.example", "/\\evil.example", "/ü\n&a=b"] {
                let Destination::Elsewhere(url) = find(path, "https://example.com", return_to).unwrap()
                else {
                    panic!("{path}");
                };
                assert_eq!(*url.origin(), origin("https://example.com"), "{path} {return_to}");
                assert_eq!(Url::parse(&url.to_string()).as_ref(), Ok(&url));
                assert_eq!(url.to_string().matches("redirectToPath=").count(), 1);
            }
        }
        for (path, error) in
            [("/\\evil.example", UrlError::SchemeRelative), ("/\t/me@evil.example", UrlError::UserInfo)]
        {
            assert_eq!(find(path, "https://example.com", "/"), Err(error), "{path:?}");
        }
        let found = find("/log in\\x\t", "https://example.com", "/").unwrap().to_string();
        assert_eq!(found, "https://example.com/log%20in/x?redirectToPath=https%3A%2F%2Fapp.example.com%2F");
    }
}
