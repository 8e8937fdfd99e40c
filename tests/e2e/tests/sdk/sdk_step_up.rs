//! A page for verified e-mail addresses, by the claim of the SDK's EmailVerification recipe.

use e2e::sdk::{Setting, USER, play};

const DEEP: &str = "/invoices?quarter=2#list";

with_both! {
    the_guard_redirects_to_the_step_up_page_and_back
}

with_headers! {
    the_guard_redirects_to_the_step_up_page_and_back
}

async fn the_guard_redirects_to_the_step_up_page_and_back(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.open(DEEP).await;
        page.wait_for("verify-page").await;
        page.wait_path("/verify-email?redirectToPath=%2Finvoices%3Fquarter%3D2%23list").await;
        assert!(!page.record().await.has("invoices-page"), "it flashed");
        page.click("send-code").await;
        page.click("fill-in-code").await;
        page.click("verify").await;
        page.wait_path(DEEP).await;
        page.wait_text("invoices-list", "Apr 2026").await;
        page.reload().await;
        page.wait_text("invoices-list", "Apr 2026").await;
        assert!(!page.record().await.has("verify-page"), "the step flashed");
    })
    .await;
}
