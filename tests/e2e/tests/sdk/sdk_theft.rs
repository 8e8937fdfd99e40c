//! A thief uses a refresh token that was copied before it was used.

use e2e::sdk::{Setting, USER, play};

with_both! {
    a_theft_ends_the_session_of_thief_and_user
}

#[tokio::test]
async fn a_theft_ends_the_session_of_thief_and_user_with_tokens_in_headers() {
    a_theft_ends_the_session_of_thief_and_user(Setting::default().header_mode()).await;
}

async fn a_theft_ends_the_session_of_thief_and_user(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let stolen = stage.steal_tokens().await;
        stage.controls.expire_all().await;
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        assert_eq!(stage.controls.thefts().await, 0);

        assert_eq!(stolen.refresh().await, 401);
        assert_eq!(stage.controls.thefts().await, 1);

        // The access token stays valid until it expires; the session does not.
        stage.controls.expire_all().await;
        page.click("nav-orders").await;
        page.wait_for("login-page").await;
        page.wait_text("session-ended", "session has ended").await;
        page.wait_path("/login?redirectToPath=%2Forders").await;
        stage.sign_in_as(USER).await;
        page.wait_path("/orders").await;
        page.wait_text("orders-list", "Desk lamp").await;
        assert_eq!(stage.controls.thefts().await, 1, "the user was taken for a thief");
    })
    .await;
}
