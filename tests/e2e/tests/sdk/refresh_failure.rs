//! The refresh fails, which is no reason to sign anybody out.

use e2e::sdk::{Setting, USER, play};

with_both! {
    a_server_error_leaves_the_user_signed_in_and_is_said_in_words
    a_line_that_breaks_in_the_refresh_is_no_sign_out_either
}

async fn a_server_error_leaves_the_user_signed_in_and_is_said_in_words(setting: Setting) {
    lives_through(setting, 500).await;
}

async fn a_line_that_breaks_in_the_refresh_is_no_sign_out_either(setting: Setting) {
    // No status at all.
    lives_through(setting, 0).await;
}

async fn lives_through(setting: Setting, status: u16) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        stage.controls.expire_all().await;
        stage.controls.fail_refreshes(100, status).await;
        page.click("nav-orders").await;
        let words = page.text("orders-error").await;
        assert!(words.contains(' '), "no words: {words}");
        page.wait_path("/orders").await;
        assert!(page.cookie("sFrontToken").await.is_some());
        page.click("nav-dashboard").await;
        page.wait_text("status", "Signed in").await;

        stage.controls.fail_refreshes(0, 500).await;
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        page.wait_text("status", "Signed in").await;
        assert_eq!(stage.controls.thefts().await, 0);
    })
    .await;
}
