//! The return address: an attacker can write one into a link.

use proptest::prelude::*;
use supertokens_session::{
    Url,
    internal::redirect::{
        Destination, OtherOrigins, RETURN_ADDRESS, RedirectRules, check, find, login_url, return_address,
    },
};

use crate::text::{hostile, near};

const GOOD: &[&str] = &[
    "/orders?page=2#top",
    "https://app.example/orders",
    "/a/../orders/./7",
    "/a//b",
    "/login-help",
    "/x/login",
    "/login",
    "/Login/?again",
    "/%6cogin",
    "//evil.example",
    "/a/..//evil.example",
    "https://app.example@evil.example",
    "/größe/%E8%A8%98",
    "/orders?tab=C:\\Users#\\a",
    "/caf%E9/%F8?x=%FF",
];

/// Addresses as a browser shows them, with parts that are easily lost.
fn shown_by_a_browser() -> impl Strategy<Value = String> {
    let pieces =
        "a|/|\\?|#|&|=|\\+|%20|%2B|%E9|%e9|%FF|%C3%BC|%5C|\\\\|%25|%0A|redirectToPath|:|@|\\.|C:|%zz|%|\\|";
    proptest::collection::vec(pieces, 0..12).prop_map(|all| format!("/p{}", all.concat()))
}

/// The segments of a path as a router may read them: decoded until nothing changes.
fn segments(path: &str) -> Vec<String> {
    let mut path = path.to_owned();
    loop {
        let decoded = percent_decoded(&path);
        if decoded == path {
            break;
        }
        path = decoded;
    }
    let path = path.split(['?', '#']).next().unwrap_or_default().to_lowercase();
    path.split(['/', '\\']).filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}

/// As the `url` crate decodes queries, where a plus is a space.
fn percent_decoded(text: &str) -> String {
    let query = text.replace('+', "%2B").replace('&', "%26").replace('=', "%3D").replace('#', "%23");
    let mut url = url::Url::parse("https://app.example/").unwrap();
    url.set_query(Some(&format!("v={query}")));
    url.query_pairs().next().unwrap().1.into_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn an_accepted_address_is_on_the_apps_origin_and_not_the_login_page(target in prop_oneof![1 => hostile(), 3 => near(GOOD)]) {
        for (app, login) in [("https://app.example", "/login"), ("http://localhost:8080", "/auth/sign-in"), ("https://app.example", "/")] {
            let rules = RedirectRules::new(Url::parse(app).unwrap().origin().clone(), login);
            let Ok(path) = check(&target, &rules) else { continue };
            for page in [app.to_owned(), format!("{app}{login}?redirectToPath=x"), format!("{app}/a/b/")] {
                let target_url = url::Url::parse(&page).unwrap().join(&path).unwrap();
                prop_assert_eq!(target_url.origin().ascii_serialization(), app);
                prop_assert!(target_url.username().is_empty() && target_url.password().is_none());
                let (read, login) = (segments(target_url.path()), segments(login));
                prop_assert!(!target_url.path().starts_with("//"), "{}", target_url);
                let is_login = if login.is_empty() { read.is_empty() } else { read.starts_with(&login) };
                prop_assert!(!is_login, "{} resolves to {}", target, target_url);
                // The result may be checked again.
                prop_assert_eq!(check(&path, &rules), Ok(path.clone()));
            }
        }
    }

    /// Through the login page.
    #[test]
    fn users_return_to_exactly_the_page(target in shown_by_a_browser()) {
        let url = url::Url::parse("https://app.example").unwrap().join(&target).unwrap();
        let shown = url.as_str().strip_prefix("https://app.example").unwrap().to_owned();
        let rules = RedirectRules::new(Url::parse("https://app.example").unwrap().origin().clone(), "/login");
        let query = login_url("/login", &shown).split_once('?').unwrap().1.to_owned();
        let asked = return_address(&query).unwrap();
        let has_hidden_newline = url.path().contains("0A");
        match check(&asked, &rules) {
            Ok(path) => {
                prop_assert_eq!(&path, &shown);
                prop_assert_eq!(url::Url::parse("https://app.example").unwrap().join(&path).unwrap(), url);
            }
            Err(error) => prop_assert!(has_hidden_newline || url.path().contains('.'), "{}: {}", shown, error),
        }
    }

    #[test]
    fn an_accepted_address_of_another_origin_is_on_that_origin(
        target in prop_oneof![1 => hostile(), 4 => near(&[
            "https://shop.example/cart?id=7#top",
            "https://shop.example:443//evil.example/../x",
            "https://shop.example@evil.example/",
            "http://shop.example/",
            "https://shop.example.evil.example",
            "/orders",
        ])],
    ) {
        let origin = |text: &str| Url::parse(text).unwrap().origin().clone();
        let rules = RedirectRules::new(origin("https://app.example"), "/login");
        let others = OtherOrigins::none().allow(origin("https://shop.example")).allow(origin("http://shop.example"));
        match find(&target, &rules, &others) {
            Ok(found @ Destination::Elsewhere(_)) => {
                for text in [target.clone(), found.to_string()] {
                    let target_url = url::Url::parse("https://app.example/x/y").unwrap().join(&text).unwrap();
                    prop_assert_eq!(target_url.origin().ascii_serialization(), "https://shop.example", "{}", text);
                    prop_assert!(target_url.username().is_empty() && target_url.password().is_none());
                }
            }
            outcome => prop_assert_eq!(outcome, check(&target, &rules).map(Destination::Here)),
        }
    }

    #[test]
    fn only_paths_of_the_allow_list_are_accepted(target in prop_oneof![1 => hostile(), 3 => near(&["/account/mail", "/account", "/accounts", "/a/../account/x", "/account/../admin"])]) {
        let rules = RedirectRules::new(Url::parse("https://app.example").unwrap().origin().clone(), "/login").allow("/account");
        if let Ok(path) = check(&target, &rules) {
            let target_url = url::Url::parse("https://app.example/x/y").unwrap().join(&path).unwrap();
            prop_assert!(target_url.path() == "/account" || target_url.path().starts_with("/account/"), "{} resolves to {}", target, target_url);
        }
    }

    #[test]
    fn a_return_address_is_read_as_a_browser_reads_it(to in hostile(), login in "/[a-z]{0,5}([?][a-z]=[a-z])?(#[a-z])?") {
        let url = url::Url::parse("https://app.example").unwrap().join(&login_url(&login, &to)).unwrap();
        let seen = url.query_pairs().find(|(name, _)| name == RETURN_ADDRESS).map(|(_, to)| to.into_owned());
        prop_assert_eq!(seen.as_ref(), Some(&to));
        prop_assert_eq!(return_address(url.query().unwrap()), Some(to));
    }

    #[test]
    fn no_query_causes_a_panic(query in prop_oneof![hostile(), near(&["?redirectToPath=%2Fadmin", "a=b&redirectToPath=/x&c"])]) {
        let _ = return_address(&query);
    }
}
