//! What a page of another origin could not do.

#![allow(clippy::unwrap_used)]

use supertokens_session::{
    platform::{Body, Method},
    wire::{headers::Headers, url::Url},
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::*;

wasm_bindgen_test_configure!(run_in_browser);

/// As on a page of that origin.
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
async fn mixed_content_is_an_error_and_no_call() {
    let own = js_sys::eval(
        "window.calls = 0; window.ownFetch = window.fetch; window.fetch = async () => {
             window.calls++;
             return new Response('');
         }",
    );
    assert!(own.is_ok());
    let calls = || js_sys::eval("window.calls").unwrap().as_f64();
    for url in ["http://api.example.com/orders", "http://app.example.com/orders"] {
        let answer = send("https://app.example.com", url).await;
        assert_eq!((answer, calls()), (Err(TransportError::MixedContent), Some(0.0)));
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

/// The symbol is on what is sent: on the options, or on the `Request`.
#[wasm_bindgen_test]
async fn what_the_client_sends_no_other_copy_takes_for_the_page_s_own() {
    js_sys::eval(
        "window.ownFetch = window.fetch; window.asked = []; window.fetch = async (...all) => {
             asked.push(all);
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
    // As another copy has it, which knows nothing of what is beneath ours.
    let config = supertokens_session::SessionConfig::builder(origin.to_string()).build().unwrap();
    let interception = crate::intercept_fetch(&crate::session_client(config).unwrap()).unwrap();
    js_sys::eval("for (const all of [...asked]) fetch(...all)").unwrap();
    drop(interception);
    let handed_on = js_sys::eval(
        "window.fetch = window.ownFetch;
         asked.length === 4 && asked[2][1] === asked[0][1] && asked[3][0] === asked[1][0] && asked[1][0] instanceof Request",
    );
    assert_eq!(handed_on.unwrap(), true);
}
