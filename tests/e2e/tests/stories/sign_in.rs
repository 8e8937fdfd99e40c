//! A user with an account signs in.

use e2e::{PASSWORD, Setting, USER, play};

#[tokio::test]
async fn a_wrong_password_shows_a_message_on_the_login_page() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        page.open("/login").await;
        page.fill("email", USER).await;
        page.fill("password", "not-my-password-1").await;
        page.click("submit").await;
        let words = page.text("form-error").await;
        assert!(words.contains(' '), "no words: {words}");
        assert!(page.sees("login-page").await);
        assert!(page.cookie("sAccessToken").await.is_none());

        stage.sign_in_as(USER).await;
        page.wait_for("dashboard-page").await;
    })
    .await;
}

#[tokio::test]
async fn the_right_password_opens_the_dashboard() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        stage.page.wait_path("/").await;
        let access = stage.page.cookie("sAccessToken").await.expect("an access token");
        assert_eq!(access.http_only(), Some(true), "scripts can read the access token");
        assert_eq!(stage.page.local_storage("sFrontToken").await, None, "it is stored twice");
    })
    .await;
}

#[tokio::test]
async fn the_enter_key_submits_the_form() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        page.open("/login").await;
        page.fill("email", USER).await;
        page.fill("password", PASSWORD).await;
        page.press_enter().await;
        page.wait_for("dashboard-page").await;
    })
    .await;
}

#[tokio::test]
async fn the_login_page_redirects_signed_in_users() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        stage.page.open("/login").await;
        stage.page.wait_for("dashboard-page").await;
        stage.page.wait_path("/").await;
        stage.page.wait_js("window.e2eRecord.painted.includes('dashboard-page')").await;
        assert!(!stage.page.record().await.painted("login-page"), "the form flashed");
    })
    .await;
}

#[tokio::test]
async fn app_and_api_may_share_one_origin() {
    play(Setting::default().one_origin(), async |stage| {
        stage.arrive(USER).await;
        stage.controls.reset_calls();
        stage.controls.expire_all();
        stage.page.click("burst").await;
        stage.page.wait_text("burst-result", "20 of 20").await;
        assert_eq!(stage.refreshes(), 1);
    })
    .await;
}
