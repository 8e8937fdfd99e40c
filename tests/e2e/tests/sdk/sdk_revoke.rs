//! The server ends the session.

use e2e::sdk::{Setting, USER, play};

with_both! {
    the_next_page_redirects_to_login_with_the_reason_and_opens_after_sign_in
    twenty_requests_of_a_revoked_session_redirect_to_login_once
    a_session_revoked_in_the_core_ends_at_the_next_refresh
}

with_headers! {
    the_next_page_redirects_to_login_with_the_reason_and_opens_after_sign_in
    twenty_requests_of_a_revoked_session_redirect_to_login_once
    a_session_revoked_in_the_core_ends_at_the_next_refresh
}

async fn the_next_page_redirects_to_login_with_the_reason_and_opens_after_sign_in(setting: Setting) {
    play(setting, async |stage| {
        stage.arrive(USER).await;
        stage.controls.revoke_all().await;
        stage.page.click("nav-orders").await;
        stage.page.wait_for("login-page").await;
        stage.page.wait_path("/login?redirectToPath=%2Forders").await;
        stage.page.wait_text("session-ended", "session has ended").await;
        stage.sign_in_as(USER).await;
        stage.page.wait_path("/orders").await;
        stage.page.wait_text("orders-list", "Desk lamp").await;
    })
    .await;
}

async fn twenty_requests_of_a_revoked_session_redirect_to_login_once(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        stage.controls.reset().await;
        page.click("revoke").await;
        page.wait_text("revoke-result", "Revoked").await;
        page.click("burst").await;
        page.wait_for("session-ended").await;
        page.wait_path("/login?redirectToPath=%2F").await;
        assert!(!page.sees("signed-out-notice").await);
        assert_eq!(stage.refreshes().await, 1);
        for name in ["sAccessToken", "sFrontToken", "sIdRefreshToken", "st-access-token", "st-refresh-token"]
        {
            assert!(page.cookie(name).await.is_none(), "{name} still exists");
        }
    })
    .await;
}

/// By default of the SDK access tokens stay valid until they expire.
async fn a_session_revoked_in_the_core_ends_at_the_next_refresh(setting: Setting) {
    play(setting, async |stage| {
        stage.arrive(USER).await;
        stage.controls.revoke_all_but_access_tokens().await;
        stage.page.click("one-request").await;
        stage.page.wait_text("one-request-result", "200").await;
        stage.controls.expire_all().await;
        stage.page.click("one-request").await;
        stage.page.wait_for("session-ended").await;
        stage.sign_in_as(USER).await;
        stage.page.wait_for("dashboard-page").await;
    })
    .await;
}
