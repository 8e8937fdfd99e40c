//! One session, two tabs.

use std::time::Duration;

use e2e::sdk::{Setting, USER, play};

with_both! {
    two_tabs_that_expire_at_the_same_time_cost_one_refresh
    a_sign_out_in_one_tab_ends_the_session_in_the_other_at_its_next_request
}

with_headers! {
    two_tabs_that_expire_at_the_same_time_cost_one_refresh
    a_sign_out_in_one_tab_ends_the_session_in_the_other_at_its_next_request
}

async fn two_tabs_that_expire_at_the_same_time_cost_one_refresh(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let first = page.tab().await;
        let second = page.new_tab().await;
        page.open("/").await;
        page.wait_text("status", "Signed in").await;

        stage.controls.reset().await;
        stage.controls.expire_all().await;
        // So slow that the second tab sends its requests during the first one's refresh.
        stage.controls.delay("/auth/session/refresh", Duration::from_secs(2)).await;
        page.click_at_once("burst").await;
        page.switch_to(&first).await;
        page.click_at_once("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        page.switch_to(&second).await;
        page.wait_text("burst-result", "20 of 20").await;

        assert_eq!(stage.refreshes().await, 1);
        assert_eq!(stage.controls.thefts().await, 0);
        page.wait_text("status", "Signed in").await;
    })
    .await;
}

async fn a_sign_out_in_one_tab_ends_the_session_in_the_other_at_its_next_request(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let first = page.tab().await;
        page.new_tab().await;
        page.open("/").await;
        page.wait_text("status", "Signed in").await;
        page.click("sign-out").await;
        page.wait_for("login-page").await;

        page.switch_to(&first).await;
        page.click("nav-orders").await;
        page.wait_for("login-page").await;
        assert!(!page.record().await.says("Desk lamp"));
    })
    .await;
}
