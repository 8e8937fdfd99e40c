//! After a sign-out, the login page gets no return address: the next user may be another one.

use leptos::prelude::*;
use leptos_router::{
    components::{A, Outlet, Route},
    path,
};
use supertokens_leptos::{ProtectedParentRoute, ProtectedRoute, use_return_address};
use supertokens_session::internal::TabMessage;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Backend, Page, Probe, Response, SECRET, dispatch, open_routes, path, settle};

#[component]
fn Login() -> impl IntoView {
    use_return_address("/home").go_when_signed_in();
    view! { "login page" <A href="/orders?open=1" attr:id="to-orders">"orders"</A> }
}

async fn open(at: &str, backend: &Backend, probe: Probe) -> Page {
    open_routes! {
        at, backend.client(), probe,
        <Route path=path!("/login") view=Login/>
        <ProtectedRoute path=path!("/orders") view=|| SECRET/>
        <ProtectedParentRoute path=path!("/parent") view=Outlet>
            <ProtectedRoute path=path!("child") view=|| SECRET/>
        </ProtectedParentRoute>
    }
}

#[wasm_bindgen_test]
async fn a_sign_out_stores_no_return_address_and_the_next_user_starts_at_the_default() {
    for at in ["/orders?customer=7#notes", "/parent/child"] {
        let (probe, backend) = (Probe::new(), Backend::signed_in("ann"));
        let page = open(at, &backend, probe).await;
        assert_eq!(page.text().trim(), SECRET);
        backend.respond(Response::removed(200));
        probe.session().client().sign_out().await.unwrap();
        settle().await;
        assert_eq!(path(), "/login", "{at}");
        probe.sign_in(&backend, "bob", "{}").await;
        assert_eq!(path(), "/home", "{at}");
    }
}

#[wasm_bindgen_test]
async fn an_offline_sign_out_stores_no_return_address() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("ann").with_responses([Response::Down]));
    let _page = open("/orders", &backend, probe).await;
    probe.session().sign_out();
    settle().await;
    assert_eq!(path(), "/login");
}

#[wasm_bindgen_test]
async fn a_sign_out_in_another_tab_stores_no_return_address() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("ann"));
    let page = open("/orders", &backend, probe).await;
    assert_eq!(page.text().trim(), SECRET);
    backend.replace_store(&Backend::signed_out());
    probe.session().client().receive_tab_message(&TabMessage::read("SignOut none")).await.unwrap();
    settle().await;
    assert_eq!(path(), "/login");
}

#[wasm_bindgen_test]
async fn an_expired_or_revoked_session_stores_the_return_address() {
    let revoked = [Response::Status(401, vec![]), Response::removed(401)];
    let (probe, backend) = (Probe::new(), Backend::signed_in("ann").with_responses(revoked));
    let page = open("/orders?customer=7#notes", &backend, probe).await;
    probe.session().client().get("/x").send().await.unwrap();
    settle().await;
    assert_eq!(path(), "/login?redirectToPath=%2Forders%3Fcustomer%3D7%23notes");
    drop(page);
    let (probe, backend) = (Probe::new(), Backend::signed_in("ann"));
    let _page = open("/orders", &backend, probe).await;
    // The store has no session, and no event says why.
    backend.replace_store(&Backend::signed_out());
    dispatch("focus");
    settle().await;
    assert_eq!(path(), "/login?redirectToPath=%2Forders");
}

#[wasm_bindgen_test]
async fn a_page_opened_after_the_sign_out_is_the_return_address() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("ann").with_responses([Response::removed(200)]));
    let page = open("/parent/child", &backend, probe).await;
    probe.session().client().sign_out().await.unwrap();
    settle().await;
    assert_eq!(path(), "/login");
    page.click("#to-orders").await;
    assert_eq!(path(), "/login?redirectToPath=%2Forders%3Fopen%3D1");
    probe.sign_in(&backend, "ann", "{}").await;
    assert_eq!((path().as_str(), page.text().trim()), ("/orders?open=1", SECRET));
}
