//! A new user creates an account.

use e2e::sdk::{PASSWORD, Setting, Stage, USER, newcomer, play};

with_both! {
    a_new_user_is_signed_in_on_the_dashboard
    an_email_in_use_is_a_field_error
    a_weak_password_is_a_field_error
}

/// Fills in and submits the form for a new account.
async fn sign_up(stage: &Stage, email: &str, password: &str) {
    let page = &stage.page;
    page.open("/login").await;
    page.click("toggle-mode").await;
    page.fill("email", email).await;
    page.fill("password", password).await;
    page.click("submit").await;
}

async fn a_new_user_is_signed_in_on_the_dashboard(setting: Setting) {
    play(setting, async |stage| {
        let email = newcomer();
        sign_up(stage, &email, "Secret-4711").await;
        let page = &stage.page;
        page.wait_for("dashboard-page").await;
        page.wait_path("/").await;
        page.wait_text("status", "Signed in").await;
        page.wait_text("payload", &email).await;
        assert_eq!(page.events("SessionCreated").await, 1);
        // Resets the count of the refresh that a first visit costs.
        stage.controls.reset().await;
        page.click("one-request").await;
        page.wait_text("one-request-result", "200").await;
        assert_eq!(stage.refreshes().await, 0);
    })
    .await;
}

async fn an_email_in_use_is_a_field_error(setting: Setting) {
    play(setting, async |stage| {
        sign_up(stage, USER, PASSWORD).await;
        stage.page.wait_text("field-error-email", "already exists").await;
        stays_signed_out(stage).await;
    })
    .await;
}

async fn a_weak_password_is_a_field_error(setting: Setting) {
    play(setting, async |stage| {
        sign_up(stage, &newcomer(), "short").await;
        stage.page.wait_text("field-error-password", "at least 8 characters").await;
        stays_signed_out(stage).await;
    })
    .await;
}

async fn stays_signed_out(stage: &Stage) {
    assert!(stage.page.sees("login-page").await);
    for name in ["sAccessToken", "sFrontToken"] {
        assert!(stage.page.cookie(name).await.is_none(), "{name}");
    }
}
