//! A failed refresh does not sign the user out.

use e2e::sdk::{Setting, USER, play};

with_both! {
    a_server_error_leaves_the_user_signed_in_and_shows_a_message
    a_refresh_whose_connection_breaks_does_not_sign_out
}

async fn a_server_error_leaves_the_user_signed_in_and_shows_a_message(setting: Setting) {
    stays_signed_in_after(setting, 500).await;
}

async fn a_refresh_whose_connection_breaks_does_not_sign_out(setting: Setting) {
    // No status at all.
    stays_signed_in_after(setting, 0).await;
}

async fn stays_signed_in_after(setting: Setting, status: u16) {
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
