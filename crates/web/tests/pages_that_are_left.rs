//! A page that is left while it signs out leaves no session behind.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{cell::RefCell, rc::Rc};

use supertokens_session::{SessionConfig, SessionEvent};
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A backend whose sign-out is never answered; `api.keepalive` is what it was sent with.
fn with_backend() -> Broken {
    broken(
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
async fn a_sign_out_under_way_ends_the_session_in_the_cookies() {
    clean();
    let _backend = with_backend();
    let config = SessionConfig::builder("http://localhost:3001").build().unwrap();
    let client = supertokens_web::session_client(config.clone()).unwrap();
    client.post("/auth/signin").send().await.unwrap();
    assert_eq!(client.user_id().await.as_deref(), Ok("u"));
    let events = Rc::new(RefCell::new(Vec::new()));
    let seen = events.clone();
    let _listening = client.on_event(move |event| seen.borrow_mut().push(event.clone()));
    js("window.dispatchEvent(new PageTransitionEvent('pagehide'))");
    assert_eq!(client.user_id().await.as_deref(), Ok("u"), "nothing is under way");

    let ending = client.clone();
    wasm_bindgen_futures::spawn_local(async move {
        let _ = ending.sign_out().await;
    });
    pause(50).await;
    assert!(is_true("api.keepalive === true"));
    js("window.dispatchEvent(new PageTransitionEvent('pagehide'))");
    assert!(!is_true("document.cookie.includes('sFrontToken')"));
    assert_eq!(*events.borrow(), [SessionEvent::SignOut]);
    let next_page = supertokens_web::session_client(config).unwrap();
    assert_eq!(next_page.user_id().await.ok(), None);
    clean();
}
