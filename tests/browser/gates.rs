//! `SignedIn`, `SignedOut` and `SessionLoading`.

use leptos::prelude::*;
use supertokens_leptos::{SessionLoading, SessionProvider, SignedIn, SignedOut};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, Page};

async fn gates(backend: Backend) -> String {
    let client = backend.client();
    let page = Page::open("/", move || {
        view! {
            <SessionProvider config=client>
                <SignedIn fallback=|| "not-in ">"in "</SignedIn>
                <SignedOut fallback=|| "not-out ">"out "</SignedOut>
                <SessionLoading>"loading "</SessionLoading>
            </SessionProvider>
        }
    })
    .await;
    page.text().trim().to_owned()
}

#[wasm_bindgen_test]
async fn each_status_opens_its_own_gate() {
    assert_eq!(gates(Backend::signed_in("u1")).await, "in not-out");
    assert_eq!(gates(Backend::signed_out()).await, "not-in out");
    assert_eq!(gates(Backend::new()).await, "not-in not-out loading");
}

#[wasm_bindgen_test]
async fn an_unreachable_backend_is_neither_in_nor_out() {
    assert_eq!(gates(Backend::new().answers([Answer::Down])).await, "not-in not-out");
}
