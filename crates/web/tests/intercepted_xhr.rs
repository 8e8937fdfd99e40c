//! An intercepted `XMLHttpRequest` shows the app the same events and values as a plain one.
//!
//! The page's own server is the API. Its 404 stands for an expired session, and a mocked `fetch` responds to the
//! refresh.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{cell::Cell, rc::Rc};

use js_sys::Promise;
use supertokens_session::{SessionClient, SessionConfig, SessionConfigBuilder, SessionEvent};
use supertokens_web::{intercept_page, intercept_xhr};
use support::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Responds to the refresh and the sign-in. `api.refreshes` counts refreshes, `api.hold` delays them, and `api.down`
/// fails them.
fn with_backend() -> PagePatch {
    patch_page(
        "const own = window.fetch;
         const front = () => btoa(JSON.stringify({ uid: 'u', ate: 9999999999999, up: { n: api.refreshes } }));
         window.api = { refreshes: 0, hold: null, down: false };
         window.fetch = async input => {
             if (new URL(input.url ?? input).pathname.endsWith('/refresh')) {
                 api.isHeld = api.hold !== null;
                 await api.hold;
                 if (api.down) throw new TypeError('down');
                 api.refreshes++;
             }
             return new Response('', { headers: { 'front-token': front(), 'anti-csrf': 'a1' } });
         };
         // Sends a request and records all events and values that the app sees.
         window.play = (url, { method = 'GET', body, before, during, after, read = x => x.responseText } = {}) => {
             const xhr = new XMLHttpRequest();
             const seen = [];
             const record = (where, event) => {
                 const { type, lengthComputable, loaded } = event;
                 const state = where === 'up ' ? '' : ' ' + xhr.readyState;
                 if (type !== 'progress') seen.push(where + type + state + (event === 0 ? lengthComputable + loaded : ''));
                 during?.(xhr, type, seen);
             };
             const types = ['loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend'];
             xhr.onreadystatechange = event => record('on ', event);
             for (const type of types) xhr['on' + type] = event => record('on ', event);
             for (const type of ['readystatechange', ...types]) xhr.addEventListener(type, event => record('', event));
             for (const type of types) xhr.upload.addEventListener(type, event => record('up ', event));
             return new Promise(resolve => {
                 xhr.addEventListener('loadend', () => setTimeout(() => {
                     seen.push('status ' + xhr.status, 'state ' + xhr.readyState, String(read(xhr)).slice(0, 40));
                     resolve(seen.join('\\n'));
                 }, 30));
                 xhr.open(method, url);
                 before?.(xhr);
                 xhr.send(body);
                 after?.(xhr);
                 seen.push('sent');
             });
         };
         return () => { window.fetch = own }",
    )
}

async fn signed_in() -> SessionClient {
    signed_in_with(SessionConfig::builder(text_of("location.origin")).session_expired_status_code(404)).await
}

async fn signed_in_with(settings: SessionConfigBuilder) -> SessionClient {
    let config = settings.max_retry_attempts_for_session_refresh(2).build().unwrap();
    let client = supertokens_web::session_client(config).unwrap();
    client.post("/auth/signin").send().await.unwrap();
    js("api.refreshes = 0");
    client
}

async fn play(code: &str) -> String {
    let promise: Promise = js(&format!("play({code})")).unchecked_into();
    let result = within(30_000, JsFuture::from(promise)).await;
    result.unwrap_or_else(|| panic!("no `loadend`: {code}")).unwrap().as_string().unwrap()
}

/// The app must see the same with and without interception.
async fn same_as_plain(code: &str) -> String {
    same_with(&signed_in().await, code).await
}

async fn same_with(client: &SessionClient, code: &str) -> String {
    let plain = play(code).await;
    let interception = intercept_xhr(client).unwrap();
    let shown = play(code).await;
    drop(interception);
    assert_eq!(shown, plain, "{code}");
    shown
}

#[wasm_bindgen_test]
async fn a_response_is_shown_as_without_interception() {
    clean().await;
    let _backend = with_backend();
    for code in [
        "'/'",
        "'/', { read: x => x.getResponseHeader('content-type') + x.responseURL }",
        "'/', { before: x => { x.responseType = 'blob' }, read: x => x.response.constructor.name + x.response.size }",
        "'/', { before: x => { x.responseType = 'arraybuffer' }, read: x => x.response.byteLength }",
        "'/', { before: x => x.overrideMimeType('text/xml'), read: x => x.responseXML?.nodeName }",
        "'/', { before: x => { x.timeout = 10000 } }",
        "'/', { method: 'POST', body: 'x'.repeat(100000) }",
    ] {
        same_as_plain(code).await;
    }
}

/// The client reads the response for claim errors before it shows the response to the app.
#[wasm_bindgen_test]
async fn a_response_that_may_name_claims_is_shown_as_without_interception() {
    clean().await;
    let _backend = with_backend();
    let settings = SessionConfig::builder(text_of("location.origin")).invalid_claim_status_code(404);
    let client = signed_in_with(settings).await;
    for code in [
        "'/there/is/nothing'",
        "'/there/is/nothing', { method: 'POST', body: new Blob(['x'.repeat(100000)]) }",
        "'/there/is/nothing', { before: x => { x.responseType = 'blob' }, read: x => x.response.size }",
    ] {
        let shown = same_with(&client, code).await;
        assert!(shown.contains("status 404"), "{shown}");
    }
}

/// The app gets the response with its headers, and the client reads the body when it is complete.
#[wasm_bindgen_test]
async fn claims_that_a_response_names_emit_one_event() {
    clean().await;
    let _backend = with_backend();
    let _named = patch_page(
        "const proto = XMLHttpRequest.prototype;
         const { response } = Object.getOwnPropertyDescriptors(proto);
         const headers = proto.getAllResponseHeaders;
         const body = JSON.stringify({ claimValidationErrors: [{ id: 'st-role', reason: {} }] });
         const made = { '': () => body, blob: () => new Blob([body]), json: () => JSON.parse(body) };
         Object.defineProperty(proto, 'response', { configurable: true, get() {
             return this.readyState === 4 ? made[this.responseType]() : response.get.call(this);
         } });
         proto.getAllResponseHeaders = () => 'content-type: application/json\\r\\n';
         return () => {
             Object.defineProperty(proto, 'response', response);
             proto.getAllResponseHeaders = headers;
         }",
    );
    let settings = SessionConfig::builder(text_of("location.origin")).invalid_claim_status_code(404);
    let client = signed_in_with(settings).await;
    let events = Rc::new(Cell::new(0));
    let _listening = client.on_event({
        let events = events.clone();
        move |event| {
            events.set(events.get() + i32::from(matches!(event, SessionEvent::ApiInvalidClaim { .. })))
        }
    });
    let interception = intercept_xhr(&client).unwrap();
    for (at, kind) in (1..).zip(["", "blob", "json"]) {
        let before = format!("before: x => {{ x.responseType = '{kind}' }}, read: x => x.response");
        play(&format!("'/there/is/nothing', {{ {before} }}")).await;
        // A blob is read in a task of its own.
        assert!(eventually(|| events.get() >= at).await, "{kind}");
        assert_eq!(events.get(), at, "{kind}");
    }
    // The app opens the object again as soon as the body is complete.
    js("const xhr = new XMLHttpRequest();
        xhr.onreadystatechange = () => { if (xhr.readyState === 4 && xhr.status === 404) xhr.open('GET', '/') };
        xhr.open('GET', '/there/is/nothing');
        xhr.send()");
    let fourth = async {
        while events.get() < 4 {
            pause(5).await;
        }
    };
    assert!(within(5_000, fourth).await.is_some());
    drop(interception);
}

/// All attempts fail, and the app sees the last as if it were the only one.
#[wasm_bindgen_test]
async fn the_last_of_many_responses_is_shown_once() {
    clean().await;
    let _backend = with_backend();
    for (code, refreshes) in [
        ("'/there/is/nothing'", "2"),
        ("'/there/is/nothing', { method: 'PUT', body: new Blob(['x'.repeat(100000)]) }", "2"),
        (
            "'/there/is/nothing', { before: x => { x.responseType = 'arraybuffer' }, read: x => x.response.byteLength }",
            "2",
        ),
        ("'/there/is/nothing', { before: x => x.setRequestHeader('supertokens-interception', 'once') }", "0"),
    ] {
        js("api.refreshes = 0");
        let shown = same_as_plain(code).await;
        assert!(shown.contains("status 404"), "{shown}");
        assert_eq!(text_of("api.refreshes"), refreshes, "{code}");
    }
}

#[wasm_bindgen_test]
async fn an_abort_is_shown_as_without_interception() {
    clean().await;
    let _backend = with_backend();
    for code in [
        "'/', { after: x => x.abort() }",
        "'/', { during: (x, type) => { if (type === 'readystatechange' && x.readyState === 2) x.abort() } }",
        "'/', { during: (x, type) => { if (type === 'readystatechange' && x.readyState === 3) x.abort() } }",
        "'/', { method: 'POST', body: 'x', after: x => x.abort() }",
        "'/', { during: (x, type) => { if (type === 'loadstart') x.abort() } }",
        "'/', { method: 'POST', body: 'x', during: (x, type) => { if (type === 'readystatechange' && x.readyState === 2) x.abort() } }",
        "'/there/is/nothing', { method: 'POST', body: 'x', during: (x, type) => { if (type === 'load') x.abort() } }",
    ] {
        same_as_plain(code).await;
    }
}

/// During the wait, the app sees a request that is under way.
#[wasm_bindgen_test]
async fn an_abort_and_a_timeout_during_a_refresh_are_shown_at_once() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_xhr(&client).unwrap();
    js("api.hold = new Promise(r => { window.release = r })");
    let shown = play(
        "'/there/is/nothing', { after: x => {
             const poll = setInterval(() => {
                 if (!api.isHeld) return;
                 clearInterval(poll);
                 window.polled = x.readyState;
                 x.abort();
             }, 10);
         } }",
    )
    .await;
    let expected = "on loadstart 1 loadstart 1 sent on readystatechange 4 readystatechange 4 on abort 4 abort 4 \
                    on loadend 4 loadend 4 status 0 state 0 ";
    let order =
        |shown: &str| shown.replace("on readystatechange 1\nreadystatechange 1\n", "").replace('\n', " ");
    assert_eq!(order(&shown), expected);
    assert_eq!(text_of("polled"), "1");
    let shown = play("'/there/is/nothing', { before: x => { x.timeout = 100 } }").await;
    assert_eq!(order(&shown), expected.replace("abort", "timeout").replace("state 0", "state 4"));
    js("release()");
    assert!(becomes_true("api.refreshes > 0").await, "the refresh continues");
    pause(50).await;
    assert_eq!(text_of("api.refreshes"), "1", "one refresh for both requests");
}

#[wasm_bindgen_test]
async fn a_refresh_without_a_response_is_an_error_event() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_xhr(&client).unwrap();
    js("api.down = true");
    let shown = play("'/there/is/nothing'").await.replace('\n', " ");
    assert!(shown.ends_with("on error 4 error 4 on loadend 4 loadend 4 status 0 state 4 "), "{shown}");
    assert_eq!(client.user_id().await.as_deref(), Ok("u"), "the session stays");
}

/// Records the calls of the native methods in `calls`.
fn with_recorded_methods() -> PagePatch {
    patch_page(
        "const proto = XMLHttpRequest.prototype, own = {};
         window.calls = [];
         window.native = {};
         for (const name of ['open', 'setRequestHeader', 'send', 'abort']) {
             own[name] = proto[name];
             native[name] = proto[name] = ({ [name](...all) {
                 calls.push([name, ...all].filter(x => typeof x === 'string').join(' '));
                 return own[name].apply(this, all);
             } })[name];
             Object.defineProperty(proto[name], 'length', { value: own[name].length });
         }
         return () => Object.assign(proto, own)",
    )
}

#[wasm_bindgen_test]
async fn each_attempt_has_the_headers_of_the_session_and_of_the_app() {
    clean().await;
    let _patches = (with_backend(), with_recorded_methods());
    let client = signed_in().await;
    let _interception = (intercept_xhr(&client).unwrap(), intercept_xhr(&client).unwrap());
    js("window.headers = x => { x.setRequestHeader('X-Own', '1'); x.setRequestHeader('x-own', '2');
                                x.setRequestHeader('RID', 'mine') }");
    play("'/there/is/nothing', { method: 'PUT', body: 'the body', before: headers, read: x => x.withCredentials }")
        .await;
    let calls = text_of("calls.join('\\n')");
    // The first `open` is the app's own, before any attempt.
    let attempts: Vec<_> = calls.split("open PUT ").filter(|calls| calls.contains("send ")).collect();
    assert_eq!(attempts.len(), 3, "{calls}");
    for attempt in attempts {
        for call in ["X-Own 1", "x-own 2", "rid mine", "st-auth-mode cookie", "anti-csrf a1"] {
            assert_eq!(
                attempt.matches(&format!("setRequestHeader {call}\n")).count(),
                1,
                "{call}: {attempt}"
            );
        }
        assert!(!attempt.contains("RID") && attempt.contains("send the body"), "{attempt}");
    }
}

#[wasm_bindgen_test]
async fn an_xhr_outside_the_api_scope_is_unchanged() {
    clean().await;
    let _patches = (with_backend(), with_recorded_methods());
    let client = signed_in().await;
    let _interception = intercept_page(&client).unwrap();
    js("const xhr = new XMLHttpRequest();
        xhr.open('GET', 'https://other.example/x');
        xhr.setRequestHeader('A', 'b');
        xhr.send('c');
        xhr.abort();
        window.own = Object.getOwnPropertyNames(xhr).length;
        const sync = new XMLHttpRequest();
        sync.open('GET', '/', false);
        sync.send();
        window.sync = sync.status + ' ' + sync.readyState");
    let calls = text_of("calls.join(', ')");
    assert_eq!(
        calls,
        "open GET https://other.example/x, setRequestHeader A b, send c, abort, open GET /, send"
    );
    assert_eq!((text_of("own"), text_of("sync")), ("0".into(), "200 4".into()));
}

#[wasm_bindgen_test]
async fn the_constructor_stays_and_subclasses_work() {
    clean().await;
    let _patches = (with_backend(), with_recorded_methods());
    let client = signed_in().await;
    js("window.shape = () => [XMLHttpRequest, XMLHttpRequestEventTarget].map(one =>
            Object.entries(Object.getOwnPropertyDescriptors(one.prototype)).map(([name, { set, value }]) =>
                name + (set ?? value)?.toString() + (set ?? value)?.name).join()).join();
        window.shape_before = shape();
        window.constructor_before = XMLHttpRequest;
        window.Early = class extends XMLHttpRequest { send(b) { this.own = true; super.send(b) } };
        window.old = new XMLHttpRequest()");
    let interception = intercept_xhr(&client).unwrap();
    assert!(is_true("XMLHttpRequest === constructor_before && XMLHttpRequest.DONE === 4"));
    assert!(is_true(
        "['open', 'send', 'setRequestHeader', 'abort'].every(name => {
             const [now, then] = [XMLHttpRequest.prototype[name], native[name]];
             return now !== then && now.name === name && now.length === then.length;
         })"
    ));
    for made in ["new Early()", "old"] {
        js(&format!(
            "calls = [];
             window.xhr = {made};
             window.done = new Promise(r => {{ xhr.onloadend = r }});
             xhr.open('GET', '/'); xhr.send()"
        ));
        JsFuture::from(js("done").unchecked_into::<Promise>()).await.unwrap();
        assert!(is_true("xhr instanceof XMLHttpRequest && xhr.status === 200"));
        assert!(text_of("calls.join()").contains("st-auth-mode"), "{made}");
    }
    assert!(is_true("old.own === undefined"));
    drop(interception);
    for name in ["open", "send", "setRequestHeader", "abort"] {
        assert!(is_true(&format!("XMLHttpRequest.prototype.{name} === native.{name}")), "{name}");
    }
    assert!(is_true("shape() === shape_before"), "setters too");
}

#[wasm_bindgen_test]
async fn misuse_throws_as_without_interception() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    let _interception = intercept_xhr(&client).unwrap();
    js("api.hold = new Promise(r => { window.release = r });
        window.thrown = f => { try { f(); return 'no exception' } catch (e) { return e.name } };
        window.xhr = new XMLHttpRequest()");
    assert_eq!(text_of("thrown(() => xhr.send())"), "InvalidStateError");
    assert_eq!(text_of("thrown(() => xhr.setRequestHeader('a', 'b'))"), "InvalidStateError");
    assert_eq!(text_of("thrown(() => xhr.open('A B', '/'))"), "SyntaxError");
    assert_eq!(text_of("thrown(() => xhr.open('TRACE', '/'))"), "SecurityError");
    js("xhr.open('GET', '/there/is/nothing')");
    assert_eq!(text_of("thrown(() => xhr.setRequestHeader('a b', 'c'))"), "SyntaxError");
    js("xhr.send()");
    assert_eq!(text_of("thrown(() => xhr.send())"), "InvalidStateError");
    pause(100).await;
    assert_eq!(text_of("thrown(() => xhr.send())"), "InvalidStateError");
    assert_eq!(text_of("thrown(() => xhr.setRequestHeader('a', 'b'))"), "InvalidStateError");
    // After another `open`, it is a new request.
    js("release();
        xhr.open('GET', '/'); window.done = new Promise(r => { xhr.onload = r }); xhr.send()");
    JsFuture::from(js("done").unchecked_into::<Promise>()).await.unwrap();
    assert_eq!(text_of("xhr.status"), "200");
}

/// The browser's `setTimeout` fires at once for a time of more than 31 bits of milliseconds.
#[wasm_bindgen_test]
async fn a_timeout_of_a_month_waits_for_a_refresh() {
    clean().await;
    let _backend = with_backend();
    let client = signed_in().await;
    for timeout in ["0", "60000", "2147483647", "2147483648", "2592000000", "4294967295"] {
        js("api.hold = new Promise(r => setTimeout(r, 50)); window.expected = api.refreshes + 1");
        let interception = intercept_xhr(&client).unwrap();
        let refresh = async { client.refresh().await.unwrap() };
        let request = async {
            pause(10).await;
            play(&format!("'/', {{ before: x => {{ x.timeout = {timeout} }}, read: () => '' }}")).await
        };
        let (_, shown) = futures_util::future::join(refresh, request).await;
        drop(interception);
        assert!(shown.contains("\nload 4\n") && shown.contains("status 200"), "{timeout}: {shown}");
        assert!(is_true("api.refreshes === expected"), "{timeout}");
    }
}

/// Changes of the app after the call are not sent.
#[wasm_bindgen_test]
async fn a_body_is_sent_as_it_was_at_the_call() {
    clean().await;
    let _patches = (
        with_backend(),
        patch_page(
            "const own = XMLHttpRequest.prototype.send;
             XMLHttpRequest.prototype.send = function (body) {
                 bodies.push(new Response(body).text());
                 return own.call(this, body);
             };
             return () => { XMLHttpRequest.prototype.send = own }",
        ),
    );
    let client = signed_in().await;
    let _interception = intercept_xhr(&client).unwrap();
    for (body, change) in [
        ("new Uint8Array([65])", "given.fill(88)"),
        ("new Uint8Array([65]).buffer", "new Uint8Array(given).fill(88)"),
        ("new URLSearchParams('A=1')", "given.set('A', '2')"),
        ("(() => { const f = new FormData(); f.append('A', '1'); return f })()", "given.set('A', '2')"),
    ] {
        js(&format!("window.given = {body}; window.bodies = []"));
        let shown = play(&format!(
            "'/there/is/nothing', {{ method: 'PUT', body: given, after: () => {{ {change} }} }}"
        ))
        .await;
        assert!(shown.contains("status 404"), "{shown}");
        let all: Promise = js("Promise.all(bodies).then(all =>
            new Set(all.map(text => text.replace(/-{4,}\\w+/g, ''))).size + ' of ' + all.length)")
        .unchecked_into();
        assert_eq!(JsFuture::from(all).await.unwrap(), "1 of 3", "{body}");
    }
}
