//! The back button never loops, and typed text is not lost.

use e2e::{Elsewhere, Setting, USER, play};

#[tokio::test]
async fn back_from_the_step_up_page_shows_the_page_before() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.click("nav-orders").await;
        page.wait_for("orders-list").await;
        page.click("nav-invoices").await;
        page.wait_for("verify-page").await;
        page.back().await;
        page.wait_for("orders-page").await;
        page.wait_path("/orders").await;
        page.back().await;
        page.wait_for("dashboard-page").await;
    })
    .await;
}

#[tokio::test]
async fn back_from_a_page_after_a_step_up_skips_the_step_up_page() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.click("nav-orders").await;
        page.wait_for("orders-list").await;
        page.click("nav-invoices").await;
        page.click("send-code").await;
        page.click("fill-in-code").await;
        page.click("verify").await;
        page.wait_for("invoices-list").await;
        page.back().await;
        page.wait_for("orders-page").await;
        page.wait_path("/orders").await;
    })
    .await;
}

#[tokio::test]
async fn back_from_a_denied_page_shows_the_page_before() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        let elsewhere = Elsewhere::start().await;
        let before = format!("{}/", elsewhere.url());
        stage.arrive(USER).await;
        page.visit(&before).await;
        page.open("/doors/role").await;
        page.wait_for("closed-page").await;
        page.back().await;
        page.wait_path(&before).await;
    })
    .await;
}

#[tokio::test]
async fn typed_text_and_focus_survive_a_refresh() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        assert!(stage.controls.set_role(USER, "editor", true));
        stage.arrive(USER).await;
        page.open("/newsroom/drafts").await;
        page.fill("headline", "Harbour bridge op").await;
        stage.controls.reset_calls();
        stage.controls.expire_all();
        page.click_at_once("fetch-claims").await;
        page.wait_text("fetch-claims-result", "Fetched").await;
        assert_eq!(stage.refreshes(), 1);
        assert_eq!(page.focused().await, "headline");
        let typed = page.js("return document.querySelector('[data-testid=headline]').value").await;
        assert_eq!(typed, "Harbour bridge op");
        assert!(!page.record().await.has("closed-section"), "the page was closed meanwhile");
    })
    .await;
}
