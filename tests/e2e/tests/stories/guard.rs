//! Guarded pages, for somebody who is not signed in.

use e2e::{Elsewhere, Setting, USER, play};

const DEEP: &str = "/orders?sort=total#list";
const LOGIN_FOR_DEEP: &str = "/login?redirectToPath=%2Forders%3Fsort%3Dtotal%23list";

#[tokio::test]
async fn a_deep_link_leads_over_the_login_page_to_exactly_the_page_that_was_asked_for() {
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
async fn guarded_content_never_shows_before_the_sign_in_be_it_for_a_moment() {
    play(Setting::default(), async |stage| {
        stage.page.open(DEEP).await;
        stage.page.wait_for("login-page").await;
        let record = stage.page.record().await;
        assert!(record.has("login-page"), "the record misses what is there");
        for id in ["orders-page", "orders-list", "dashboard-page", "admin-page"] {
            assert!(!record.has(id), "{id} flashed");
        }
        assert!(!record.says("Desk lamp"));
        assert_eq!(stage.controls.calls("GET", "/api/orders"), 0, "its data was asked for");
    })
    .await;
}

#[tokio::test]
async fn the_way_back_leads_to_where_one_came_from_and_not_into_the_login_page() {
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
async fn the_way_back_from_the_login_page_is_no_trap_either() {
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
async fn a_page_that_does_not_exist_is_not_a_reason_to_sign_in() {
    play(Setting::default(), async |stage| {
        stage.page.open("/no/such/page").await;
        stage.page.wait_for("not-found").await;
        stage.page.wait_path("/no/such/page").await;
    })
    .await;
}

#[tokio::test]
async fn a_link_to_a_guarded_page_leads_over_the_login_page_too() {
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
