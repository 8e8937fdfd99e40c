//! A user who forgot the password sets a new one with the link of a mail.

use e2e::{PASSWORD, Page, Setting, USER, play};

const NEW_PASSWORD: &str = "Secret-4711";

/// Asks for a mail to this address, from the login page.
async fn ask(page: &Page, email: &str) {
    page.open("/login").await;
    page.click("forgot-password").await;
    page.fill("reset-email", email).await;
    page.click("send-reset").await;
}

async fn set(page: &Page, password: &str) {
    page.fill("new-password", password).await;
    page.click("submit-password").await;
}

async fn try_to_sign_in(page: &Page, password: &str) {
    page.fill("email", USER).await;
    page.fill("password", password).await;
    page.click("submit").await;
}

#[tokio::test]
async fn the_link_of_the_mail_sets_a_new_password() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        ask(page, USER).await;
        page.wait_text("send-reset-result", "a mail with a link is on its way").await;
        page.click("demo-link").await;
        page.wait_for("new-password-page").await;
        set(page, "short").await;
        page.wait_field_error("new-password", "at least 8 characters").await;
        set(page, NEW_PASSWORD).await;
        page.wait_text("reset-done", "Your password is changed").await;
        page.wait_focus("reset-done").await;
        assert!(page.cookie("sAccessToken").await.is_none(), "a reset does not sign in");

        page.click("reset-sign-in").await;
        page.wait_for("login-page").await;
        assert!(!page.path().await.contains("token="), "the login page has the token of the mail");
        try_to_sign_in(page, PASSWORD).await;
        page.wait_text("form-error", "wrong").await;
        try_to_sign_in(page, NEW_PASSWORD).await;
        page.wait_for("dashboard-page").await;
        page.wait_text("payload", USER).await;
    })
    .await;
}

#[tokio::test]
async fn a_used_link_shows_an_error_and_leads_to_a_new_mail() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        ask(page, USER).await;
        let first = stage.newest_mail(USER).await;
        page.visit(first.link()).await;
        set(page, NEW_PASSWORD).await;
        page.wait_for("reset-done").await;

        page.visit(first.link()).await;
        set(page, "Another-4712").await;
        page.wait_text("reset-error", "no longer valid").await;
        assert!(!page.sees("reset-done").await);
        page.click("new-reset").await;
        page.wait_for("reset-page").await;
        page.fill("reset-email", USER).await;
        page.click("send-reset").await;
        page.wait_for("demo-link").await;
        stage.controls.expire_codes();
        page.click("demo-link").await;
        page.wait_for("new-password-page").await;
        set(page, "Another-4712").await;
        page.wait_text("reset-error", "no longer valid").await;

        page.open("/login").await;
        try_to_sign_in(page, NEW_PASSWORD).await;
        page.wait_for("dashboard-page").await;
    })
    .await;
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_words_but_no_mail() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        ask(page, "unknown@example.com").await;
        page.wait_text("send-reset-result", "If an account has this address").await;
        page.wait_text("demo-mail", "No mail").await;
        page.fill("reset-email", "not-an-address").await;
        page.click("send-reset").await;
        page.wait_field_error("reset-email", "invalid").await;
    })
    .await;
}
