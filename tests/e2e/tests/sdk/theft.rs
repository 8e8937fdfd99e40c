//! Somebody presents a refresh token that was copied before it was used.

use e2e::sdk::{Setting, USER, play};

with_both! {
    the_session_ends_for_the_thief_and_for_the_user_who_is_asked_to_sign_in_again
}

#[tokio::test]
async fn the_same_with_tokens_in_headers() {
    the_session_ends_for_the_thief_and_for_the_user_who_is_asked_to_sign_in_again(
        Setting::default().header_mode(),
    )
    .await;
}

async fn the_session_ends_for_the_thief_and_for_the_user_who_is_asked_to_sign_in_again(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let loot = stage.loot().await;
        stage.controls.expire_all().await;
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        assert_eq!(stage.controls.thefts().await, 0);

        assert_eq!(loot.refresh().await, 401);
        assert_eq!(stage.controls.thefts().await, 1);

        // The access token is good for as long as it lives; the session is not.
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
