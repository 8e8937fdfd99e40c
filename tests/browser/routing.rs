//! Guards below guards, with params, queries, a base, and a router that tells when it is busy.

use leptos::prelude::*;
use leptos_router::{
    components::{A, Outlet, Route, Router, Routes},
    hooks::{use_params_map, use_query_map},
    path,
};
use supertokens_leptos::{
    ProtectedParentRoute, ProtectedRoute, Require, SessionProvider, claims::BooleanClaim, use_return_address,
    use_session,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, Page, Reasons, SECRET, Seen, StepUp, path, settle};

const ADMIN: &str = r#"{"st-role":{"v":["admin"],"t":1}}"#;
const BOSS: &str = r#"{"st-role":{"v":["admin","boss"],"t":2}}"#;

#[component]
fn Login() -> impl IntoView {
    use_return_address("/home").go_when_signed_in();
    "login page"
}

#[component]
fn Item() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let word = use_context::<Word>().map(|word| word.0);
    move || format!("item {:?} {:?} {word:?}", params.get().get("id"), query.get().get("tab"))
}

#[derive(Clone)]
struct Word(&'static str);

#[component]
fn Parent(parent: Seen) -> impl IntoView {
    parent.built();
    provide_context(Word("heard"));
    on_cleanup(move || parent.taken_away());
    view! { <p>"parent"</p><A href="/parent/8?tab=b" attr:id="to-8">"8"</A><Outlet/> }
}

async fn open(at: &str, backend: &Backend, seen: Seen, is_routing: Option<RwSignal<bool>>) -> Page {
    let client = backend.client();
    let (_, set_is_routing) = is_routing.unwrap_or_else(|| RwSignal::new(false)).split();
    Page::open(at, move || {
        view! {
            <SessionProvider config=client>
                {seen.session.set_value(Some(use_session()))}
                <Router set_is_routing>
                    <Routes fallback=|| "elsewhere">
                        <Route path=path!("/login") view=Login/>
                        <ProtectedParentRoute
                            path=path!("/parent")
                            view=move || view! { <Parent parent=seen/> }
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
async fn params_and_queries_reach_the_view_and_a_change_of_them_builds_no_parent() {
    let (seen, is_routing) = (Seen::new(), is_routing());
    let page = open("/parent/7?tab=a", &Backend::signed_in_with("u1", ADMIN), seen, Some(is_routing)).await;
    assert!(page.text().contains(r#"item Some("7") Some("a") Some("heard")"#), "{}", page.text());
    page.click("#to-8").await;
    assert!(page.text().contains(r#"item Some("8") Some("b") Some("heard")"#), "{}", page.text());
    assert_eq!(path(), "/parent/8?tab=b");
    assert_eq!(seen.builds(), 1);
    assert!(!is_routing.get_untracked());
}

#[wasm_bindgen_test]
async fn the_return_address_is_the_whole_page_and_leads_there_again() {
    let (seen, is_routing, backend) = (Seen::new(), is_routing(), Backend::signed_out());
    let page = open("/parent/a%20b?tab=x%26y#part", &backend, seen, Some(is_routing)).await;
    assert_eq!(page.text().trim(), "login page");
    backend.next(Answer::session("u1", ADMIN));
    seen.session().client().post("/auth/signin").send().await.unwrap();
    settle().await;
    assert_eq!(path(), "/parent/a%20b?tab=x%26y#part");
    assert!(page.text().contains("item"), "{}", page.text());
    assert!(!is_routing.get_untracked());
}

#[wasm_bindgen_test]
async fn each_guard_on_the_way_down_has_its_say() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
    let page = open("/parent/inner/page", &backend, seen, None).await;
    assert_eq!(page.text().trim(), "denied for st-role");
    assert_eq!(seen.builds(), 0);
    for (payload, shown) in [(ADMIN, "denied for st-role"), (BOSS, SECRET), (ADMIN, "denied for st-role")] {
        backend.next(Answer::session("u1", payload));
        seen.session().client().get("/x").send().await.unwrap();
        settle().await;
        assert!(page.text().contains("parent") && page.text().contains(shown), "{}", page.text());
        assert_eq!(page.text().contains(SECRET), shown == SECRET);
        assert_eq!(seen.builds(), 1);
    }
}

#[wasm_bindgen_test]
async fn a_parent_that_is_denied_later_is_cleaned_up_and_built_anew() {
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", ADMIN));
    let page = open("/parent/7", &backend, seen, None).await;
    for (payload, builds, taken_away) in [("{}", 1, 1), (ADMIN, 2, 1), (BOSS, 2, 1), ("{}", 2, 2)] {
        backend.next(Answer::session("u1", payload));
        seen.session().client().get("/x").send().await.unwrap();
        settle().await;
        assert_eq!((seen.builds(), seen.times_taken_away()), (builds, taken_away));
        assert_eq!(page.text().contains("heard"), payload != "{}", "{}", page.text());
    }
}

#[wasm_bindgen_test]
async fn a_session_that_ends_below_two_guards_is_one_redirect() {
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", BOSS));
    let page = open("/parent/inner/page", &backend, seen, None).await;
    backend.next(Answer::removed(200));
    seen.session().client().sign_out().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login", "a sign-out stores no return address");
    drop(page);
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", BOSS));
    let page = open("/parent/inner/page", &backend, seen, None).await;
    backend.next(Answer::Status(401, vec![]));
    backend.next(Answer::removed(401));
    seen.session().client().get("/x").send().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login?redirectToPath=%2Fparent%2Finner%2Fpage");
}

/// All paths have the base in them, as in `<A href>`.
async fn open_below_base(at: &str, backend: &Backend, seen: Seen) -> Page {
    let client = backend.client();
    let adult = Require::claim(BooleanClaim::new("adult").is_true().redirect_to("/app/verify"));
    Page::open(at, move || {
        view! {
            <SessionProvider config=client login="/app/login">
                {seen.session.set_value(Some(use_session()))}
                <Router base="/app">
                    <Routes fallback=|| "elsewhere">
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
async fn below_a_base_the_ways_lead_there_and_back() {
    let (seen, backend) = (Seen::new(), Backend::signed_out());
    let page = open_below_base("/app/guarded?a=1", &backend, seen).await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/app/login?redirectToPath=%2Fapp%2Fguarded%3Fa%3D1");
    backend.next(Answer::session("u1", "{}"));
    seen.session().client().post("/auth/signin").send().await.unwrap();
    settle().await;
    assert_eq!(page.text().trim(), "step-up page");
    assert_eq!(path(), "/app/verify?redirectToPath=%2Fapp%2Fguarded%3Fa%3D1");
    backend.next(Answer::session("u1", r#"{"adult":{"v":true,"t":1}}"#));
    seen.session().client().get("/x").send().await.unwrap();
    settle().await;
    page.click("#done").await;
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(path(), "/app/guarded?a=1");
}
