//! The user signs out.

use e2e::{Setting, USER, play};

const MARKER: &str = "st-last-access-token-update";

#[tokio::test]
async fn the_button_ends_the_session_in_the_browser_and_on_the_server() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let access = page.cookie("sAccessToken").await.expect("an access token");
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        page.wait_for("signed-out-notice").await;
        assert!(!page.sees("session-ended").await);
        assert_eq!(page.cookie_names().await, [MARKER], "only the sign of a known end stays");
        assert_eq!(stage.controls.calls("POST", "/auth/signout"), 1);

        // Not even with the previously valid token.
        page.add_cookie(access).await;
        let status = page
            .js_async(&format!(
                "return (await fetch('{}/api/me', {{ credentials: 'include' }})).status",
                stage.api_origin()
            ))
            .await;
        assert_eq!(status, 401);
    })
    .await;
}

#[tokio::test]
async fn back_after_a_sign_out_shows_the_login_page() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.click("nav-orders").await;
        page.wait_text("orders-list", "Desk lamp").await;
        page.click("nav-dashboard").await;
        page.wait_for("dashboard-page").await;
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        stage.controls.reset_calls();
        page.back().await;
        page.wait_for("login-page").await;
        page.wait_hidden("orders-page").await;
        assert!(!page.sees("dashboard-page").await);
        assert_eq!(stage.controls.calls("GET", "/api/orders"), 0);
    })
    .await;
}

#[tokio::test]
async fn a_reload_after_a_sign_out_makes_no_request() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        stage.controls.reset_calls();
        page.open("/").await;
        page.wait_for("login-page").await;
        assert_eq!(stage.refreshes(), 0, "the store knows that no user is signed in");
        assert!(!page.record().await.has("dashboard-page"));
    })
    .await;
}

#[tokio::test]
async fn another_user_sees_no_data_of_the_first() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let first = page.text("user-id").await;
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        stage.sign_in_as("admin@example.com").await;
        page.wait_text("payload", "admin@example.com").await;
        let second = page.text("user-id").await;
        assert_ne!(first, second);
        assert!(!page.text("payload").await.contains(USER));
    })
    .await;
}
