//! Requests, bodies and responses of another window, and objects that only have the properties of a response.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_web::{body, intercept_fetch};
use support::{recorded_api::*, *};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A frame as another window: `frame.Request` is not this window's `Request`.
fn with_frame() -> PagePatch {
    patch_page(
        "const element = document.body.appendChild(document.createElement('iframe'));
         window.frame = element.contentWindow;
         return () => element.remove()",
    )
}

fn paths() -> String {
    text_of("api.sent.map(sent => sent.path).join(' ')")
}

const RETRIED: &str = "/x /auth/session/refresh /x";

#[wasm_bindgen_test]
async fn a_response_of_another_window_is_a_response() {
    clean().await;
    let _patches = (with_recorded_api(), with_frame());
    js("api.make = (body, init) => api.made = new frame.Response(body, init)");
    let client = signed_in().await;
    js("api.fresh = false");
    let response = client.get("/x").send().await.unwrap();
    assert_eq!((response.status(), paths().as_str()), (201, RETRIED));
    assert_eq!(response.text().await.as_deref(), Ok("done"));

    let _interception = intercept_fetch(&client).unwrap();
    js("api.sent = []; api.fresh = false");
    let call =
        format!("const a = await fetch('{API}/x'); return a === api.made && a.status + await a.text()");
    assert_eq!(text_of_async(&call).await, "201done");
    assert_eq!(paths(), RETRIED);
    assert_eq!(client.user_id().await.as_deref(), Ok("u"));
}

#[wasm_bindgen_test]
async fn claims_are_read_from_a_response_of_another_window() {
    clean().await;
    let _patches = (with_recorded_api(), with_frame());
    let client = signed_in().await;
    let seen = std::rc::Rc::new(std::cell::Cell::new(0));
    let count = seen.clone();
    let _listener = client.on_event(move |event| {
        if matches!(event, supertokens_session::SessionEvent::ApiInvalidClaim { .. }) {
            count.set(count.get() + 1);
        }
    });
    js(
        r#"api.responses['/x'] = () => new frame.Response('{"claimValidationErrors":[{"id":"c","reason":{}}]}', { status: 403, headers: { 'content-type': 'application/json' } })"#,
    );
    let _interception = intercept_fetch(&client).unwrap();
    let call = format!("const a = await fetch('{API}/x'); return a.status + ' ' + a.bodyUsed");
    assert_eq!(text_of_async(&call).await, "403 false");
    assert!(
        within(10_000, async {
            while seen.get() == 0 {
                pause(5).await;
            }
        })
        .await
        .is_some()
    );
}

/// A mock of the page may return an object with only some properties of a response.
#[wasm_bindgen_test]
async fn an_object_with_the_properties_of_a_response_is_one() {
    clean().await;
    let _patches = (with_recorded_api(), with_frame());
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    js("api.responses['/x'] = () => api.made = api.fresh
            ? { ok: true, status: 201, headers: new frame.Headers(), text: async () => 'mocked' }
            : { ok: false, status: 401, headers: { get: () => null }, text: async () => '' };
        api.fresh = false");
    let call =
        format!("const a = await fetch('{API}/x'); return a === api.made && a.status + await a.text()");
    assert_eq!(text_of_async(&call).await, "201mocked");
    assert_eq!(paths(), RETRIED);
    for mocked in [
        "{ ok: true, json: async () => ({}) }",
        "{ status: 200, headers: { 'front-token': 'x' } }",
        "{ status: 200, headers: { get: () => 7 } }",
        "{ status: 403, headers: null }",
        "{ get status() { throw 1 }, get headers() { throw 2 } }",
        "Object.freeze({ status: 401, headers: null })",
        "Promise.resolve({ status: 200 })",
        "{ then: resolve => resolve(api.then = { status: 200 }) }",
    ] {
        js(&format!("api.responses['/x'] = () => api.made = {mocked}"));
        let call = format!("return (await fetch('{API}/x')) === (api.then ?? await api.made)");
        assert_eq!(value_of_async(&call).await.unwrap(), true, "{mocked}");
    }
    for nothing in ["undefined", "null", "7", "'text'"] {
        js(&format!("api.responses['/x'] = () => ({nothing})"));
        let call = format!("return fetch('{API}/x').then(() => 'a response', e => e.constructor.name)");
        assert_eq!(text_of_async(&call).await, "TypeError", "{nothing}");
    }
    assert_eq!(client.user_id().await.as_deref(), Ok("u"));
}

#[wasm_bindgen_test]
async fn a_request_of_another_window_uses_the_session() {
    clean().await;
    let _patches = (with_recorded_api(), with_frame());
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    for call in [
        "fetch(new frame.Request('http://localhost:3001/x', { method: 'PUT', body: 'text' }))",
        "fetch(new frame.URL('http://localhost:3001/x'), { method: 'PUT', body: new frame.Blob(['text']) })",
        "fetch('http://localhost:3001/x', frame.eval(\"({ method: 'PUT', body: new URLSearchParams('text'), \
             headers: new Headers(), signal: new AbortController().signal })\"))",
        "fetch('http://localhost:3001/x', { method: 'PUT', body: new frame.Uint8Array([116]) })",
        "fetch('http://localhost:3001/x', { method: 'PUT', body: frame.eval(\"const f = new FormData(); \
             f.append('text', 't'); f\") })",
    ] {
        js("api.sent = []; api.fresh = false");
        assert_eq!(status(call).await, "201", "{call}");
        assert_eq!(paths(), RETRIED, "{call}");
        for at in [0, 2] {
            let sent = format!("api.sent[{at}]");
            assert_eq!(
                text_of(&format!("{sent}.method + ' ' + {sent}.headers.rid")),
                "PUT anti-csrf",
                "{call}"
            );
            let body = text_of_async(&format!(
                "const {{ input, init }} = {sent};
                 return await (input instanceof Request ? input.clone() : new Request(input, init)).text()"
            ))
            .await;
            assert!(body.contains('t') && !body.contains("[object"), "{call}: {body}");
        }
    }
}

#[wasm_bindgen_test]
async fn a_stream_of_another_window_is_sent_once() {
    clean().await;
    let _patches = (with_recorded_api(), with_frame());
    let client = signed_in().await;
    let interception = intercept_fetch(&client).unwrap();
    let init = "{ method: 'POST', duplex: 'half', body: new frame.Blob(['stream']).stream() }";
    for call in [format!("fetch('{API}/x', {init})"), format!("fetch(new frame.Request('{API}/x', {init}))")]
    {
        js("api.sent = []; api.fresh = false");
        assert_eq!(status(&call).await, "401", "{call}");
        assert_eq!(paths(), "/x", "{call}");
    }
    drop(interception);
    js("api.sent = []; api.fresh = false");
    let stream = body(js("new frame.Blob(['stream']).stream()"));
    assert!(!stream.can_be_sent_again());
    assert_eq!(client.post("/x").body(stream).send().await.unwrap().status(), 401);
    assert_eq!(paths(), "/x");
}

/// Its objects are of another window.
#[wasm_bindgen_test]
async fn a_fetch_of_another_window_can_be_intercepted() {
    clean().await;
    let _backend = with_recorded_api();
    let client = signed_in().await;
    let _patches =
        (with_frame(), patch_page("const own = window.fetch; return () => { window.fetch = own }"));
    js("api.sent = []; frame.native = window.fetch; frame.api = api;
        window.fetch = frame.eval(\"(async function fetch(input, init) { \
            const { status, headers } = await native(input, init); \
            return new Response('', { status, headers }) })\");
        api.fresh = false");
    let interception = intercept_fetch(&client).unwrap();
    assert_eq!(status(&format!("fetch('{API}/x')")).await, "201");
    assert_eq!(paths(), RETRIED);
    drop(interception);
}
