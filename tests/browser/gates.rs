//! `SignedIn`, `SignedOut` and `SessionLoading`.

use leptos::prelude::*;
use supertokens_leptos::{Require, SessionLoading, SessionProvider, SignedIn, SignedOut, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, Page, Seen, settle};

async fn open(backend: &Backend, seen: Seen) -> Page {
    let client = backend.client();
    Page::open("/", move || {
        view! {
            <SessionProvider config=client>
                {seen.session.set_value(Some(use_session()))}
                <SignedIn fallback=|| "not-in ">"in "</SignedIn>
                <SignedIn fallback=|| "no-admin " loading=|| "perhaps " require=Require::role("admin")>
                    "admin "
                </SignedIn>
                <SignedOut fallback=|| "not-out " loading=|| "maybe-out ">"out "</SignedOut>
                <SessionLoading>"loading "</SessionLoading>
            </SessionProvider>
        }
    })
    .await
}

async fn gates(backend: Backend) -> String {
    open(&backend, Seen::new()).await.text().trim().to_owned()
}

#[wasm_bindgen_test]
async fn each_status_opens_its_own_gate() {
    assert_eq!(gates(Backend::signed_in("u1")).await, "in no-admin not-out");
    assert_eq!(gates(Backend::signed_out()).await, "not-in no-admin out");
    assert_eq!(gates(Backend::new()).await, "perhaps maybe-out loading");
}

#[wasm_bindgen_test]
async fn an_unreachable_backend_is_neither_in_nor_out() {
    assert_eq!(gates(Backend::new().answers([Answer::Down])).await, "perhaps maybe-out");
}

#[wasm_bindgen_test]
async fn a_signed_in_user_never_sees_a_fallback_while_the_page_loads() {
    for first in [None, Some(Answer::Down)] {
        let is_down = first.is_some();
        let session = Answer::session("u1", r#"{"st-role":{"v":["admin"],"t":1}}"#);
        let late = Answer::Held(Box::new(session));
        let (seen, backend) = (Seen::new(), Backend::expired("u1").answers(first.into_iter().chain([late])));
        let page = open(&backend, seen).await;
        assert_eq!(
            page.text().trim(),
            if is_down { "perhaps maybe-out" } else { "perhaps maybe-out loading" }
        );
        if is_down {
            seen.session().recheck();
        }
        backend.release();
        settle().await;
        assert_eq!(page.text().trim(), "in admin not-out");
        assert!(!page.saw("not-in") && !page.saw("no-admin"));
    }
}

#[wasm_bindgen_test]
async fn a_network_that_fails_later_changes_no_gate() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1").answers([Answer::Down, Answer::Down]));
    let page = open(&backend, seen).await;
    backend.pass(61_000);
    seen.session().recheck();
    settle().await;
    assert_eq!(page.text().trim(), "in no-admin not-out");
}
