//! One table of URLs for both parsers: the `url` crate reads them natively, and each browser's own `URL` in the browser.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use supertokens_session::{
    Url,
    UrlError::{self, Invalid, Scheme, SchemeRelative, UserInfo},
    internal::{
        api_scope::Domain,
        redirect::{RedirectError, RedirectRules, check},
    },
};

/// A text, and what it means to a client of `https://api.example.com`.
const URLS: &[(&str, Result<&str, UrlError>)] = &[
    ("", Ok("https://api.example.com/")),
    ("/orders?page=2#top", Ok("https://api.example.com/orders?page=2#top")),
    ("orders/7", Ok("https://api.example.com/orders/7")),
    ("?q=C:\\Users#\\", Ok("https://api.example.com/?q=C:\\Users#\\")),
    ("/a/./b/../%2E%2e/c/.", Ok("https://api.example.com/c/")),
    ("/..//x", Ok("https://api.example.com//x")),
    ("/a\\b?c\\d", Ok("https://api.example.com/a/b?c\\d")),
    (" \t/a b\r\n?c d#e f ", Ok("https://api.example.com/a%20b?c%20d#e%20f")),
    ("/größe?ü=\u{3000}#é", Ok("https://api.example.com/gr%C3%B6%C3%9Fe?%C3%BC=%E3%80%80#%C3%A9")),
    ("/😀\u{1}x\u{7f}y", Ok("https://api.example.com/%F0%9F%98%80%01x%7Fy")),
    ("/100%/%zz%e9", Ok("https://api.example.com/100%/%zz%e9")),
    ("/a<b>\"`{}?<>\"'", Ok("https://api.example.com/a%3Cb%3E%22%60%7B%7D?%3C%3E%22%27")),
    ("/a;b=c,d+e!$&'()*~:@", Ok("https://api.example.com/a;b=c,d+e!$&'()*~:@")),
    ("HTTPS://API.example.COM:443", Ok("https://api.example.com/")),
    ("https://api.example.com:8443/", Ok("https://api.example.com:8443/")),
    ("https://api.example.com:00080/", Ok("https://api.example.com:80/")),
    ("https://api.example.com.", Ok("https://api.example.com./")),
    ("https://api%2eexample%2Ecom", Ok("https://api.example.com/")),
    ("https://api。example．com", Ok("https://api.example.com/")),
    ("https://аpi.example.com", Ok("https://xn--pi-6kc.example.com/")),
    ("https://größe.example", Ok("https://xn--gre-6ka8i.example/")),
    ("https://a\u{ad}b\tc.example", Ok("https://abc.example/")),
    ("https:///other.example", Ok("https://other.example/")),
    ("https:\\\\other.example\\x", Ok("https://other.example/x")),
    ("https://other.example\\@api.example.com", Ok("https://other.example/@api.example.com")),
    ("https://other.example?\\@api.example.com", Ok("https://other.example/?\\@api.example.com")),
    ("https://other.example#@api.example.com", Ok("https://other.example/#@api.example.com")),
    ("https:orders", Ok("https://api.example.com/orders")),
    ("http:other.example", Ok("http://other.example/")),
    ("http://127.1", Ok("http://127.0.0.1/")),
    ("http://0x7f.0.0.1:80/", Ok("http://127.0.0.1/")),
    ("http://2130706433", Ok("http://127.0.0.1/")),
    ("http://0177.0.0.1.", Ok("http://127.0.0.1/")),
    ("http://[0:0::0:1]:3001", Ok("http://[::1]:3001/")),
    ("http://[::FFFF:1.2.3.4]", Ok("http://[::ffff:102:304]/")),
    ("//api.example.com", Err(SchemeRelative)),
    ("/\\other.example", Err(SchemeRelative)),
    ("\\\\other.example", Err(SchemeRelative)),
    ("/\t/other.example", Err(SchemeRelative)),
    ("\u{1}//other.example", Err(SchemeRelative)),
    ("https://me@api.example.com", Err(UserInfo)),
    ("https://:pw@api.example.com", Err(UserInfo)),
    ("https://api.example.com@other.example", Err(UserInfo)),
    ("/\\me@other.example", Err(UserInfo)),
    ("javascript:alert(1)", Err(Scheme)),
    ("java\nscript:alert(1)", Err(Scheme)),
    ("localhost:3001", Err(Scheme)),
    ("ftp://api.example.com", Err(Scheme)),
    ("ws://api.example.com", Err(Scheme)),
    ("data:text/html,x", Err(Scheme)),
    ("https://", Err(Invalid)),
    ("https://api.example.com:65536", Err(Invalid)),
    ("https://api.example.com:x", Err(Invalid)),
    ("https://a b.example", Err(Invalid)),
    ("https://a%40b.example", Err(Invalid)),
    ("https://a／b.example", Err(Invalid)),
    ("https://*.example.com", Err(Invalid)),
    ("https://a;b.example", Err(Invalid)),
    ("http://[::1", Err(Invalid)),
    ("http://[::g]", Err(Invalid)),
    ("http://1.2.3.256", Err(Invalid)),
];

fn all_urls_have_one_meaning() {
    let api = Url::parse("https://api.example.com").unwrap().origin().clone();
    for (text, expected) in URLS {
        let url = Url::resolve(text, &api);
        assert_eq!(url.as_ref().map(Url::as_str), expected.as_deref(), "{text:?}");
        let Ok(url) = url else { continue };
        assert_eq!(Url::parse(url.as_str()).as_ref(), Ok(&url), "it stays what it is");
        assert_eq!(
            format!("{}{}", url.origin(), url.path_and_query()),
            url.as_str().split('#').next().unwrap()
        );
    }
    for text in ["api.example.com", "/orders", "//api.example.com", "\\\\api.example.com", "", "?", "a:/b"] {
        assert_eq!(Url::parse(text), Err(Scheme), "{text:?}");
    }
}

fn domains_and_return_addresses_are_normalized() {
    for (text, name) in [
        (".Example.com", Ok("example.com")),
        ("größe.example", Ok("xn--gre-6ka8i.example")),
        ("localhost", Ok("localhost")),
        ("com", Err(Invalid)),
        ("a;b.example", Err(Invalid)),
        ("a.example:8080", Err(Invalid)),
        ("https://a.example", Err(Invalid)),
        ("me@a.example", Err(UserInfo)),
        ("[::1]", Err(Invalid)),
    ] {
        assert_eq!(
            Domain::parse(text).as_ref().map(Domain::as_str),
            name.as_ref().map(|name| *name),
            "{text}"
        );
    }
    let rules = RedirectRules::new(Url::parse("https://app.example").unwrap().origin().clone(), "/login");
    for (target, path) in [
        ("/größe b?x=ö", Ok("/gr%C3%B6%C3%9Fe%20b?x=%C3%B6")),
        ("https://app.example/.//other.example", Ok("/other.example")),
        ("/a\\..\\\\\\other.example", Ok("/other.example")),
        ("/\\other.example", Err(RedirectError::Url(SchemeRelative))),
        ("/\n/other.example", Err(RedirectError::Url(SchemeRelative))),
        ("https:\\\\other.example", Err(RedirectError::OtherOrigin)),
        ("/／other.example", Err(RedirectError::Disguised)),
        ("/%25%35%63other.example", Err(RedirectError::Disguised)),
        ("/a/../LOG\tIN", Err(RedirectError::LoginPage)),
    ] {
        assert_eq!(check(target, &rules).as_deref(), path.as_ref().map(|path| *path), "{target:?}");
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    #[test]
    fn all_urls_have_one_meaning() {
        super::all_urls_have_one_meaning();
    }

    #[test]
    fn domains_and_return_addresses_are_normalized() {
        super::domains_and_return_addresses_are_normalized();
    }
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
    use web_sys::Request;

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn all_urls_have_one_meaning() {
        super::all_urls_have_one_meaning();
    }

    #[wasm_bindgen_test]
    fn domains_and_return_addresses_are_normalized() {
        super::domains_and_return_addresses_are_normalized();
    }

    #[wasm_bindgen_test]
    fn fetch_reads_a_normalized_url_unchanged() {
        for url in URLS.iter().filter_map(|(_, url)| url.ok()) {
            assert_eq!(Request::new_with_str(url).unwrap().url(), url);
        }
    }
}
