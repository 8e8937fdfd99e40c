//! A client and a backend in one page, from sign-in to sign-out, with whatever the browser lets script keep.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::rc::Rc;

use futures_util::future::join_all;
use supertokens_session::{
    SessionClient, SessionError,
    platform::{Lock, Platform},
};
use supertokens_web::lock::JavascriptSdkLock;
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const FIRST_VISIT: &str = "/auth/session/refresh";

/// A backend in `window.api`: it signs in, refreshes and signs out, and notes the calls. `api.ate` is when the next
/// front token expires, `api.notes` is in its payload, and `api.hold` keeps the answers of a path back.
fn with_backend() -> Broken {
    broken(
        "const own = window.fetch;
         const LATER = 9999999999999;
         window.api = { ate: LATER, notes: '', issued: 0, signedIn: false, calls: [], sent: {}, hold: '' };
         window.release = () => {};
         const front = () => {
             // Each a second later than the one before: of one second, the one that expires first would count as older.
             const iat = Math.floor(Date.now() / 1000) + ++api.issued;
             const up = { notes: api.notes, number: api.issued, iat };
             return btoa(JSON.stringify({ uid: 'u', ate: api.ate, up }));
         };
         const answer = (status, headers) => new Response('{\"status\":\"OK\"}', { status, headers });
         const answers = {
             '/auth/signin': () => {
                 api.signedIn = true;
                 return answer(200, { 'front-token': front(), 'anti-csrf': 'anti-s3cret' });
             },
             '/auth/session/refresh': () => {
                 if (!api.signedIn) return answer(401, {});
                 api.ate = LATER;
                 return answer(200, { 'front-token': front() });
             },
             '/auth/signout': () => {
                 api.signedIn = false;
                 return answer(200, { 'front-token': 'remove' });
             },
         };
         window.fetch = async (...asked) => {
             const sent = new Request(...asked);
             const path = new URL(sent.url).pathname;
             api.calls.push(path);
             api.sent[path] = sent;
             if (api.hold === path) await new Promise(resolve => { window.release = resolve });
             return answers[path]?.() ?? answer(api.signedIn ? 200 : 401, {});
         };
         return () => { window.fetch = own }",
    )
}

fn client() -> SessionClient {
    supertokens_web::session_client(config()).unwrap()
}

/// The calls since this was last asked for.
fn calls() -> String {
    text_of("api.calls.splice(0).join(' ')")
}

async fn sign_in(client: &SessionClient) {
    let answer = client.post("/auth/signin").send().await.unwrap();
    assert_eq!((answer.status(), answer.session_error()), (200, None));
}

/// WebKit shows a page its own writes late: this waits until the cookies of the sign-in are there, and until they are gone.
async fn all_cookies_expire() {
    assert!(comes_true("document.cookie.includes('sFrontToken=')").await);
    pause(1_100).await;
    let expire = "document.cookie.split(';').forEach(c => {
            document.cookie = c.split('=')[0].trim() + '=;path=/;expires=Thu, 01 Jan 1970 00:00:00 GMT';
        })";
    assert!(comes_true(&format!("{expire}; document.cookie === ''")).await);
    pause(200).await;
    assert!(is_true("document.cookie === ''"));
}

fn warnings() -> Vec<String> {
    logged().into_iter().filter(|line| line.starts_with("WARN")).collect()
}

/// From a first visit over a refresh to the sign-out; each step costs the calls that it must.
async fn whole_life(client: &SessionClient) {
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
async fn a_whole_life_where_the_browser_keeps_all() {
    clean();
    let _backend = with_backend();
    whole_life(&client()).await;
    assert_eq!(warnings(), [""; 0]);
}

#[wasm_bindgen_test]
async fn a_whole_life_without_cookies_of_scripts() {
    for blocked in [without_cookies, with_throwing_cookies] {
        clean();
        let _broken = (with_backend(), blocked());
        whole_life(&client()).await;
        assert_eq!(warnings(), [""; 0]);
    }
}

#[wasm_bindgen_test]
async fn a_whole_life_without_local_storage() {
    clean();
    let _broken = (with_backend(), without_storage());
    whole_life(&client()).await;
    assert_eq!(warnings(), [""; 0]);
}

/// As in a web view without DOM storage.
#[wasm_bindgen_test]
async fn a_whole_life_where_storage_is_null() {
    clean();
    let _null = broken(
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
        let _broken = (with_backend(), locks);
        whole_life(&client()).await;
        js("document.cookie = 'st-last-access-token-update=; path=/; max-age=0'");
    }
    assert_eq!(supertokens_web::navigations_ms(), [0; 0]);
}

/// The session ends with the page, and the warning says so.
#[wasm_bindgen_test]
async fn a_whole_life_in_memory_with_one_warning() {
    for blocked in [without_cookies, with_throwing_cookies] {
        clean();
        let _broken = (with_backend(), blocked(), without_storage());
        whole_life(&client()).await;
        let warnings = warnings();
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("the session ends with the page"), "{warnings:?}");
    }
}

#[wasm_bindgen_test]
async fn a_payload_of_sixteen_kilobytes_is_as_good_as_a_small_one() {
    clean();
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

/// Safari does this after seven days.
#[wasm_bindgen_test]
async fn a_session_whose_script_cookies_are_gone_comes_back_by_one_refresh() {
    clean();
    let _backend = with_backend();
    let client = client();
    sign_in(&client).await;
    all_cookies_expire().await;
    calls();
    assert_eq!(client.get("/orders").send().await.unwrap().status(), 200);
    assert_eq!(calls(), "/auth/session/refresh /orders");
    assert_eq!(client.user_id().await.as_deref(), Ok("u"));
}

#[wasm_bindgen_test]
async fn a_dropped_request_aborts_its_own_fetch() {
    clean();
    let _backend = with_backend();
    let client = client();
    sign_in(&client).await;
    js("api.hold = '/slow'");
    assert!(within(50, client.get("/slow").send()).await.is_none());
    assert!(is_true("api.sent['/slow'].signal.aborted"));
}

#[wasm_bindgen_test]
async fn a_dropped_request_never_aborts_the_refresh_that_it_began() {
    clean();
    let _backend = with_backend();
    let client = client();
    sign_in(&client).await;
    js("api.ate = 1");
    sign_in(&client).await;
    calls();
    js("api.hold = '/auth/session/refresh'");
    assert!(within(50, client.get("/orders").send()).await.is_none());
    // The browser may take its time to grant the lock.
    assert!(comes_true("api.calls.includes('/auth/session/refresh')").await);
    assert!(is_true("api.sent['/auth/session/refresh'].signal.aborted === false"));

    js("api.hold = ''; release()");
    assert_eq!(client.session_exists().await, Ok(true));
    assert_eq!(client.get("/orders").send().await.unwrap().status(), 200);
    assert_eq!(calls(), "/auth/session/refresh /orders");
}

/// With the lock of such a page, and with the entry alone, as two pages have it.
#[wasm_bindgen_test]
async fn two_clients_without_web_locks_refresh_once() {
    let entry_only = || -> Option<Rc<dyn Lock>> { Some(Rc::new(JavascriptSdkLock::new(&page()))) };
    for lock in [|| None, entry_only] {
        clean();
        let _broken = (with_backend(), without_web_locks());
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
        for answer in join_all(sent).await {
            assert_eq!(answer.unwrap().status(), 200);
        }
        assert_eq!(calls(), "/auth/session/refresh /orders /orders /orders /orders");
        assert_eq!(warnings(), [""; 0]);
        assert!(is_true("Object.keys(localStorage).every(key => !key.startsWith('browser-tabs-lock'))"));
    }
}

/// As after a freeze of more than five seconds: the tokens in the store are those of the tab that came next.
#[wasm_bindgen_test]
async fn a_client_that_lost_its_lock_during_a_refresh_saves_no_tokens() {
    clean();
    let _broken = (with_backend(), without_web_locks());
    let client = client();
    js("api.ate = 1");
    sign_in(&client).await;
    calls();
    js("api.hold = '/auth/session/refresh'");
    let mut request = Box::pin(client.get("/orders").send().into_future());
    assert!(within(50, &mut request).await.is_none());
    assert!(comes_true("api.calls.includes('/auth/session/refresh')").await);
    let before = text_of("document.cookie");
    js(
        "localStorage.setItem('browser-tabs-lock-key-REFRESH_TOKEN_USE', 'of the next tab'); api.hold = ''; release()",
    );
    assert!(in_the_end(request).await.is_some());
    assert_eq!(text_of("document.cookie"), before);
    assert!(is_true("localStorage.getItem('browser-tabs-lock-key-REFRESH_TOKEN_USE') === 'of the next tab'"));
}
