//! A response whose final URL is of another origin does not change the session.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use js_sys::Promise;
use supertokens_session::{SessionClient, SessionConfig, SessionError, SignOutFailure};
use supertokens_web::{intercept_fetch, intercept_xhr, send_request};
use support::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Request;

wasm_bindgen_test_configure!(run_in_browser);

const ELSEWHERE: [&str; 4] = [
    "https://elsewhere.example/moved",
    "http://localhost.elsewhere.example:3001/x",
    "http://elsewhere.example/?http://localhost:3001/",
    "data:text/plain,x",
];

/// A backend whose responses to `/moved` come from `moved.url`, with `moved.status` and another user's session.
fn with_backend() -> PagePatch {
    patch_page(
        "const own = window.fetch;
         const front = uid => btoa(JSON.stringify({ uid, ate: 9999999999999, up: {} }));
         window.calls = [];
         window.moved = { url: '', status: 200, path: '/moved' };
         window.fetch = async (...args) => {
             const path = new URL(new Request(...args).url).pathname;
             calls.push(path);
             if (path !== moved.path) return new Response('{}', { headers: { 'front-token': front('u') } });
             const headers = { 'front-token': front('mallory'), 'st-access-token': 'evil', 'anti-csrf': 'evil' };
             const response = new Response('{}', { status: moved.status || 200, headers });
             if (!moved.status) for (const [name, value] of [['status', 0], ['type', 'opaqueredirect']])
                 Object.defineProperty(response, name, { value });
             Object.defineProperty(response, 'url', { value: moved.url });
             return response;
         };
         return () => { window.fetch = own }",
    )
}

async fn signed_in() -> SessionClient {
    clean().await;
    let client = supertokens_web::session_client(config()).unwrap();
    js("moved.path = '/moved'");
    client.post("/auth/signin").send().await.unwrap();
    js("calls = []");
    client
}

/// Sends requests to `/moved` with each API of the client, and returns the signed-in user after each.
async fn users(client: &SessionClient) -> Vec<String> {
    let mut users = Vec::new();
    client.get("/moved").send().await.unwrap();
    users.push(client.user_id().await.unwrap());
    let request = Request::new_with_str("http://localhost:3001/moved").unwrap();
    send_request(client, request).await.unwrap();
    users.push(client.user_id().await.unwrap());
    let interception = intercept_fetch(client).unwrap();
    let response: Promise = js("fetch('http://localhost:3001/moved')").unchecked_into();
    JsFuture::from(response).await.unwrap();
    drop(interception);
    users.push(client.user_id().await.unwrap());
    users
}

#[wasm_bindgen_test]
async fn a_response_from_another_origin_signs_no_other_user_in() {
    let _backend = with_backend();
    for url in ELSEWHERE {
        for status in [200, 401, 403, 500] {
            let client = signed_in().await;
            js(&format!("moved.url = '{url}'; moved.status = {status}"));
            let before = text_of("document.cookie");
            assert_eq!(users(&client).await, ["u"; 3], "{url}, {status}");
            assert_eq!(text_of("calls.join()"), "/moved,/moved,/moved", "{url}, {status}: no refresh");
            assert_eq!(text_of("document.cookie"), before);
        }
    }
}

#[wasm_bindgen_test]
async fn a_response_from_the_api_scope_is_accepted() {
    let _backend = with_backend();
    for url in ["http://localhost:3001/other", "https://localhost:8443/?q=a\\\\b", ""] {
        let client = signed_in().await;
        js(&format!("moved.url = '{url}'; moved.status = 200"));
        assert_eq!(users(&client).await, ["mallory"; 3], "{url}");
    }
}

/// With `redirect: 'manual'` a response has no readable headers, and its URL is that of the request.
#[wasm_bindgen_test]
async fn a_redirect_that_is_not_followed_goes_to_the_caller() {
    let _backend = with_backend();
    let client = signed_in().await;
    js("moved.url = 'http://localhost:3001/moved'; moved.status = 0;
        const get = Headers.prototype.get;
        window.headers = get;
        Headers.prototype.get = () => null");
    let interception = intercept_fetch(&client).unwrap();
    let response: Promise =
        js("fetch('http://localhost:3001/moved', { redirect: 'manual' }).then(a => a.type)").unchecked_into();
    assert_eq!(JsFuture::from(response).await.unwrap(), "opaqueredirect");
    drop(interception);
    js("Headers.prototype.get = window.headers");
    assert_eq!(client.user_id().await.as_deref(), Ok("u"));
    assert_eq!(text_of("calls.join()"), "/moved");
}

#[wasm_bindgen_test]
async fn a_refresh_and_a_sign_out_that_end_elsewhere_are_errors() {
    let _backend = with_backend();
    let client = signed_in().await;
    js(&format!("moved = {{ url: '{}', status: 200, path: '/auth/session/refresh' }}", ELSEWHERE[0]));
    assert_eq!(client.refresh().await, Err(SessionError::RefreshRedirected));
    assert_eq!(client.user_id().await.as_deref(), Ok("u"));
    js("moved.path = '/auth/signout'");
    let cause = SignOutFailure::Redirected;
    assert_eq!(client.sign_out().await, Err(SessionError::NotRevoked { cause }));
    assert_eq!(client.user_id().await, Err(SessionError::NoSession));
}

/// A 404 of the page's own server stands for an expired session.
#[wasm_bindgen_test]
async fn an_intercepted_xhr_that_was_redirected_elsewhere_is_shown_unchanged() {
    let _backend = with_backend();
    for (url, calls) in [
        (ELSEWHERE[0], ""),
        ("", "/auth/session/refresh"),
        (&text_of("location.origin + '/x'"), "/auth/session/refresh"),
    ] {
        clean().await;
        let settings = SessionConfig::builder(text_of("location.origin"));
        let settings = settings.session_expired_status_code(404).max_retry_attempts_for_session_refresh(1);
        let client = supertokens_web::session_client(settings.build().unwrap()).unwrap();
        js("moved.path = ''");
        client.post("/auth/signin").send().await.unwrap();
        js("calls = []");
        let _redirected = patch_page(&format!(
            "const own = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, 'responseURL');
             Object.defineProperty(XMLHttpRequest.prototype, 'responseURL', {{ configurable: true, get: () => '{url}' }});
             return () => Object.defineProperty(XMLHttpRequest.prototype, 'responseURL', own)"
        ));
        let _interception = intercept_xhr(&client).unwrap();
        let shown: Promise = js("new Promise(resolve => {
            const xhr = new XMLHttpRequest();
            xhr.onloadend = () => resolve(xhr.status + ' ' + xhr.responseURL);
            xhr.open('GET', '/there/is/nothing');
            xhr.send();
        })")
        .unchecked_into();
        assert_eq!(JsFuture::from(shown).await.unwrap(), format!("404 {url}").as_str());
        assert_eq!(text_of("calls.join()"), calls, "{url}");
        assert_eq!(client.user_id().await.as_deref(), Ok("u"));
    }
}
