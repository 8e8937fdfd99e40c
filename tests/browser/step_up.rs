//! A failed claim redirects to its step-up page, and from there back.

use leptos::prelude::*;
use leptos_router::{
    components::{Outlet, Route},
    path,
};
use supertokens_leptos::{
    Overrides, ProtectedParentRoute, ProtectedRoute, Require, Validator,
    claims::{BooleanClaim, ClaimCheck},
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Backend, Login, Page, Probe, Reasons, Response, SECRET, StepUp, open_guarded, open_routes, path, settle,
};

fn adult() -> ClaimCheck {
    BooleanClaim::new("adult").is_true().redirect_to("/verify")
}

#[wasm_bindgen_test]
async fn a_failed_claim_redirects_to_its_step_up_page_and_back() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let length = || window().history().unwrap().length().unwrap();
    let before = length();
    let page = open_guarded("/guarded?q=1#part", backend.client(), probe, || Require::claim(adult())).await;
    assert_eq!(path(), "/verify?redirectToPath=%2Fguarded%3Fq%3D1%23part");
    probe.update(&backend, r#"{"adult":{"v":true,"t":1}}"#).await;
    page.click("#done").await;
    assert_eq!(path(), "/guarded?q=1#part");
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(length(), before);
}

#[wasm_bindgen_test]
async fn a_claim_that_fails_later_redirects_too() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", r#"{"adult":{"v":true,"t":1}}"#));
    let page = open_guarded("/guarded", backend.client(), probe, || Require::claim(adult())).await;
    assert_eq!(page.text().trim(), SECRET);
    probe.update(&backend, r#"{"adult":{"v":false,"t":2}}"#).await;
    assert_eq!(page.text().trim(), "step-up page");
    assert_eq!(path(), "/verify?redirectToPath=%2Fguarded");
}

/// The layout of the SuperTokens recipes: all pages are below one path, and the step-up pages need a session.
async fn open_recipes(at: &str, backend: &Backend, probe: Probe) -> Page {
    let adult = || BooleanClaim::new("adult").is_true().redirect_to("/auth/verify");
    let trained = || BooleanClaim::new("trained").is_true().redirect_to("/auth/train");
    let require = Require::claim(adult()).and(Require::claim(trained()));
    open_routes! {
        at, backend.client_with(|settings| settings.website_base_path("/auth")), probe,
        <Route path=path!("/auth") view=Login/>
        <ProtectedRoute path=path!("/auth/verify") view=StepUp/>
        <ProtectedRoute path=path!("/auth/train") view=StepUp/>
        <ProtectedRoute path=path!("/guarded") view=|| SECRET require/>
    }
}

#[wasm_bindgen_test]
async fn the_return_address_survives_the_login_page_and_two_step_up_pages() {
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let page = open_recipes("/guarded?q=1", &backend, probe).await;
    assert_eq!(path(), "/auth?redirectToPath=%2Fguarded%3Fq%3D1");
    probe.update(&backend, "{}").await;
    assert_eq!(path(), "/auth/verify?redirectToPath=%2Fguarded%3Fq%3D1");
    probe.update(&backend, r#"{"adult":{"v":true,"t":1}}"#).await;
    page.click("#done").await;
    assert_eq!(path(), "/auth/train?redirectToPath=%2Fguarded%3Fq%3D1");
    probe.update(&backend, r#"{"adult":{"v":true,"t":1},"trained":{"v":true,"t":1}}"#).await;
    page.click("#done").await;
    assert_eq!(path(), "/guarded?q=1");
    assert_eq!(page.text().trim(), SECRET);
}

#[wasm_bindgen_test]
async fn a_session_that_ends_on_a_step_up_page_does_not_lose_the_return_address() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let _page = open_recipes("/guarded?q=1", &backend, probe).await;
    assert_eq!(path(), "/auth/verify?redirectToPath=%2Fguarded%3Fq%3D1");
    backend.respond(Response::Status(401, vec![]));
    probe.receive(&backend, Response::removed(401)).await;
    assert!(path().starts_with("/auth?redirectToPath=%2Fauth%2Fverify"), "{}", path());
    // A page below the login page is no return address, so its own return address is used.
    probe.update(&backend, r#"{"adult":{"v":true,"t":1},"trained":{"v":true,"t":1}}"#).await;
    assert_eq!(path(), "/guarded?q=1");
}

#[wasm_bindgen_test]
async fn the_current_page_is_not_a_return_address() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    for address in ["%2Fverify", "%2FVerify%2F%3Fx", "%2Fverify%3FredirectToPath%3D%2Fverify"] {
        let at = format!("/verify?redirectToPath={address}");
        let page = open_guarded(&at, backend.client(), probe, Require::session).await;
        page.click("#done").await;
        assert_eq!(path(), "/", "{address}");
    }
}

#[wasm_bindgen_test]
async fn a_step_up_redirect_to_the_same_page_or_another_origin_denies_access() {
    for page in
        ["/guarded", "/guarded/", "/Guarded?x=1", "//evil.example", "https://evil.example/", "\\\\evil"]
    {
        let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
        let adult = move || Require::claim(BooleanClaim::new("adult").is_true().redirect_to(page));
        let shown = open_guarded("/guarded?x=1", backend.client(), probe, adult).await;
        assert_eq!(shown.text().trim(), "denied for adult", "{page}");
        assert_eq!(path(), "/guarded?x=1", "{page}");
    }
}

#[wasm_bindgen_test]
async fn a_claim_that_becomes_valid_on_the_page_builds_the_view_once() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let adult = || Require::claim(BooleanClaim::new("adult").is_true().redirect_to("/guarded"));
    let page = open_guarded("/guarded", backend.client(), probe, adult).await;
    assert_eq!(page.text().trim(), "denied for adult");
    probe.update(&backend, r#"{"adult":{"v":true,"t":1}}"#).await;
    assert_eq!((page.text().trim(), probe.builds()), (SECRET, 1));
}

#[wasm_bindgen_test]
async fn a_step_up_page_below_its_own_guard_denies_access() {
    let adult = Require::claim(BooleanClaim::new("adult").is_true().redirect_to("/parent/verify"));
    let page = open_routes! {
        "/parent/a", Backend::signed_in("u1").client(), Probe::new(),
        <ProtectedParentRoute path=path!("/parent") view=Outlet require=adult denied=Reasons>
            <Route path=path!("a") view=|| SECRET/>
            <Route path=path!("verify") view=|| SECRET/>
        </ProtectedParentRoute>
    };
    assert_eq!(page.text().trim(), "denied for adult");
    assert_eq!(path(), "/parent/verify?redirectToPath=%2Fparent%2Fa");
}

#[wasm_bindgen_test]
async fn two_pages_that_redirect_to_each_other_are_stopped() {
    let to = |page| Require::claim(BooleanClaim::new("adult").is_true().redirect_to(page));
    let page = open_routes! {
        "/a", Backend::signed_in("u1").client(), Probe::new(),
        <ProtectedRoute path=path!("/a") view=|| SECRET require=to("/b") denied=Reasons/>
        <ProtectedRoute path=path!("/b") view=|| SECRET require=to("/a") denied=Reasons/>
    };
    for _ in 0..10 {
        settle().await;
    }
    assert_eq!(page.text().trim(), "denied for adult");
}

struct AdultEverywhere;

impl Overrides for AdultEverywhere {
    fn global_claim_validators(&self) -> Vec<Validator> {
        vec![adult().into()]
    }
}

#[wasm_bindgen_test]
async fn global_validators_are_required_unless_a_route_disables_them() {
    for (at, shown) in [("/all", "step-up page"), ("/less", SECRET), ("/verify", "step-up page")] {
        let page = open_routes! {
            at, Backend::signed_in("u1").client_with_overrides(AdultEverywhere), Probe::new(),
            <ProtectedRoute path=path!("/all") view=|| SECRET/>
            <ProtectedRoute path=path!("/less") view=|| SECRET with_global_validators=false/>
            <ProtectedRoute path=path!("/verify") view=StepUp with_global_validators=false/>
        };
        assert_eq!(page.text().trim(), shown, "{at}");
    }
}
