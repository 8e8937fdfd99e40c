//! The transport calls `fetch` with the request's options, and returns the whole response.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::rc::Rc;

use supertokens_session::{
    Headers, Url,
    platform::{Body, Credentials, Method, Transport, TransportError, TransportRequest, TransportResponse},
};
use supertokens_web::{FetchResponse, FetchTransport};
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn get(url: &str) -> TransportRequest {
    TransportRequest {
        method: Method::Get,
        url: Url::parse(url).unwrap(),
        headers: Headers::new(),
        body: Body::Empty,
        credentials: None,
    }
}

fn post(body: Body) -> TransportRequest {
    TransportRequest { method: Method::Post, body, ..get("https://api.example.com/x") }
}

async fn send(request: TransportRequest) -> Result<Box<dyn TransportResponse>, TransportError> {
    FetchTransport::new(&page()).send(request).await
}

/// Records the request in `window.sent`, and its body as text in `window.body`.
fn with_recorded_fetch() -> PagePatch {
    patch_page(
        "const own = window.fetch;
         window.fetch = async (...args) => {
             const sent = new Request(...args);
             window.sent = sent;
             window.more = args.slice(2).length;
             window.body = await sent.clone().text();
             return new Response('body', { status: 201, headers: { 'front-token': 'f', 'X-Empty': '' } });
         };
         return () => { window.fetch = own }",
    )
}

fn with_fetch(code: &str) -> PagePatch {
    patch_page(&format!(
        "const own = window.fetch; window.fetch = {code}; return () => {{ window.fetch = own }}"
    ))
}

#[wasm_bindgen_test]
async fn a_server_s_response_is_returned() {
    let origin = supertokens_web::page_origin().unwrap();
    assert_eq!(origin.to_string(), text_of("location.origin"));
    let response = send(get(&format!("{origin}/"))).await.unwrap();
    assert_eq!((response.status(), response.url()), (200, Some(format!("{origin}/"))));
    assert!(response.header("Content-Type").unwrap().starts_with("text/html"));
    assert_eq!(response.header("x-none"), None);
    assert!(String::from_utf8(response.bytes().await.unwrap()).unwrap().contains("<html"));

    let missing = send(get(&format!("{origin}/there/is/nothing"))).await.unwrap();
    assert_eq!(missing.status(), 404, "a response with any status is no error");
}

#[wasm_bindgen_test]
async fn method_url_and_headers_are_sent_unchanged() {
    let _fetch = with_recorded_fetch();
    for method in
        [Method::Get, Method::Head, Method::Post, Method::Put, Method::Patch, Method::Delete, Method::Options]
    {
        send(TransportRequest { method, ..get("https://api.example.com/") }).await.unwrap();
        assert_eq!(text_of("sent.method"), method.as_str());
    }
    for url in [
        "https://api.example.com/a?b=%20&c#d",
        "https://api.example.com/a?",
        "https://api.example.com/?x=a+b",
    ] {
        send(get(url)).await.unwrap();
        assert_eq!(text_of("sent.url"), url);
    }
    let mut headers = Headers::new();
    headers.set("rid", "anti-csrf").unwrap();
    headers.set("Authorization", "Bearer a.b.c").unwrap();
    headers.set("x-latin", "caf\u{e9}").unwrap();
    send(TransportRequest { headers, ..get("https://api.example.com/") }).await.unwrap();
    assert_eq!(
        text_of("JSON.stringify([...sent.headers])"),
        r#"[["authorization","Bearer a.b.c"],["rid","anti-csrf"],["x-latin","café"]]"#
    );
    assert_eq!(text_of("more"), "0");
}

#[wasm_bindgen_test]
async fn credentials_are_sent_as_set() {
    let _fetch = with_recorded_fetch();
    for (credentials, sent) in [
        (None, "same-origin"),
        (Some(Credentials::Omit), "omit"),
        (Some(Credentials::SameOrigin), "same-origin"),
        (Some(Credentials::Include), "include"),
    ] {
        send(TransportRequest { credentials, ..get("https://api.example.com/") }).await.unwrap();
        assert_eq!(text_of("sent.credentials"), sent);
    }
}

#[wasm_bindgen_test]
async fn bodies_can_be_sent_twice() {
    let _fetch = with_recorded_fetch();
    let form = js("(() => { const f = new FormData(); f.append('k', 'value'); return f })()");
    for (body, sent, kind) in [
        (Body::Empty, "", "null"),
        (Body::Text("{\"a\":\"ü\"}".into()), "{\"a\":\"ü\"}", "text/plain;charset=UTF-8"),
        (Body::from(b"bytes".as_slice()), "bytes", "null"),
        (
            Body::Platform(Rc::new(js("new URLSearchParams('a=1')"))),
            "a=1",
            "application/x-www-form-urlencoded",
        ),
        (Body::Platform(Rc::new(js("new Blob(['blob'], { type: 'x/y' })"))), "blob", "x/y"),
        (Body::Platform(Rc::new(form)), "value", "multipart/form-data"),
    ] {
        for _ in 0..2 {
            js("sent = null");
            send(post(body.clone())).await.unwrap();
            assert!(text_of("body").contains(sent), "{}", text_of("body"));
            assert!(text_of("sent.headers.get('content-type')").starts_with(kind));
        }
    }
}

#[wasm_bindgen_test]
async fn a_request_that_the_browser_can_t_send_is_an_error() {
    let _fetch = with_recorded_fetch();
    js("window.sent = null");
    let body = || Body::Text("".into());
    let used = js("(() => { const r = new Response('x'); r.body.getReader(); return r.body })()");
    for request in [
        TransportRequest { method: Method::Get, ..post(body()) },
        TransportRequest { method: Method::Head, ..post(body()) },
        post(Body::Platform(Rc::new("no JavaScript value"))),
        post(Body::Platform(Rc::new(used))),
        post(Body::Platform(Rc::new(js("new Response('x').body")))),
        post(Body::Platform(Rc::new(js("({ toString() { throw undefined } })")))),
    ] {
        assert_eq!(send(request).await.err(), Some(TransportError::Unsendable));
    }
    assert!(is_true("sent === null"));
}

#[wasm_bindgen_test]
async fn status_and_headers_of_a_response_are_readable() {
    let _fetch = with_recorded_fetch();
    let response = send(get("https://api.example.com/")).await.unwrap();
    assert_eq!(response.status(), 201);
    assert_eq!(response.header("Front-Token").as_deref(), Some("f"));
    assert_eq!(response.header("x-empty").as_deref(), Some(""));
    for name in ["", "a b", "ü", "\n"] {
        assert_eq!(response.header(name), None, "{name:?}");
    }
    let raw = response.as_any().downcast_ref::<FetchResponse>().unwrap().as_raw();
    assert_eq!(raw.status(), 201);
}

#[wasm_bindgen_test]
async fn a_peek_leaves_the_body_unread() {
    let _fetch = with_recorded_fetch();
    let response = send(get("https://api.example.com/")).await.unwrap();
    assert_eq!(response.peek().await.unwrap(), b"body");
    assert_eq!(response.peek().await.unwrap(), b"body");
    let later = response.peek();
    assert_eq!(response.bytes().await.unwrap(), b"body");
    assert_eq!(later.await.unwrap(), b"body");
}

const LIMIT: usize = 65_536;

#[wasm_bindgen_test]
async fn a_peek_reads_up_to_its_limit_and_leaves_the_body_whole() {
    let _fetch = with_fetch("async () => new Response(window.text)");
    for (size, is_read) in
        [(0, true), (LIMIT - 1, true), (LIMIT, true), (LIMIT + 1, false), (1_000_000, false)]
    {
        js(&format!("window.text = 't'.repeat({size})"));
        let response = send(get("https://api.example.com/")).await.unwrap();
        let expected = if is_read { Ok(vec![b't'; size]) } else { Err(TransportError::Body) };
        assert_eq!(response.peek().await, expected, "{size}");
        assert_eq!(response.bytes().await, Ok(vec![b't'; size]));
    }
    let _fetch = with_fetch("async () => new Response(null, { status: 204 })");
    let response = send(get("https://api.example.com/")).await.unwrap();
    assert_eq!((response.peek().await, response.bytes().await), (Ok(vec![]), Ok(vec![])));
}

/// Polyfills of `fetch` create such responses.
#[wasm_bindgen_test]
async fn a_peek_at_a_response_without_a_stream_reads_its_bytes() {
    let _fetch = with_fetch(
        "async () => {
             const response = new Response('whole');
             response.clone = () => ({ arrayBuffer: async () => new TextEncoder().encode(window.text).buffer });
             return response;
         }",
    );
    for (size, is_read) in [(0, true), (LIMIT, true), (LIMIT + 1, false)] {
        js(&format!("window.text = 't'.repeat({size})"));
        let response = send(get("https://api.example.com/")).await.unwrap();
        let expected = if is_read { Ok(vec![b't'; size]) } else { Err(TransportError::Body) };
        assert_eq!(response.peek().await, expected, "{size}");
    }
}

#[wasm_bindgen_test]
async fn a_peek_at_an_endless_body_is_an_error_and_stops_reading() {
    let _fetch = with_fetch(
        "async () => {
             window.pulled = 0;
             return new Response(new ReadableStream({
                 async pull(c) {
                     pulled++;
                     await new Promise(resolve => setTimeout(resolve));
                     c.enqueue(new Uint8Array(16_384));
                 },
             }));
         }",
    );
    let response = send(get("https://api.example.com/")).await.unwrap();
    assert_eq!(within(10_000, response.peek()).await, Some(Err(TransportError::Body)));
    pause(100).await;
    let pulled: u32 = text_of("pulled").parse().unwrap();
    assert!((4..10).contains(&pulled), "{pulled}");
}

#[wasm_bindgen_test]
async fn a_dropped_peek_cancels_its_copy() {
    let _fetch = with_fetch(
        "async () => new Response(new ReadableStream({
             start(c) { window.source = c },
             cancel() { window.cancelled = true },
         }))",
    );
    let _rejections = patch_page(
        "window.rejections = 0;
         const count = () => { window.rejections++ };
         window.addEventListener('unhandledrejection', count);
         return () => window.removeEventListener('unhandledrejection', count)",
    );
    js("window.cancelled = false");
    let response = send(get("https://api.example.com/")).await.unwrap();
    drop(response.peek());
    assert!(within(20, response.peek()).await.is_none());
    let raw = response.as_any().downcast_ref::<FetchResponse>().unwrap().as_raw();
    // The browser calls `cancel` of a source after all copies are cancelled.
    let _cancelling = raw.body().unwrap().cancel();
    assert!(becomes_true("cancelled").await);

    let response = send(get("https://api.example.com/")).await.unwrap();
    let peek = response.peek();
    js("source.error(new TypeError('cut'))");
    drop(peek);
    assert_eq!(response.bytes().await, Err(TransportError::Body));
    pause(20).await;
    assert_eq!(text_of("rejections"), "0");
}

#[wasm_bindgen_test]
async fn a_body_that_is_not_made_of_bytes_is_an_error() {
    for chunk in ["'text'", "7", "null", "({ length: 3 })"] {
        let _fetch = with_fetch(&format!(
            "async () => new Response(new ReadableStream({{ start: c => c.enqueue({chunk}) }}))"
        ));
        let response = send(get("https://api.example.com/")).await.unwrap();
        assert_eq!(response.peek().await, Err(TransportError::Body), "{chunk}");
        assert_eq!(response.bytes().await, Err(TransportError::Body), "{chunk}");
    }
}

/// The option in the second argument of `fetch`, or in the first if that is a `Request`.
const KEEPALIVE: &str = "(args[1] ?? args[0]).keepalive";

#[wasm_bindgen_test]
async fn send_keepalive_sets_keepalive() {
    let _fetch = with_fetch("async (...args) => { window.args = args; return new Response('') }");
    let sign_out =
        || TransportRequest { method: Method::Post, ..get("https://api.example.com/auth/signout") };
    let transport = FetchTransport::new(&page());
    assert_eq!(transport.send_keepalive(sign_out()).await.unwrap().status(), 200);
    assert_eq!(text_of(KEEPALIVE), "true");
    send(sign_out()).await.unwrap();
    assert_eq!(text_of(KEEPALIVE), "undefined");
}

/// Browsers refuse `keepalive` for a large body.
#[wasm_bindgen_test]
async fn a_body_too_large_for_keepalive_is_sent_without_it() {
    let _fetch = with_fetch(
        "async request => { window.args = [request]; window.body = await request.clone().text(); return new Response('') }",
    );
    let supports_keepalive = is_true("'keepalive' in Request.prototype");
    let transport = FetchTransport::new(&page());
    for (body, size, is_keepalive) in [
        (Body::from("{}"), 2, true),
        (Body::from("b".repeat(8_192)), 8_192, true),
        (Body::from("b".repeat(8_193)), 8_193, false),
        (Body::from(vec![b'b'; 100_000]), 100_000, false),
        (Body::Platform(Rc::new(js("new Blob(['blob'])"))), 4, false),
    ] {
        transport.send_keepalive(post(body)).await.unwrap();
        assert_eq!(text_of("body.length"), size.to_string());
        assert!(!supports_keepalive || text_of(KEEPALIVE) == is_keepalive.to_string(), "{size}");
    }
}

#[wasm_bindgen_test]
async fn a_body_that_was_read_or_breaks_off_is_an_error() {
    let _fetch = with_fetch(
        "async () => new Response(new ReadableStream({
             pull: c => c.error(window.error),
         }))",
    );
    for error in ["new TypeError('cut')", "'text'", "undefined"] {
        js(&format!("window.error = {error}"));
        let response = send(get("https://api.example.com/")).await.unwrap();
        assert_eq!(response.bytes().await, Err(TransportError::Body));
    }
    let _fetch = with_recorded_fetch();
    let response = send(get("https://api.example.com/")).await.unwrap();
    let raw = response.as_any().downcast_ref::<FetchResponse>().unwrap().as_raw();
    wasm_bindgen_futures::JsFuture::from(raw.array_buffer().unwrap()).await.unwrap();
    assert_eq!(response.peek().await, Err(TransportError::Body));
    assert_eq!(response.bytes().await, Err(TransportError::Body));
}

#[wasm_bindgen_test]
async fn any_rejection_is_an_error() {
    use TransportError::*;
    for (fetch, error) in [
        ("async () => { throw new TypeError('Failed to fetch') }", Unreachable),
        ("async () => { throw 'text' }", Unreachable),
        ("async () => { throw undefined }", Unreachable),
        ("async () => { throw null }", Unreachable),
        ("async () => { throw { get name() { throw 1 } } }", Unreachable),
        ("() => { throw new Error('not even a promise') }", Unreachable),
        ("() => { throw undefined }", Unreachable),
        ("async () => undefined", Unreachable),
        ("() => 7", Unreachable),
        ("undefined", Unreachable),
        ("async () => { throw new DOMException('', 'AbortError') }", Aborted),
        ("async () => { throw new DOMException('', 'TimeoutError') }", TimedOut),
    ] {
        let _fetch = with_fetch(fetch);
        assert_eq!(send(get("https://api.example.com/")).await.err(), Some(error), "{fetch}");
    }
}

#[wasm_bindgen_test]
async fn a_network_failure_is_unreachable() {
    let response = send(get("http://127.0.0.1:1/")).await;
    assert_eq!(response.err(), Some(TransportError::Unreachable));
}

#[wasm_bindgen_test]
async fn dropping_the_future_aborts() {
    let _fetch =
        with_fetch("(...args) => { window.sent = new Request(...args); return new Promise(() => {}) }");
    assert!(within(20, send(get("https://api.example.com/"))).await.is_none());
    assert!(is_true("sent.signal.aborted"));
}

#[wasm_bindgen_test]
async fn a_request_with_a_response_is_not_aborted() {
    let _fetch = with_recorded_fetch();
    let response = send(get("https://api.example.com/")).await.unwrap();
    assert!(is_true("sent.signal.aborted === false"));
    drop(response);
    pause(10).await;
    assert!(is_true("sent.signal.aborted === false"));
}
