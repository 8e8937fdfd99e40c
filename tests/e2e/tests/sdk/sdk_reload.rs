//! The session survives a reload.

use e2e::sdk::{Setting, USER, play};

with_both! {
    after_a_reload_the_user_is_signed_in_without_a_refresh_or_the_login_page
    a_new_tab_is_signed_in_too
    a_session_whose_script_cookies_were_cleared_is_restored_by_one_refresh
}

with_headers! {
    after_a_reload_the_user_is_signed_in_without_a_refresh_or_the_login_page
    a_new_tab_is_signed_in_too
}

async fn after_a_reload_the_user_is_signed_in_without_a_refresh_or_the_login_page(setting: Setting) {
    play(setting, async |stage| {
        stage.arrive(USER).await;
        let user = stage.page.text("user-id").await;
        stage.controls.reset().await;
        stage.page.reload().await;
        stage.page.wait_text("user-id", &user).await;
        stage.page.wait_text("status", "Signed in").await;
        stage.page.wait_path("/").await;
        assert_eq!(stage.refreshes().await, 0);
        assert!(!stage.page.record().await.has("login-page"), "the login page flashed");
    })
    .await;
}

async fn a_new_tab_is_signed_in_too(setting: Setting) {
    play(setting, async |stage| {
        stage.arrive(USER).await;
        let user = stage.page.text("user-id").await;
        stage.controls.reset().await;
        stage.page.new_tab().await;
        stage.page.open("/").await;
        stage.page.wait_text("user-id", &user).await;
        stage.page.click("one-request").await;
        stage.page.wait_text("one-request-result", "200").await;
        assert_eq!(stage.refreshes().await, 0);
    })
    .await;
}

async fn a_session_whose_script_cookies_were_cleared_is_restored_by_one_refresh(setting: Setting) {
    play(setting, async |stage| {
        stage.arrive(USER).await;
        let user = stage.page.text("user-id").await;
        stage.controls.reset().await;
        // Safari clears them after seven days.
        for name in ["sFrontToken", "st-last-access-token-update", "sIRTFrontend"] {
            stage.page.delete_cookie(name).await;
        }
        stage.page.reload().await;
        stage.page.wait_text("user-id", &user).await;
        assert_eq!(stage.refreshes().await, 1);
        assert!(!stage.page.record().await.has("login-page"), "the login page flashed");
    })
    .await;
}
