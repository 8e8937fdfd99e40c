//! The caller of an intercepted request, and the page, can read why the request failed.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_session::{SessionClient, SessionConfig};
use supertokens_web::{intercept_fetch, intercept_page, intercept_xhr};
use support::{recorded_api::*, *};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Faults of the API with the error codes that they cause.
const FAULTS: [(&str, &str); 6] = [
    (
        "api.fresh = false; api.responses['/auth/session/refresh'] = () => api.make('', { status: 401 })",
        "NoSession",
    ),
    ("api.responses['/x'] = () => api.make('refused', { status: 401 })", "TooManyRetries"),
    (
        "api.fresh = false; api.responses['/auth/session/refresh'] = () => api.make('', { status: 500 })",
        "RefreshFailed",
    ),
    (
        "api.fresh = false; api.responses['/auth/session/refresh'] = () => api.make('', { status: 404 })",
        "RefreshNotFound",
    ),
    (
        "api.fresh = false; api.responses['/auth/session/refresh'] = () => { throw new TypeError('down') }",
        "RefreshUnreachable",
    ),
    ("api.responses['/x'] = () => { throw (api.thrown = new TypeError('down')) }", "Network"),
];

/// Records the details of the page's events in `events`.
fn with_events() -> PagePatch {
    patch_page(
        "window.events = [];
         const record = event => events.push(event.detail);
         window.addEventListener('supertokens-session-error', record);
         return () => window.removeEventListener('supertokens-session-error', record)",
    )
}

#[wasm_bindgen_test]
async fn a_failed_fetch_reports_its_reason() {
    for (fault, code) in FAULTS {
        clean().await;
        let _patches = (with_recorded_api(), with_events());
        let client = signed_in().await;
        let _interception = intercept_fetch(&client).unwrap();
        js(fault);
        let call = format!(
            "const outcome = await fetch('{API}/x?secret=1#also', {{ method: 'PUT', body: 'b' }}).catch(e => e);
             window.outcome = outcome;
             return outcome.supertokensSessionError.code"
        );
        assert_eq!(text_of_async(&call).await, code, "{fault}");
        let has_response = matches!(code, "NoSession" | "TooManyRetries");
        assert_eq!(is_true("outcome instanceof Response && outcome.status === 401"), has_response, "{code}");
        if code == "Network" {
            assert!(is_true("outcome === api.thrown"), "the browser's own error");
        }
        assert!(text_of("outcome.supertokensSessionError.message").contains(' '));
        assert_eq!(text_of("events.length"), "1", "{code}");
        let status = if has_response { "401" } else { "undefined" };
        let detail = text_of(
            "(({ code, status, url, message }) => [code, status, url, message === \
                              outcome.supertokensSessionError.message].join(' '))(events[0])",
        );
        assert_eq!(detail, format!("{code} {status} {API}/x true").replace("undefined", ""), "{code}");
        assert_eq!(text_of("Object.keys(events[0]).join()"), "code,message,status,url");
    }
}

#[wasm_bindgen_test]
async fn a_request_without_a_failure_reports_nothing() {
    clean().await;
    let _patches = (with_recorded_api(), with_events());
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    js("api.fresh = false; api.responses['/bad'] = () => api.make('', { status: 500 })");
    for call in [
        "fetch('http://localhost:3001/x')",
        "fetch('http://localhost:3001/bad')",
        "fetch('http://localhost:3001/x', { headers: { 'supertokens-interception': 'once' } })",
        "fetch('http://localhost:3001/x', { headers: { 'supertokens-interception': 'off' } })",
        "fetch('https://other.example/x')",
    ] {
        let call = format!("return 'supertokensSessionError' in await {call}");
        assert_eq!(value_of_async(&call).await.unwrap(), false, "{call}");
    }
    assert_eq!(text_of("events.length"), "0");
}

/// The caller aborted the request, with its own reason.
#[wasm_bindgen_test]
async fn an_abort_is_not_reported_as_a_failure() {
    clean().await;
    let _patches = (with_recorded_api(), with_events());
    let client = signed_in().await;
    let _interception = intercept_fetch(&client).unwrap();
    js("api.responses['/x'] = () => new Promise((_, reject) => {
            const { signal } = new Request(api.sent.at(-1).input, api.sent.at(-1).init);
            signal.addEventListener('abort', () => reject(signal.reason));
        })");
    for abort in ["abort.abort()", "abort.abort({})", "abort.abort(new TypeError('mine'))"] {
        let call = format!(
            "const abort = new AbortController();
             const call = fetch('{API}/x', {{ signal: abort.signal }});
             setTimeout(() => {abort}, 10);
             const e = await call.catch(e => e);
             await new Promise(r => setTimeout(r, 10));
             return e === abort.signal.reason && !('supertokensSessionError' in e)"
        );
        assert_eq!(value_of_async(&call).await.unwrap(), true, "{abort}");
    }
    let call = format!(
        "return (await fetch('{API}/x', {{ signal: AbortSignal.timeout(10) }}).catch(e => e)).supertokensSessionError"
    );
    assert!(value_of_async(&call).await.unwrap().is_undefined());
    assert_eq!(text_of("events.length"), "0");
}

/// Uses the page's own server as the API. Its 404 stands for an expired session.
async fn with_own_server(retries: u32) -> SessionClient {
    let settings = SessionConfig::builder(text_of("location.origin")).session_expired_status_code(404);
    let config = settings.max_retry_attempts_for_session_refresh(retries).build().unwrap();
    let client = supertokens_web::session_client(config).unwrap();
    client.post("/auth/signin").send().await.unwrap();
    js("window.sendXhr = (url, before) => new Promise(resolve => {
            const xhr = window.xhr = new XMLHttpRequest();
            const seen = [];
            for (const type of ['load', 'error', 'timeout', 'abort']) {
                xhr.addEventListener(type, () => seen.push(type, xhr.supertokensSessionError?.code ?? 'none'));
            }
            xhr.onloadend = () => setTimeout(() => resolve(seen.join(' ') + ' ' + xhr.status), 10);
            xhr.open('GET', url);
            before?.(xhr);
            xhr.send();
        })");
    client
}

#[wasm_bindgen_test]
async fn a_failed_xml_http_request_reports_its_reason() {
    for (fault, shown) in [
        (
            "api.responses['/auth/session/refresh'] = () => api.make('', { status: 404 })",
            "load NoSession 404",
        ),
        ("", "load TooManyRetries 404"),
        (
            "api.responses['/auth/session/refresh'] = () => api.make('', { status: 500 })",
            "error RefreshFailed 0",
        ),
        (
            "api.responses['/auth/session/refresh'] = () => { throw new TypeError('down') }",
            "error RefreshUnreachable 0",
        ),
    ] {
        clean().await;
        let _patches = (with_recorded_api(), with_events());
        let client = with_own_server(2).await;
        let _interception = intercept_xhr(&client).unwrap();
        js(fault);
        assert_eq!(text_of_async("return sendXhr('/there/is/nothing?secret=1')").await, shown, "{fault}");
        let code = shown.split(' ').nth(1).unwrap();
        let detail = text_of("events.length + events[0].code + events[0].url");
        assert_eq!(detail, format!("1{code}{}/there/is/nothing", text_of("location.origin")));
        js("xhr.open('GET', '/'); window.after = xhr.supertokensSessionError");
        assert!(is_true("after === undefined"), "the next `open` clears the error");
    }
}

/// The app gets the browser's own events at once.
#[wasm_bindgen_test]
async fn an_xml_http_request_without_a_network_reports_that() {
    clean().await;
    let _patches = (with_recorded_api(), with_events());
    // No server listens on this port of the API's host.
    let settings = SessionConfig::builder("http://127.0.0.1:9");
    let client = supertokens_web::session_client(settings.build().unwrap()).unwrap();
    client.post("/auth/signin").send().await.unwrap();
    let _client = with_own_server(0).await;
    let _interception = intercept_xhr(&client).unwrap();
    js("events.length = 0");
    assert_eq!(text_of_async("return sendXhr('http://127.0.0.1:9/x')").await, "error Network 0");
    assert_eq!(text_of("events.map(e => e.code + e.url).join()"), "Networkhttp://127.0.0.1:9/x");
}

#[wasm_bindgen_test]
async fn an_abort_and_a_timeout_of_an_xml_http_request_are_not_reported() {
    clean().await;
    let _patches = (with_recorded_api(), with_events());
    let client = with_own_server(0).await;
    let _interception = intercept_page(&client).unwrap();
    for (before, shown) in [
        ("x => queueMicrotask(() => x.abort())", "abort none 0"),
        ("x => { x.onreadystatechange = () => { if (x.readyState === 2) x.abort() } }", "abort none 0"),
    ] {
        assert_eq!(text_of_async(&format!("return sendXhr('/', {before})")).await, shown, "{before}");
    }
    // The requests wait for a refresh, which fails afterwards.
    js("window.fail = undefined;
        window.onceRefreshing = run => setTimeout(() => fail ? run() : onceRefreshing(run), 10);
        api.responses['/auth/session/refresh'] = () => new Promise((_, reject) => { window.fail = reject })");
    let client = with_own_server(1).await;
    drop(_interception);
    let _interception = intercept_page(&client).unwrap();
    for (before, shown) in [
        ("x => onceRefreshing(() => x.abort())", "abort none 0"),
        ("x => { x.timeout = 100 }", "timeout none 0"),
    ] {
        assert_eq!(
            text_of_async(&format!("return sendXhr('/there/is/nothing', {before})")).await,
            shown,
            "{before}"
        );
    }
    js("fail(new TypeError('down'))");
    pause(50).await;
    assert!(is_true("xhr.supertokensSessionError === undefined"));
    assert_eq!(text_of("events.length"), "0");
}
