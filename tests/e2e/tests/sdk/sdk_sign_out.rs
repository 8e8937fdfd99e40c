//! The user signs out.

use e2e::sdk::{Setting, USER, play};

with_both! {
    the_button_ends_the_session_in_the_browser_and_on_the_server
    a_sign_out_with_an_expired_token_refreshes_first
    a_reload_after_a_sign_out_makes_no_request
    another_user_sees_no_data_of_the_first
}

with_headers! {
    the_button_ends_the_session_in_the_browser_and_on_the_server
    a_sign_out_with_an_expired_token_refreshes_first
    a_reload_after_a_sign_out_makes_no_request
    another_user_sees_no_data_of_the_first
}

async fn the_button_ends_the_session_in_the_browser_and_on_the_server(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let stolen = stage.steal_tokens().await;
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        page.wait_for("signed-out-notice").await;
        assert!(!page.sees("session-ended").await);
        assert_eq!(stage.controls.calls("POST", "/auth/signout").await, 1);
        let left: Vec<_> = page.all_cookies().await.into_iter().map(|(name, _)| name).collect();
        let of_the_server = ["sAccessToken", "sRefreshToken", "sIdRefreshToken"];
        let of_script = ["sFrontToken", "sAntiCsrf", "st-access-token", "st-refresh-token"];
        for removed in of_the_server.into_iter().chain(of_script) {
            assert!(!left.iter().any(|name| name == removed), "{removed} still exists");
        }
        assert_eq!(stolen.refresh().await, 401, "the refresh token is still valid");
    })
    .await;
}

async fn a_sign_out_with_an_expired_token_refreshes_first(setting: Setting) {
    play(setting, async |stage| {
        stage.arrive(USER).await;
        let stolen = stage.steal_tokens().await;
        stage.controls.expire_all().await;
        stage.page.click("sign-out").await;
        stage.page.wait_for("login-page").await;
        assert_eq!(stolen.refresh().await, 401, "the session still exists");
    })
    .await;
}

async fn a_reload_after_a_sign_out_makes_no_request(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        stage.controls.reset().await;
        page.open("/").await;
        page.wait_for("login-page").await;
        assert_eq!(stage.refreshes().await, 0, "the store knows that no user is signed in");
        assert!(!page.record().await.has("dashboard-page"));
    })
    .await;
}

async fn another_user_sees_no_data_of_the_first(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let first = page.text("user-id").await;
        page.click("sign-out").await;
        stage.sign_in_as("admin@example.com").await;
        page.wait_text("payload", "admin@example.com").await;
        assert_ne!(first, page.text("user-id").await);
        assert!(!page.text("payload").await.contains(USER));
    })
    .await;
}
