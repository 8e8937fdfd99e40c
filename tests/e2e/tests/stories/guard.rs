//! Guarded pages without a session.

use e2e::{Elsewhere, Setting, USER, play};

const DEEP: &str = "/orders?sort=total#list";
const LOGIN_FOR_DEEP: &str = "/login?redirectToPath=%2Forders%3Fsort%3Dtotal%23list";

#[tokio::test]
async fn a_deep_link_opens_exactly_its_page_after_sign_in() {
    play(Setting::default(), async |stage| {
        stage.page.open(DEEP).await;
        stage.page.wait_for("login-page").await;
        stage.page.wait_path(LOGIN_FOR_DEEP).await;
        stage.sign_in_as(USER).await;
        stage.page.wait_path(DEEP).await;
        stage.page.wait_text("orders-list", "Desk lamp").await;
    })
    .await;
}

#[tokio::test]
async fn guarded_content_never_flashes_before_sign_in() {
    play(Setting::default(), async |stage| {
        stage.page.open(DEEP).await;
        stage.page.wait_for("login-page").await;
        let record = stage.page.record().await;
        assert!(record.has("login-page"), "the record misses an element");
        for id in ["orders-page", "orders-list", "dashboard-page", "admin-page"] {
            assert!(!record.has(id), "{id} flashed");
        }
        assert!(!record.says("Desk lamp"));
        assert_eq!(stage.controls.calls("GET", "/api/orders"), 0, "its data was requested");
    })
    .await;
}

#[tokio::test]
async fn back_after_sign_in_skips_the_login_page() {
    play(Setting::default(), async |stage| {
        let elsewhere = Elsewhere::start().await;
        let before = format!("{}/", elsewhere.url());
        stage.page.visit(&before).await;
        stage.page.open(DEEP).await;
        stage.sign_in_as(USER).await;
        stage.page.wait_path(DEEP).await;
        stage.page.wait_for("orders-page").await;
        stage.page.back().await;
        stage.page.wait_path(&before).await;
    })
    .await;
}

#[tokio::test]
async fn back_from_the_login_page_does_not_return_to_it() {
    play(Setting::default(), async |stage| {
        let elsewhere = Elsewhere::start().await;
        let before = format!("{}/", elsewhere.url());
        stage.page.visit(&before).await;
        stage.page.open(DEEP).await;
        stage.page.wait_for("login-page").await;
        stage.page.back().await;
        stage.page.wait_path(&before).await;
    })
    .await;
}

#[tokio::test]
async fn a_missing_page_does_not_redirect_to_the_login_page() {
    play(Setting::default(), async |stage| {
        stage.page.open("/no/such/page").await;
        stage.page.wait_for("not-found").await;
        stage.page.wait_path("/no/such/page").await;
    })
    .await;
}

#[tokio::test]
async fn a_link_to_a_guarded_page_redirects_to_the_login_page() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        page.open("/login").await;
        page.wait_for("login-page").await;
        page.click("nav-orders").await;
        page.wait_path("/login?redirectToPath=%2Forders").await;
        page.wait_for("login-page").await;
        assert!(!page.record().await.has("orders-page"));
        assert_eq!(stage.controls.calls("GET", "/api/orders"), 0);
        stage.sign_in_as(USER).await;
        page.wait_path("/orders").await;
        page.wait_text("orders-list", "Desk lamp").await;
    })
    .await;
}
