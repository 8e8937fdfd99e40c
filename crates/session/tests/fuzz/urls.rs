//! Which URLs are ours: the `url` crate reads as browsers do (it follows the URL standard) and is the second opinion.

use proptest::prelude::*;
use supertokens_session::wire::{
    api_scope::{ApiScope, Domain},
    url::{Origin, Url},
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
    let text = origin.to_string();
    (text.split(':').next().unwrap().to_owned(), origin.host.clone(), origin.port)
}

/// IPv6 addresses have many spellings, and the standard writes the shortest.
fn shortest(host: &str) -> String {
    let ip = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    match ip.and_then(|ip| ip.parse().ok()) {
        Some(ip) => url::Host::<String>::Ipv6(ip).to_string(),
        None => host.to_owned(),
    }
}

/// A host has no case, so the opt-out is one in what comes after it.
fn opts_out(url: &url::Url) -> bool {
    url[url::Position::BeforePath..].contains("superTokensDoNotDoInterception")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_read_is_what_a_browser_reads(text in text()) {
        let Ok(url) = Url::parse(&text) else { return Ok(()) };
        let (scheme, host, port) = of(url.origin());
        for text in [text.clone(), url.to_string()] {
            match url::Url::parse(&text) {
                Ok(other) => prop_assert_eq!(seen(&other), (scheme.clone(), shortest(&host), port)),
                // A browser makes no call at all.
                Err(_) => prop_assert!(!rules()[0].contains(&url), "{}", text),
            }
        }
        prop_assert_eq!(Url::parse(&url.to_string()), Ok(url.clone()));
        // But for the fragment, the whole of it.
        if let (Ok(mut one), Ok(mut two)) = (url::Url::parse(&url.to_string()), url::Url::parse(&text)) {
            // A browser may resolve it away with the dots after it.
            prop_assert!(url.opts_out() || !opts_out(&two));
            one.set_fragment(None);
            two.set_fragment(None);
            prop_assert_eq!(one, two);
        }
    }

    #[test]
    fn what_is_ours_is_ours_to_a_browser(text in text()) {
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
    fn what_is_resolved_is_what_a_browser_resolves(text in text()) {
        for base in ["https://api.example.com", "http://localhost:3001"] {
            let origin = Url::parse(base).unwrap().origin().clone();
            let Ok(url) = Url::resolve(&text, &origin) else { continue };
            let Ok(mut other) = url::Url::parse(base).unwrap().join(&text) else { continue };
            prop_assert_eq!(seen(&other), { let (s, h, p) = of(url.origin()); (s, shortest(&h), p) });
            let mut resolved = url::Url::parse(&url.to_string()).unwrap();
            resolved.set_fragment(None);
            other.set_fragment(None);
            prop_assert_eq!(resolved, other);
            prop_assert_eq!(Url::resolve(&url.to_string(), &origin), Ok(url));
        }
    }

    #[test]
    fn a_domain_takes_in_itself_and_what_is_below_it(text in prop_oneof![hostile(), near(&["example.com", ".a.b.example"])], head in hostile()) {
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
