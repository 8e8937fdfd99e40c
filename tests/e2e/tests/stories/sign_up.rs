//! A new user creates an account.

use e2e::{PASSWORD, Setting, Stage, USER, play};

/// Fills in and submits the form for a new account.
async fn sign_up(stage: &Stage, email: &str, password: &str) {
    let page = &stage.page;
    page.open("/login").await;
    page.click("toggle-mode").await;
    page.fill("email", email).await;
    page.fill("password", password).await;
    page.click("submit").await;
}

#[tokio::test]
async fn a_new_user_is_signed_in_on_the_dashboard() {
    play(Setting::default(), async |stage| {
        sign_up(stage, "new@example.com", "Secret-4711").await;
        let page = &stage.page;
        page.wait_for("dashboard-page").await;
        page.wait_path("/").await;
        page.wait_text("status", "Signed in").await;
        page.wait_text("payload", "new@example.com").await;
        assert_eq!(page.events("SessionCreated").await, 1);

        let me = page
            .js_async(&format!(
                "const response = await fetch('{}/api/me', {{ credentials: 'include' }}); return response.json()",
                stage.api_origin()
            ))
            .await;
        let user_id = me["user_id"].as_str().unwrap_or_else(|| panic!("the API does not know her: {me}"));
        page.wait_text("user-id", user_id).await;
    })
    .await;
}

#[tokio::test]
async fn an_email_in_use_is_a_field_error() {
    play(Setting::default(), async |stage| {
        sign_up(stage, USER, PASSWORD).await;
        let page = &stage.page;
        page.wait_field_error("email", "already exists").await;
        assert!(!page.sees("field-error-password").await);
        stays_signed_out(stage).await;
    })
    .await;
}

#[tokio::test]
async fn a_weak_password_is_a_field_error() {
    play(Setting::default(), async |stage| {
        sign_up(stage, "new@example.com", "short").await;
        let page = &stage.page;
        page.wait_field_error("password", "at least 8 characters").await;
        assert!(!page.sees("field-error-email").await);
        stays_signed_out(stage).await;
    })
    .await;
}

async fn stays_signed_out(stage: &Stage) {
    assert!(stage.page.sees("login-page").await);
    assert!(stage.page.cookie("sAccessToken").await.is_none());
    assert!(stage.page.cookie("sFrontToken").await.is_none());
}
