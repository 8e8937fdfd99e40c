//! Browser rules for a page and an API on different origins: mixed content, and cookies of another site.

use super::url::Origin;

/// Whether browsers block a request to `target` from a page on `page`: an https page can't call http URLs, except those
/// of the device itself.
///
/// ```
/// use supertokens_session::{Url, internal::site::is_mixed_content};
///
/// let origin = |text| Url::parse(text).unwrap().origin().clone();
/// let page = origin("https://app.example.com");
/// assert!(is_mixed_content(&page, &origin("http://api.example.com")));
/// assert!(!is_mixed_content(&page, &origin("http://localhost:3001")));
/// assert!(!is_mixed_content(&page, &origin("https://api.example.com")));
/// ```
pub fn is_mixed_content(page: &Origin, target: &Origin) -> bool {
    page.is_https() && !target.is_https() && !is_this_device(target.host())
}

/// Whether browsers treat two origins as different sites, so that their cookies are third-party cookies for each other.
/// This function does not know public suffixes (`co.uk`): it returns false if those decide.
///
/// ```
/// use supertokens_session::{Url, internal::site::is_surely_cross_site};
///
/// let cross = |a, b| is_surely_cross_site(Url::parse(a).unwrap().origin(), Url::parse(b).unwrap().origin());
/// assert!(cross("https://app.example.com", "https://api.other.example"));
/// assert!(cross("http://localhost:8080", "http://127.0.0.1:3001"));
/// assert!(!cross("https://app.example.com", "https://api.example.com"));
/// assert!(!cross("http://localhost:8080", "http://localhost:3001"));
/// ```
pub fn is_surely_cross_site(one: &Origin, other: &Origin) -> bool {
    one.is_https() != other.is_https() || site(one.host()) != site(other.host())
}

/// The last two labels of a name, or the whole IP address.
fn site(host: &str) -> &str {
    if is_ip(host) {
        return host;
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    match host.rmatch_indices('.').nth(1) {
        Some((at, _)) => &host[at + 1..],
        None => host,
    }
}

/// By the URL standard, a host that ends in a number is an IPv4 address.
fn is_ip(host: &str) -> bool {
    host.starts_with('[') || host.rsplit('.').next().is_some_and(|last| last.parse::<u8>().is_ok())
}

fn is_this_device(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    name == "localhost"
        || name.ends_with(".localhost")
        || host == "[::1]"
        || (host.starts_with("127.") && is_ip(host))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::wire::url::Url;

    fn origin(text: &str) -> Origin {
        Url::parse(text).unwrap().origin().clone()
    }

    #[test]
    fn an_https_page_may_call_http_only_on_its_own_device() {
        let page = origin("https://app.example");
        for target in [
            "http://app.example",
            "http://localhost.example",
            "http://128.0.0.1",
            "http://127.0.0.1.example",
            "http://[::2]:80",
        ] {
            assert!(is_mixed_content(&page, &origin(target)), "{target}");
            assert!(!is_mixed_content(&origin("http://app.example"), &origin(target)), "{target}");
        }
        for target in [
            "https://api.example",
            "http://localhost",
            "http://api.localhost:3001",
            "http://127.0.0.1:3001",
            "http://127.9.9.9",
            "http://0x7f.1",
            "http://[::1]:3001",
        ] {
            assert!(!is_mixed_content(&page, &origin(target)), "{target}");
        }
    }

    #[test]
    fn cross_site_is_true_only_without_public_suffixes() {
        for (one, other, cross) in [
            ("https://a.example.com", "https://example.com", false),
            ("https://a.example.com", "https://b.c.example.com:9", false),
            ("https://a.example.com", "http://a.example.com", true),
            ("https://example.com", "https://example.org", true),
            // By the list of public suffixes, these are two sites.
            ("https://a.co.uk", "https://b.co.uk", false),
            ("http://127.0.0.1:1", "http://127.0.0.1:2", false),
            ("http://127.0.0.1", "http://10.1.0.1", true),
            ("http://localhost", "http://[::1]", true),
            ("http://[::1]:1", "http://[::1]:2", false),
            ("https://example.com", "https://example.com.", false),
        ] {
            let (one, other) = (origin(one), origin(other));
            assert_eq!(is_surely_cross_site(&one, &other), cross, "{one} {other}");
            assert_eq!(is_surely_cross_site(&other, &one), cross, "{other} {one}");
        }
    }
}
