//! A page that needs a verified e-mail address after sign-in.

use e2e::{Elsewhere, Generation, Setting, Stage, USER, play};

const DEEP: &str = "/invoices?quarter=2#list";
const VERIFY_FOR_DEEP: &str = "/verify-email?redirectToPath=%2Finvoices%3Fquarter%3D2%23list";

/// Verifies the address with the code that the demo shows.
async fn verify(stage: &Stage) {
    let page = &stage.page;
    page.click("send-code").await;
    page.click("fill-in-code").await;
    page.click("verify").await;
}

#[tokio::test]
async fn the_guard_redirects_to_the_step_up_page_and_back_to_path_query_and_fragment() {
    there_and_back(Setting::default()).await;
}

#[tokio::test]
async fn the_guard_redirects_to_the_step_up_page_in_the_older_generation() {
    there_and_back(Setting::default().generation(Generation::Older)).await;
}

async fn there_and_back(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.open(DEEP).await;
        page.wait_for("verify-page").await;
        page.wait_path(VERIFY_FOR_DEEP).await;
        page.wait_text("verify-notice", DEEP).await;
        let record = page.record().await;
        assert!(!record.has("invoices-page") && !record.has("login-page"), "something flashed");
        assert_eq!(stage.controls.calls("GET", "/api/invoices"), 0, "its data was requested");

        verify(stage).await;
        page.wait_path(DEEP).await;
        page.wait_text("invoices-list", "Apr 2026").await;
        assert!(!page.text("invoices-list").await.contains("Jan 2026"), "the query is lost");
        page.wait_js("document.activeElement.innerText === 'Invoices'").await;
        page.wait_js("document.querySelector('[data-testid=announcer]').innerText.includes('verified')")
            .await;

        page.reload().await;
        page.wait_text("invoices-list", "Apr 2026").await;
        assert!(!page.record().await.has("verify-page"), "the step flashed");
    })
    .await;
}

#[tokio::test]
async fn sign_in_is_followed_by_the_step_up_page() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        let elsewhere = Elsewhere::start().await;
        let before = format!("{}/", elsewhere.url());
        page.visit(&before).await;
        page.open(DEEP).await;
        stage.sign_in_as(USER).await;
        page.wait_path(VERIFY_FOR_DEEP).await;
        verify(stage).await;
        page.wait_path(DEEP).await;
        page.wait_for("invoices-list").await;
        page.back().await;
        page.wait_path(&before).await;
    })
    .await;
}

#[tokio::test]
async fn a_wrong_code_shows_a_message_at_its_field() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.open("/verify-email").await;
        page.fill("code", "AAAAA-AAAAA").await;
        page.click("verify").await;
        page.wait_text("field-error-code", "This code is wrong").await;
        assert_eq!(page.focused().await, "code");
        page.wait_path("/verify-email").await;
        verify(stage).await;
        page.wait_for("dashboard-page").await;
        page.wait_path("/").await;
    })
    .await;
}

#[tokio::test]
async fn a_verified_user_sees_no_step_up_page() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive("admin@example.com").await;
        page.open(DEEP).await;
        page.wait_text("invoices-list", "Apr 2026").await;
        assert!(!page.record().await.has("verify-page"));
        page.open(VERIFY_FOR_DEEP).await;
        page.wait_path(DEEP).await;
        page.open("/verify-email?redirectToPath=%2F%2Fevil.example").await;
        page.wait_path("/").await;
    })
    .await;
}

#[tokio::test]
async fn a_step_up_in_another_tab_applies_to_this_tab() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.open(DEEP).await;
        page.wait_for("verify-page").await;
        let first = page.tab().await;
        page.new_tab().await;
        page.open("/verify-email").await;
        verify(stage).await;
        page.wait_for("dashboard-page").await;
        page.switch_to(&first).await;
        page.wait_path(DEEP).await;
        page.wait_text("invoices-list", "Apr 2026").await;
    })
    .await;
}
