use super::*;
use proptest::prelude::*;

fn rules() -> RedirectRules {
    RedirectRules::new(Url::parse("https://app.example").unwrap().origin().clone(), "/login")
}

#[test]
fn normalized_paths_are_accepted_unchanged() {
    for good in [
        "/",
        "/a",
        "/a/",
        "/a/b%2Fc",
        "/a/b%5Cc",
        "/a//b",
        "/a?b=c&d=%2F",
        "/?next=//evil.example",
        "/a?next=//x&n=%5C%0a%2e%2e/../",
        "/a#frag",
        "/a#//x/../y",
        "/gr%C3%B6%C3%9Fe?q=gr%C3%B6%C3%9Fe",
        "/a.b/.well-known/...",
        "/a%2eb/x..y",
        "/%E8%A8%98%E4%BA%8B%E3%80%82",
        "/100%/%zz",
        "/100%25",
        "/@evil.example",
        "/a:b@c",
        "/https://evil.example",
        "/loginx",
        "/a/login",
        "/a?to=/login",
        "/a?tab=C:\\Users",
        "/?\\\\evil.example",
        "/#/\\evil.example",
        "/caf%E9",
        "/caf%e9/%FF?q=%E9#%E9",
        "/%83e%83X%83g",
        "/f%F8rste/v%E5r",
    ] {
        assert_eq!(check(good, &rules()).as_deref(), Ok(good));
    }
}

#[test]
fn other_targets_become_a_path_of_the_origin() {
    for (target, path) in [
        ("/größe b?q=ö#ü", "/gr%C3%B6%C3%9Fe%20b?q=%C3%B6#%C3%BC"),
        ("/a?b／c。d", "/a?b%EF%BC%8Fc%E3%80%82d"),
        (" \t/a\r\n", "/a"),
        ("/a/..\\\\evil.example", "/evil.example"),
        ("/a\\b#c", "/a/b#c"),
        ("https://app.example\\@evil.example", "/@evil.example"),
        ("/.\t./a", "/a"),
        ("https:evil.example?https://app.example/", "/evil.example?https://app.example/"),
        ("https:/evil.example", "/evil.example"),
        ("https://@app.example/", "/"),
        ("https://app%2eexample/", "/"),
        ("https://app。example/", "/"),
        ("evil.example", "/evil.example"),
        ("../a", "/a"),
        ("?a", "/?a"),
        ("#a", "/#a"),
        ("\u{a0}/a", "/%C2%A0/a"),
        ("\u{feff}/a", "/%EF%BB%BF/a"),
        ("/a\u{2028}", "/a%E2%80%A8"),
        ("/a／b", "/a%EF%BC%8Fb"),
    ] {
        assert_eq!(check(target, &rules()).as_deref(), Ok(path), "{target:?}");
    }
}

#[test]
fn the_page_origin_is_removed() {
    for (target, path) in [
        ("https://app.example/a?b#c", "/a?b#c"),
        ("https://app.example:443/größe?q=a b", "/gr%C3%B6%C3%9Fe?q=a%20b"),
        ("HTTPS://APP.example", "/"),
        ("https://app.example?x", "/?x"),
        ("https://app.example#x", "/#x"),
        ("https://app.example//evil.example", "/evil.example"),
        ("https://app.example/.//evil.example", "/evil.example"),
    ] {
        assert_eq!(check(target, &rules()).as_deref(), Ok(path), "{target}");
    }
    let dev = RedirectRules::new(Url::parse("http://localhost:3000").unwrap().origin().clone(), "/login");
    assert_eq!(check("http://localhost:3000/a", &dev).as_deref(), Ok("/a"));
    assert_eq!(check("http://localhost/a", &dev), Err(RedirectError::OtherOrigin));
}

#[test]
fn dot_segments_are_resolved() {
    for (target, path) in [
        ("/a/../b", "/b"),
        ("/a/./b/..", "/a/"),
        ("/a/.", "/a/"),
        ("/../..", "/"),
        ("/a//../b?c/../d", "/a/b?c/../d"),
        ("/a/%2E%2e/b", "/b"),
        ("/a/.%2e/%2e/b", "/b"),
    ] {
        assert_eq!(check(target, &rules()).as_deref(), Ok(path), "{target}");
    }
}

#[test]
fn dot_segments_before_a_double_slash_stay_on_the_origin() {
    for target in [
        "/.//evil.example",
        "/./////evil.example",
        "/x/..//evil.example",
        "/%2e//evil.example",
        "/x/%2E%2e//evil.example",
        "/x/.%2E//evil.example",
        "/x//../..//evil.example",
        "/..//evil.example",
    ] {
        assert_eq!(check(target, &rules()).as_deref(), Ok("/evil.example"), "{target}");
    }
}

#[test]
fn targets_on_other_origins_are_rejected() {
    use RedirectError::{Disguised, Empty, OtherOrigin};
    const SCHEME: RedirectError = RedirectError::Url(UrlError::Scheme);
    const SCHEME_RELATIVE: RedirectError = RedirectError::Url(UrlError::SchemeRelative);
    const USER_INFO: RedirectError = RedirectError::Url(UrlError::UserInfo);
    const INVALID: RedirectError = RedirectError::Url(UrlError::Invalid);
    for (name, target, error) in [
        ("nothing", "", Empty),
        ("another origin", "https://evil.example/", OtherOrigin),
        ("the page's host as a subdomain", "https://app.example.evil.example", OtherOrigin),
        ("the page's host as a suffix", "https://evilapp.example", OtherOrigin),
        ("another scheme of the page", "http://app.example/", OtherOrigin),
        ("another port of the page", "https://app.example:8443/", OtherOrigin),
        ("a bad port", "https://app.example:x/", INVALID),
        ("no host", "https:///evil.example", OtherOrigin),
        ("host, no scheme", "//evil.example", SCHEME_RELATIVE),
        ("the page's host, no scheme", "//app.example", SCHEME_RELATIVE),
        ("many slashes", "////evil.example", SCHEME_RELATIVE),
        ("slash and backslash", "/\\evil.example", SCHEME_RELATIVE),
        ("slash and backslash before a query", "/\\evil.example?a", SCHEME_RELATIVE),
        ("two backslashes", "\\\\evil.example", SCHEME_RELATIVE),
        ("backslash and slash", "\\/evil.example", SCHEME_RELATIVE),
        ("backslashes after the scheme", "https:\\\\evil.example", OtherOrigin),
        ("tab inside slashes", "/\t/evil.example", SCHEME_RELATIVE),
        ("newline inside slashes", "/\n/evil.example", SCHEME_RELATIVE),
        ("carriage return inside slashes", "/\r/evil.example", SCHEME_RELATIVE),
        ("control first", "\u{1}//evil.example", SCHEME_RELATIVE),
        ("leading space", " //evil.example", SCHEME_RELATIVE),
        ("leading tab", "\t//evil.example", SCHEME_RELATIVE),
        ("tab inside the scheme", "java\tscript:alert(1)", SCHEME),
        ("null", "/\0/evil.example", Disguised),
        ("delete", "/a\u{7f}", Disguised),
        ("C1 control", "/a\u{80}b", Disguised),
        ("javascript", "javascript:alert(1)", SCHEME),
        ("javascript with a host", "javascript://app.example/%0aalert(1)", SCHEME),
        ("data", "data:text/html,x", SCHEME),
        ("ftp", "ftp://app.example/", SCHEME),
        ("user name", "https://app.example@evil.example", USER_INFO),
        ("user name and password", "https://app.example:443@evil.example/", USER_INFO),
        ("user name before the page's host", "https://me@app.example/", USER_INFO),
        ("user name, no scheme", "/\\me@app.example/", USER_INFO),
        ("encoded at sign", "https://app.example%40evil.example/", INVALID),
        ("look-alike slash in the host", "https://app.example／.evil.example/", INVALID),
        ("look-alike letter in the host", "https://аpp.example/", OtherOrigin),
        ("fullwidth slash", "/／evil.example", Disguised),
        ("fullwidth slash first", "／/evil.example", Disguised),
        ("fraction slash", "/⁄evil.example", Disguised),
        ("division slash", "/∕evil.example", Disguised),
        ("fullwidth backslash", "/＼evil.example", Disguised),
        ("small backslash", "/﹨evil.example", Disguised),
        ("ideographic full stop", "/a/。。/b", Disguised),
        ("halfwidth full stop", "/｡/b", Disguised),
        ("fullwidth full stop", "/．．//evil.example", Disguised),
        ("one dot leader", "/․․//evil.example", Disguised),
        ("two dot leader", "/‥//evil.example", Disguised),
        ("encoded slash first", "/%2f/evil.example", Disguised),
        ("encoded slashes", "/%2F%2Fevil.example", Disguised),
        ("encoded slash alone", "/%2fevil.example", Disguised),
        ("encoded slash after dots", "/.//%2fevil.example", Disguised),
        ("encoded backslash first", "/%5cevil.example", Disguised),
        ("encoded backslash, page origin", "https://app.example/%5Cevil.example", Disguised),
        ("twice encoded slash", "/%252fevil.example", Disguised),
        ("thrice encoded backslash", "/%25255cevil.example", Disguised),
        ("twice encoded dots", "/a/%252e%252e//evil.example", Disguised),
        ("dot and encoded slash", "/.%2f/evil.example", Disguised),
        ("dots and encoded slashes", "/a/..%2f%2fevil.example", Disguised),
        ("dots and encoded backslashes", "/a/..%5c%5cevil.example", Disguised),
        ("encoded tab", "/%09/evil.example", Disguised),
        ("encoded newline", "/%0a/evil.example", Disguised),
        ("encoded newline deep", "/a/b%0d%0aLocation:x", Disguised),
        ("encoded tab twice", "/%2509/evil.example", Disguised),
        ("encoded null", "/a%00", Disguised),
        ("encoded C1 control", "/a%C2%85", Disguised),
        ("overlong slash", "/%c0%afevil.example", Disguised),
        ("overlong slash in three bytes", "/%e0%80%afevil.example", Disguised),
        ("overlong slash in four bytes", "/%f0%80%80%afevil.example", Disguised),
        ("overlong slash in five bytes", "/%f8%80%80%80%afevil.example", Disguised),
        ("overlong slash in six bytes", "/%fc%80%80%80%80%afevil.example", Disguised),
        ("overlong backslash", "/%c1%9cevil.example", Disguised),
        ("overlong dots", "/a/%c0%ae%c0%ae//evil.example", Disguised),
        ("twice encoded overlong slash", "/%25c0%25afevil.example", Disguised),
        ("a dropped byte before a slash", "/%e9/evil.example", Disguised),
        ("a dropped byte before an encoded slash", "/%ff%2fevil.example", Disguised),
        ("a dropped byte between dots", "/a/.%e9.//evil.example", Disguised),
        ("a replaced byte before a slash", "/%ef%bf%bd/evil.example", Disguised),
        ("encoded fullwidth slash", "/%EF%BC%8Fevil.example", Disguised),
        ("encoded fraction slash", "/%E2%81%84evil.example", Disguised),
        ("encoded fullwidth backslash", "/%ef%bc%bcevil.example", Disguised),
        ("encoded ideographic dots", "/a/%E3%80%82%E3%80%82/b", Disguised),
        ("encoded one dot leader", "/%E2%80%A4//evil.example", Disguised),
        // The first decoding resolves to /x, the second one is //evil.example.
        ("slash for the second reading", "/%252fevil.example%2f..%2fx", Disguised),
    ] {
        assert_eq!(check(target, &rules()), Err(error), "{name}: {target:?}");
    }
}

#[test]
fn length_is_counted_in_the_normalized_url() {
    let longest = format!("/{}", "a".repeat(MAX_CHARACTERS - "https://app.example/".len()));
    assert_eq!(check(&longest, &rules()).as_ref(), Ok(&longest));
    assert_eq!(check(&(longest + "x"), &rules()), Err(RedirectError::TooLong));
    assert_eq!(check(&"ö".repeat(MAX_CHARACTERS / 2), &rules()), Err(RedirectError::TooLong));
}

#[test]
fn the_login_page_is_rejected() {
    for target in [
        "/login",
        "/login/",
        "/LOGIN",
        "/login?x",
        "/login#x",
        "/login/reset",
        "/%6cogin",
        "/%256cogin",
        "/login%2Freset",
        "/login%5Creset",
        "/login%3Fx",
        "/.//login",
        "/a/../login//",
        "https://app.example/login",
    ] {
        assert_eq!(check(target, &rules()), Err(RedirectError::LoginPage), "{target}");
    }
    let origin = rules().origin;
    for login in ["/auth/Login/", "/auth/login?tenant=a", "https://app.example/auth/log%49n#x", "auth/login"]
    {
        let rules = RedirectRules::new(origin.clone(), login);
        for target in ["/auth/login", "/auth//login/x", "/auth%2flogin"] {
            assert_eq!(check(target, &rules), Err(RedirectError::LoginPage), "{login} {target}");
        }
        assert_eq!(check("/auth", &rules).as_deref(), Ok("/auth"));
        assert_eq!(check("/auth/logins", &rules).as_deref(), Ok("/auth/logins"));
    }
    for login in ["/", "", "/?tenant=a"] {
        let rules = RedirectRules::new(origin.clone(), login);
        assert_eq!(check("/?x", &rules), Err(RedirectError::LoginPage));
        assert_eq!(check("/a", &rules).as_deref(), Ok("/a"));
    }
}

#[test]
fn the_allow_list_compares_segments() {
    let rules = rules().allow("/app/").allow("/größe/a");
    for good in ["/app", "/app/", "/app/x?y", "/%61pp/x", "/gr%C3%B6%C3%9Fe/a/b", "/gr%c3%b6%C3%9Fe/a"] {
        assert_eq!(check(good, &rules).as_deref(), Ok(good));
    }
    for bad in ["/", "/apple", "/App", "/größe", "/x/app", "/app/../x", "/app%2Fx", "/gr%C3%B6%C3%9Fe%2Fa"]
    {
        assert_eq!(check(bad, &rules), Err(RedirectError::NotAllowed), "{bad}");
    }
    assert_eq!(check("/app/..%2fx", &rules), Err(RedirectError::Disguised));
    assert_eq!(check("/x", &rules.clone().allow("/")).as_deref(), Ok("/x"));
    let rules = rules.allow("/caf%E9");
    assert_eq!(check("/caf%E9/x", &rules).as_deref(), Ok("/caf%E9/x"));
    assert_eq!(check("/caf%E8/x", &rules), Err(RedirectError::NotAllowed), "another page");
}

#[test]
fn login_urls_contain_the_return_address() {
    for (login, to, url) in [
        ("/login", "/a b", "/login?redirectToPath=%2Fa%20b"),
        ("/login?tenant=a", "/ö&x=+", "/login?tenant=a&redirectToPath=%2F%C3%B6%26x%3D%2B"),
        ("/login#form", "/", "/login?redirectToPath=%2F#form"),
    ] {
        assert_eq!(login_url(login, to), url);
    }
}

#[test]
fn return_addresses_of_real_apps_are_restored_exactly() {
    for at in [
        "/zavr%C5%A1i-profil",
        "/item/a%20b?tab=100%25#part",
        "/item/7?tab=a%0Ab",
        "/item/7?tab=1+2%2B3",
        "/item/50%25?tab=x",
        "/item/a%2Fb",
        "/wiki/%E7%AD%94%E3%81%88%E3%80%82",
        "/wiki/wait%E2%80%A6",
        "/v1..2/.hidden/...",
        "/item/7?tab=%F0%9F%98%80#t%C3%B6p",
        "/item/7?redirectToPath=%2Fevil",
        "/login-help",
        "/item/C%3A%5CUsers",
        "/item/7?tab=C:\\Users#\\a",
        "/caf%E9",
        "/caf%e9/7?x=%E9",
    ] {
        let url = login_url("/login", at);
        let return_to = return_address(url.split_once('?').unwrap().1).unwrap();
        assert_eq!(check(&return_to, &rules()).as_deref(), Ok(at));
    }
}

#[test]
fn return_addresses_are_read_from_queries() {
    for (query, to) in [
        ("redirectToPath=%2Fa+b%2B", Some("/a b+")),
        ("?redirectToPath=/a=b", Some("/a=b")),
        ("?x=1&redirectToPath=%2Fa&redirectToPath=%2Fb", Some("/a")),
        ("?redirectToPath=", Some("")),
        ("?redirectToPath=%2F%zz%4", Some("/%zz%4")),
        ("?redirectToPath=%252F", Some("%2F")),
        ("?redirectToPath=%ff", None),
        ("?redirectToPath", None),
        ("?redirectToPaths=%2Fa", None),
        ("?x=redirectToPath=a", None),
        ("?", None),
    ] {
        assert_eq!(return_address(query).as_deref(), to, "{query}");
    }
}

/// Where a browser navigates to from a page of the app.
fn leaves_the_origin(reference: &str) -> bool {
    let page = url::Url::parse("https://app.example/").unwrap();
    !page.join(reference).is_ok_and(|url| url.origin() == page.origin() && !url.path().starts_with("//"))
}

/// A router's decoding, independent of the implementation.
fn decode_once(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        match part.get(..2).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit())) {
            Some(hex) => bytes.push(u8::from_str_radix(hex, 16).unwrap()),
            None => bytes.extend(b"%".iter().chain(part.as_bytes().iter().take(2))),
        }
        bytes.extend(part.bytes().skip(2));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hostile() -> impl Strategy<Value = String> {
    let pieces = "/|/|//|\\.|\\.\\.|\\\\|\t|\n|@|:|\\?|#|%2f|%2F|%5c|%2e|%2E|%25|%09|%|%EF%BC%8F|／|。|https:|\
                  https://app\\.example|login|app\\.example|evil\\.example|javascript:| |a|ö|\u{a0}";
    prop_oneof![
        any::<String>(),
        proptest::collection::vec(pieces, 0..14).prop_map(|all| all.concat()),
        proptest::collection::vec(pieces, 0..14).prop_map(|all| format!("/{}", all.concat())),
        // Pieces that `check` accepts more often, so that the properties also test accepted paths.
        "/(/|\\.|\\.\\./|a|%2e|%2f|%5c|%25|ö|x/){0,14}([?#](/|\\.|%2f|#|a){0,5})?",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn accepted_paths_stay_on_the_origin(target in hostile()) {
        if let Ok(path) = check(&target, &rules()) {
            prop_assert!(path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\"));
            prop_assert!(!path.contains(char::is_control) && !split_path(&path).0.contains('\\'));
            prop_assert_eq!(check(&path, &rules()), Ok(path.clone()));
            prop_assert!(!leaves_the_origin(&path));
            let mut read = split_path(&path).0.to_owned();
            for _ in 0..3 {
                read = decode_once(&read);
                prop_assert!(!leaves_the_origin(&read), "{path} is read as {read}");
            }
        }
    }

    /// Some decoders drop invalid UTF-8.
    #[test]
    fn accepted_paths_stay_on_the_origin_after_invalid_bytes_are_dropped(path in "/([./]|%E9|%FF|%EF%BF%BD|%2F|%2e|%C0|%AF|%AE|a){0,8}") {
        if let Ok(path) = check(&path, &rules()) {
            let read = decode_once(&path).replace(char::REPLACEMENT_CHARACTER, "");
            prop_assert!(!leaves_the_origin(&read), "{path} is read as {read}");
        }
    }

    #[test]
    fn return_addresses_survive_the_login_url(to in any::<String>(), login in "/[a-z]{0,5}([?][a-z]=[a-z])?") {
        let url = login_url(&login, &to);
        prop_assert_eq!(return_address(url.split_once('?').unwrap().1), Some(to));
    }

    #[test]
    fn parsing_a_query_never_panics(query in any::<String>(), value in "[%a-f0-9+&=]*") {
        let _ = return_address(&query);
        let _ = return_address(&format!("?redirectToPath={value}"));
    }
}

#[test]
fn an_excluded_page_is_recognised_in_any_spelling_without_its_subpages() {
    let origin = Url::parse("https://app.example").unwrap().origin().clone();
    let rules = RedirectRules::pages_of(origin.clone()).except("/Orders/7?tab=2#top");
    for same in ["/Orders/7", "/orders/7/", "/orders//7?x", "/%6frders/7#y", "/a/../orders/7", "/orders%2F7"]
    {
        assert_eq!(check(same, &rules), Err(RedirectError::SamePage), "{same}");
    }
    for other in ["/orders", "/orders/7/items", "/orders/70", "/"] {
        assert_eq!(check(other, &rules).as_deref(), Ok(other));
    }
    let start = RedirectRules::pages_of(origin).except("/");
    assert_eq!(check("/?x", &start), Err(RedirectError::SamePage));
    assert_eq!(check("/login", &start).as_deref(), Ok("/login"), "every login page is accepted");
}
