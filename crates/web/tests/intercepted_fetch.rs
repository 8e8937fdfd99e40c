//! `fetch` while it is intercepted: ours take part in the session, all others are as they were.

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

/// A `fetch` that is there before us, with a backend behind it: `api.fresh` is whether its token is good, `api.sent` has
/// what came, body as text, and `api.calls` how it was called.
fn with_backend() -> Broken {
    broken(
        "const own = window.fetch;
         const front = () => btoa(JSON.stringify({ uid: 'u', ate: 9999999999999, up: { n: api.refreshes } }));
         window.api = { fresh: true, refreshes: 0, sent: [], calls: [], answers: {}, hold: null };
         window.fetch = api.fetch = function fetch(input, init) {
             api.calls.push({ self: this, input, init, count: arguments.length });
             return (async () => {
                 const request = new Request(input, init);
                 if (request.signal.aborted) throw request.signal.reason;
                 const path = new URL(request.url).pathname;
                 const sent = {
                     path, body: await request.clone().text(), method: request.method,
                     // A copy of Firefox's loses `keepalive`.
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
                 return api.answers[path]?.() ?? new Response('done', { status: 201 });
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
async fn awaited(code: &str) -> Result<JsValue, JsValue> {
    let promise: Promise = js(&format!("(async () => {{ {code} }})()")).unchecked_into();
    JsFuture::from(promise).await
}

/// Status and body of an answer.
async fn answer(call: &str) -> String {
    let code = format!("const a = await {call}; return a.status + ' ' + await a.text()");
    awaited(&code).await.unwrap().as_string().unwrap()
}

#[wasm_bindgen_test]
async fn every_kind_of_input_takes_part() {
    clean();
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    for input in [
        format!("'{API}/x?a=1'"),
        format!("new URL('{API}/x?a=1')"),
        format!("new Request('{API}/x?a=1')"),
        format!("{{ toString: () => '{API}/x?a=1' }}"),
    ] {
        assert_eq!(answer(&format!("fetch({input})")).await, "201 done", "{input}");
        assert_eq!(text_of("api.sent.at(-1).request.url"), format!("{API}/x?a=1"));
        for (name, value) in [("rid", "anti-csrf"), ("st-auth-mode", "cookie"), ("anti-csrf", "a1")] {
            assert_eq!(text_of(&format!("api.sent.at(-1).headers['{name}']")), value, "{input}");
        }
        assert_eq!(text_of("api.sent.at(-1).request.credentials"), "include");
    }
    assert_eq!(text_of("api.sent.length"), "4", "each was sent once");
}

#[wasm_bindgen_test]
async fn an_expired_session_is_refreshed_and_the_request_sent_again_whole() {
    clean();
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
            assert_eq!(answer(&call).await, "201 done", "{call}");
            assert_eq!(
                text_of("api.sent.map(s => s.path).join(' ')"),
                "/x /auth/session/refresh /x",
                "{call}"
            );
            // The boundary of a form is drawn anew each time that it is sent.
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

/// Its reader has had it, so the caller gets the 401.
#[wasm_bindgen_test]
async fn an_intercepted_stream_is_sent_once() {
    clean();
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    let init = "{ method: 'POST', duplex: 'half', body: new Blob(['stream']).stream() }";
    for call in [format!("fetch('{API}/x', {init})"), format!("fetch(new Request('{API}/x', {init}))")] {
        js("api.sent = []; api.fresh = false");
        assert_eq!(answer(&call).await, "401 expired", "{call}");
        assert_eq!(text_of("api.sent.map(s => s.path + ' ' + s.body).join()"), "/x stream", "{call}");
    }
}

#[wasm_bindgen_test]
async fn every_option_of_the_caller_s_is_kept() {
    clean();
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    let options = "{ method: 'POST', body: 'b', keepalive: true, mode: 'cors', redirect: 'error', cache: 'no-store', \
                   integrity: 'sha256-x', referrer: location.href, referrerPolicy: 'no-referrer', \
                   headers: { 'X-Own': '1', rid: 'mine', Authorization: 'Basic eA==' } }";
    for call in [format!("fetch('{API}/x', {options})"), format!("fetch(new Request('{API}/x', {options}))")]
    {
        js("api.sent = []; api.fresh = false");
        assert_eq!(answer(&call).await, "201 done");
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
        answer(&format!("fetch('{API}/x', {{ credentials: '{chosen}' }})")).await;
        assert_eq!(text_of("api.sent.at(-1).request.credentials"), chosen);
    }
    answer(&format!("fetch('{API}/x', {{ credentials: 'same-origin' }})")).await;
    assert_eq!(text_of("api.sent.at(-1).request.credentials"), "same-origin");
}

#[wasm_bindgen_test]
async fn a_request_chooses_for_itself() {
    clean();
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    js("api.fresh = false");
    for (choice, rid) in [("off", "undefined"), ("once", "anti-csrf")] {
        js("api.sent = []");
        let call = format!("fetch('{API}/x', {{ headers: {{ 'supertokens-interception': '{choice}' }} }})");
        assert_eq!(answer(&call).await, "401 expired");
        assert_eq!(text_of("api.sent.length"), "1", "{choice}");
        assert_eq!(text_of("api.sent[0].headers.rid"), rid);
        assert_eq!(text_of("api.sent[0].headers['supertokens-interception']"), "undefined");
    }
}

#[wasm_bindgen_test]
async fn an_abort_is_the_caller_s_own_whenever_it_comes() {
    clean();
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    let aborted = async |before: &str| {
        let code = format!(
            "const abort = new AbortController(); const reason = {{}};
             {before}
             const call = fetch('{API}/x', {{ signal: abort.signal }});
             setTimeout(() => abort.abort(reason), 30);
             try {{ await call; return 'an answer' }} catch (e) {{ return e === reason }}"
        );
        awaited(&code).await.unwrap()
    };
    assert_eq!(aborted("abort.abort(reason);").await, true);
    assert_eq!(text_of("api.calls.length"), "0", "nothing was sent");
    // While a refresh is waited for.
    let held = aborted("api.fresh = false; api.hold = new Promise(r => { window.release = r });").await;
    assert_eq!(held, true);
    assert_eq!(text_of("api.refreshes"), "0");
    js("release()");
    assert!(comes_true("api.refreshes === 1").await, "others wait for it");
    js("api.answers['/x'] = () => new Promise(() => {})");
}

#[wasm_bindgen_test]
async fn an_error_of_the_browser_s_is_handed_on() {
    clean();
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    let thrown =
        awaited(&format!("try {{ await fetch('{API}/lost') }} catch (e) {{ return e === api.thrown }}"))
            .await;
    assert_eq!(thrown.unwrap(), true);
    // What can't be a request is no exception, but a rejection.
    let call = format!("fetch('{API}/x', {{ method: 'GET', body: 'x' }}).catch(e => e.constructor.name)");
    assert_eq!(awaited(&format!("return await {call}")).await.unwrap(), "TypeError");
}

#[wasm_bindgen_test]
async fn a_refresh_without_an_answer_is_a_type_error_that_says_so() {
    clean();
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    js("api.fresh = false; api.hold = Promise.reject(new TypeError('down'))");
    let call = format!("return await fetch('{API}/x').catch(e => e.name + ': ' + e.message)");
    let said = awaited(&call).await.unwrap().as_string().unwrap();
    assert!(said.starts_with("TypeError: the session could not be refreshed"), "{said}");
    assert_eq!(client.user_id().await.as_deref(), Ok("u"), "nobody is signed out");
}

#[wasm_bindgen_test]
async fn what_is_not_ours_is_handed_on_untouched() {
    clean();
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
    clean();
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = (intercept_fetch(&client).unwrap(), intercept_fetch(&client).unwrap());
    js("api.fresh = false");
    assert_eq!(client.get("/x").send().await.unwrap().status(), 201);
    assert_eq!(text_of("api.sent.map(s => s.path).join(' ')"), "/x /auth/session/refresh /x");
}

#[wasm_bindgen_test]
async fn twice_is_once() {
    clean();
    let _backend = with_backend();
    let client = signed_in().await;
    for drop_first in [0, 1] {
        let mut layers = vec![intercept_fetch(&client).unwrap(), intercept_fetch(&client).unwrap()];
        js("api.fresh = false; api.sent = []");
        assert_eq!(answer(&format!("fetch('{API}/x')")).await, "201 done");
        assert_eq!(text_of("api.sent.map(s => s.path).join(' ')"), "/x /auth/session/refresh /x");
        drop(layers.remove(drop_first));
        assert_eq!(answer(&format!("fetch('{API}/x')")).await, "201 done");
        assert_eq!(text_of("api.sent.at(-1).headers.rid"), "anti-csrf", "the other goes on");
        layers.clear();
        assert!(is_true("window.fetch === api.fetch"), "the very function");
    }
}

#[wasm_bindgen_test]
async fn somebody_else_s_wrapper_stays_and_works() {
    clean();
    let _backend = with_backend();
    let client = signed_in().await;
    let interception = intercept_fetch(&client).unwrap();
    js("window.theirs = 0;
        window.under = window.fetch;
        window.fetch = window.over = (...all) => { theirs++; return under(...all) }");
    assert_eq!(answer(&format!("fetch('{API}/x')")).await, "201 done");
    assert_eq!(text_of("api.sent.at(-1).headers.rid + ' ' + theirs"), "anti-csrf 1");
    drop(interception);
    assert!(is_true("window.fetch === over"));
    assert_eq!(answer(&format!("fetch('{API}/x')")).await, "201 done");
    assert_eq!(text_of("api.sent.at(-1).headers.rid + ' ' + theirs"), "undefined 2", "it passes through");
    // Once theirs is gone, ours goes with the next that is taken off.
    js("window.fetch = under");
    drop(intercept_fetch(&client).unwrap());
    assert!(is_true("window.fetch === api.fetch"));
}

#[wasm_bindgen_test]
async fn what_an_answer_brings_is_saved() {
    clean();
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    js("api.answers['/who'] = () => new Response('', { headers: {
            'front-token': btoa(JSON.stringify({ uid: 'v', ate: 9999999999999, up: {} })) } })");
    answer(&format!("fetch('{API}/who')")).await;
    assert_eq!(client.user_id().await.as_deref(), Ok("v"));
}

#[wasm_bindgen_test]
fn a_frozen_fetch_is_an_error() {
    clean();
    let _frozen = broken(
        "const own = Object.getOwnPropertyDescriptor(window, 'fetch');
         Object.defineProperty(window, 'fetch', { configurable: true, get: () => own.value });
         return () => Object.defineProperty(window, 'fetch', own)",
    );
    let client = supertokens_web::session_client(config()).unwrap();
    let error = intercept_fetch(&client).unwrap_err();
    assert_eq!(error, supertokens_session::SessionError::NotInterceptable);
}
