//! A claim that fails leads to the page on which it can be mended, and back.

use leptos::prelude::*;
use leptos_router::{
    components::{Outlet, Route, Router, Routes},
    path,
};
use supertokens_leptos::{
    Overrides, ProtectedParentRoute, ProtectedRoute, Require, SessionProvider, Validator,
    claims::{BooleanClaim, ClaimCheck},
    use_return_address, use_session,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, Page, Reasons, SECRET, Seen, StepUp, open_guarded, path, settle};

fn adult() -> ClaimCheck {
    BooleanClaim::new("adult").is_true().redirect_to("/verify")
}

async fn update(backend: &Backend, seen: Seen, payload: &str) {
    backend.next(Answer::session("u1", payload));
    seen.session().client().get("/anything").send().await.unwrap();
    settle().await;
}

#[wasm_bindgen_test]
async fn it_leads_there_in_place_of_the_page_and_back() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
    let length = || window().history().unwrap().length().unwrap();
    let before = length();
    let page = open_guarded("/guarded?q=1#part", backend.client(), seen, || Require::claim(adult())).await;
    assert_eq!(path(), "/verify?redirectToPath=%2Fguarded%3Fq%3D1%23part");
    update(&backend, seen, r#"{"adult":{"v":true,"t":1}}"#).await;
    page.click("#done").await;
    assert_eq!(path(), "/guarded?q=1#part");
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(length(), before);
}

#[wasm_bindgen_test]
async fn a_role_that_is_lost_while_the_page_is_open_leads_there_too() {
    let (seen, backend) = (Seen::new(), Backend::signed_in_with("u1", r#"{"adult":{"v":true,"t":1}}"#));
    let page = open_guarded("/guarded", backend.client(), seen, || Require::claim(adult())).await;
    assert_eq!(page.text().trim(), SECRET);
    update(&backend, seen, r#"{"adult":{"v":false,"t":2}}"#).await;
    assert_eq!(page.text().trim(), "step-up page");
    assert_eq!(path(), "/verify?redirectToPath=%2Fguarded");
}

#[component]
fn Login() -> impl IntoView {
    use_return_address("/home").go_when_signed_in();
    "login page"
}

/// The layout of the SuperTokens recipes: all below one path, and the pages that mend claims need a session.
async fn open_recipes(at: &str, backend: &Backend, seen: Seen) -> Page {
    let client = backend.client_with(|settings| settings.website_base_path("/auth"));
    let adult = || BooleanClaim::new("adult").is_true().redirect_to("/auth/verify");
    let trained = || BooleanClaim::new("trained").is_true().redirect_to("/auth/train");
    let require = Require::claim(adult()).and(Require::claim(trained()));
    Page::open(at, move || {
        view! {
            <SessionProvider config=client>
                {seen.session.set_value(Some(use_session()))}
                <Router>
                    <Routes fallback=|| "elsewhere">
                        <Route path=path!("/auth") view=Login/>
                        <ProtectedRoute path=path!("/auth/verify") view=StepUp/>
                        <ProtectedRoute path=path!("/auth/train") view=StepUp/>
                        <ProtectedRoute path=path!("/guarded") view=|| SECRET require/>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await
}

#[wasm_bindgen_test]
async fn each_failed_claim_has_its_page_and_the_way_back_holds_over_all_and_the_login_page() {
    let (seen, backend) = (Seen::new(), Backend::signed_out());
    let page = open_recipes("/guarded?q=1", &backend, seen).await;
    assert_eq!(path(), "/auth?redirectToPath=%2Fguarded%3Fq%3D1");
    update(&backend, seen, "{}").await;
    assert_eq!(path(), "/auth/verify?redirectToPath=%2Fguarded%3Fq%3D1");
    update(&backend, seen, r#"{"adult":{"v":true,"t":1}}"#).await;
    page.click("#done").await;
    assert_eq!(path(), "/auth/train?redirectToPath=%2Fguarded%3Fq%3D1");
    update(&backend, seen, r#"{"adult":{"v":true,"t":1},"trained":{"v":true,"t":1}}"#).await;
    page.click("#done").await;
    assert_eq!(path(), "/guarded?q=1");
    assert_eq!(page.text().trim(), SECRET);
}

#[wasm_bindgen_test]
async fn a_session_that_ends_on_such_a_page_loses_no_way_back() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
    let _page = open_recipes("/guarded?q=1", &backend, seen).await;
    assert_eq!(path(), "/auth/verify?redirectToPath=%2Fguarded%3Fq%3D1");
    backend.next(Answer::Status(401, vec![]));
    backend.next(Answer::removed(401));
    seen.session().client().get("/x").send().await.unwrap();
    settle().await;
    assert!(path().starts_with("/auth?redirectToPath=%2Fauth%2Fverify"), "{}", path());
    // That page is below the login page, so it is not led back to, but to where it would have led.
    update(&backend, seen, r#"{"adult":{"v":true,"t":1},"trained":{"v":true,"t":1}}"#).await;
    assert_eq!(path(), "/guarded?q=1");
}

#[wasm_bindgen_test]
async fn the_page_itself_is_no_way_back() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
    for address in ["%2Fverify", "%2FVerify%2F%3Fx", "%2Fverify%3FredirectToPath%3D%2Fverify"] {
        let at = format!("/verify?redirectToPath={address}");
        let page = open_guarded(&at, backend.client(), seen, Require::session).await;
        page.click("#done").await;
        assert_eq!(path(), "/", "{address}");
    }
}

#[wasm_bindgen_test]
async fn a_page_that_names_itself_or_another_origin_is_denied_and_not_led_to() {
    for page in
        ["/guarded", "/guarded/", "/Guarded?x=1", "//evil.example", "https://evil.example/", "\\\\evil"]
    {
        let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
        let adult = move || Require::claim(BooleanClaim::new("adult").is_true().redirect_to(page));
        let shown = open_guarded("/guarded?x=1", backend.client(), seen, adult).await;
        assert_eq!(shown.text().trim(), "denied for adult", "{page}");
        assert_eq!(path(), "/guarded?x=1", "{page}");
    }
}

#[wasm_bindgen_test]
async fn a_claim_that_is_mended_on_the_page_itself_builds_it_once() {
    let (seen, backend) = (Seen::new(), Backend::signed_in("u1"));
    let adult = || Require::claim(BooleanClaim::new("adult").is_true().redirect_to("/guarded"));
    let page = open_guarded("/guarded", backend.client(), seen, adult).await;
    assert_eq!(page.text().trim(), "denied for adult");
    update(&backend, seen, r#"{"adult":{"v":true,"t":1}}"#).await;
    assert_eq!((page.text().trim(), seen.builds()), (SECRET, 1));
}

#[wasm_bindgen_test]
async fn a_page_below_the_very_parent_that_leads_to_it_says_so() {
    let client = Backend::signed_in("u1").client();
    let adult = Require::claim(BooleanClaim::new("adult").is_true().redirect_to("/parent/verify"));
    let page = Page::open("/parent/a", move || {
        view! {
            <SessionProvider config=client>
                <Router>
                    <Routes fallback=|| "elsewhere">
                        <ProtectedParentRoute path=path!("/parent") view=Outlet require=adult denied=Reasons>
                            <Route path=path!("a") view=|| SECRET/>
                            <Route path=path!("verify") view=|| SECRET/>
                        </ProtectedParentRoute>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await;
    assert_eq!(page.text().trim(), "denied for adult");
    assert_eq!(path(), "/parent/verify?redirectToPath=%2Fparent%2Fa");
}

#[wasm_bindgen_test]
async fn two_pages_that_lead_to_each_other_are_stopped() {
    let client = Backend::signed_in("u1").client();
    let to = |page| Require::claim(BooleanClaim::new("adult").is_true().redirect_to(page));
    let page = Page::open("/a", move || {
        view! {
            <SessionProvider config=client>
                <Router>
                    <Routes fallback=|| "elsewhere">
                        <ProtectedRoute path=path!("/a") view=|| SECRET require=to("/b") denied=Reasons/>
                        <ProtectedRoute path=path!("/b") view=|| SECRET require=to("/a") denied=Reasons/>
                    </Routes>
                </Router>
            </SessionProvider>
        }
    })
    .await;
    for _ in 0..10 {
        settle().await;
    }
    assert_eq!(page.text().trim(), "denied for adult");
}

struct Everywhere;

impl Overrides for Everywhere {
    fn global_claim_validators(&self) -> Vec<Validator> {
        vec![adult().into()]
    }
}

#[wasm_bindgen_test]
async fn the_validators_of_the_whole_app_are_required_unless_a_route_says_not() {
    for (at, shown) in [("/all", "step-up page"), ("/less", SECRET), ("/verify", "step-up page")] {
        let client = Backend::signed_in("u1").client_overridden(Everywhere);
        let page = Page::open(at, move || {
            view! {
                <SessionProvider config=client>
                    <Router>
                        <Routes fallback=|| "elsewhere">
                            <ProtectedRoute path=path!("/all") view=|| SECRET/>
                            <ProtectedRoute path=path!("/less") view=|| SECRET with_global_validators=false/>
                            <ProtectedRoute path=path!("/verify") view=StepUp with_global_validators=false/>
                        </Routes>
                    </Router>
                </SessionProvider>
            }
        })
        .await;
        assert_eq!(page.text().trim(), shown, "{at}");
    }
}
