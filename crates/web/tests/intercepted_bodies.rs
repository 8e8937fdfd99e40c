//! An intercepted `fetch` passes the arguments of the call to the native `fetch`, in a form that mocks and developer
//! tools can read.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_web::intercept_fetch;
use support::{recorded_api::*, *};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Each attempt of a call: before and after the refresh.
fn attempts() -> [String; 2] {
    assert_eq!(text_of("api.sent.map(sent => sent.path).join()"), "/x,/auth/session/refresh,/x");
    ["api.sent[0]".into(), "api.sent[2]".into()]
}

#[wasm_bindgen_test]
async fn a_body_reaches_the_native_fetch_in_its_own_type() {
    clean().await;
    let _backend = with_recorded_api();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    for (body, is_equal) in [
        ("'{\"a\":1}'", "body === given"),
        ("''", "body === given"),
        ("new Blob(['blob'])", "body === given"),
        ("new File(['file'], 'a.txt')", "body === given"),
        ("new URLSearchParams('a=1&a=2')", "body instanceof URLSearchParams && String(body) === 'a=1&a=2'"),
        ("new TextEncoder().encode('bytes')", "body instanceof Uint8Array && String(body) === String(given)"),
        ("new Uint8Array([1, 2, 3]).subarray(1)", "body instanceof Uint8Array && String(body) === '2,3'"),
        ("new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 1)", "String(new Uint8Array(body)) === '2'"),
        ("new Uint8Array([1, 2]).buffer", "body instanceof ArrayBuffer && body.byteLength === 2"),
        (
            "(() => { const f = new FormData(); f.append('a', '1'); f.append('f', new Blob(['b']), 'n.txt'); return f })()",
            "body instanceof FormData && body.get('a') === '1' && body.get('f').name === 'n.txt'",
        ),
    ] {
        js(&format!("api.sent = []; api.fresh = false; window.given = {body}"));
        assert_eq!(status(&format!("fetch('{API}/x', {{ method: 'PUT', body: given }})")).await, "201");
        for sent in attempts() {
            let is_equal = format!("((body) => {is_equal})({sent}.init.body)");
            assert!(is_true(&is_equal), "{sent}, {body}: {}", text_of(&format!("{sent}.init?.body")));
            assert_eq!(text_of(&format!("{sent}.init.method + ' ' + {sent}.input")), format!("PUT {API}/x"));
        }
    }
}

#[wasm_bindgen_test]
async fn headers_reach_the_native_fetch_in_the_app_s_form() {
    clean().await;
    let _backend = with_recorded_api();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    for (headers, own) in [
        ("{ 'Content-Type': 'application/json', RID: 'mine' }", "headers['Content-Type']"),
        ("new Headers({ 'Content-Type': 'application/json', rid: 'mine' })", "headers.get('content-type')"),
        ("[['Content-Type', 'application/json'], ['rid', 'mine']]", "headers.get('content-type')"),
        ("new Map([['Content-Type', 'application/json'], ['rid', 'mine']])", "headers.get('content-type')"),
    ] {
        js("api.sent = []; api.fresh = false");
        let call = format!("fetch('{API}/x', {{ method: 'POST', body: '{{}}', headers: {headers} }})");
        assert_eq!(status(&call).await, "201", "{headers}");
        for sent in attempts() {
            let own = format!("((headers) => {own})({sent}.init.headers)");
            assert_eq!(text_of(&own), "application/json", "{headers}");
            for (name, value) in [("content-type", "application/json"), ("rid", "mine"), ("anti-csrf", "a1")]
            {
                assert_eq!(text_of(&format!("{sent}.headers['{name}']")), value, "{headers}");
            }
        }
    }
}

#[wasm_bindgen_test]
async fn changes_to_the_arguments_after_the_call_have_no_effect() {
    clean().await;
    let _backend = with_recorded_api();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    for (body, change, sent_body) in [
        ("new Uint8Array([65, 66])", "given.fill(88)", "new Uint8Array([65, 66])"),
        ("new Uint8Array([65, 66]).buffer", "new Uint8Array(given).fill(88)", "new Uint8Array([65, 66])"),
        ("new URLSearchParams('a=1')", "given.set('a', '2')", "'a=1'"),
        (
            "(() => { const f = new FormData(); f.append('a', '1'); return f })()",
            "given.set('a', '2')",
            "(() => { const f = new FormData(); f.append('a', '1'); return f })()",
        ),
    ] {
        js(&format!(
            "api.sent = []; api.fresh = false; window.given = {body};
             window.text = async body => {{
                 const text = await new Response(body).text();
                 return text.replace(/-{{4,}}\\w+/g, '');
             }};
             window.init = {{ method: 'PUT', body: given, headers: {{ 'x-own': '1' }}, cache: 'no-store' }}"
        ));
        let call = format!(
            "const call = fetch('{API}/x', init);
             {change};
             Object.assign(init, {{ method: 'DELETE', body: 'other', cache: 'reload' }});
             init.headers['x-own'] = '2';
             return String((await call).status)"
        );
        assert_eq!(text_of_async(&call).await, "201");
        for sent in attempts() {
            let expected = text_of_async(&format!("return text({sent_body})")).await;
            assert_eq!(text_of_async(&format!("return text({sent}.init.body)")).await, expected, "{body}");
            let rest =
                text_of(&format!("[{sent}.method, {sent}.headers['x-own'], {sent}.init.cache].join(' ')"));
            assert_eq!(rest, "PUT 1 no-store", "{body}");
        }
    }
}

/// This includes options that this library does not know.
#[wasm_bindgen_test]
async fn every_option_reaches_the_native_fetch() {
    clean().await;
    let _backend = with_recorded_api();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    js("api.fresh = false;
        window.given = { method: 'post', priority: 'low', window: null, duplex: 'half', keepalive: true, mode: 'cors',
                         cache: 'no-cache', redirect: 'manual', integrity: 'sha256-x', referrer: '',
                         referrerPolicy: 'origin', signal: new AbortController().signal, somethingNew: {} }");
    assert_eq!(status(&format!("fetch('{API}/x', given)")).await, "201");
    for sent in attempts() {
        assert_eq!(
            text_of(&format!("Object.keys(given).filter(key => given[key] !== {sent}.init?.[key]).join()")),
            ""
        );
        assert_eq!(text_of(&format!("{sent}.init.credentials")), "include");
    }
    assert!(is_true("Reflect.ownKeys(given).length === 13"), "the app's own object is unchanged");
}

/// A browser also reads options from getters of a class.
#[wasm_bindgen_test]
async fn the_browser_reads_options_that_only_a_browser_can_read() {
    clean().await;
    let _backend = with_recorded_api();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    for (init, method, body) in [
        ("new (class { get method() { return 'PUT' } get body() { return 'b' } })()", "PUT", "b"),
        ("new Request('http://localhost:3001/', { method: 'PUT', headers: { 'x-own': '1' } })", "PUT", ""),
        ("{ method: 'PUT', body: { toString: () => 'b' } }", "PUT", "b"),
        ("{ method: 'PUT', body: 7 }", "PUT", "7"),
    ] {
        js(&format!(
            "api.sent = []; api.fresh = false; window.bodies = [];
             api.responses['/x'] = async () => {{
                 const {{ input, init }} = api.sent.at(-1);
                 bodies.push(await (input.clone?.() ?? new Request(input, init)).text());
                 return api.make('', {{ status: api.fresh ? 201 : 401 }});
             }};
             window.given = {init}"
        ));
        assert_eq!(status(&format!("fetch('{API}/x', given)")).await, "201", "{init}");
        for sent in attempts() {
            assert_eq!(text_of(&format!("{sent}.method")), method, "{init}");
        }
        assert_eq!(text_of("bodies.join()"), format!("{body},{body}"), "{init}");
    }
}

#[wasm_bindgen_test]
async fn errors_in_the_arguments_are_the_browser_s_own_rejections() {
    clean().await;
    let _backend = with_recorded_api();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    for init in [
        "{ method: 'GET', body: 'x' }",
        "{ method: 'A B' }",
        "{ headers: { 'a b': 'c' } }",
        "{ headers: null }",
        "{ headers: 7 }",
        "{ mode: 'navigate' }",
        "{ signal: {} }",
        "{ body: Symbol('b'), method: 'PUT' }",
        "{ method: Symbol('m') }",
        "{ credentials: 'x' }",
        "{ referrer: 'http://' }",
        "7",
    ] {
        let call = format!(
            "const call = fetch('{API}/x', {init}); return call.then(() => 'a response', e => e.constructor.name)"
        );
        assert_eq!(text_of_async(&call).await, "TypeError", "{init}");
    }
}

#[wasm_bindgen_test]
async fn no_listener_stays_on_a_signal() {
    clean().await;
    let _backend = with_recorded_api();
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    js("window.signal = new AbortController().signal;
        window.listeners = 0;
        signal.addEventListener = function () { listeners++; return EventTarget.prototype.addEventListener.apply(this, arguments) };
        signal.removeEventListener = function () { listeners--; return EventTarget.prototype.removeEventListener.apply(this, arguments) }");
    assert_eq!(status(&format!("fetch('{API}/x', {{ signal }})")).await, "201");
    assert!(becomes_true("listeners === 0").await, "{}", text_of("listeners"));
}

#[wasm_bindgen_test]
async fn the_native_fetch_accepts_all_forms_of_arguments() {
    clean().await;
    // The page's own server supports only GET, which is enough to check the arguments.
    let settings = supertokens_session::SessionConfig::builder(text_of("location.origin"));
    let client = supertokens_web::session_client(settings.build().unwrap()).unwrap();
    let _interception = intercept_fetch(&client).unwrap();
    for init in [
        "undefined",
        "{}",
        "{ headers: { 'X-Own': '1' }, cache: 'no-store', priority: 'low', referrerPolicy: 'no-referrer' }",
        "{ headers: new Headers({ 'X-Own': '1' }), window: null, keepalive: true }",
        "{ headers: [['X-Own', '1']], signal: new AbortController().signal }",
    ] {
        assert_eq!(status(&format!("fetch('/', {init})")).await, "200", "{init}");
    }
}
