//! A user signs in with the code of a mail.

use e2e::{Page, Setting, Stage, USER, play};

const DEEP: &str = "/orders?sort=total#list";
const WRONG: &str = "AAAAAA";

/// Asks for a code on the login page of a guarded page.
async fn ask(stage: &Stage) {
    let page = &stage.page;
    page.open(DEEP).await;
    page.click("use-code").await;
    page.wait_for("send-code").await;
    page.fill("email", USER).await;
    page.click("send-code").await;
    page.wait_for("code").await;
}

async fn enter(page: &Page, code: &str) {
    page.fill("code", code).await;
    page.click("submit-code").await;
}

#[tokio::test]
async fn the_right_code_opens_the_requested_page_also_after_a_wrong_one_and_a_reload() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        ask(stage).await;
        enter(page, WRONG).await;
        page.wait_field_error("code", "You have 4 attempts left").await;
        page.reload().await;
        page.wait_for("code").await;
        let record = page.record().await;
        assert!(!record.has("send-code") && !record.has("password"), "another form flashed");
        enter(page, WRONG).await;
        page.wait_field_error("code", "You have 3 attempts left").await;
        page.click("fill-in-code").await;
        page.click("submit-code").await;
        page.wait_path(DEEP).await;
        page.wait_text("orders-list", "Desk lamp").await;
        page.click("nav-dashboard").await;
        page.wait_text("payload", USER).await;
    })
    .await;
}

#[tokio::test]
async fn too_many_wrong_codes_start_again_with_a_message() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        ask(stage).await;
        let old = stage.newest_mail(USER).await;
        for left in ["4 attempts", "3 attempts", "2 attempts", "1 attempt"] {
            enter(page, WRONG).await;
            page.wait_field_error("code", &format!("You have {left} left")).await;
        }
        enter(page, WRONG).await;
        page.wait_text("code-notice", "no longer valid").await;
        page.wait_focus("email").await;

        page.fill("email", USER).await;
        page.click("send-code").await;
        page.wait_for("code").await;
        enter(page, old.code()).await;
        page.wait_field_error("code", "You have 4 attempts left").await;
        enter(page, stage.newest_mail(USER).await.code()).await;
        page.wait_path(DEEP).await;
    })
    .await;
}

#[tokio::test]
async fn a_code_that_is_too_old_can_be_sent_again() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        ask(stage).await;
        let old = stage.newest_mail(USER).await;
        stage.controls.expire_codes();
        enter(page, old.code()).await;
        page.wait_field_error("code", "too old").await;
        page.click("resend-code").await;
        page.wait_text("resend-code-result", "A new mail").await;
        enter(page, stage.newest_mail(USER).await.code()).await;
        page.wait_path(DEEP).await;
    })
    .await;
}

#[tokio::test]
async fn a_user_can_change_the_address_or_use_the_password() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        ask(stage).await;
        page.click("change-email").await;
        page.wait_for("send-code").await;
        page.fill("email", "not-an-address").await;
        page.click("send-code").await;
        page.wait_field_error("email", "invalid").await;
        page.reload().await;
        page.wait_for("submit").await;
        assert!(!page.sees("code").await, "the address that the user gave up is used");
        page.click("use-code").await;
        page.wait_for("send-code").await;
        page.click("use-password").await;
        page.wait_for("password").await;
        stage.sign_in_as(USER).await;
        page.wait_path(DEEP).await;
    })
    .await;
}
