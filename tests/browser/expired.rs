//! `on_session_expired`.

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use supertokens_leptos::{ProtectedRoute, Require, SessionProvider, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, Page, SECRET, Seen, path, settle};

/// Counts the calls, and keeps where the browser was at the last one.
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

async fn open(backend: &Backend, seen: Seen, calls: Calls) -> Page {
    let client = backend.client();
    Page::open("/guarded", move || {
        view! {
            <SessionProvider config=client>
                {seen.session.set_value(Some(use_session()))}
                <Router>
                    <Routes fallback=|| "elsewhere">
                        <Route path=path!("/login") view=|| "login page"/>
                        <ProtectedRoute
                            path=path!("/guarded")
                            view=|| SECRET
                            require=Require::when(|payload| payload["blocked"] != true)
                            on_session_expired=move || calls.0.update_value(|calls| calls.push(path()))
                        />
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await
}

#[wasm_bindgen_test]
async fn it_is_called_once_before_the_redirect() {
    let backend = Backend::signed_in("u1").answers([Answer::Status(401, vec![]), Answer::removed(401)]);
    let (seen, calls) = (Seen::new(), Calls::new());
    let page = open(&backend, seen, calls).await;
    assert_eq!(page.text().trim(), SECRET);
    seen.session().client().get("/orders").send().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(calls.0.get_value(), ["/guarded"]);
}

#[wasm_bindgen_test]
async fn it_is_not_called_after_a_sign_out_nor_where_the_view_was_not_shown() {
    let calls = Calls::new();
    let backend = Backend::signed_in("u1").answers([Answer::removed(200)]);
    let seen = Seen::new();
    let page = open(&backend, seen, calls).await;
    seen.session().client().sign_out().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    drop(page);
    let gone = [Answer::Status(401, vec![]), Answer::removed(401)];
    let backend = Backend::signed_in_with("u1", r#"{"blocked":true}"#).answers(gone);
    let page = open(&backend, seen, calls).await;
    assert_eq!(page.text().trim(), "You don't have access to this page.");
    seen.session().client().get("/orders").send().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    drop(page);
    let _page = open(&Backend::expired("u1").answers([Answer::removed(401)]), seen, calls).await;
    assert!(calls.0.get_value().is_empty());
}
