//! The API does not respond.

use std::time::Duration;

use e2e::{PASSWORD, Setting, USER, play};
use tokio::time::sleep;

#[tokio::test]
async fn a_page_with_a_valid_token_stays_and_shows_that_its_data_is_missing() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        stage.api.stop().await;
        let page = &stage.page;
        page.click("nav-orders").await;
        let words = page.text("orders-error").await;
        assert!(words.contains(' '), "no words: {words}");
        page.wait_path("/orders").await;
        assert!(page.cookie("sFrontToken").await.is_some());

        stage.api.restart().await.expect("the same port");
        stage.page.click("orders-retry").await;
        stage.page.wait_text("orders-list", "Desk lamp").await;
        assert!(!stage.page.sees("orders-error").await);
    })
    .await;
}

#[tokio::test]
async fn a_reload_with_an_expired_token_shows_an_error_and_recovers() {
    let lifetime = Duration::from_secs(2);
    play(Setting::default().access_token_lifetime(lifetime), async |stage| {
        stage.arrive(USER).await;
        sleep(lifetime + Duration::from_millis(200)).await;
        stage.api.stop().await;
        let page = &stage.page;
        page.reload().await;
        page.wait_for("unreachable").await;
        page.wait_path("/").await;
        page.click("retry").await;
        sleep(Duration::from_millis(500)).await;
        page.wait_for("unreachable").await;
        assert!(!page.record().await.has("login-page"), "an unreachable API signs no user out");

        stage.api.restart().await.expect("the same port");
        // The page also tries by itself.
        stage.page.click_if_there("retry").await;
        stage.page.wait_for("dashboard-page").await;
        stage.page.wait_text("status", "Signed in").await;
        assert!(!stage.page.record().await.has("login-page"));
    })
    .await;
}

#[tokio::test]
async fn a_first_visit_does_not_redirect_to_the_login_page() {
    play(Setting::default(), async |stage| {
        stage.api.stop().await;
        stage.page.open("/").await;
        stage.page.wait_for("unreachable").await;
        assert!(!stage.page.record().await.has("login-page"));

        stage.api.restart().await.expect("the same port");
        // The page also tries by itself.
        stage.page.click_if_there("retry").await;
        stage.page.wait_for("login-page").await;
        stage.sign_in_as(USER).await;
        stage.page.wait_for("dashboard-page").await;
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_shows_an_error_message() {
    play(Setting::default(), async |stage| {
        stage.page.open("/login").await;
        stage.page.wait_for("login-page").await;
        stage.api.stop().await;
        stage.page.fill("email", USER).await;
        stage.page.fill("password", PASSWORD).await;
        stage.page.click("submit").await;
        let words = stage.page.text("form-error").await;
        assert!(words.contains(' '), "no words: {words}");

        stage.api.restart().await.expect("the same port");
        stage.page.click("submit").await;
        stage.page.wait_for("dashboard-page").await;
    })
    .await;
}

#[tokio::test]
async fn a_sign_out_ends_the_session_in_the_browser_and_shows_an_error_message() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        stage.api.stop().await;
        stage.page.click("sign-out").await;
        stage.page.wait_for("signed-out-notice").await;
        let words = stage.page.text("sign-out-trouble").await;
        assert!(words.contains(' '), "no words: {words}");
        assert!(stage.page.cookie("sFrontToken").await.is_none());

        // The server's cookies still exist, but do not sign the user in again.
        stage.api.restart().await.expect("the same port");
        stage.page.open("/").await;
        stage.page.wait_for("login-page").await;
        assert!(!stage.page.record().await.has("dashboard-page"));
    })
    .await;
}
