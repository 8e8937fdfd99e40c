//! If the user leaves the page during a sign-out, the session ends.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{cell::RefCell, rc::Rc};

use supertokens_session::{SessionConfig, SessionEvent};
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A backend that never responds to the sign-out. `api.keepalive` is the option of that call.
fn with_backend() -> PagePatch {
    patch_page(
        "const own = window.fetch;
         window.api = {};
         window.fetch = async (input, init) => {
             if ((input.url ?? input).includes('/signout')) {
                 api.keepalive = (init ?? input).keepalive;
                 return new Promise(() => {});
             }
             const front = btoa(JSON.stringify({ uid: 'u', ate: 9999999999999, up: {} }));
             return new Response('{}', { headers: { 'front-token': front, 'anti-csrf': 'a1' } });
         };
         return () => { window.fetch = own }",
    )
}

#[wasm_bindgen_test]
async fn pagehide_during_a_sign_out_removes_the_session_cookies() {
    clean().await;
    let _backend = with_backend();
    let config = SessionConfig::builder("http://localhost:3001").build().unwrap();
    let client = supertokens_web::session_client(config.clone()).unwrap();
    client.post("/auth/signin").send().await.unwrap();
    assert_eq!(client.user_id().await.as_deref(), Ok("u"));
    let events = Rc::new(RefCell::new(Vec::new()));
    let seen = events.clone();
    let _listening = client.on_event(move |event| seen.borrow_mut().push(event.clone()));
    js("window.dispatchEvent(new PageTransitionEvent('pagehide'))");
    assert_eq!(client.user_id().await.as_deref(), Ok("u"), "no sign-out is under way");

    let signing_out = client.clone();
    wasm_bindgen_futures::spawn_local(async move {
        let _ = signing_out.sign_out().await;
    });
    assert!(becomes_true("api.keepalive === true").await);
    js("window.dispatchEvent(new PageTransitionEvent('pagehide'))");
    assert!(!is_true("document.cookie.includes('sFrontToken')"));
    assert_eq!(*events.borrow(), [SessionEvent::SignOut]);
    let next_page = supertokens_web::session_client(config).unwrap();
    assert_eq!(next_page.user_id().await.ok(), None);
    clean().await;
}
