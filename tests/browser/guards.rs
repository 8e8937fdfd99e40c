//! What a guarded route shows, and where it leads.

use leptos::prelude::*;
use leptos_router::{
    components::{Outlet, Route, Router, Routes},
    path,
};
use supertokens_leptos::{ProtectedParentRoute, ProtectedRoute, SessionProvider, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, Page, Seen, path, settle};

async fn open(at: &str, backend: &Backend, seen: Seen) -> Page {
    let client = backend.client();
    let guarded = move || {
        seen.builds.update_value(|n| *n += 1);
        view! { <p>"secret"</p><input id="draft"/> }
    };
    Page::open(at, move || {
        view! {
            <SessionProvider config=client>
                {seen.session.set_value(Some(use_session()))}
                <Router>
                    <Routes fallback=|| "not found">
                        <Route path=path!("/login") view=|| "login page"/>
                        <ProtectedRoute path=path!("/guarded") view=guarded fallback=|| "one moment"/>
                        <ProtectedParentRoute path=path!("/parent") view=Parent fallback=|| "one moment">
                            <Route path=path!("child") view=Child/>
                        </ProtectedParentRoute>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await
}

#[derive(Clone)]
struct Word(&'static str);

#[component]
fn Parent() -> impl IntoView {
    provide_context(Word("from the parent"));
    view! { <p>"parent"</p><Outlet/> }
}

#[component]
fn Child() -> impl IntoView {
    view! { <p>"child hears " {use_context::<Word>().map(|word| word.0)}</p> }
}

#[wasm_bindgen_test]
async fn shows_the_view_to_a_signed_in_user() {
    let seen = Seen::new();
    let page = open("/guarded", &Backend::signed_in("u1"), seen).await;
    assert_eq!(page.text().trim(), "secret");
    assert_eq!(path(), "/guarded");
}

#[wasm_bindgen_test]
async fn shows_the_fallback_and_builds_nothing_while_undecided() {
    let seen = Seen::new();
    let page = open("/guarded", &Backend::new(), seen).await;
    assert_eq!(page.text().trim(), "one moment");
    assert_eq!(seen.builds.get_value(), 0);
}

#[wasm_bindgen_test]
async fn leads_to_the_login_page_with_the_way_back_and_replaces_history() {
    let seen = Seen::new();
    let length = || window().history().unwrap().length().unwrap();
    let before = length();
    let page = open("/guarded?a=1&b=x%20y#part", &Backend::signed_out(), seen).await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login?redirectToPath=%2Fguarded%3Fa%3D1%26b%3Dx%2520y%23part");
    assert_eq!(seen.builds.get_value(), 0);
    assert_eq!(length(), before);
}

#[wasm_bindgen_test]
async fn a_first_visitor_is_asked_for_once_and_led_to_the_login_page() {
    let backend = Backend::new().answers([Answer::removed(401)]);
    let page = open("/guarded", &backend, Seen::new()).await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(backend.calls(), ["POST /auth/session/refresh"]);
}

#[wasm_bindgen_test]
async fn an_unreachable_backend_offers_a_retry_and_never_the_login_page() {
    let backend = Backend::expired("u1").answers([Answer::Down, Answer::Down, Answer::session("u1", "{}")]);
    let page = open("/guarded", &backend, Seen::new()).await;
    assert!(page.has("[role=alert]") && page.text().contains("is not responding"), "{}", page.text());
    page.click("button").await;
    assert!(page.has("[role=alert]"), "{}", page.text());
    assert_eq!(path(), "/guarded");
    page.click("button").await;
    assert_eq!(page.text().trim(), "secret");
}

#[wasm_bindgen_test]
async fn a_session_that_ends_later_leads_to_the_login_page() {
    let backend = Backend::signed_in("u1").answers([Answer::Status(401, vec![]), Answer::removed(401)]);
    let seen = Seen::new();
    let page = open("/guarded", &backend, seen).await;
    assert_eq!(page.text().trim(), "secret");
    let response = seen.session().client().get("/orders").send().await.unwrap();
    assert_eq!(response.status(), 401);
    settle().await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login?redirectToPath=%2Fguarded");
}

#[wasm_bindgen_test]
async fn refreshes_payloads_and_rechecks_never_rebuild_the_view() {
    let backend = Backend::signed_in("u1").answers([
        Answer::session("u1", r#"{"plan":"pro"}"#),
        Answer::session("u1", r#"{"plan":"team"}"#),
        Answer::Status(500, vec![]),
        Answer::Down,
    ]);
    let seen = Seen::new();
    let page = open("/guarded", &backend, seen).await;
    let input = || document().get_element_by_id("draft").unwrap();
    let before = input();
    before.set_attribute("data-typed", "half a sentence").unwrap();
    let client = seen.session().client();
    client.refresh().await.unwrap();
    client.get("/profile").send().await.unwrap();
    client.refresh().await.unwrap_err();
    client.refresh().await.unwrap_err();
    seen.session().recheck();
    settle().await;
    assert_eq!(seen.builds.get_value(), 1);
    assert!(before.is_same_node(Some(&input())));
    assert_eq!(page.text().trim(), "secret");
}

#[wasm_bindgen_test]
async fn a_parent_guards_its_children_and_shares_its_contexts() {
    let page = open("/parent/child", &Backend::signed_in("u1"), Seen::new()).await;
    assert!(
        page.text().contains("parent") && page.text().contains("child hears from the parent"),
        "{}",
        page.text()
    );
    drop(page);
    let page = open("/parent/child", &Backend::signed_out(), Seen::new()).await;
    assert_eq!(page.text().trim(), "login page");
    assert_eq!(path(), "/login?redirectToPath=%2Fparent%2Fchild");
}

#[wasm_bindgen_test]
async fn a_guarded_login_page_says_so_and_does_not_loop() {
    let client = Backend::signed_out().client();
    let page = Page::open("/login", move || {
        view! {
            <SessionProvider config=client>
                <Router>
                    <Routes fallback=|| "not found">
                        <ProtectedRoute path=path!("/login") view=|| "secret"/>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await;
    assert!(page.text().contains("must not be guarded"), "{}", page.text());
    assert_eq!(path(), "/login");
}

#[wasm_bindgen_test]
async fn what_a_view_reads_while_it_is_built_does_not_build_it_again() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
    let client = backend.client();
    let view = move || {
        seen.built();
        let (first, payload) = (use_session().raw_payload().get(), use_session().raw_payload());
        view! { <p>"secret " {first.map(|first| first.to_string())} {move || payload.get().map(|now| now.to_string())}</p> }
    };
    let page = Page::open("/guarded", move || {
        view! {
            <SessionProvider config=client>
                {seen.session.set_value(Some(use_session()))}
                <Router>
                    <Routes fallback=|| "not found">
                        <ProtectedRoute path=path!("/guarded") view/>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await;
    backend.next(Answer::session("u1", r#"{"plan":"pro"}"#));
    seen.session().client().get("/orders").send().await.unwrap();
    settle().await;
    assert_eq!(seen.builds(), 1);
    assert_eq!(page.text().trim(), r#"secret {}{"plan":"pro"}"#);
}
