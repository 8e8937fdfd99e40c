//! Tests with a transport that has another origin than the page of the tests.

#![allow(clippy::unwrap_used)]

use supertokens_session::{
    Headers, Url,
    platform::{Body, Method},
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::*;

wasm_bindgen_test_configure!(run_in_browser);

/// Sends a request as a page of that origin would.
async fn send(page: &str, url: &str) -> Result<u16, TransportError> {
    let origin = Some(Url::parse(page).unwrap().origin().clone());
    let transport = FetchTransport { origin, ..FetchTransport::new(&Page::current().unwrap()) };
    let request = TransportRequest {
        method: Method::Get,
        url: Url::parse(url).unwrap(),
        headers: Headers::new(),
        body: Body::Empty,
        credentials: None,
    };
    Ok(transport.send(request).await?.status())
}

#[wasm_bindgen_test]
async fn mixed_content_is_an_error_without_a_call() {
    let own = js_sys::eval(
        "window.calls = 0; window.ownFetch = window.fetch; window.fetch = async () => {
             window.calls++;
             return new Response('');
         }",
    );
    assert!(own.is_ok());
    let calls = || js_sys::eval("window.calls").unwrap().as_f64();
    for url in ["http://api.example.com/orders", "http://app.example.com/orders"] {
        let response = send("https://app.example.com", url).await;
        assert_eq!((response, calls()), (Err(TransportError::MixedContent), Some(0.0)));
    }
    for (page, url) in [
        ("https://app.example.com", "https://api.example.com/orders"),
        ("https://app.example.com", "http://localhost:3001/orders"),
        ("http://app.example.com", "http://api.example.com/orders"),
    ] {
        assert_eq!(send(page, url).await, Ok(200));
    }
    js_sys::eval("window.fetch = window.ownFetch").unwrap();
    assert_eq!(calls(), Some(3.0));
}

/// The mark is on the options, or on the `Request`.
#[wasm_bindgen_test]
async fn another_copy_of_this_library_does_not_intercept_the_client_s_calls() {
    js_sys::eval(
        "window.ownFetch = window.fetch; window.calls = []; window.fetch = async (...all) => {
             calls.push(all);
             return new Response('');
         }",
    )
    .unwrap();
    let page = Page::current().unwrap();
    let transport = FetchTransport::new(&page);
    let origin = page.origin().unwrap();
    for (method, body) in [(Method::Get, Body::Empty), (Method::Post, "a".into())] {
        let request = TransportRequest {
            method,
            url: Url::parse(&format!("{origin}/orders")).unwrap(),
            headers: Headers::new(),
            body,
            credentials: None,
        };
        transport.send(request).await.unwrap();
    }
    // This interception acts as another copy of the library, which finds only the mark on these calls.
    let config = supertokens_session::SessionConfig::builder(origin.to_string()).build().unwrap();
    let interception = crate::intercept_fetch(&crate::session_client(config).unwrap()).unwrap();
    js_sys::eval("for (const all of [...calls]) fetch(...all)").unwrap();
    drop(interception);
    let are_passed_on = js_sys::eval(
        "window.fetch = window.ownFetch;
         calls.length === 4 && calls[2][1] === calls[0][1] && calls[3][0] === calls[1][0] && calls[1][0] instanceof Request",
    );
    assert_eq!(are_passed_on.unwrap(), true);
}

#[wasm_bindgen_test]
async fn every_legal_header_value_is_sent_unchanged() {
    js_sys::eval(
        "window.ownFetch = window.fetch; window.fetch = async request => {
             window.sent = request;
             return new Response('');
         }",
    )
    .unwrap();
    let value = "a\t\"b\" \\ \\\" \\u0041 caf\u{e9} {}:,'";
    let mut headers = Headers::new();
    for (name, value) in [("X-One", value), ("__proto__", "2"), ("x-none", ""), ("x-last", "")] {
        headers.set(name, value).unwrap();
    }
    let request = TransportRequest {
        method: Method::from_name("A'B").unwrap(),
        url: Url::parse("https://api.example.com/").unwrap(),
        headers,
        body: Body::Empty,
        credentials: Some(Credentials::Omit),
    };
    FetchTransport::new(&Page::current().unwrap()).send(request).await.unwrap();
    let sent: web_sys::Request =
        js_sys::eval("window.fetch = window.ownFetch; sent").unwrap().unchecked_into();
    assert_eq!(sent.method(), "A'B");
    for (name, expected) in [("x-one", value), ("__proto__", "2"), ("x-none", ""), ("x-last", "")] {
        assert_eq!(sent.headers().get(name).unwrap().as_deref(), Some(expected), "{name}");
    }
}
