//! The intercepted `fetch`: requests to the API use the session, and all others are unchanged.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use js_sys::Promise;
use supertokens_session::SessionClient;
use supertokens_web::intercept_fetch;
use support::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const API: &str = "http://localhost:3001";

/// A mocked native `fetch` with a backend. `api.fresh` is whether the access token is valid, `api.sent` has the
/// requests with their bodies as text, and `api.calls` the arguments of each call.
fn with_backend() -> PagePatch {
    patch_page(
        "const own = window.fetch;
         const front = () => btoa(JSON.stringify({ uid: 'u', ate: 9999999999999, up: { n: api.refreshes } }));
         window.api = { fresh: true, refreshes: 0, sent: [], calls: [], responses: {}, hold: null };
         window.fetch = api.fetch = function fetch(input, init) {
             api.calls.push({ self: this, input, init, count: arguments.length });
             return (async () => {
                 const request = new Request(input, init);
                 if (request.signal.aborted) throw request.signal.reason;
                 const path = new URL(request.url).pathname;
                 const sent = {
                     path, body: await request.clone().text(), method: request.method,
                     // In Firefox a clone of a request loses `keepalive`.
                     request: input instanceof Request ? input : request,
                     headers: Object.fromEntries(request.headers),
                 };
                 api.sent.push(sent);
                 if (path === '/auth/session/refresh') {
                     await api.hold;
                     api.refreshes++;
                     api.fresh = true;
                     return new Response('', { headers: { 'front-token': front() } });
                 }
                 if (path === '/auth/signin') {
                     return new Response('', { headers: { 'front-token': front(), 'anti-csrf': 'a1' } });
                 }
                 if (path === '/lost') throw (api.thrown = new TypeError('Failed to fetch'));
                 if (!api.fresh) return new Response('expired', { status: 401 });
                 return api.responses[path]?.() ?? new Response('done', { status: 201 });
             })();
         };
         return () => { window.fetch = own }",
    )
}

async fn signed_in() -> SessionClient {
    let client = supertokens_web::session_client(config()).unwrap();
    client.post("/auth/signin").send().await.unwrap();
    js("api.sent = []; api.calls = []; api.refreshes = 0");
    client
}

/// The value of a promise in JavaScript.
async fn value_of_async(code: &str) -> Result<JsValue, JsValue> {
    let promise: Promise = js(&format!("(async () => {{ {code} }})()")).unchecked_into();
    JsFuture::from(promise).await
}

/// The status and the body of a response.
async fn status_and_body(call: &str) -> String {
    let code = format!("const response = await {call}; return response.status + ' ' + await response.text()");
    value_of_async(&code).await.unwrap().as_string().unwrap()
}

#[wasm_bindgen_test]
async fn every_kind_of_input_uses_the_session() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    for input in [
        format!("'{API}/x?a=1'"),
        format!("new URL('{API}/x?a=1')"),
        format!("new Request('{API}/x?a=1')"),
        format!("{{ toString: () => '{API}/x?a=1' }}"),
    ] {
        assert_eq!(status_and_body(&format!("fetch({input})")).await, "201 done", "{input}");
        assert_eq!(text_of("api.sent.at(-1).request.url"), format!("{API}/x?a=1"));
        for (name, value) in [("rid", "anti-csrf"), ("st-auth-mode", "cookie"), ("anti-csrf", "a1")] {
            assert_eq!(text_of(&format!("api.sent.at(-1).headers['{name}']")), value, "{input}");
        }
        assert_eq!(text_of("api.sent.at(-1).request.credentials"), "include");
    }
    assert_eq!(text_of("api.sent.length"), "4", "the client sent each once");
}

#[wasm_bindgen_test]
async fn an_expired_session_is_refreshed_and_the_whole_request_retried() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    for (body, sent) in [
        ("'text'", "text"),
        ("new TextEncoder().encode('bytes')", "bytes"),
        ("new Blob(['blob'])", "blob"),
        ("new File(['file'], 'a.txt')", "file"),
        ("new URLSearchParams({ a: '1 2' })", "a=1+2"),
        ("JSON.stringify({ a: 1 })", "{\"a\":1}"),
        ("(() => { const f = new FormData(); f.append('a', 'in a form'); return f })()", "in a form"),
    ] {
        for call in [
            format!("fetch('{API}/x', {{ method: 'PUT', body: {body} }})"),
            format!("fetch(new Request('{API}/x', {{ method: 'PUT', body: {body} }}))"),
        ] {
            js("api.sent = []; api.fresh = false");
            assert_eq!(status_and_body(&call).await, "201 done", "{call}");
            assert_eq!(
                text_of("api.sent.map(s => s.path).join(' ')"),
                "/x /auth/session/refresh /x",
                "{call}"
            );
            // The browser creates a new boundary each time that it sends a form.
            js("for (const sent of api.sent) {
                    sent.body = sent.body.replace(/-{4,}\\w+/g, '');
                    sent.type = sent.headers['content-type']?.split(';')[0];
                }");
            let bodies = (text_of("api.sent[0].body"), text_of("api.sent[2].body"));
            assert_eq!(bodies.0, bodies.1, "{call}");
            assert!(bodies.1.contains(sent) && !bodies.1.is_empty(), "{call}: {bodies:?}");
            assert!(is_true("api.sent[0].type === api.sent[2].type"));
            assert_eq!(text_of("api.sent[2].method"), "PUT");
        }
    }
}

/// A stream can be read only once, so the client can't retry and the caller gets the 401.
#[wasm_bindgen_test]
async fn an_intercepted_stream_is_sent_once() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    let init = "{ method: 'POST', duplex: 'half', body: new Blob(['stream']).stream() }";
    for call in [format!("fetch('{API}/x', {init})"), format!("fetch(new Request('{API}/x', {init}))")] {
        js("api.sent = []; api.fresh = false");
        assert_eq!(status_and_body(&call).await, "401 expired", "{call}");
        assert_eq!(text_of("api.sent.map(s => s.path + ' ' + s.body).join()"), "/x stream", "{call}");
    }
}

#[wasm_bindgen_test]
async fn every_option_of_the_caller_is_sent() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    let options = "{ method: 'POST', body: 'b', keepalive: true, mode: 'cors', redirect: 'error', cache: 'no-store', \
                   integrity: 'sha256-x', referrer: location.href, referrerPolicy: 'no-referrer', \
                   headers: { 'X-Own': '1', rid: 'mine', Authorization: 'Basic eA==' } }";
    for call in [format!("fetch('{API}/x', {options})"), format!("fetch(new Request('{API}/x', {options}))")]
    {
        js("api.sent = []; api.fresh = false");
        assert_eq!(status_and_body(&call).await, "201 done");
        for at in [0, 2] {
            for (name, value) in [
                ("keepalive", "true"),
                ("mode", "cors"),
                ("redirect", "error"),
                ("cache", "no-store"),
                ("integrity", "sha256-x"),
                ("referrerPolicy", "no-referrer"),
                ("credentials", "include"),
            ] {
                assert_eq!(text_of(&format!("api.sent[{at}].request.{name}")), value, "{name}, {call}");
            }
            assert!(is_true(&format!("api.sent[{at}].request.referrer === location.href")));
            for (name, value) in [("x-own", "1"), ("rid", "mine"), ("authorization", "Basic eA==")] {
                assert_eq!(text_of(&format!("api.sent[{at}].headers['{name}']")), value);
            }
        }
    }
    for chosen in ["omit", "include"] {
        status_and_body(&format!("fetch('{API}/x', {{ credentials: '{chosen}' }})")).await;
        assert_eq!(text_of("api.sent.at(-1).request.credentials"), chosen);
    }
    status_and_body(&format!("fetch('{API}/x', {{ credentials: 'same-origin' }})")).await;
    assert_eq!(text_of("api.sent.at(-1).request.credentials"), "same-origin");
}

#[wasm_bindgen_test]
async fn a_header_opts_one_request_out() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    js("api.fresh = false");
    for (mode, rid) in [("off", "undefined"), ("once", "anti-csrf")] {
        js("api.sent = []");
        let call = format!("fetch('{API}/x', {{ headers: {{ 'supertokens-interception': '{mode}' }} }})");
        assert_eq!(status_and_body(&call).await, "401 expired");
        assert_eq!(text_of("api.sent.length"), "1", "{mode}");
        assert_eq!(text_of("api.sent[0].headers.rid"), rid);
        assert_eq!(text_of("api.sent[0].headers['supertokens-interception']"), "undefined");
    }
}

#[wasm_bindgen_test]
async fn an_abort_rejects_with_the_caller_s_reason_at_any_time() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    let aborted = async |before: &str| {
        let code = format!(
            "const abort = new AbortController(); const reason = {{}};
             {before}
             const call = fetch('{API}/x', {{ signal: abort.signal }});
             setTimeout(() => abort.abort(reason), 30);
             try {{ await call; return 'a response' }} catch (e) {{ return e === reason }}"
        );
        value_of_async(&code).await.unwrap()
    };
    assert_eq!(aborted("abort.abort(reason);").await, true);
    assert_eq!(text_of("api.calls.length"), "0", "nothing was sent");
    // The request waits for a refresh.
    let held = aborted("api.fresh = false; api.hold = new Promise(r => { window.release = r });").await;
    assert_eq!(held, true);
    assert_eq!(text_of("api.refreshes"), "0");
    js("release()");
    assert!(becomes_true("api.refreshes === 1").await, "the refresh continues");
    js("api.responses['/x'] = () => new Promise(() => {})");
}

#[wasm_bindgen_test]
async fn an_error_of_the_browser_reaches_the_caller() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    let thrown = value_of_async(&format!(
        "try {{ await fetch('{API}/lost') }} catch (e) {{ return e === api.thrown }}"
    ))
    .await;
    assert_eq!(thrown.unwrap(), true);
    // Invalid arguments cause a rejection and not an exception.
    let call = format!("fetch('{API}/x', {{ method: 'GET', body: 'x' }}).catch(e => e.constructor.name)");
    assert_eq!(value_of_async(&format!("return await {call}")).await.unwrap(), "TypeError");
}

#[wasm_bindgen_test]
async fn a_refresh_without_a_response_rejects_with_a_type_error() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    js("api.fresh = false; api.hold = Promise.reject(new TypeError('down'))");
    let call = format!("return await fetch('{API}/x').catch(e => e.name + ': ' + e.message)");
    let error = value_of_async(&call).await.unwrap().as_string().unwrap();
    assert!(error.starts_with("TypeError: the session could not be refreshed"), "{error}");
    assert_eq!(client.user_id().await.as_deref(), Ok("u"), "the session stays");
}

#[wasm_bindgen_test]
async fn a_request_outside_the_api_scope_is_passed_on_unchanged() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    for call in [
        "fetch.call(window.me = {}, window.a = 'https://other.example/x', window.b = { body: 'x', method: 'POST' })",
        "fetch(window.a = new Request('https://other.example/x'))",
        "fetch(window.a = new URL('https://localhost.other.example:3001/x'), window.b = {})",
        "fetch(window.a = 'http://localhost:3001/x?superTokensDoNotDoInterception', window.b = undefined)",
        "fetch(window.a = 'http://localhost:3001/auth/session/refresh', window.b = {})",
        "fetch(window.a = '/path/of/the/page')",
        "fetch(window.a = Symbol('x'), window.b = null)",
        "fetch(window.a = 'http://')",
        "fetch()",
    ] {
        js("delete window.a; delete window.b; delete window.me; api.calls = []");
        js(&format!("window.promise = {call}; promise.catch(() => {{}})"));
        assert_eq!(text_of("api.calls.length"), "1", "{call}: at once");
        assert!(is_true("api.calls[0].input === window.a && api.calls[0].init === window.b"), "{call}");
        assert!(is_true("api.calls[0].self === window.me"), "{call}");
        let given = 1 + call.matches("window.b").count() - usize::from(call == "fetch()");
        assert_eq!(text_of("api.calls[0].count"), given.to_string(), "{call}");
    }
    assert!(is_true("fetch.name === 'fetch' && fetch.length === 1"));
}

#[wasm_bindgen_test]
async fn the_client_s_own_calls_are_not_intercepted() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = (intercept_fetch(&client).unwrap(), intercept_fetch(&client).unwrap());
    js("api.fresh = false");
    assert_eq!(client.get("/x").send().await.unwrap().status(), 201);
    assert_eq!(text_of("api.sent.map(s => s.path).join(' ')"), "/x /auth/session/refresh /x");
}

#[wasm_bindgen_test]
async fn two_interceptions_handle_a_request_once() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    for drop_first in [0, 1] {
        let mut layers = vec![intercept_fetch(&client).unwrap(), intercept_fetch(&client).unwrap()];
        js("api.fresh = false; api.sent = []");
        assert_eq!(status_and_body(&format!("fetch('{API}/x')")).await, "201 done");
        assert_eq!(text_of("api.sent.map(s => s.path).join(' ')"), "/x /auth/session/refresh /x");
        drop(layers.remove(drop_first));
        assert_eq!(status_and_body(&format!("fetch('{API}/x')")).await, "201 done");
        assert_eq!(text_of("api.sent.at(-1).headers.rid"), "anti-csrf", "the other interception still works");
        layers.clear();
        assert!(is_true("window.fetch === api.fetch"), "the original function");
    }
}

#[wasm_bindgen_test]
async fn a_wrapper_of_other_code_stays_and_works() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    let interception = intercept_fetch(&client).unwrap();
    js("window.count = 0;
        window.under = window.fetch;
        window.fetch = window.over = (...all) => { count++; return under(...all) }");
    assert_eq!(status_and_body(&format!("fetch('{API}/x')")).await, "201 done");
    assert_eq!(text_of("api.sent.at(-1).headers.rid + ' ' + count"), "anti-csrf 1");
    drop(interception);
    assert!(is_true("window.fetch === over"));
    assert_eq!(status_and_body(&format!("fetch('{API}/x')")).await, "201 done");
    assert_eq!(
        text_of("api.sent.at(-1).headers.rid + ' ' + count"),
        "undefined 2",
        "the removed interception passes the call through"
    );
    // After the other wrapper is removed, the next removal of an interception removes this one too.
    js("window.fetch = under");
    drop(intercept_fetch(&client).unwrap());
    assert!(is_true("window.fetch === api.fetch"));
}

#[wasm_bindgen_test]
async fn the_session_of_a_response_is_stored() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    js("api.responses['/who'] = () => new Response('', { headers: {
            'front-token': btoa(JSON.stringify({ uid: 'v', ate: 9999999999999, up: {} })) } })");
    status_and_body(&format!("fetch('{API}/who')")).await;
    assert_eq!(client.user_id().await.as_deref(), Ok("v"));
}

#[wasm_bindgen_test]
async fn a_frozen_fetch_is_an_error() {
    clean().await;
    let _frozen = patch_page(
        "const own = Object.getOwnPropertyDescriptor(window, 'fetch');
         Object.defineProperty(window, 'fetch', { configurable: true, get: () => own.value });
         return () => Object.defineProperty(window, 'fetch', own)",
    );
    let client = supertokens_web::session_client(config()).unwrap();
    let error = intercept_fetch(&client).unwrap_err();
    assert_eq!(error, supertokens_session::SessionError::NotInterceptable);
}
