//! The server ends the session.

use e2e::{Setting, USER, play};

#[tokio::test]
async fn the_next_page_redirects_to_login_with_the_reason_and_opens_after_sign_in() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        stage.controls.revoke_all();
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

#[tokio::test]
async fn the_next_request_of_the_current_page_redirects_to_login() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        stage.controls.reset_calls();
        stage.page.click("revoke").await;
        stage.wait_for_call("POST", "/api/session/revoke").await;
        stage.page.click("one-request").await;
        stage.page.wait_for("login-page").await;
        stage.page.wait_path("/login?redirectToPath=%2F").await;
        stage.page.wait_for("session-ended").await;
        assert!(!stage.page.sees("signed-out-notice").await);
        assert_eq!(stage.refreshes(), 1);
        assert!(stage.page.cookie("sFrontToken").await.is_none());
        assert!(stage.page.cookie("sAccessToken").await.is_none());
    })
    .await;
}

#[tokio::test]
async fn twenty_requests_of_a_revoked_session_redirect_to_login_once() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        stage.controls.reset_calls();
        stage.controls.revoke_all();
        stage.page.click("burst").await;
        stage.page.wait_for("session-ended").await;
        stage.page.wait_path("/login?redirectToPath=%2F").await;
        assert_eq!(stage.refreshes(), 1);
    })
    .await;
}
