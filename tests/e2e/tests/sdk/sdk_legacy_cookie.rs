//! A cookie of the older generation's backend.

use e2e::sdk::{Setting, USER, play};

with_current! {
    a_legacy_cookie_costs_one_refresh_and_is_removed
}

/// While it exists, the SDK accepts no access token.
async fn a_legacy_cookie_costs_one_refresh_and_is_removed(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        stage.controls.reset().await;
        let mut left_behind = page.cookie("sAccessToken").await.expect("a session has one");
        left_behind.set_name("sIdRefreshToken");
        left_behind.set_value("from-before");
        page.add_cookie(left_behind).await;
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        assert_eq!((stage.refreshes().await, stage.controls.thefts().await), (1, 0));
        assert!(page.cookie("sIdRefreshToken").await.is_none());
        page.wait_text("status", "Signed in").await;
    })
    .await;
}
