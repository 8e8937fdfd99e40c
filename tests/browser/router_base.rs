//! Below a `<Router base>`: the login page, claims' pages and defaults are paths of the app, and the base comes before them.

use leptos::prelude::*;
use leptos_router::{
    components::{Outlet, Route, Router, Routes},
    path,
};
use supertokens_leptos::{
    ProtectedParentRoute, ProtectedRoute, Require, SessionClient, SessionProvider, claims::BooleanClaim,
    use_return_address, use_session,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, Page, SECRET, Seen, path, settle};

const ADULT: &str = r#"{"adult":{"v":true,"t":1}}"#;

#[component]
fn Login() -> impl IntoView {
    let back = use_return_address("/");
    let href = back.href();
    back.go_when_signed_in();
    view! { "login page " <a id="back" href=href></a> }
}

#[component]
fn StepUp() -> impl IntoView {
    let back = use_return_address("/");
    view! { "step-up page" <button id="done" on:click=move |_| back.go()></button> }
}

/// Outside of all routes, as a header is.
#[component]
fn Header() -> impl IntoView {
    let href = use_return_address("/help").href();
    view! { <a id="header" href=href></a> }
}

/// What an app with that base is told: the login page, if any, and the page on which a claim is mended.
#[derive(Clone, Copy)]
struct Paths {
    base: &'static str,
    login: Option<&'static str>,
    step_up: &'static str,
}

const APP: Paths = Paths { base: "/app", login: None, step_up: "/verify" };

async fn open(at: &str, paths: Paths, client: SessionClient, seen: Seen) -> Page {
    let Paths { base, login, step_up } = paths;
    let adult = move || Require::claim(BooleanClaim::new("adult").is_true().redirect_to(step_up));
    let app = move || {
        seen.session.set_value(Some(use_session()));
        view! {
            <Router base>
                <Header/>
                <Routes fallback=|| "Not found">
                    <Route path=path!("/") view=|| "home"/>
                    <Route path=path!("/login") view=Login/>
                    <Route path=path!("/verify") view=StepUp/>
                    <ProtectedRoute path=path!("/orders") view=|| SECRET require=adult()/>
                    <ProtectedRoute path=path!("/app-settings") view=|| SECRET/>
                    <ProtectedParentRoute path=path!("/parent") view=Outlet>
                        <Route path=path!("child") view=|| SECRET/>
                    </ProtectedParentRoute>
                    <ProtectedParentRoute path=path!("") view=Outlet>
                        <Route path=path!("inner") view=|| SECRET/>
                    </ProtectedParentRoute>
                </Routes>
            </Router>
        }
    };
    Page::open(at, move || match login {
        None => view! { <SessionProvider config=client>{app()}</SessionProvider> }.into_any(),
        Some(login) => view! { <SessionProvider config=client login>{app()}</SessionProvider> }.into_any(),
    })
    .await
}

async fn sign_in(backend: &Backend, seen: Seen, payload: &str) {
    backend.next(Answer::session("u1", payload));
    seen.session().client().post("/auth/signin").send().await.unwrap();
    settle().await;
}

#[wasm_bindgen_test]
async fn guards_lead_to_the_login_page_below_the_base_and_back_to_exactly_the_page() {
    for (base, at) in [
        ("/app", "/app/orders?x=1"),
        ("/app", "/app/orders?x=1#list"),
        ("/app", "/app/app-settings"),
        ("/app", "/app/parent/child?x=%2Fapp"),
        ("/app", "/app/inner#part"),
        ("/a/b", "/a/b/orders"),
        ("/a/b", "/a/b/inner?x"),
    ] {
        let (seen, backend) = (Seen::new(), Backend::signed_out());
        let page = open(at, Paths { base, ..APP }, backend.client(), seen).await;
        assert!(page.text().contains("login page"), "{at}: {} at {}", page.text(), path());
        assert!(path().starts_with(&format!("{base}/login?redirectToPath=%2F")), "{at}: {}", path());
        sign_in(&backend, seen, ADULT).await;
        assert_eq!((path().as_str(), page.text().trim()), (at, SECRET));
    }
}

#[wasm_bindgen_test]
async fn a_path_that_has_the_base_in_it_already_is_taken_as_it_is() {
    let paths = Paths { login: Some("/app/login"), step_up: "/app/verify", ..APP };
    let (seen, backend) = (Seen::new(), Backend::signed_out());
    let page = open("/app/orders", paths, backend.client(), seen).await;
    assert_eq!(path(), "/app/login?redirectToPath=%2Fapp%2Forders");
    sign_in(&backend, seen, "{}").await;
    assert_eq!(path(), "/app/verify?redirectToPath=%2Fapp%2Forders");
    assert!(page.text().contains("step-up page"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn a_claims_page_is_below_the_base() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
    let page = open("/app/orders?x=1", APP, backend.client(), seen).await;
    assert_eq!(path(), "/app/verify?redirectToPath=%2Fapp%2Forders%3Fx%3D1");
    sign_in(&backend, seen, ADULT).await;
    page.click("#done").await;
    assert_eq!((path().as_str(), page.text().trim()), ("/app/orders?x=1", SECRET));
}

#[wasm_bindgen_test]
async fn defaults_are_below_the_base() {
    let (seen, backend) = (Seen::new(), Backend::signed_out());
    let page = open("/app/login", APP, backend.client(), seen).await;
    let href = |id: &str| document().get_element_by_id(id).unwrap().get_attribute("href");
    assert_eq!((href("back").as_deref(), href("header").as_deref()), (Some("/app/"), Some("/app/help")));
    sign_in(&backend, seen, "{}").await;
    assert_eq!((path().as_str(), page.text().trim()), ("/app/", "home"));
}

#[wasm_bindgen_test]
async fn a_return_address_without_the_base_is_below_it_and_the_checks_hold_for_what_comes_of_it() {
    for (asked, end) in [
        ("%2Forders%3Fx%3D1", "/app/orders?x=1"),
        ("%2Fapp%2Forders", "/app/orders"),
        ("%2Flogin", "/app/"),
        ("%2Fapp%2Flogin", "/app/"),
        ("%2Flogin%2Freset", "/app/"),
        ("%2F%2Fevil.example", "/app/"),
        ("%2F%5Cevil.example", "/app/"),
        ("https%3A%2F%2Fevil.example%2Fapp%2Forders", "/app/"),
    ] {
        let (seen, backend) = (Seen::new(), Backend::signed_out());
        let at = format!("/app/login?redirectToPath={asked}");
        let _page = open(&at, APP, backend.client(), seen).await;
        sign_in(&backend, seen, ADULT).await;
        assert_eq!(path(), end, "{asked}");
    }
}

#[wasm_bindgen_test]
async fn the_settings_login_path_is_below_the_base_and_that_of_another_site_is_whole() {
    let origin = window().location().origin().unwrap();
    let (seen, backend) = (Seen::new(), Backend::signed_out());
    let client = backend.client_with(|settings| settings.website_domain(origin).website_base_path("/login"));
    let page = open("/app/orders", APP, client, seen).await;
    assert_eq!(path(), "/app/login?redirectToPath=%2Fapp%2Forders");
    drop(page);
}

#[wasm_bindgen_test]
async fn a_guarded_login_page_below_the_base_says_so() {
    let client = Backend::signed_out().client();
    let page = Page::open("/app/login", move || {
        view! {
            <SessionProvider config=client>
                <Router base="/app">
                    <Routes fallback=|| "Not found">
                        <ProtectedRoute path=path!("/login") view=|| SECRET/>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await;
    assert!(page.text().contains("must not be guarded"), "{}", page.text());
    assert_eq!(path(), "/app/login");
}

/// Without a base a page may be called as the login page, further down.
#[wasm_bindgen_test]
async fn without_a_base_paths_are_as_they_are() {
    let (seen, backend) = (Seen::new(), Backend::signed_out());
    let client = backend.client();
    let page = Page::open("/orders/orders", move || {
        view! {
            <SessionProvider config=client>
                {seen.session.set_value(Some(use_session()))}
                <Router>
                    <Header/>
                    <Routes fallback=|| "Not found">
                        <Route path=path!("/login") view=Login/>
                        <ProtectedParentRoute path=path!("/orders") view=Outlet>
                            <Route path=path!("orders") view=|| SECRET/>
                            <Route path=path!("login") view=|| SECRET/>
                        </ProtectedParentRoute>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await;
    assert_eq!(path(), "/login?redirectToPath=%2Forders%2Forders");
    let href = document().get_element_by_id("header").unwrap().get_attribute("href");
    assert_eq!(href.as_deref(), Some("/help"));
    sign_in(&backend, seen, "{}").await;
    assert_eq!((path().as_str(), page.text().trim()), ("/orders/orders", SECRET));
}
