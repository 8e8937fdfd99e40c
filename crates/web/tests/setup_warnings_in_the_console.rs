//! The page's console shows each warning about a wrong setup once, without a logger.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_session::{SessionClient, SessionConfig, SessionError};
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The user's id is `u`, and the token lasts until the year 5138.
const FRONT: &str = "eyJ1aWQiOiJ1IiwiYXRlIjo5OTk5OTk5OTk5OTk5OSwidXAiOnt9fQ==";

/// An API with the responses of `response`, a function of the path. The console's warnings are in `window.warned`.
fn with_api(response: &str) -> PagePatch {
    patch_page(&format!(
        "const own = window.fetch, ownWarn = console.warn;
         window.warned = [];
         console.warn = (...all) => {{ warned.push(all.join(' ')) }};
         window.fetch = async (...args) => ({response})(new URL(new Request(...args).url).pathname);
         return () => {{ window.fetch = own; console.warn = ownWarn }}"
    ))
}

fn warned() -> Vec<String> {
    let all = text_of("warned.join('\\n')");
    all.lines().map(str::to_owned).collect()
}

fn client_of(api: &str) -> SessionClient {
    supertokens_web::session_client(SessionConfig::builder(api).build().unwrap()).unwrap()
}

#[wasm_bindgen_test]
async fn an_api_that_responds_with_a_web_page_is_warned_of() {
    clean().await;
    let page = "() => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })";
    let _api = with_api(page);
    let client = client_of("https://page.example");
    for _ in 0..3 {
        assert_eq!(client.session_exists().await, Err(SessionError::RefreshReturnedPage));
    }
    let warned = warned();
    assert_eq!(warned.len(), 1, "{warned:?}");
    let expected = "SuperTokens: https://page.example/auth/session/refresh: ";
    assert!(warned[0].starts_with(expected) && warned[0].contains("returned a web page"), "{warned:?}");
}

#[wasm_bindgen_test]
async fn a_missing_refresh_api_or_front_token_is_warned_of() {
    for (response, words) in [
        ("new Response('', { status: 404 })", "the refresh API returned status 404"),
        ("new Response('{}')", "access-control-expose-headers: front-token"),
    ] {
        clean().await;
        let _api = with_api(&format!("() => {response}"));
        let client = client_of("https://none.example");
        for _ in 0..2 {
            client.session_exists().await.unwrap_err();
        }
        let warned = warned();
        assert_eq!(warned.len(), 1, "{warned:?}");
        assert!(warned[0].contains(words), "{warned:?}");
    }
}

/// The browser does not send the API's cookies: the sign-in works, and the next call has no session.
#[wasm_bindgen_test]
async fn cookies_that_never_reach_the_api_are_warned_of() {
    for (api, words) in [
        ("https://third-party.example".to_owned(), "two sites"),
        // An API of this test alone: the page shows each warning once.
        (text_of("location.protocol + '//' + location.hostname + ':1'"), "the cookies' `Domain`"),
    ] {
        clean().await;
        let _api = with_api(&format!(
            "path => path === '/auth/signin'
                 ? new Response('{{}}', {{ headers: {{ 'front-token': '{FRONT}' }} }})
                 : new Response('{{}}', {{ status: 401 }})"
        ));
        let client = client_of(&api);
        for _ in 0..2 {
            client.post("/auth/signin").send().await.unwrap();
            assert_eq!(client.user_id().await.as_deref(), Ok("u"));
            assert_eq!(client.get("/orders/of-ann").send().await.unwrap().status(), 401);
        }
        let warned = warned();
        assert_eq!(warned.len(), 1, "{warned:?}");
        assert!(warned[0].contains(words) && warned[0].contains("SameSite"), "{warned:?}");
        assert!(!warned[0].contains("of-ann") && !warned[0].contains(FRONT), "{warned:?}");
    }
}

#[wasm_bindgen_test]
async fn a_sign_in_with_a_web_page_or_a_hidden_front_token_is_warned_of() {
    for (content_type, body, words) in [
        ("text/html; charset=utf-8", "<!doctype html>", "the sign-in API returned a web page"),
        ("application/json", r#"{"status":"OK","user":{"id":"ann"}}"#, "script sees no `front-token` header"),
    ] {
        clean().await;
        let _api = with_api(&format!(
            "path => path.endsWith('/refresh')
                 ? new Response('', {{ status: 401 }})
                 : new Response('{body}', {{ headers: {{ 'content-type': '{content_type}' }} }})"
        ));
        let client = client_of("https://hidden.example");
        for _ in 0..2 {
            client.post("/auth/signin?email=ann@example.com").send().await.unwrap().text().await.unwrap();
            assert!(eventually(|| !warned().is_empty()).await);
            pause(20).await;
        }
        let warned = warned();
        assert_eq!(warned.len(), 1, "{warned:?}");
        assert!(warned[0].contains(words) && !warned[0].contains("ann"), "{warned:?}");
    }
}

#[wasm_bindgen_test]
async fn an_api_that_cors_blocks_is_warned_of() {
    clean().await;
    let _fetch = patch_page(
        "const own = window.fetch, ownWarn = console.warn;
         window.warned = [];
         console.warn = (...all) => { warned.push(all.join(' ')) };
         window.fetch = (...args) => new Request(...args).mode === 'no-cors'
             ? Promise.resolve(Response.error())
             : Promise.reject(new TypeError('Failed to fetch'));
         return () => { window.fetch = own; console.warn = ownWarn }",
    );
    let client = client_of("https://cors.example");
    for _ in 0..2 {
        client.session_exists().await.unwrap_err();
    }
    let warned = warned();
    assert_eq!(warned.len(), 1, "{warned:?}");
    assert!(warned[0].contains("https://cors.example") && warned[0].contains("access-control-allow-origin"));
}

#[wasm_bindgen_test]
async fn a_correct_setup_gives_no_warning() {
    clean().await;
    let _api = with_api(&format!(
        "path => path.endsWith('/refresh')
             ? new Response('', {{ status: 401 }})
             : path.endsWith('/signin')
             ? new Response('{{}}', {{ headers: {{ 'front-token': '{FRONT}' }} }})
             : path.endsWith('/signout')
             ? new Response('{{}}', {{ headers: {{ 'front-token': 'remove' }} }})
             : new Response('{{}}')"
    ));
    let client = client_of("https://right.example");
    assert_eq!(client.session_exists().await, Ok(false));
    client.post("/auth/signin").send().await.unwrap();
    client.get("/orders").send().await.unwrap();
    client.sign_out().await.unwrap();
    assert!(warned().is_empty(), "{:?}", warned());
}
