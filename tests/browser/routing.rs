//! Nested guards, with params, queries, a base, and a router with `set_is_routing`.

use leptos::prelude::*;
use leptos_router::{
    components::{A, Outlet, Route, Router, Routes},
    hooks::{use_params_map, use_query_map},
    path,
};
use supertokens_leptos::{
    ProtectedParentRoute, ProtectedRoute, Require, SessionProvider, claims::BooleanClaim, use_session,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Backend, Login, Page, Probe, Reasons, Response, SECRET, StepUp, path, settle};

const ADMIN: &str = r#"{"st-role":{"v":["admin"],"t":1}}"#;
const BOSS: &str = r#"{"st-role":{"v":["admin","boss"],"t":2}}"#;

#[component]
fn Item() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let context = use_context::<ParentContext>().map(|context| context.0);
    move || format!("item {:?} {:?} {context:?}", params.get().get("id"), query.get().get("tab"))
}

#[derive(Clone)]
struct ParentContext(&'static str);

#[component]
fn Parent(parent: Probe) -> impl IntoView {
    parent.built();
    provide_context(ParentContext("from the parent"));
    on_cleanup(move || parent.removed());
    view! { <p>"parent"</p><A href="/parent/8?tab=b" attr:id="to-8">"8"</A><Outlet/> }
}

async fn open(at: &str, backend: &Backend, probe: Probe, is_routing: Option<RwSignal<bool>>) -> Page {
    let client = backend.client();
    let (_, set_is_routing) = is_routing.unwrap_or_else(|| RwSignal::new(false)).split();
    Page::open(at, move || {
        view! {
            <SessionProvider config=client>
                {probe.session.set_value(Some(use_session()))}
                <Router set_is_routing>
                    <Routes fallback=|| "not found">
                        <Route path=path!("/login") view=Login/>
                        <ProtectedParentRoute
                            path=path!("/parent")
                            view=move || view! { <Parent parent=probe/> }
                            require=Require::role("admin")
                            denied=Reasons
                        >
                            <ProtectedParentRoute
                                path=path!("inner")
                                view=Outlet
                                require=Require::role("boss")
                                denied=Reasons
                            >
                                <ProtectedRoute path=path!("page") view=|| SECRET/>
                            </ProtectedParentRoute>
                            <ProtectedRoute path=path!(":id") view=Item/>
                        </ProtectedParentRoute>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await
}

fn is_routing() -> RwSignal<bool> {
    let owner = Owner::new();
    let signal = owner.with(|| RwSignal::new(false));
    std::mem::forget(owner);
    signal
}

#[wasm_bindgen_test]
async fn params_and_queries_reach_the_view_and_their_change_builds_no_parent() {
    let (probe, is_routing) = (Probe::new(), is_routing());
    let page = open("/parent/7?tab=a", &Backend::signed_in_with("u1", ADMIN), probe, Some(is_routing)).await;
    assert!(page.text().contains(r#"item Some("7") Some("a") Some("from the parent")"#), "{}", page.text());
    page.click("#to-8").await;
    assert!(page.text().contains(r#"item Some("8") Some("b") Some("from the parent")"#), "{}", page.text());
    assert_eq!(path(), "/parent/8?tab=b");
    assert_eq!(probe.builds(), 1);
    assert!(!is_routing.get_untracked());
}

#[wasm_bindgen_test]
async fn the_return_address_has_path_query_and_fragment() {
    let (probe, is_routing, backend) = (Probe::new(), is_routing(), Backend::signed_out());
    let page = open("/parent/a%20b?tab=x%26y#part", &backend, probe, Some(is_routing)).await;
    assert_eq!(page.text().trim(), "login page");
    probe.sign_in(&backend, "u1", ADMIN).await;
    assert_eq!(path(), "/parent/a%20b?tab=x%26y#part");
    assert!(page.text().contains("item"), "{}", page.text());
    assert!(!is_routing.get_untracked());
}

#[wasm_bindgen_test]
async fn each_nested_guard_checks_its_own_requirement() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let page = open("/parent/inner/page", &backend, probe, None).await;
    assert_eq!(page.text().trim(), "denied for st-role");
    assert_eq!(probe.builds(), 0);
    for (payload, shown) in [(ADMIN, "denied for st-role"), (BOSS, SECRET), (ADMIN, "denied for st-role")] {
        probe.update(&backend, payload).await;
        assert!(page.text().contains("parent") && page.text().contains(shown), "{}", page.text());
        assert_eq!(page.text().contains(SECRET), shown == SECRET);
        assert_eq!(probe.builds(), 1);
    }
}

#[wasm_bindgen_test]
async fn a_parent_that_loses_access_is_cleaned_up_and_rebuilt_later() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", ADMIN));
    let page = open("/parent/7", &backend, probe, None).await;
    for (payload, builds, removals) in [("{}", 1, 1), (ADMIN, 2, 1), (BOSS, 2, 1), ("{}", 2, 2)] {
        probe.update(&backend, payload).await;
        assert_eq!((probe.builds(), probe.removals()), (builds, removals));
        assert_eq!(page.text().contains("from the parent"), payload != "{}", "{}", page.text());
    }
}

#[wasm_bindgen_test]
async fn a_session_that_ends_below_two_guards_causes_one_redirect() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", BOSS));
    let page = open("/parent/inner/page", &backend, probe, None).await;
    backend.respond(Response::removed(200));
    probe.session().client().sign_out().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login", "a sign-out stores no return address");
    drop(page);
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", BOSS));
    let page = open("/parent/inner/page", &backend, probe, None).await;
    backend.respond(Response::Status(401, vec![]));
    probe.receive(&backend, Response::removed(401)).await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login?redirectToPath=%2Fparent%2Finner%2Fpage");
}

/// All paths of the settings begin with the base, as in `<A href>`.
async fn open_below_base(at: &str, backend: &Backend, probe: Probe) -> Page {
    let client = backend.client();
    let adult = Require::claim(BooleanClaim::new("adult").is_true().redirect_to("/app/verify"));
    Page::open(at, move || {
        view! {
            <SessionProvider config=client login="/app/login">
                {probe.session.set_value(Some(use_session()))}
                <Router base="/app">
                    <Routes fallback=|| "not found">
                        <Route path=path!("/login") view=Login/>
                        <Route path=path!("/verify") view=StepUp/>
                        <ProtectedRoute path=path!("/guarded") view=|| SECRET require=adult/>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await
}

#[wasm_bindgen_test]
async fn below_a_base_users_return_from_login_and_step_up() {
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let page = open_below_base("/app/guarded?a=1", &backend, probe).await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/app/login?redirectToPath=%2Fapp%2Fguarded%3Fa%3D1");
    probe.sign_in(&backend, "u1", "{}").await;
    assert_eq!(page.text().trim(), "step-up page");
    assert_eq!(path(), "/app/verify?redirectToPath=%2Fapp%2Fguarded%3Fa%3D1");
    probe.update(&backend, r#"{"adult":{"v":true,"t":1}}"#).await;
    page.click("#done").await;
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(path(), "/app/guarded?a=1");
}
