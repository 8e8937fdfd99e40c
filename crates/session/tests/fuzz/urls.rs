//! URLs and the API scope. Natively the `url` crate parses both sides, so these tests check what this crate makes of its
//! result: origin, path, opt-out, refusals. `crates/web/tests/urls_as_the_browser_reads_them.rs` compares the parsers.

use proptest::prelude::*;
use supertokens_session::{
    Origin, Url,
    internal::api_scope::{ApiScope, Domain},
};

use crate::text::{hostile, near};

const GOOD: &[&str] = &[
    "https://api.example.com",
    "https://api.example.com/orders?page=2#top",
    "https://API.example.com:443/a/../b",
    "https://api.example.com:8443/?q=//evil.example",
    "http://api.example.com/",
    "https://a.b.example.com/x",
    "https://example.com/",
    "http://localhost:3001/x",
    "http://127.0.0.1/x",
    "http://[::1]:3001/x",
    "http://[0:0:0:0:0:ffff:1.2.3.4]/x",
    "https://evil.example/https://api.example.com/",
    "https://api.example.com?\\evil.example#\\",
    "https://evil.example#\\@api.example.com/",
    "https://api.example.com/x#superTokensDoNotDoInterception",
];

const GOOD_RELATIVE: &[&str] = &[
    "/orders?page=2",
    "orders/7",
    "?q",
    "#top",
    "",
    "/a/../../b",
    "./a",
    "../a:b",
    "/%2e%2e/a",
    "//evil.example",
    "/a//b",
    "/a?q=C:\\Users",
    "#\\b",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![1 => hostile(), 3 => near(GOOD), 2 => near(GOOD_RELATIVE)]
}

fn rules() -> Vec<ApiScope> {
    let api = |text: &str| Url::parse(text).unwrap().origin().clone();
    let domain = |text: &str| Domain::parse(text).ok();
    vec![
        ApiScope::new(api("https://api.example.com"), None, false),
        ApiScope::new(api("https://api.example.com"), None, true),
        ApiScope::new(api("https://api.example.com"), domain("example.com"), false),
        ApiScope::new(api("http://localhost:3001"), None, false),
        ApiScope::new(api("http://[::1]:3001"), domain("localhost"), false),
    ]
}

/// Scheme, host and port as a browser sees them.
fn seen(url: &url::Url) -> (String, String, u16) {
    (url.scheme().to_owned(), url.host_str().unwrap().to_owned(), url.port_or_known_default().unwrap())
}

fn of(origin: &Origin) -> (String, String, u16) {
    let (scheme, _) = origin.as_str().split_once(':').unwrap();
    let port = origin.as_str().rsplit(':').next().unwrap().parse();
    let default = if origin.is_https() { 443 } else { 80 };
    (scheme.to_owned(), origin.host().to_owned(), port.unwrap_or(default))
}

fn is_plain(url: &url::Url) -> bool {
    let is_of_a_host = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
    url.username().is_empty()
        && url.password().is_none()
        && url.host_str().unwrap_or_default().chars().all(is_of_a_host)
}

/// The case of a host does not matter, so only the part after it can have the opt-out.
fn opts_out(url: &url::Url) -> bool {
    url[url::Position::BeforePath..].contains("superTokensDoNotDoInterception")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn urls_are_parsed_as_browsers_parse_them(text in text()) {
        let url = match (Url::parse(&text), url::Url::parse(&text)) {
            (Ok(url), Ok(other)) => {
                prop_assert_eq!(url.as_str(), other.as_str());
                prop_assert_eq!(of(url.origin()), seen(&other));
                prop_assert_eq!(url.path(), other.path());
                prop_assert_eq!(url.path_and_query(), &other[url::Position::BeforePath..url::Position::AfterQuery]);
                prop_assert_eq!(url.opts_out(), opts_out(&other));
                prop_assert!(is_plain(&other), "{}", other);
                url
            }
            (Err(_), Ok(other)) => {
                prop_assert!(!matches!(other.scheme(), "http" | "https") || !is_plain(&other), "{}", other);
                return Ok(());
            }
            (url, Err(_)) => {
                prop_assert!(url.is_err(), "{}", text);
                return Ok(());
            }
        };
        prop_assert_eq!(Url::parse(url.as_str()), Ok(url.clone()));
        prop_assert_eq!(Url::resolve(url.as_str(), url.origin()), Ok(url));
    }

    #[test]
    fn a_url_in_the_api_scope_is_on_the_api_for_a_browser(text in text()) {
        let Ok(url) = Url::parse(&text) else { return Ok(()) };
        for (at, rule) in rules().iter().enumerate() {
            let (true, Ok(other)) = (rule.contains(&url), url::Url::parse(&url.to_string())) else { continue };
            let (scheme, host, port) = seen(&other);
            match at {
                0 => prop_assert_eq!((scheme.as_str(), host.as_str()), ("https", "api.example.com")),
                1 => prop_assert_eq!((scheme.as_str(), host.as_str(), port), ("https", "api.example.com", 443)),
                2 => prop_assert!(scheme == "https" && (host == "example.com" || host.ends_with(".example.com"))),
                3 => prop_assert_eq!(host, "localhost"),
                _ => prop_assert!(host == "[::1]" || host == "localhost" || host.ends_with(".localhost")),
            }
            prop_assert!(!opts_out(&other));
        }
    }

    #[test]
    fn urls_are_resolved_as_browsers_resolve_them(text in text()) {
        for base in ["https://api.example.com", "http://localhost:3001"] {
            let origin = Url::parse(base).unwrap().origin().clone();
            let Ok(url) = Url::resolve(&text, &origin) else { continue };
            let other = url::Url::parse(base).unwrap().join(&text).unwrap();
            prop_assert_eq!(url.as_str(), other.as_str());
            // Only a URL with a scheme leads elsewhere.
            prop_assert!(*url.origin() == origin || url::Url::parse(&text).is_ok(), "{}", text);
            prop_assert_eq!(Url::resolve(url.as_str(), &origin), Ok(url));
        }
    }

    #[test]
    fn a_domain_includes_itself_and_its_subdomains(text in prop_oneof![hostile(), near(&["example.com", ".a.b.example"])], head in hostile()) {
        let Ok(domain) = Domain::parse(&text) else { return Ok(()) };
        let name = domain.as_str();
        if let Ok(url) = url::Url::parse(&format!("https://{name}/")) {
            prop_assert_eq!(url.host_str(), Some(name));
        }
        let (below, beside) = (format!("a.{name}"), format!("{name}.elsewhere.invalid"));
        prop_assert!(domain.contains(name) && domain.contains(&below) && !domain.contains(&beside));
        let host = format!("{head}{name}");
        prop_assert_eq!(domain.contains(&host), head.is_empty() || head.ends_with('.'));
    }
}
