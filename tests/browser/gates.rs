//! `SignedIn`, `SignedOut` and `SessionLoading`.

use leptos::prelude::*;
use supertokens_leptos::{Require, SessionLoading, SessionProvider, SignedIn, SignedOut, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Backend, Page, Probe, Response, settle};

async fn open(backend: &Backend, probe: Probe) -> Page {
    let client = backend.client();
    Page::open("/", move || {
        view! {
            <SessionProvider config=client>
                {probe.session.set_value(Some(use_session()))}
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
    open(&backend, Probe::new()).await.text().trim().to_owned()
}

#[wasm_bindgen_test]
async fn each_status_shows_its_own_gate() {
    assert_eq!(gates(Backend::signed_in("u1")).await, "in no-admin not-out");
    assert_eq!(gates(Backend::signed_out()).await, "not-in no-admin out");
    assert_eq!(gates(Backend::new()).await, "perhaps maybe-out loading");
}

#[wasm_bindgen_test]
async fn an_unreachable_backend_shows_the_loading_views() {
    assert_eq!(gates(Backend::new().with_responses([Response::Down])).await, "perhaps maybe-out");
}

#[wasm_bindgen_test]
async fn a_signed_in_user_never_sees_a_fallback_while_the_page_loads() {
    for first in [None, Some(Response::Down)] {
        let is_down = first.is_some();
        let session = Response::session("u1", r#"{"st-role":{"v":["admin"],"t":1}}"#);
        let held = Response::Held(Box::new(session));
        let (probe, backend) =
            (Probe::new(), Backend::expired("u1").with_responses(first.into_iter().chain([held])));
        let page = open(&backend, probe).await;
        assert_eq!(
            page.text().trim(),
            if is_down { "perhaps maybe-out" } else { "perhaps maybe-out loading" }
        );
        if is_down {
            probe.session().recheck();
        }
        backend.release();
        settle().await;
        assert_eq!(page.text().trim(), "in admin not-out");
        assert!(!page.ever_showed("not-in") && !page.ever_showed("no-admin"));
    }
}

#[wasm_bindgen_test]
async fn a_later_network_failure_changes_no_gate() {
    let (probe, backend) =
        (Probe::new(), Backend::signed_in("u1").with_responses([Response::Down, Response::Down]));
    let page = open(&backend, probe).await;
    backend.advance_ms(61_000);
    probe.session().recheck();
    settle().await;
    assert_eq!(page.text().trim(), "in no-admin not-out");
}
