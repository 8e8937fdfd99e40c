//! Which intercepted requests use the session: this depends on the URL as the browser parses it.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_web::{intercept_fetch, intercept_xhr};
use support::{recorded_api::*, *};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// JavaScript source of the URLs.
const ODD_URLS_OF_THE_API: [&str; 15] = [
    r"'http://localhost:3001/x?q=C:\\Users'",
    r"'http://localhost:3001/x?re=\\d+'",
    r"'http://localhost:3001/x#a\\b'",
    r"'http://localhost:3001?\\@other.example'",
    r"'http://localhost:3001#\\@other.example'",
    r"'http:\\\\localhost:3001\\x'",
    "'http://localhost:3001/x?q=a%5Cb'",
    "'http://localhost:3001/a|b^`{}'",
    "'http://localhost:3001/a b?c d#e f'",
    "'http://localhost:3001/x?q=\\u3000'",
    "'http://localhost:3001/caf\\u00e9'",
    "' \\thttp://localhost:3001/x\\n'",
    "'http://local\\thost:3001/x'",
    "'HTTP://LOCALHOST:3001/x'",
    r"new URL('http://localhost:3001/x?q=C:\\Users#\\')",
];

const URLS_OF_OTHERS: [&str; 7] = [
    r"'http://other.example\\@localhost:3001/x'",
    r"'http://other.example?\\@localhost:3001/x'",
    r"'http://other.example#\\@localhost:3001/x'",
    r"'http://other.example\\localhost:3001/x'",
    r"'http:\\\\other.example\\x?http://localhost:3001/'",
    r"'/\\other.example/http://localhost:3001/'",
    r"'\\\\other.example?\\localhost:3001'",
];

#[wasm_bindgen_test]
async fn every_url_that_the_browser_sends_to_the_api_uses_the_session() {
    clean().await;
    let _backend = with_recorded_api();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    let mut without_session = Vec::new();
    for url in ODD_URLS_OF_THE_API {
        for call in [format!("fetch({url})"), format!("fetch(new Request({url}))")] {
            js("api.sent = []; api.fresh = false");
            let status = status(&call).await;
            if status != "201" || !is_true("api.sent[0].headers.rid === 'anti-csrf'") {
                without_session.push(call);
            } else {
                assert_eq!(
                    text_of("api.sent.length + api.sent[0].url"),
                    format!("3{}", text_of(&format!("new Request({url}).url")))
                );
            }
        }
    }
    assert!(without_session.is_empty(), "{without_session:?}");
}

#[wasm_bindgen_test]
async fn no_url_that_the_browser_sends_elsewhere_uses_the_session() {
    clean().await;
    let _backend = with_recorded_api();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    for url in URLS_OF_OTHERS {
        js(&format!("api.sent = []; api.fresh = false; window.input = {url}"));
        assert_eq!(status("fetch(input)").await, "401", "{url}");
        assert!(is_true("new URL(api.sent[0].url).hostname === 'other.example'"), "{url}");
        assert!(
            is_true("api.sent.length === 1 && api.sent[0].input === input && !api.sent[0].headers.rid"),
            "{url}"
        );
    }
}

/// An object may return another URL at each read.
#[wasm_bindgen_test]
async fn a_url_is_read_once() {
    clean().await;
    let _backend = with_recorded_api();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    js("window.reads = 0;
        window.input = { toString: () => reads++ ? 'https://other.example/x' : 'http://localhost:3001/x' }");
    assert_eq!(status("fetch(input)").await, "201");
    assert_eq!(text_of("api.sent[0].url + ' ' + reads"), "http://localhost:3001/x 1");
}

#[wasm_bindgen_test]
async fn the_opt_out_works_anywhere_in_a_url() {
    clean().await;
    let _backend = with_recorded_api();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    for tail in [
        "/login#superTokensDoNotDoInterception",
        "/login?a=1#b=2&superTokensDoNotDoInterception",
        "#superTokensDoNotDoInterception",
        "/login?superTokensDoNotDoInterception",
        "/superTokensDoNotDoInterception/login",
    ] {
        for input in [
            format!("'{API}{tail}'"),
            format!("new URL('{API}{tail}')"),
            format!("new Request('{API}{tail}')"),
        ] {
            js(&format!("api.sent = []; api.fresh = false; window.input = {input}"));
            assert_eq!(status("fetch(input)").await, "401", "{input}");
            assert!(is_true("api.sent.length === 1 && api.sent[0].input === input"), "{input}");
            assert!(is_true("api.sent[0].headers.rid === undefined"), "{input}");
        }
        js("api.sent = []");
        let response = client.get(tail).send().await.unwrap();
        assert_eq!((response.status(), response.session_error()), (401, None), "{tail}");
        assert_eq!(text_of("api.sent.length + ' ' + api.sent[0].headers.rid"), "1 undefined", "{tail}");
        assert!(
            text_of("api.sent[0].url").contains("superTokensDoNotDoInterception"),
            "other SDKs see the opt-out too"
        );
    }
}

#[wasm_bindgen_test]
async fn an_xml_http_request_reads_urls_as_fetch_does() {
    clean().await;
    let _backend = with_recorded_api();
    let settings = supertokens_session::SessionConfig::builder(text_of("location.origin"));
    let client = supertokens_web::session_client(settings.build().unwrap()).unwrap();
    client.post("/auth/signin").send().await.unwrap();
    let _methods = patch_page(
        "const own = XMLHttpRequest.prototype.setRequestHeader;
         window.names = [];
         XMLHttpRequest.prototype.setRequestHeader = function (name) {
             names.push(name);
             return own.apply(this, arguments);
         };
         window.sendXhr = url => new Promise(resolve => {
             const xhr = new XMLHttpRequest();
             xhr.onloadend = () => resolve(String(xhr.status));
             xhr.open('GET', url);
             xhr.send();
         });
         return () => { XMLHttpRequest.prototype.setRequestHeader = own }",
    );
    let _interception = intercept_xhr(&client).unwrap();
    for (url, uses_session) in [
        (r"'/?q=C:\\Users'", true),
        (r"'/#a\\b'", true),
        ("'/?q=\\u3000'", true),
        ("'/#superTokensDoNotDoInterception'", false),
        ("'/?superTokensDoNotDoInterception'", false),
    ] {
        js("names = []");
        assert_eq!(text_of_async(&format!("return sendXhr({url})")).await, "200", "{url}");
        assert_eq!(is_true("names.includes('st-auth-mode')"), uses_session, "{url}");
    }
}
