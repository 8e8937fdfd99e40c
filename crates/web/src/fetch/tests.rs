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
