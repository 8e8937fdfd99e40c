//! Signals that views of guarded routes read.

use browser_cases::{Backend, Probe};
use leptos::prelude::*;
use leptos_router::path;
use send_wrapper::SendWrapper;
use supertokens_leptos::{ProtectedRoute, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::open_routes;

#[wasm_bindgen_test]
async fn signals_that_a_view_reads_while_it_is_built_do_not_rebuild_it() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let client = backend.client();
    let built = SendWrapper::new(probe);
    let view = move || {
        built.built();
        let (first, payload) = (use_session().raw_payload().get(), use_session().raw_payload());
        view! { <p>"secret " {first.map(|first| first.to_string())} {move || payload.get().map(|now| now.to_string())}</p> }
    };
    let page = open_routes! {
        "/guarded", client, probe,
        <ProtectedRoute path=path!("/guarded") view/>
    };
    probe.update(&backend, r#"{"plan":"pro"}"#).await;
    assert_eq!(probe.builds(), 1);
    assert_eq!(page.text().trim(), r#"secret {}{"plan":"pro"}"#);
}
