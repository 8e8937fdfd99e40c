//! Below a `<Router base>`, the login page, step-up pages and default addresses get the base.

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

use crate::support::{Backend, Page, Probe, SECRET, path};

const ADULT: &str = r#"{"adult":{"v":true,"t":1}}"#;

#[component]
fn Login() -> impl IntoView {
    let return_address = use_return_address("/");
    let href = return_address.href();
    return_address.go_when_signed_in();
    view! { "login page " <a id="back" href=href></a> }
}

#[component]
fn StepUp() -> impl IntoView {
    let return_address = use_return_address("/");
    view! { "step-up page" <button id="done" on:click=move |_| return_address.go()></button> }
}

/// A component outside of all routes.
#[component]
fn Header() -> impl IntoView {
    let href = use_return_address("/help").href();
    view! { <a id="header" href=href></a> }
}

/// The paths in the app's settings.
#[derive(Clone, Copy)]
struct Paths {
    base: &'static str,
    login: Option<&'static str>,
    step_up: &'static str,
}

const APP: Paths = Paths { base: "/app", login: None, step_up: "/verify" };

async fn open(at: &str, paths: Paths, client: SessionClient, probe: Probe) -> Page {
    let Paths { base, login, step_up } = paths;
    let adult = move || Require::claim(BooleanClaim::new("adult").is_true().redirect_to(step_up));
    let app = move || {
        probe.session.set_value(Some(use_session()));
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

#[wasm_bindgen_test]
async fn the_login_page_is_below_the_base_and_users_return_to_exactly_the_page() {
    for (base, at) in [
        ("/app", "/app/orders?x=1"),
        ("/app", "/app/orders?x=1#list"),
        ("/app", "/app/app-settings"),
        ("/app", "/app/parent/child?x=%2Fapp"),
        ("/app", "/app/inner#part"),
        ("/a/b", "/a/b/orders"),
        ("/a/b", "/a/b/inner?x"),
    ] {
        let (probe, backend) = (Probe::new(), Backend::signed_out());
        let page = open(at, Paths { base, ..APP }, backend.client(), probe).await;
        assert!(page.text().contains("login page"), "{at}: {} at {}", page.text(), path());
        assert!(path().starts_with(&format!("{base}/login?redirectToPath=%2F")), "{at}: {}", path());
        probe.sign_in(&backend, "u1", ADULT).await;
        assert_eq!((path().as_str(), page.text().trim()), (at, SECRET));
    }
}

#[wasm_bindgen_test]
async fn a_path_that_begins_with_the_base_stays_the_same() {
    let paths = Paths { login: Some("/app/login"), step_up: "/app/verify", ..APP };
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let page = open("/app/orders", paths, backend.client(), probe).await;
    assert_eq!(path(), "/app/login?redirectToPath=%2Fapp%2Forders");
    probe.sign_in(&backend, "u1", "{}").await;
    assert_eq!(path(), "/app/verify?redirectToPath=%2Fapp%2Forders");
    assert!(page.text().contains("step-up page"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn a_step_up_page_is_below_the_base() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let page = open("/app/orders?x=1", APP, backend.client(), probe).await;
    assert_eq!(path(), "/app/verify?redirectToPath=%2Fapp%2Forders%3Fx%3D1");
    probe.sign_in(&backend, "u1", ADULT).await;
    page.click("#done").await;
    assert_eq!((path().as_str(), page.text().trim()), ("/app/orders?x=1", SECRET));
}

#[wasm_bindgen_test]
async fn the_default_return_address_is_below_the_base() {
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let page = open("/app/login", APP, backend.client(), probe).await;
    let href = |id: &str| document().get_element_by_id(id).unwrap().get_attribute("href");
    assert_eq!((href("back").as_deref(), href("header").as_deref()), (Some("/app/"), Some("/app/help")));
    probe.sign_in(&backend, "u1", "{}").await;
    assert_eq!((path().as_str(), page.text().trim()), ("/app/", "home"));
}

#[wasm_bindgen_test]
async fn a_return_address_without_the_base_gets_it_and_is_checked_again() {
    for (address, end) in [
        ("%2Forders%3Fx%3D1", "/app/orders?x=1"),
        ("%2Fapp%2Forders", "/app/orders"),
        ("%2Flogin", "/app/"),
        ("%2Fapp%2Flogin", "/app/"),
        ("%2Flogin%2Freset", "/app/"),
        ("%2F%2Fevil.example", "/app/"),
        ("%2F%5Cevil.example", "/app/"),
        ("https%3A%2F%2Fevil.example%2Fapp%2Forders", "/app/"),
    ] {
        let (probe, backend) = (Probe::new(), Backend::signed_out());
        let at = format!("/app/login?redirectToPath={address}");
        let _page = open(&at, APP, backend.client(), probe).await;
        probe.sign_in(&backend, "u1", ADULT).await;
        assert_eq!(path(), end, "{address}");
    }
}

#[wasm_bindgen_test]
async fn the_login_path_of_the_settings_is_below_the_base() {
    let origin = window().location().origin().unwrap();
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let client = backend.client_with(|settings| settings.website_domain(origin).website_base_path("/login"));
    let page = open("/app/orders", APP, client, probe).await;
    assert_eq!(path(), "/app/login?redirectToPath=%2Fapp%2Forders");
    drop(page);
}

#[wasm_bindgen_test]
async fn a_guarded_login_page_below_the_base_shows_an_error() {
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

/// A nested page may have the name of the login page.
#[wasm_bindgen_test]
async fn without_a_base_paths_stay_the_same() {
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let client = backend.client();
    let page = Page::open("/orders/orders", move || {
        view! {
            <SessionProvider config=client>
                {probe.session.set_value(Some(use_session()))}
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
    probe.sign_in(&backend, "u1", "{}").await;
    assert_eq!((path().as_str(), page.text().trim()), ("/orders/orders", SECRET));
}
