//! What a guarded route shows, and where it redirects.

use leptos::prelude::*;
use leptos_router::{
    components::{Outlet, Route},
    path,
};
use supertokens_leptos::{ProtectedParentRoute, ProtectedRoute, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Backend, Page, Probe, Response, open_routes, path, settle};

async fn open(at: &str, backend: &Backend, probe: Probe) -> Page {
    let client = backend.client();
    let guarded = move || {
        probe.builds.update_value(|n| *n += 1);
        view! { <p>"secret"</p><input id="draft"/> }
    };
    open_routes! {
        at, client, probe,
        <Route path=path!("/login") view=|| "login page"/>
        <ProtectedRoute path=path!("/guarded") view=guarded fallback=|| "one moment"/>
        <ProtectedParentRoute path=path!("/parent") view=Parent fallback=|| "one moment">
            <Route path=path!("child") view=Child/>
        </ProtectedParentRoute>
    }
}

#[derive(Clone)]
struct ParentContext(&'static str);

#[component]
fn Parent() -> impl IntoView {
    provide_context(ParentContext("from the parent"));
    view! { <p>"parent"</p><Outlet/> }
}

#[component]
fn Child() -> impl IntoView {
    view! { <p>"child got " {use_context::<ParentContext>().map(|context| context.0)}</p> }
}

#[wasm_bindgen_test]
async fn a_signed_in_user_sees_the_view() {
    let probe = Probe::new();
    let page = open("/guarded", &Backend::signed_in("u1"), probe).await;
    assert_eq!(page.text().trim(), "secret");
    assert_eq!(path(), "/guarded");
}

#[wasm_bindgen_test]
async fn the_fallback_is_shown_and_no_view_is_built_while_loading() {
    let probe = Probe::new();
    let page = open("/guarded", &Backend::new(), probe).await;
    assert_eq!(page.text().trim(), "one moment");
    assert_eq!(probe.builds.get_value(), 0);
}

#[wasm_bindgen_test]
async fn a_redirect_to_login_has_the_return_address_and_replaces_history() {
    let probe = Probe::new();
    let length = || window().history().unwrap().length().unwrap();
    let before = length();
    let page = open("/guarded?a=1&b=x%20y#part", &Backend::signed_out(), probe).await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login?redirectToPath=%2Fguarded%3Fa%3D1%26b%3Dx%2520y%23part");
    assert_eq!(probe.builds.get_value(), 0);
    assert_eq!(length(), before);
}

#[wasm_bindgen_test]
async fn a_first_visit_checks_for_a_session_once_and_redirects_to_login() {
    let backend = Backend::new().with_responses([Response::removed(401)]);
    let page = open("/guarded", &backend, Probe::new()).await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(backend.requests(), ["POST /auth/session/refresh"]);
}

#[wasm_bindgen_test]
async fn an_unreachable_backend_shows_a_retry_button_and_never_the_login_page() {
    let backend = Backend::expired("u1").with_responses([
        Response::Down,
        Response::Down,
        Response::session("u1", "{}"),
    ]);
    let page = open("/guarded", &backend, Probe::new()).await;
    assert!(page.has("[role=alert]") && page.text().contains("is not responding"), "{}", page.text());
    page.click("button").await;
    assert!(page.has("[role=alert]"), "{}", page.text());
    assert_eq!(path(), "/guarded");
    page.click("button").await;
    assert_eq!(page.text().trim(), "secret");
}

#[wasm_bindgen_test]
async fn a_session_that_ends_later_redirects_to_login() {
    let backend =
        Backend::signed_in("u1").with_responses([Response::Status(401, vec![]), Response::removed(401)]);
    let probe = Probe::new();
    let page = open("/guarded", &backend, probe).await;
    assert_eq!(page.text().trim(), "secret");
    let response = probe.session().client().get("/orders").send().await.unwrap();
    assert_eq!(response.status(), 401);
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login?redirectToPath=%2Fguarded");
}

#[wasm_bindgen_test]
async fn refreshes_payloads_and_rechecks_never_rebuild_the_view() {
    let backend = Backend::signed_in("u1").with_responses([
        Response::session("u1", r#"{"plan":"pro"}"#),
        Response::session("u1", r#"{"plan":"team"}"#),
        Response::Status(500, vec![]),
        Response::Down,
    ]);
    let probe = Probe::new();
    let page = open("/guarded", &backend, probe).await;
    let input = || document().get_element_by_id("draft").unwrap();
    let before = input();
    before.set_attribute("data-typed", "half a sentence").unwrap();
    let client = probe.session().client();
    client.refresh().await.unwrap();
    client.get("/profile").send().await.unwrap();
    client.refresh().await.unwrap_err();
    client.refresh().await.unwrap_err();
    probe.session().recheck();
    settle().await;
    assert_eq!(probe.builds.get_value(), 1);
    assert!(before.is_same_node(Some(&input())));
    assert_eq!(page.text().trim(), "secret");
}

#[wasm_bindgen_test]
async fn a_parent_route_guards_its_children_and_shares_its_contexts() {
    let page = open("/parent/child", &Backend::signed_in("u1"), Probe::new()).await;
    assert!(
        page.text().contains("parent") && page.text().contains("child got from the parent"),
        "{}",
        page.text()
    );
    drop(page);
    let page = open("/parent/child", &Backend::signed_out(), Probe::new()).await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login?redirectToPath=%2Fparent%2Fchild");
}

#[wasm_bindgen_test]
async fn a_guarded_login_page_shows_an_error_and_does_not_loop() {
    let page = open_routes! {
        "/login", Backend::signed_out().client(), Probe::new(),
        <ProtectedRoute path=path!("/login") view=|| "secret"/>
    };
    assert!(page.text().contains("must not be guarded"), "{}", page.text());
    assert_eq!(path(), "/login");
}

#[wasm_bindgen_test]
async fn signals_that_a_view_reads_while_it_is_built_do_not_rebuild_it() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let client = backend.client();
    let view = move || {
        probe.built();
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
