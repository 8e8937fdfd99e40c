//! A session from sign-in to sign-out with a mocked backend, for each kind of storage that a browser may block.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{pin::pin, rc::Rc};

use futures_util::future::{join_all, select};
use supertokens_session::{
    SessionClient, SessionError,
    platform::{Lock, Platform},
};
use supertokens_web::lock::JavascriptSdkLock;
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const FIRST_VISIT: &str = "/auth/session/refresh";

/// A backend in `window.api`: it signs in, refreshes and signs out, and records the calls. `api.ate` is the expiry of
/// the next front token, `api.notes` is in its payload, and `api.hold` is a path whose responses are delayed.
fn with_backend() -> PagePatch {
    patch_page(
        "const own = window.fetch;
         const LATER = 9999999999999;
         window.api = { ate: LATER, notes: '', issued: 0, signedIn: false, calls: [], sent: {}, hold: '' };
         window.release = () => {};
         const front = () => {
             // Each token is issued a second later than the last. If two have the same second, the client takes the one
             // that expires first for the older.
             const iat = Math.floor(Date.now() / 1000) + ++api.issued;
             const up = { notes: api.notes, number: api.issued, iat };
             return btoa(JSON.stringify({ uid: 'u', ate: api.ate, up }));
         };
         const respond = (status, headers) => new Response('{\"status\":\"OK\"}', { status, headers });
         const responses = {
             '/auth/signin': () => {
                 api.signedIn = true;
                 return respond(200, { 'front-token': front(), 'anti-csrf': 'anti-s3cret' });
             },
             '/auth/session/refresh': () => {
                 if (!api.signedIn) return respond(401, {});
                 api.ate = LATER;
                 return respond(200, { 'front-token': front() });
             },
             '/auth/signout': () => {
                 api.signedIn = false;
                 return respond(200, { 'front-token': 'remove' });
             },
         };
         window.fetch = async (...args) => {
             const sent = new Request(...args);
             const path = new URL(sent.url).pathname;
             api.calls.push(path);
             api.sent[path] = sent;
             if (api.hold === path) await new Promise(resolve => { window.release = resolve });
             return responses[path]?.() ?? respond(api.signedIn ? 200 : 401, {});
         };
         return () => { window.fetch = own }",
    )
}

fn client() -> SessionClient {
    supertokens_web::session_client(config()).unwrap()
}

/// The calls since the last call of this function.
fn calls() -> String {
    text_of("api.calls.splice(0).join(' ')")
}

async fn sign_in(client: &SessionClient) {
    let response = client.post("/auth/signin").send().await.unwrap();
    assert_eq!((response.status(), response.session_error()), (200, None));
}

/// Removes all cookies. WebKit shows a page its own writes late, so this waits until reads show both writes.
async fn expire_all_cookies() {
    assert!(becomes_true("document.cookie.includes('sFrontToken=')").await);
    pause(1_100).await;
    let expire = "document.cookie.split(';').forEach(c => {
            document.cookie = c.split('=')[0].trim() + '=;path=/;expires=Thu, 01 Jan 1970 00:00:00 GMT';
        })";
    assert!(becomes_true(&format!("{expire}; document.cookie === ''")).await);
    cookies_are_shown().await;
    assert!(is_true("document.cookie === ''"));
}

fn warnings() -> Vec<String> {
    logged().into_iter().filter(|line| line.starts_with("WARN")).collect()
}

/// Runs a session from the first visit over a refresh to the sign-out, and checks the calls of each step.
async fn run_session(client: &SessionClient) {
    assert_eq!(client.session_exists().await, Ok(false));
    assert_eq!(calls(), FIRST_VISIT);
    sign_in(client).await;
    assert_eq!(client.user_id().await.as_deref(), Ok("u"));

    js("api.ate = 1");
    sign_in(client).await;
    calls();
    assert_eq!(client.get("/orders").send().await.unwrap().status(), 200);
    assert_eq!(calls(), "/auth/session/refresh /orders");
    assert_eq!(text_of("api.sent['/orders'].headers.get('anti-csrf')"), "anti-s3cret");
    assert_eq!(client.payload().await.unwrap()["number"], 3);

    assert_eq!(client.sign_out().await, Ok(()));
    assert_eq!(client.user_id().await, Err(SessionError::NoSession));
    assert_eq!(client.session_exists().await, Ok(false));
    assert_eq!(calls(), "/auth/signout");
}

#[wasm_bindgen_test]
async fn a_session_with_cookies_and_storage() {
    clean().await;
    let _backend = with_backend();
    run_session(&client()).await;
    assert_eq!(warnings(), [""; 0]);
}

#[wasm_bindgen_test]
async fn a_session_without_script_cookies() {
    for blocked in [without_cookies, with_throwing_cookies] {
        clean().await;
        let _patches = (with_backend(), blocked());
        run_session(&client()).await;
        assert_eq!(warnings(), [""; 0]);
    }
}

#[wasm_bindgen_test]
async fn a_session_without_local_storage() {
    clean().await;
    let _patches = (with_backend(), without_storage());
    run_session(&client()).await;
    assert_eq!(warnings(), [""; 0]);
}

/// Web views without DOM storage are like this.
#[wasm_bindgen_test]
async fn a_session_where_storage_is_null() {
    clean().await;
    let _null = patch_page(
        "for (const name of ['localStorage', 'sessionStorage']) {
             window['own ' + name] = Object.getOwnPropertyDescriptor(window, name);
             Object.defineProperty(window, name, { configurable: true, get: () => null });
         }
         return () => {
             for (const name of ['localStorage', 'sessionStorage']) {
                 const own = window['own ' + name];
                 own ? Object.defineProperty(window, name, own) : delete window[name];
             }
         }",
    );
    for locks in [None, Some(without_web_locks())] {
        let _patches = (with_backend(), locks);
        run_session(&client()).await;
        js("document.cookie = 'st-last-access-token-update=; path=/; max-age=0'");
    }
    assert_eq!(supertokens_web::navigations_ms(), [0; 0]);
}

/// The session ends with the page, which the warning says.
#[wasm_bindgen_test]
async fn a_session_in_memory_with_one_warning() {
    for blocked in [without_cookies, with_throwing_cookies] {
        clean().await;
        let _patches = (with_backend(), blocked(), without_storage());
        run_session(&client()).await;
        let warnings = warnings();
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("the session ends with the page"), "{warnings:?}");
    }
}

#[wasm_bindgen_test]
async fn a_payload_of_sixteen_kilobytes_works_in_all_tabs() {
    clean().await;
    let _backend = with_backend();
    js("api.notes = 'n'.repeat(16 * 1024)");
    let (tab, other) = (client(), client());
    sign_in(&tab).await;
    assert!(!text_of("document.cookie").contains("sFrontToken"));
    let length = async |client: &SessionClient| {
        let payload = client.payload().await.unwrap();
        payload["notes"].as_str().unwrap().len()
    };
    assert_eq!((length(&tab).await, length(&other).await), (16 * 1024, 16 * 1024));

    js("api.ate = 1");
    sign_in(&tab).await;
    calls();
    assert_eq!(length(&other).await, 16 * 1024);
    assert_eq!(length(&tab).await, 16 * 1024);
    assert_eq!(calls(), "/auth/session/refresh");

    assert_eq!(other.sign_out().await, Ok(()));
    assert_eq!(tab.session_exists().await, Ok(false));
    assert!(is_true("localStorage.getItem('sFrontToken') === null"));
    assert_eq!(warnings(), [""; 0]);
}

/// Safari deletes script cookies after seven days.
#[wasm_bindgen_test]
async fn a_session_whose_script_cookies_expired_is_restored_by_one_refresh() {
    clean().await;
    let _backend = with_backend();
    let client = client();
    sign_in(&client).await;
    expire_all_cookies().await;
    calls();
    assert_eq!(client.get("/orders").send().await.unwrap().status(), 200);
    assert_eq!(calls(), "/auth/session/refresh /orders");
    assert_eq!(client.user_id().await.as_deref(), Ok("u"));
}

#[wasm_bindgen_test]
async fn a_dropped_request_aborts_its_own_fetch() {
    clean().await;
    let _backend = with_backend();
    let client = client();
    sign_in(&client).await;
    js("api.hold = '/slow'");
    let is_sent = pin!(becomes_true("api.sent['/slow'] !== undefined"));
    drop(select(is_sent, client.get("/slow").send()).await);
    assert!(is_true("api.sent['/slow'].signal.aborted"));
}

#[wasm_bindgen_test]
async fn a_dropped_request_does_not_abort_the_refresh_that_it_started() {
    clean().await;
    let _backend = with_backend();
    let client = client();
    sign_in(&client).await;
    js("api.ate = 1");
    sign_in(&client).await;
    calls();
    js("api.hold = '/auth/session/refresh'");
    assert!(within(50, client.get("/orders").send()).await.is_none());
    // The browser may grant the lock late.
    assert!(becomes_true("api.calls.includes('/auth/session/refresh')").await);
    assert!(is_true("api.sent['/auth/session/refresh'].signal.aborted === false"));

    js("api.hold = ''; release()");
    assert_eq!(client.session_exists().await, Ok(true));
    assert_eq!(client.get("/orders").send().await.unwrap().status(), 200);
    assert_eq!(calls(), "/auth/session/refresh /orders");
}

/// One lock excludes clients of one page too. The other has only the entry, as between two pages.
#[wasm_bindgen_test]
async fn two_clients_without_web_locks_refresh_once() {
    let entry_only = || -> Option<Rc<dyn Lock>> { Some(Rc::new(JavascriptSdkLock::new(&page()))) };
    for lock in [|| None, entry_only] {
        clean().await;
        let _patches = (with_backend(), without_web_locks());
        let client = || {
            let platform = supertokens_web::platform(&config()).unwrap();
            let lock = lock().unwrap_or_else(|| platform.lock.clone());
            SessionClient::new(config(), Platform { lock, ..platform })
        };
        let (one, other) = (client(), client());
        js("api.ate = 1");
        sign_in(&one).await;
        calls();
        let sent = [&one, &other, &one, &other].map(|client| client.get("/orders").send());
        for response in join_all(sent).await {
            assert_eq!(response.unwrap().status(), 200);
        }
        assert_eq!(calls(), "/auth/session/refresh /orders /orders /orders /orders");
        assert_eq!(warnings(), [""; 0]);
        assert!(is_true("Object.keys(localStorage).every(key => !key.startsWith('browser-tabs-lock'))"));
    }
}

/// After a freeze of more than five seconds, the store has the tokens of the next holder.
#[wasm_bindgen_test]
async fn a_client_that_lost_its_lock_during_a_refresh_saves_no_tokens() {
    clean().await;
    let _patches = (with_backend(), without_web_locks());
    let client = client();
    js("api.ate = 1");
    sign_in(&client).await;
    calls();
    js("api.hold = '/auth/session/refresh'");
    let mut request = Box::pin(client.get("/orders").send().into_future());
    assert!(within(50, &mut request).await.is_none());
    assert!(becomes_true("api.calls.includes('/auth/session/refresh')").await);
    let before = text_of("document.cookie");
    js(
        "localStorage.setItem('browser-tabs-lock-key-REFRESH_TOKEN_USE', 'of the next tab'); api.hold = ''; release()",
    );
    assert!(completed(request).await.is_some());
    assert_eq!(text_of("document.cookie"), before);
    assert!(is_true("localStorage.getItem('browser-tabs-lock-key-REFRESH_TOKEN_USE') === 'of the next tab'"));
}
