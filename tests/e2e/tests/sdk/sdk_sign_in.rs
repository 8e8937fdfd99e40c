//! A user with an account signs in.

use e2e::sdk::{PASSWORD, Setting, USER, play};

with_both! {
    a_wrong_password_shows_a_message_and_the_right_one_signs_in
    a_deep_link_opens_its_page_after_sign_in
}

async fn a_wrong_password_shows_a_message_and_the_right_one_signs_in(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        page.open("/login").await;
        page.fill("email", USER).await;
        page.fill("password", "not-my-password-1").await;
        page.click("submit").await;
        page.wait_text("form-error", "password is wrong").await;
        assert!(page.sees("login-page").await);
        assert!(page.cookie("sAccessToken").await.is_none());

        page.fill("password", PASSWORD).await;
        page.click("submit").await;
        page.wait_for("dashboard-page").await;
        page.wait_text("status", "Signed in").await;
        page.wait_text("payload", USER).await;
        let access = page.cookie("sAccessToken").await.expect("an access token");
        assert_eq!(access.http_only(), Some(true), "scripts can read the access token");
    })
    .await;
}

async fn a_deep_link_opens_its_page_after_sign_in(setting: Setting) {
    play(setting, async |stage| {
        stage.page.open("/orders?sort=total#list").await;
        stage.page.wait_path("/login?redirectToPath=%2Forders%3Fsort%3Dtotal%23list").await;
        stage.sign_in_as(USER).await;
        stage.page.wait_path("/orders?sort=total#list").await;
        stage.page.wait_text("orders-list", "Desk lamp").await;
        assert!(stage.site().requests().iter().all(|request| request.header("authorization").is_none()));
    })
    .await;
}
