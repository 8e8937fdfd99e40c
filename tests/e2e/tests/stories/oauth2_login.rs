//! The example app as the login page of another app.

use e2e::{Setting, Stage, USER, play};

const SIGNED_IN: &str = "You are signed in as user@example.com";

/// Goes from the other app to the login page.
async fn begin(stage: &Stage) {
    let page = &stage.page;
    page.visit(&format!("{}/demo-client?website={}", stage.api_origin(), page.origin())).await;
    page.click_link("Sign in with the example app").await;
}

#[tokio::test]
async fn the_login_page_returns_to_the_app_that_asks() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        begin(stage).await;
        page.wait_text("oauth-notice", "Demo client").await;
        stage.sign_in_as(USER).await;
        page.wait_words(SIGNED_IN).await;
        assert!(page.url().await.starts_with(&format!("{}/demo-client/callback?", stage.api_origin())));

        // A signed-in user needs no form.
        begin(stage).await;
        page.wait_words(SIGNED_IN).await;
        assert_eq!(stage.controls.calls("POST", "/auth/signin"), 1);
    })
    .await;
}

#[tokio::test]
async fn the_login_survives_a_detour_to_a_provider() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        begin(stage).await;
        page.click("continue-with-demo").await;
        page.click_link("Continue as user@example.com").await;
        page.wait_words(SIGNED_IN).await;
    })
    .await;
}

#[tokio::test]
async fn the_login_survives_a_detour_to_a_mail() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        begin(stage).await;
        page.click("use-code").await;
        page.wait_for("send-code").await;
        page.fill("email", USER).await;
        page.click("send-code").await;
        page.wait_for("code").await;
        let mail = stage.newest_mail(USER).await;
        page.visit(mail.link()).await;
        page.wait_words(SIGNED_IN).await;
    })
    .await;
}

#[tokio::test]
async fn an_unknown_request_shows_words_and_the_user_can_sign_in() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        page.open("/login?loginChallenge=unknown").await;
        page.wait_text("oauth-error", "no longer valid").await;
        stage.sign_in_as(USER).await;
        page.wait_for("dashboard-page").await;
        page.wait_path("/").await;
    })
    .await;
}

#[tokio::test]
async fn an_expired_session_is_refreshed_first() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        stage.controls.expire_all();
        begin(stage).await;
        stage.page.wait_words(SIGNED_IN).await;
        assert_eq!(stage.refreshes(), 2);
    })
    .await;
}
