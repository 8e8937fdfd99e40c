//! A retry sends the whole request, also for requests that the caller built and for bodies that are browser objects.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_session::{SessionClient, SessionError, platform::TransportError};
use supertokens_web::{body, http_request, send_http, send_request};
use support::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Request;

wasm_bindgen_test_configure!(run_in_browser);

/// `api.fresh` is whether the access token is valid. `api.sent` has the requests with their bodies as text.
fn with_backend() -> PagePatch {
    patch_page(
        "const own = window.fetch;
         const front = () => btoa(JSON.stringify({ uid: 'u', ate: 9999999999999, up: { n: api.sent.length } }));
         window.api = { fresh: true, sent: [] };
         window.fetch = async (...args) => {
             const request = new Request(...args);
             const path = new URL(request.url).pathname;
             const { method, cache, credentials } = request;
             const headers = Object.fromEntries(request.headers);
             api.sent.push({ path, method, cache, credentials, headers, body: await request.text() });
             if (path.startsWith('/auth')) {
                 api.fresh = true;
                 return new Response('', { headers: { 'front-token': front() } });
             }
             if (!api.fresh) return new Response('', { status: 401 });
             return new Response('done', { status: 201, headers: { 'x-a': '1', 'x-b': '2' } });
         };
         return () => { window.fetch = own }",
    )
}

async fn expired() -> SessionClient {
    let client = supertokens_web::session_client(config()).unwrap();
    client.post("/auth/signin").send().await.unwrap();
    js("api.sent = []; api.fresh = false");
    client
}

fn paths() -> String {
    text_of("api.sent.map(sent => sent.path).join(' ')")
}

const RETRIED: &str = "/x /auth/session/refresh /x";

#[wasm_bindgen_test]
async fn a_browser_s_body_is_sent_whole_in_a_retry() {
    clean().await;
    let _backend = with_backend();
    for (code, sent) in [
        ("new Blob(['a blob'])", "a blob"),
        ("new File(['a file'], 'a.txt', { type: 'text/plain' })", "a file"),
        ("new URLSearchParams({ a: 'ü' })", "a=%C3%BC"),
        ("new Uint8Array([65, 66])", "AB"),
        ("(() => { const form = new FormData(); form.append('f', 'in it'); return form })()", "in it"),
    ] {
        let client = expired().await;
        let response = client.post("/x").body(body(js(code))).send().await.unwrap();
        assert_eq!((response.status(), paths().as_str()), (201, RETRIED), "{code}");
        for at in [0, 2] {
            assert!(text_of(&format!("api.sent[{at}].body")).contains(sent), "{code}");
        }
    }
}

#[wasm_bindgen_test]
async fn a_stream_is_sent_once() {
    clean().await;
    let _backend = with_backend();
    let client = expired().await;
    let response = client.post("/x").body(body(js("new Blob(['once']).stream()"))).send().await.unwrap();
    assert_eq!((response.status(), paths().as_str()), (401, "/x"));
    assert_eq!(text_of("api.sent[0].body"), "once");

    let request: Request = js("new Request('http://localhost:3001/x', {
        method: 'POST', duplex: 'half', body: new Blob(['once']).stream() })")
    .unchecked_into();
    js("api.sent = []");
    assert_eq!(send_request(&client, request).await.unwrap().status(), 401);
    assert_eq!(paths(), "/x");
}

#[wasm_bindgen_test]
async fn a_browser_s_request_keeps_its_options() {
    clean().await;
    let _backend = with_backend();
    let client = expired().await;
    let request: Request = js("new Request('http://localhost:3001/x', {
        method: 'PROPFIND', body: 'text', cache: 'no-cache', headers: { 'x-own': '1' } })")
    .unchecked_into();
    let response = send_request(&client, request).await.unwrap();
    let text = JsFuture::from(response.text().unwrap()).await.unwrap();
    assert_eq!((response.status(), text, paths().as_str()), (201, JsValue::from_str("done"), RETRIED));
    for at in [0, 2] {
        let sent = |what: &str| text_of(&format!("api.sent[{at}].{what}"));
        assert_eq!(
            (sent("method"), sent("body"), sent("cache")),
            ("PROPFIND".into(), "text".into(), "no-cache".into())
        );
        assert_eq!((sent("headers['x-own']"), sent("headers.rid")), ("1".into(), "anti-csrf".into()));
        assert_eq!(sent("credentials"), "include");
    }
}

#[wasm_bindgen_test]
async fn a_request_outside_the_api_scope_has_no_session_headers() {
    clean().await;
    let _backend = with_backend();
    let client = expired().await;
    let request = Request::new_with_str("https://other.example/x").unwrap();
    assert_eq!(send_request(&client, request).await.unwrap().status(), 401);
    assert_eq!((paths().as_str(), text_of("api.sent[0].headers.rid").as_str()), ("/x", "undefined"));
}

#[wasm_bindgen_test]
async fn a_request_of_the_http_crate_is_sent_whole_in_a_retry() {
    clean().await;
    let _backend = with_backend();
    let client = expired().await;
    let request =
        http::Request::put("/x?a=1").header("x-own", "1").header("x-own", "2").body("text").unwrap();
    let response = send_http(&client, request).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.body().as_slice(), paths().as_str()),
        (201, &b"done"[..], RETRIED)
    );
    assert_eq!(
        (&response.headers()["x-a"], &response.headers()["x-b"]),
        (&http::HeaderValue::from_static("1"), &http::HeaderValue::from_static("2"))
    );
    for at in [0, 2] {
        assert_eq!(text_of(&format!("api.sent[{at}].body + api.sent[{at}].headers['x-own']")), "text1, 2");
    }
}

#[wasm_bindgen_test]
fn an_http_request_that_browsers_can_t_send_is_an_error() {
    let client = supertokens_web::session_client(config()).unwrap();
    let request = http::Request::builder().method("A".repeat(25).as_str()).uri("/x").body("").unwrap();
    let error = http_request(&client, request).map(drop).unwrap_err();
    assert_eq!(error, SessionError::Network(TransportError::Unsendable));
    let value = http::HeaderValue::from_bytes(b"\xff").unwrap();
    let request = http::Request::get("/x").header("x-own", value).body("").unwrap();
    assert!(matches!(http_request(&client, request).map(drop), Err(SessionError::Header(_))));
}
