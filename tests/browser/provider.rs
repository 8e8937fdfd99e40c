//! What the provider makes of what it finds.

use leptos::prelude::*;
use supertokens_leptos::{SessionConfig, SessionProvider, SessionSource, try_use_session, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, Page, settle};

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
async fn a_kept_session_is_known_without_a_call() {
    let backend = Backend::signed_in("u1");
    let page = panel(&backend).await;
    assert!(page.text().contains("Authenticated Some(\"u1\")"), "{}", page.text());
    assert!(backend.calls().is_empty());
}

#[wasm_bindgen_test]
async fn a_known_sign_out_is_known_without_a_call() {
    let backend = Backend::signed_out();
    let page = panel(&backend).await;
    assert!(page.text().contains("Unauthenticated { reason: NoSession } None"), "{}", page.text());
    assert!(backend.calls().is_empty());
}

#[wasm_bindgen_test]
async fn nothing_is_decided_while_the_backend_has_not_answered() {
    let page = panel(&Backend::new()).await;
    assert!(page.text().contains("Loading None"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn an_expired_token_is_refreshed_once() {
    let backend = Backend::expired("u1").answers([Answer::session("u1", "{}")]);
    let page = panel(&backend).await;
    assert!(page.text().contains("Authenticated Some(\"u1\")"), "{}", page.text());
    assert_eq!(backend.calls(), ["POST /auth/session/refresh"]);
}

#[wasm_bindgen_test]
async fn a_refused_refresh_ends_the_session() {
    let backend = Backend::expired("u1").answers([Answer::removed(401)]);
    let page = panel(&backend).await;
    assert!(page.text().contains("Unauthenticated { reason: ExpiredOrRevoked } None"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn a_dead_network_signs_nobody_out_and_a_recheck_recovers() {
    let backend = Backend::expired("u1").answers([Answer::Down, Answer::session("u1", "{}")]);
    let page = panel(&backend).await;
    assert!(page.text().contains("Unreachable None"), "{}", page.text());
    assert!(page.text().contains("could not be refreshed"), "{}", page.text());
    page.click("#recheck").await;
    assert!(page.text().contains("Authenticated Some(\"u1\")"), "{}", page.text());
    assert!(!page.text().contains("could not be refreshed"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn a_failing_backend_signs_nobody_out() {
    let backend = Backend::expired("u1").answers([Answer::Status(500, vec![])]);
    let page = panel(&backend).await;
    assert!(page.text().contains("Unreachable None"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn while_refreshes_have_to_wait_the_backend_is_unreachable_and_not_called() {
    let refusal = Answer::Status(429, vec![("retry-after", "60".to_owned())]);
    let backend = Backend::expired("u1").answers([refusal]);
    for _page in 0..2 {
        let page = panel(&backend).await;
        assert!(page.text().contains("Unreachable None"), "{}", page.text());
        assert_eq!(backend.calls(), ["POST /auth/session/refresh"]);
    }
}

#[wasm_bindgen_test]
async fn signing_out_is_seen_with_its_reason() {
    let backend = Backend::signed_in("u1").answers([Answer::removed(200)]);
    let page = panel(&backend).await;
    page.click("#sign-out").await;
    assert!(page.text().contains("Unauthenticated { reason: SignedOut } None"), "{}", page.text());
    assert_eq!(backend.calls(), ["POST /auth/signout"]);
}

#[wasm_bindgen_test]
async fn signing_out_without_a_network_ends_the_session_here_and_says_so() {
    let backend = Backend::signed_in("u1").answers([Answer::Down]);
    let page = panel(&backend).await;
    page.click("#sign-out").await;
    assert!(page.text().contains("Unauthenticated { reason: SignedOut } None"), "{}", page.text());
    assert!(page.text().contains("the server has not revoked"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn a_bad_setting_is_named_in_place_of_the_app() {
    let config = SessionConfig::builder("api.example.com").build();
    let page = Page::open("/", move || view! { <SessionProvider config><Panel/></SessionProvider> }).await;
    assert!(page.has("[role=alert]"));
    assert!(page.text().contains("api_domain") && page.text().contains("https://"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn the_session_is_there_for_children_alone() {
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
async fn an_answer_that_comes_after_the_provider_is_gone_harms_nobody() {
    let late = Answer::Held(Box::new(Answer::session("u1", "{}")));
    let backend = Backend::expired("u1").answers([late]);
    let client = backend.client();
    let page = Page::open("/", {
        let client = client.clone();
        move || view! { <SessionProvider config=client><Panel/></SessionProvider> }
    })
    .await;
    assert!(page.text().contains("Loading"), "{}", page.text());
    drop(page);
    backend.release();
    assert_eq!(client.session_exists().await, Ok(true), "the refresh itself goes on for others");
    settle().await;
    assert_eq!(backend.calls(), ["POST /auth/session/refresh"]);
}

#[wasm_bindgen_test]
async fn the_page_is_intercepted_as_long_as_the_provider_is_there() {
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
