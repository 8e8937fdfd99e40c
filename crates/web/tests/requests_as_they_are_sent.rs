//! What `fetch` gets is what was asked for, and what it answers comes back whole.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::rc::Rc;

use supertokens_session::{
    platform::{Body, Credentials, Method, Transport, TransportError, TransportRequest, TransportResponse},
    wire::{headers::Headers, url::Url},
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

/// Puts what `fetch` gets into `window.sent`, its headers and body as text.
fn with_recorded_fetch() -> Broken {
    broken(
        "const own = window.fetch;
         window.fetch = async (...asked) => {
             const sent = new Request(...asked);
             window.sent = sent;
             window.more = asked.slice(2).length;
             window.body = await sent.clone().text();
             return new Response('answer', { status: 201, headers: { 'front-token': 'f', 'X-Empty': '' } });
         };
         return () => { window.fetch = own }",
    )
}

fn with_fetch(code: &str) -> Broken {
    broken(&format!("const own = window.fetch; window.fetch = {code}; return () => {{ window.fetch = own }}"))
}

#[wasm_bindgen_test]
async fn the_server_answers() {
    let origin = supertokens_web::page_origin().unwrap();
    assert_eq!(origin.to_string(), text_of("location.origin"));
    let answer = send(get(&format!("{origin}/"))).await.unwrap();
    assert_eq!((answer.status(), answer.url()), (200, Some(format!("{origin}/"))));
    assert!(answer.header("Content-Type").unwrap().starts_with("text/html"));
    assert_eq!(answer.header("x-none"), None);
    assert!(String::from_utf8(answer.bytes().await.unwrap()).unwrap().contains("<html"));

    let missing = send(get(&format!("{origin}/there/is/nothing"))).await.unwrap();
    assert_eq!(missing.status(), 404, "an answer, whatever its status, is no error");
}

#[wasm_bindgen_test]
async fn method_url_and_headers() {
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
        assert_eq!(text_of("sent.url"), url.split('#').next().unwrap());
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
async fn credentials() {
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
async fn bodies_can_be_sent_again() {
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
async fn what_can_t_be_sent_is_an_error() {
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
async fn the_answer_s_parts() {
    let _fetch = with_recorded_fetch();
    let answer = send(get("https://api.example.com/")).await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.header("Front-Token").as_deref(), Some("f"));
    assert_eq!(answer.header("x-empty").as_deref(), Some(""));
    for name in ["", "a b", "ü", "\n"] {
        assert_eq!(answer.header(name), None, "{name:?}");
    }
    let raw = answer.as_any().downcast_ref::<FetchResponse>().unwrap().as_raw();
    assert_eq!(raw.status(), 201);
}

#[wasm_bindgen_test]
async fn a_peek_leaves_the_body_unread() {
    let _fetch = with_recorded_fetch();
    let answer = send(get("https://api.example.com/")).await.unwrap();
    assert_eq!(answer.peek().await.unwrap(), b"answer");
    assert_eq!(answer.peek().await.unwrap(), b"answer");
    let later = answer.peek();
    assert_eq!(answer.bytes().await.unwrap(), b"answer");
    assert_eq!(later.await.unwrap(), b"answer");
}

const LIMIT: usize = 65_536;

#[wasm_bindgen_test]
async fn a_peek_reads_up_to_its_limit_and_leaves_the_body_whole() {
    let _fetch = with_fetch("async () => new Response(window.text)");
    for (size, is_read) in
        [(0, true), (LIMIT - 1, true), (LIMIT, true), (LIMIT + 1, false), (1_000_000, false)]
    {
        js(&format!("window.text = 't'.repeat({size})"));
        let answer = send(get("https://api.example.com/")).await.unwrap();
        let expected = if is_read { Ok(vec![b't'; size]) } else { Err(TransportError::Body) };
        assert_eq!(answer.peek().await, expected, "{size}");
        assert_eq!(answer.bytes().await, Ok(vec![b't'; size]));
    }
    let _fetch = with_fetch("async () => new Response(null, { status: 204 })");
    let answer = send(get("https://api.example.com/")).await.unwrap();
    assert_eq!((answer.peek().await, answer.bytes().await), (Ok(vec![]), Ok(vec![])));
}

/// As polyfills of `fetch` make them.
#[wasm_bindgen_test]
async fn a_peek_at_a_response_that_shows_no_stream_reads_its_bytes() {
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
async fn a_peek_at_a_body_without_an_end_is_an_error_and_buffers_no_more() {
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
    let answer = send(get("https://api.example.com/")).await.unwrap();
    assert_eq!(within(10_000, answer.peek()).await, Some(Err(TransportError::Body)));
    pause(100).await;
    let pulled: u32 = text_of("pulled").parse().unwrap();
    assert!((4..10).contains(&pulled), "{pulled}");
}

#[wasm_bindgen_test]
async fn a_peek_that_is_dropped_lets_go_of_its_copy() {
    let _fetch = with_fetch(
        "async () => new Response(new ReadableStream({
             start(c) { window.source = c },
             cancel() { window.cancelled = true },
         }))",
    );
    let _rejections = broken(
        "window.rejections = 0;
         const count = () => { window.rejections++ };
         window.addEventListener('unhandledrejection', count);
         return () => window.removeEventListener('unhandledrejection', count)",
    );
    js("window.cancelled = false");
    let answer = send(get("https://api.example.com/")).await.unwrap();
    drop(answer.peek());
    assert!(within(20, answer.peek()).await.is_none());
    let raw = answer.as_any().downcast_ref::<FetchResponse>().unwrap().as_raw();
    // A source is told once all copies are cancelled.
    let _cancelling = raw.body().unwrap().cancel();
    assert!(comes_true("cancelled").await);

    let answer = send(get("https://api.example.com/")).await.unwrap();
    let peek = answer.peek();
    js("source.error(new TypeError('cut'))");
    drop(peek);
    assert_eq!(answer.bytes().await, Err(TransportError::Body));
    pause(20).await;
    assert_eq!(text_of("rejections"), "0");
}

#[wasm_bindgen_test]
async fn a_body_that_is_not_made_of_bytes_is_an_error() {
    for chunk in ["'text'", "7", "null", "({ length: 3 })"] {
        let _fetch = with_fetch(&format!(
            "async () => new Response(new ReadableStream({{ start: c => c.enqueue({chunk}) }}))"
        ));
        let answer = send(get("https://api.example.com/")).await.unwrap();
        assert_eq!(answer.peek().await, Err(TransportError::Body), "{chunk}");
        assert_eq!(answer.bytes().await, Err(TransportError::Body), "{chunk}");
    }
}

/// Of what the second argument of `fetch` says, or its first, where that is a `Request`.
const KEEPALIVE: &str = "(asked[1] ?? asked[0]).keepalive";

#[wasm_bindgen_test]
async fn a_request_that_is_to_outlive_the_page_says_so() {
    let _fetch = with_fetch("async (...asked) => { window.asked = asked; return new Response('') }");
    let sign_out =
        || TransportRequest { method: Method::Post, ..get("https://api.example.com/auth/signout") };
    let transport = FetchTransport::new(&page());
    assert_eq!(transport.send_keepalive(sign_out()).await.unwrap().status(), 200);
    assert_eq!(text_of(KEEPALIVE), "true");
    send(sign_out()).await.unwrap();
    assert_eq!(text_of(KEEPALIVE), "undefined");
}

/// Browsers refuse one whose body is large.
#[wasm_bindgen_test]
async fn a_body_that_no_request_without_a_page_may_have_is_sent_all_the_same() {
    let _fetch = with_fetch(
        "async request => { window.asked = [request]; window.body = await request.clone().text(); return new Response('') }",
    );
    let knows = is_true("'keepalive' in Request.prototype");
    let transport = FetchTransport::new(&page());
    for (body, size, is_kept_alive) in [
        (Body::from("{}"), 2, true),
        (Body::from("b".repeat(8_192)), 8_192, true),
        (Body::from("b".repeat(8_193)), 8_193, false),
        (Body::from(vec![b'b'; 100_000]), 100_000, false),
        (Body::Platform(Rc::new(js("new Blob(['blob'])"))), 4, false),
    ] {
        transport.send_keepalive(post(body)).await.unwrap();
        assert_eq!(text_of("body.length"), size.to_string());
        assert!(!knows || text_of(KEEPALIVE) == is_kept_alive.to_string(), "{size}");
    }
}

#[wasm_bindgen_test]
async fn a_body_that_was_read_or_breaks_off_is_an_error() {
    let _fetch = with_fetch(
        "async () => new Response(new ReadableStream({
             pull: c => c.error(window.breaks),
         }))",
    );
    for error in ["new TypeError('cut')", "'text'", "undefined"] {
        js(&format!("window.breaks = {error}"));
        let answer = send(get("https://api.example.com/")).await.unwrap();
        assert_eq!(answer.bytes().await, Err(TransportError::Body));
    }
    let _fetch = with_recorded_fetch();
    let answer = send(get("https://api.example.com/")).await.unwrap();
    let raw = answer.as_any().downcast_ref::<FetchResponse>().unwrap().as_raw();
    wasm_bindgen_futures::JsFuture::from(raw.array_buffer().unwrap()).await.unwrap();
    assert_eq!(answer.peek().await, Err(TransportError::Body));
    assert_eq!(answer.bytes().await, Err(TransportError::Body));
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
    let answer = send(get("http://127.0.0.1:1/")).await;
    assert_eq!(answer.err(), Some(TransportError::Unreachable));
}

#[wasm_bindgen_test]
async fn dropping_the_future_aborts() {
    let _fetch =
        with_fetch("(...asked) => { window.sent = new Request(...asked); return new Promise(() => {}) }");
    assert!(within(20, send(get("https://api.example.com/"))).await.is_none());
    assert!(is_true("sent.signal.aborted"));
}

#[wasm_bindgen_test]
async fn an_answered_request_is_not_aborted() {
    let _fetch = with_recorded_fetch();
    let answer = send(get("https://api.example.com/")).await.unwrap();
    assert!(is_true("sent.signal.aborted === false"));
    drop(answer);
    pause(10).await;
    assert!(is_true("sent.signal.aborted === false"));
}
