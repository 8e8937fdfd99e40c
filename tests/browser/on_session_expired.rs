//! The prop `on_session_expired`.

use leptos::prelude::*;
use leptos_router::{components::Route, path};
use supertokens_leptos::{ProtectedRoute, Require};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Backend, Page, Probe, Response, SECRET, open_routes, path, settle};

/// Stores the browser's path at each call.
#[derive(Clone, Copy)]
struct Calls(StoredValue<Vec<String>>);

impl Calls {
    fn new() -> Self {
        let owner = Owner::new();
        let calls = owner.with(|| StoredValue::new(Vec::new()));
        std::mem::forget(owner);
        Self(calls)
    }
}

async fn open(backend: &Backend, probe: Probe, calls: Calls) -> Page {
    open_routes! {
        "/guarded", backend.client(), probe,
        <Route path=path!("/login") view=|| "login page"/>
        <ProtectedRoute
            path=path!("/guarded")
            view=|| SECRET
            require=Require::when(|payload| payload["blocked"] != true)
            on_session_expired=move || calls.0.update_value(|calls| calls.push(path()))
        />
    }
}

#[wasm_bindgen_test]
async fn it_is_called_once_before_the_redirect() {
    let backend =
        Backend::signed_in("u1").with_responses([Response::Status(401, vec![]), Response::removed(401)]);
    let (probe, calls) = (Probe::new(), Calls::new());
    let page = open(&backend, probe, calls).await;
    assert_eq!(page.text().trim(), SECRET);
    probe.session().client().get("/orders").send().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(calls.0.get_value(), ["/guarded"]);
}

#[wasm_bindgen_test]
async fn it_is_not_called_after_a_sign_out_or_without_a_shown_view() {
    let calls = Calls::new();
    let backend = Backend::signed_in("u1").with_responses([Response::removed(200)]);
    let probe = Probe::new();
    let page = open(&backend, probe, calls).await;
    probe.session().client().sign_out().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    drop(page);
    let revoked = [Response::Status(401, vec![]), Response::removed(401)];
    let backend = Backend::signed_in_with("u1", r#"{"blocked":true}"#).with_responses(revoked);
    let page = open(&backend, probe, calls).await;
    assert_eq!(page.text().trim(), "You don't have access to this page.");
    probe.session().client().get("/orders").send().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    drop(page);
    let _page = open(&Backend::expired("u1").with_responses([Response::removed(401)]), probe, calls).await;
    assert!(calls.0.get_value().is_empty());
}
