//! The server ends the session.

use e2e::{Setting, USER, play};

#[tokio::test]
async fn the_next_page_leads_to_the_login_page_which_says_why_and_then_to_the_wanted_page() {
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
async fn the_next_request_of_the_page_one_is_on_leads_there_too() {
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
async fn twenty_requests_after_the_end_lead_there_once() {
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
