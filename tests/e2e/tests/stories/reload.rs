//! The session survives a reload.

use std::time::Duration;

use e2e::{Setting, USER, play};
use tokio::time::sleep;

#[tokio::test]
async fn after_a_reload_the_user_is_signed_in_without_a_refresh_or_the_login_page() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        stage.controls.reset_calls();
        stage.page.reload().await;
        stage.page.wait_for("dashboard-page").await;
        stage.page.wait_text("status", "Signed in").await;
        stage.page.wait_path("/").await;
        assert_eq!(stage.refreshes(), 0);
        let record = stage.page.record().await;
        assert!(!record.has("login-page"), "the login page flashed");
    })
    .await;
}

#[tokio::test]
async fn a_new_tab_is_signed_in_too() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        let user = stage.page.text("user-id").await;
        stage.controls.reset_calls();
        stage.page.new_tab().await;
        stage.page.open("/").await;
        stage.page.wait_text("user-id", &user).await;
        assert_eq!(stage.refreshes(), 0);
        assert!(!stage.page.record().await.has("login-page"), "the login page flashed");
    })
    .await;
}

#[tokio::test]
async fn a_session_whose_script_cookies_were_cleared_is_restored_by_one_refresh() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        let user = stage.page.text("user-id").await;
        stage.controls.reset_calls();
        // Safari clears them after seven days.
        stage.page.delete_cookie("sFrontToken").await;
        stage.page.delete_cookie("st-last-access-token-update").await;
        stage.page.reload().await;
        stage.page.wait_text("user-id", &user).await;
        assert_eq!(stage.refreshes(), 1);
        assert!(!stage.page.record().await.has("login-page"), "the login page flashed");
    })
    .await;
}

#[tokio::test]
async fn a_reload_with_an_expired_token_costs_one_refresh_and_shows_no_login_page() {
    let lifetime = Duration::from_secs(2);
    play(Setting::default().access_token_lifetime(lifetime), async |stage| {
        stage.arrive(USER).await;
        let user = stage.page.text("user-id").await;
        sleep(lifetime + Duration::from_millis(200)).await;
        stage.controls.reset_calls();
        stage.page.reload().await;
        stage.page.wait_text("user-id", &user).await;
        assert_eq!(stage.refreshes(), 1);
        assert!(!stage.page.record().await.has("login-page"), "the login page flashed");
    })
    .await;
}

#[tokio::test]
async fn the_page_shows_that_it_is_loading_during_the_first_refresh() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        stage.page.delete_cookie("sFrontToken").await;
        stage.page.delete_cookie("st-last-access-token-update").await;
        stage.controls.delay("/auth/session/refresh", Duration::from_secs(2));
        stage.page.reload().await;
        stage.page.wait_for("loading").await;
        assert!(!stage.page.sees("dashboard-page").await);
        stage.page.wait_for("dashboard-page").await;
        assert!(!stage.page.record().await.has("login-page"), "the login page flashed");
    })
    .await;
}
