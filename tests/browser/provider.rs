//! The provider finds the session and publishes its status.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use supertokens_leptos::{
    SessionClient, SessionConfig, SessionError, SessionProvider, SessionSource, SessionStatus,
    try_use_session, use_session,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Backend, Page, Response, settle};

#[component]
fn Panel() -> impl IntoView {
    let session = use_session();
    view! {
        <p>{move || format!("{:?} {:?}", session.status().get(), session.user_id().get())}</p>
        <button id="recheck" on:click=move |_| session.recheck()></button>
        <button id="sign-out" on:click=move |_| session.sign_out()></button>
        <p id="error">{move || session.error().get().map(|error| error.to_string())}</p>
    }
}

async fn panel(backend: &Backend) -> Page {
    let client = backend.client();
    Page::open("/", move || view! { <SessionProvider config=client><Panel/></SessionProvider> }).await
}

#[wasm_bindgen_test]
async fn a_stored_session_is_known_without_a_request() {
    let backend = Backend::signed_in("u1");
    let page = panel(&backend).await;
    assert!(page.text().contains("Authenticated Some(\"u1\")"), "{}", page.text());
    assert!(backend.requests().is_empty());
}

#[wasm_bindgen_test]
async fn a_stored_sign_out_is_known_without_a_request() {
    let backend = Backend::signed_out();
    let page = panel(&backend).await;
    assert!(page.text().contains("Unauthenticated { reason: NoSession } None"), "{}", page.text());
    assert!(backend.requests().is_empty());
}

#[wasm_bindgen_test]
async fn the_status_is_loading_until_the_backend_responds() {
    let page = panel(&Backend::new()).await;
    assert!(page.text().contains("Loading None"), "{}", page.text());
}

/// A server may have rendered the first view, and then the browser's has to equal it.
#[wasm_bindgen_test]
async fn a_client_without_a_page_is_unreachable_only_after_the_first_view() {
    let config = SessionConfig::builder("https://api.example.com").build().unwrap();
    let first = Rc::new(RefCell::new(None));
    let seen = SendWrapper::new(first.clone());
    let page = Page::open("/", move || {
        let first_status = move || {
            let status = use_session().status().get_untracked();
            seen.replace(Some(status));
        };
        view! { <SessionProvider config=SessionClient::without_page(config)>{first_status()}<Panel/></SessionProvider> }
    });
    let page = page.await;
    assert_eq!(*first.borrow(), Some(SessionStatus::Loading));
    assert!(page.text().contains("Unreachable None"), "{}", page.text());
    assert!(page.text().contains(&SessionError::NotInBrowser.to_string()), "{}", page.text());
}

#[wasm_bindgen_test]
async fn an_expired_token_is_refreshed_once() {
    let backend = Backend::expired("u1").with_responses([Response::session("u1", "{}")]);
    let page = panel(&backend).await;
    assert!(page.text().contains("Authenticated Some(\"u1\")"), "{}", page.text());
    assert_eq!(backend.requests(), ["POST /auth/session/refresh"]);
}

#[wasm_bindgen_test]
async fn a_rejected_refresh_ends_the_session() {
    let backend = Backend::expired("u1").with_responses([Response::removed(401)]);
    let page = panel(&backend).await;
    assert!(page.text().contains("Unauthenticated { reason: ExpiredOrRevoked } None"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn a_network_failure_does_not_sign_out_and_a_recheck_recovers() {
    let backend = Backend::expired("u1").with_responses([Response::Down, Response::session("u1", "{}")]);
    let page = panel(&backend).await;
    assert!(page.text().contains("Unreachable None"), "{}", page.text());
    assert!(page.text().contains("could not be refreshed"), "{}", page.text());
    page.click("#recheck").await;
    assert!(page.text().contains("Authenticated Some(\"u1\")"), "{}", page.text());
    assert!(!page.text().contains("could not be refreshed"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn a_refresh_500_does_not_sign_out() {
    let backend = Backend::expired("u1").with_responses([Response::Status(500, vec![])]);
    let page = panel(&backend).await;
    assert!(page.text().contains("Unreachable None"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn during_a_backoff_the_status_is_unreachable_and_no_request_is_sent() {
    let too_many_requests = Response::Status(429, vec![("retry-after", "60".to_owned())]);
    let backend = Backend::expired("u1").with_responses([too_many_requests]);
    for _page in 0..2 {
        let page = panel(&backend).await;
        assert!(page.text().contains("Unreachable None"), "{}", page.text());
        assert_eq!(backend.requests(), ["POST /auth/session/refresh"]);
    }
}

#[wasm_bindgen_test]
async fn signing_out_sets_the_status_and_its_reason() {
    let backend = Backend::signed_in("u1").with_responses([Response::removed(200)]);
    let page = panel(&backend).await;
    page.click("#sign-out").await;
    assert!(page.text().contains("Unauthenticated { reason: SignedOut } None"), "{}", page.text());
    assert_eq!(backend.requests(), ["POST /auth/signout"]);
}

#[wasm_bindgen_test]
async fn signing_out_offline_ends_the_session_in_this_browser_and_sets_the_error() {
    let backend = Backend::signed_in("u1").with_responses([Response::Down]);
    let page = panel(&backend).await;
    page.click("#sign-out").await;
    assert!(page.text().contains("Unauthenticated { reason: SignedOut } None"), "{}", page.text());
    assert!(page.text().contains("the server has not revoked"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn an_invalid_setting_is_shown_in_place_of_the_app() {
    let config = SessionConfig::builder("api.example.com").build();
    let page = Page::open("/", move || view! { <SessionProvider config><Panel/></SessionProvider> }).await;
    assert!(page.has("[role=alert]"));
    assert!(page.text().contains("api_domain") && page.text().contains("https://"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn only_children_get_the_session() {
    let client = Backend::signed_in("u1").client();
    let page = Page::open("/", move || {
        let inside = move || try_use_session().is_some().to_string();
        view! {
            <SessionProvider config=client>{inside()}</SessionProvider>
            <p id="outside">{inside()}</p>
        }
    })
    .await;
    assert!(page.text().starts_with("true"), "{}", page.text());
    assert!(page.text().ends_with("false"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn a_response_after_the_provider_is_dropped_does_not_panic() {
    let held = Response::Held(Box::new(Response::session("u1", "{}")));
    let backend = Backend::expired("u1").with_responses([held]);
    let client = backend.client();
    let page = Page::open("/", {
        let client = client.clone();
        move || view! { <SessionProvider config=client><Panel/></SessionProvider> }
    })
    .await;
    assert!(page.text().contains("Loading"), "{}", page.text());
    drop(page);
    backend.release();
    assert_eq!(client.session_exists().await, Ok(true), "the refresh continues for other clients");
    settle().await;
    assert_eq!(backend.requests(), ["POST /auth/session/refresh"]);
}

#[wasm_bindgen_test]
async fn the_page_is_intercepted_while_the_provider_exists() {
    let fetch = || js_sys::Reflect::get(&window(), &"fetch".into()).unwrap();
    let before = fetch();
    let source = SessionSource::from(Backend::signed_in("u1").client()).intercept_page();
    let page =
        Page::open("/", move || view! { <SessionProvider config=source><Panel/></SessionProvider> }).await;
    assert!(page.text().contains("Authenticated"), "{}", page.text());
    assert!(!js_sys::Object::is(&fetch(), &before));
    drop(page);
    assert!(js_sys::Object::is(&fetch(), &before));
}
