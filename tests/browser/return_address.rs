//! The login page sends users back to the page that they opened, and to no other origin.

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use supertokens_leptos::{Session, SessionProvider, use_return_address, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Backend, Page, Response, path, settle};

#[component]
fn Login() -> impl IntoView {
    let return_address = use_return_address("/home");
    let href = return_address.href();
    return_address.go_when_signed_in();
    href
}

async fn open(at: &str, backend: &Backend, session_out: StoredValue<Option<Session>>) -> Page {
    let client = backend.client();
    Page::open(at, move || {
        view! {
            <SessionProvider config=client>
                {session_out.set_value(Some(use_session()))}
                <Router>
                    <Routes fallback=|| "not found">
                        <Route path=path!("/login") view=Login/>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await
}

fn session_out() -> StoredValue<Option<Session>> {
    let owner = Owner::new();
    owner.set();
    let out = StoredValue::new(None);
    std::mem::forget(owner);
    out
}

#[wasm_bindgen_test]
async fn after_sign_in_the_user_returns_with_query_and_fragment() {
    let backend = Backend::signed_out().with_responses([Response::session("u1", "{}")]);
    let out = session_out();
    let _page = open("/login?redirectToPath=%2Forders%3Fsort%3Dtotal%23list", &backend, out).await;
    out.get_value().unwrap().client().post("/auth/signin").send().await.unwrap();
    settle().await;
    assert_eq!(path(), "/orders?sort=total#list");
}

#[wasm_bindgen_test]
async fn a_signed_in_user_leaves_the_login_page_at_once() {
    let _page = open("/login", &Backend::signed_in("u1"), session_out()).await;
    assert_eq!(path(), "/home");
}

#[wasm_bindgen_test]
async fn unsafe_addresses_give_the_default() {
    for evil in [
        "https%3A%2F%2Fevil.example%2F",
        "%2F%2Fevil.example",
        "%2F%5Cevil.example",
        "%5C%5Cevil.example",
        "javascript%3Aalert(1)",
        "%09%2F%2Fevil.example",
        "%2F%2E%2F%2Fevil.example%40x",
        "%2Flogin",
        "%2Flogin%3FredirectToPath%3D%2Flogin",
    ] {
        let page =
            open(&format!("/login?redirectToPath={evil}"), &Backend::signed_out(), session_out()).await;
        let shown = page.text();
        assert!(
            shown.trim() == "/home" || (shown.starts_with('/') && !shown.starts_with("//")),
            "{evil}: {shown}"
        );
        assert!(!shown.contains("login"), "{evil}: {shown}");
    }
}
