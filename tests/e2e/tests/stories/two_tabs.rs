//! One session, two tabs.

use std::time::Duration;

use e2e::{Setting, USER, play};

#[tokio::test]
async fn two_tabs_that_expire_at_the_same_time_cost_one_refresh() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let first = page.tab().await;
        let second = page.new_tab().await;
        page.open("/").await;
        page.wait_text("status", "Signed in").await;

        stage.controls.reset_calls();
        stage.controls.expire_all();
        // So slow that the second tab sends its requests during the first one's refresh.
        stage.controls.delay("/auth/session/refresh", Duration::from_secs(2));
        page.click_at_once("burst").await;
        page.switch_to(&first).await;
        page.click_at_once("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        page.switch_to(&second).await;
        page.wait_text("burst-result", "20 of 20").await;

        assert_eq!(stage.refreshes(), 1);
        assert_eq!(stage.controls.thefts(), 0);
        page.wait_text("status", "Signed in").await;
    })
    .await;
}

#[tokio::test]
async fn a_tab_closed_during_a_refresh_does_not_block_the_other() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let first = page.tab().await;
        page.new_tab().await;
        page.open("/").await;
        page.wait_text("status", "Signed in").await;

        stage.controls.reset_calls();
        stage.controls.expire_all();
        stage.controls.delay("/auth/session/refresh", Duration::from_secs(4));
        page.click_at_once("one-request").await;
        stage.wait_for_call("POST", "/auth/session/refresh").await;
        page.close_tab().await;
        page.switch_to(&first).await;
        stage.controls.delay("/auth/session/refresh", Duration::ZERO);
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        page.wait_text("status", "Signed in").await;
        assert_eq!(stage.controls.thefts(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_sign_out_in_one_tab_redirects_the_other_to_the_login_page() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let first = page.tab().await;
        page.new_tab().await;
        page.open("/").await;
        page.wait_text("status", "Signed in").await;
        page.click("sign-out").await;
        page.wait_for("login-page").await;

        page.switch_to(&first).await;
        page.wait_for("login-page").await;
    })
    .await;
}

#[tokio::test]
async fn another_user_who_signs_in_in_one_tab_is_shown_in_the_other() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let first = page.tab().await;
        page.new_tab().await;
        page.open("/").await;
        page.wait_text("status", "Signed in").await;
        page.click("sign-out").await;
        stage.sign_in_as("admin@example.com").await;
        let admin = page.text("user-id").await;

        page.switch_to(&first).await;
        page.wait_text("user-id", &admin).await;
        page.wait_text("payload", "admin@example.com").await;
    })
    .await;
}
