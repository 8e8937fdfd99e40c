//! A failed claim redirects to its step-up page, and from there back.

use std::rc::Rc;

use supertokens_session::{
    Overrides,
    claims::{BooleanClaim, ClaimCheck, Require, Validator, multi_factor},
};

use crate::{
    Backend, Framework, Page, Probe, Response, Route, SECRET, Site, View, history_length, open_guarded, path,
    settle,
};

fn adult() -> ClaimCheck {
    BooleanClaim::new("adult").is_true().redirect_to("/verify")
}

pub(crate) async fn a_failed_claim_redirects_to_its_step_up_page_and_back<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let before = history_length();
    let page =
        open_guarded::<F>("/guarded?q=1#part", backend.client(), probe, || Require::claim(adult())).await;
    assert_eq!(path(), "/verify?redirectToPath=%2Fguarded%3Fq%3D1%23part");
    probe.update(&backend, r#"{"adult":{"v":true,"t":1}}"#).await;
    page.click("#done").await;
    assert_eq!(path(), "/guarded?q=1#part");
    assert_eq!(page.text().trim(), SECRET);
    assert_eq!(history_length(), before);
}

pub(crate) async fn a_claim_that_fails_later_redirects_too<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in_with("u1", r#"{"adult":{"v":true,"t":1}}"#));
    let page = open_guarded::<F>("/guarded", backend.client(), probe, || Require::claim(adult())).await;
    assert_eq!(page.text().trim(), SECRET);
    probe.update(&backend, r#"{"adult":{"v":false,"t":2}}"#).await;
    assert_eq!(page.text().trim(), "step-up page");
    assert_eq!(path(), "/verify?redirectToPath=%2Fguarded");
}

/// The layout of the SuperTokens recipes: all pages are below one path, and the step-up pages need a session.
async fn open_recipes<F: Framework>(at: &str, backend: &Backend, probe: Probe) -> Page {
    let adult = || BooleanClaim::new("adult").is_true().redirect_to("/auth/verify");
    let trained = || BooleanClaim::new("trained").is_true().redirect_to("/auth/train");
    let require = move || Require::claim(adult()).and(Require::claim(trained()));
    let client = backend.client_with(|settings| settings.website_base_path("/auth"));
    Site::new(client, probe)
        .routes([
            Route::open("/auth", View::login("/home")),
            Route::guarded("/auth/verify", View::StepUp),
            Route::guarded("/auth/train", View::StepUp),
            Route::guarded("/guarded", View::Text(SECRET)).require(require),
        ])
        .open::<F>(at)
        .await
}

pub(crate) async fn the_return_address_survives_the_login_page_and_two_step_up_pages<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let page = open_recipes::<F>("/guarded?q=1", &backend, probe).await;
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

pub(crate) async fn a_session_that_ends_on_a_step_up_page_does_not_lose_the_return_address<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let _page = open_recipes::<F>("/guarded?q=1", &backend, probe).await;
    assert_eq!(path(), "/auth/verify?redirectToPath=%2Fguarded%3Fq%3D1");
    backend.respond(Response::Status(401, vec![]));
    probe.receive(&backend, Response::removed(401)).await;
    assert!(path().starts_with("/auth?redirectToPath=%2Fauth%2Fverify"), "{}", path());
    // A page below the login page is no return address, so its own return address is used.
    probe.update(&backend, r#"{"adult":{"v":true,"t":1},"trained":{"v":true,"t":1}}"#).await;
    assert_eq!(path(), "/guarded?q=1");
}

pub(crate) async fn the_current_page_is_not_a_return_address<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    for address in ["%2Fverify", "%2FVerify%2F%3Fx", "%2Fverify%3FredirectToPath%3D%2Fverify"] {
        let at = format!("/verify?redirectToPath={address}");
        let page = open_guarded::<F>(&at, backend.client(), probe, Require::session).await;
        page.click("#done").await;
        assert_eq!(path(), "/", "{address}");
    }
}

pub(crate) async fn a_step_up_redirect_to_the_same_page_or_another_origin_denies_access<F: Framework>() {
    for page in
        ["/guarded", "/guarded/", "/Guarded?x=1", "//evil.example", "https://evil.example/", "\\\\evil"]
    {
        let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
        let adult = move || Require::claim(BooleanClaim::new("adult").is_true().redirect_to(page));
        let shown = open_guarded::<F>("/guarded?x=1", backend.client(), probe, adult).await;
        assert_eq!(shown.text().trim(), "denied for adult", "{page}");
        assert_eq!(path(), "/guarded?x=1", "{page}");
    }
}

pub(crate) async fn a_claim_that_becomes_valid_on_the_page_builds_the_view_once<F: Framework>() {
    let (probe, backend) = (Probe::new(), Backend::signed_in("u1"));
    let adult = || Require::claim(BooleanClaim::new("adult").is_true().redirect_to("/guarded"));
    let page = open_guarded::<F>("/guarded", backend.client(), probe, adult).await;
    assert_eq!(page.text().trim(), "denied for adult");
    probe.update(&backend, r#"{"adult":{"v":true,"t":1}}"#).await;
    assert_eq!((page.text().trim(), probe.builds()), (SECRET, 1));
}

pub(crate) async fn a_step_up_page_below_its_own_guard_denies_access<F: Framework>() {
    let adult = || Require::claim(BooleanClaim::new("adult").is_true().redirect_to("/parent/verify"));
    let pages = ["a", "verify"].map(|path| Route::open(path, View::Text(SECRET)));
    let parent = Route::guarded("/parent", View::Outlet).require(adult).denied(View::Reasons).children(pages);
    let site = Site::new(Backend::signed_in("u1").client(), Probe::new()).routes([parent]);
    let page = site.open::<F>("/parent/a").await;
    assert_eq!(page.text().trim(), "denied for adult");
    assert_eq!(path(), "/parent/verify?redirectToPath=%2Fparent%2Fa");
}

pub(crate) async fn two_pages_that_redirect_to_each_other_are_stopped<F: Framework>() {
    let page = |path, other| {
        let require = move || Require::claim(BooleanClaim::new("adult").is_true().redirect_to(other));
        Route::guarded(path, View::Text(SECRET)).require(require).denied(View::Reasons)
    };
    let site = Site::new(Backend::signed_in("u1").client(), Probe::new());
    let page = site.routes([page("/a", "/b"), page("/b", "/a")]).open::<F>("/a").await;
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

pub(crate) async fn global_validators_are_required_unless_a_route_disables_them<F: Framework>() {
    for (at, shown) in [("/all", "step-up page"), ("/less", SECRET), ("/verify", "step-up page")] {
        let client = Backend::signed_in("u1").client_with_overrides(AdultEverywhere);
        let page = Site::new(client, Probe::new())
            .routes([
                Route::guarded("/all", View::Text(SECRET)),
                Route::guarded("/less", View::Text(SECRET)).without_global_validators(),
                Route::guarded("/verify", View::StepUp).without_global_validators(),
            ])
            .open::<F>(at)
            .await;
        assert_eq!(page.text().trim(), shown, "{at}");
    }
}

pub(crate) async fn the_login_page_leads_over_the_page_of_each_missing_factor_and_then_back<F: Framework>() {
    let factors = || {
        let factors = multi_factor().factor_page("otp-email", "/code").factor_page("totp", "/authenticator");
        Require::claim(factors)
    };
    let (probe, backend) = (Probe::new(), Backend::signed_out());
    let page = Site::new(backend.client(), probe)
        .routes([
            Route::open("/login", View::ReturnOverSteps("/home", Rc::new(factors))),
            Route::guarded("/code", View::StepOfSeveral(Rc::new(factors))),
            Route::guarded("/authenticator", View::StepOfSeveral(Rc::new(factors))),
            Route::guarded("/guarded", View::Text(SECRET)),
        ])
        .open::<F>("/guarded?q=1&tenantId=acme")
        .await;
    let back = "tenantId=acme&redirectToPath=%2Fguarded%3Fq%3D1%26tenantId%3Dacme";
    assert_eq!(path(), format!("/login?{back}"));
    probe.update(&backend, r#"{"st-mfa":{"c":{"emailpassword":1},"v":false}}"#).await;
    assert_eq!(path(), format!("/code?{back}"));
    page.click("#done").await;
    assert_eq!(path(), format!("/code?{back}"), "the factor of this page is not complete");
    probe.update(&backend, r#"{"st-mfa":{"c":{"emailpassword":1,"otp-email":2},"v":false}}"#).await;
    page.click("#done").await;
    assert_eq!(path(), format!("/authenticator?{back}"));
    probe.update(&backend, r#"{"st-mfa":{"c":{"emailpassword":1,"otp-email":2,"totp":3},"v":true}}"#).await;
    page.click("#done").await;
    assert_eq!(path(), "/guarded?q=1&tenantId=acme");
    assert_eq!(page.text().trim(), SECRET);
}
