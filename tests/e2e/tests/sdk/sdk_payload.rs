//! The access token's payload changes.

use e2e::sdk::{Setting, USER, play};

with_both! {
    a_new_nickname_is_shown_at_once_without_a_reload
    a_nickname_survives_refresh_and_reload
}

with_headers! {
    a_new_nickname_is_shown_at_once_without_a_reload
    a_nickname_survives_refresh_and_reload
}

async fn a_new_nickname_is_shown_at_once_without_a_reload(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        stage.controls.reset().await;
        page.js("window.notReloaded = true").await;
        page.fill("nickname", "Zoë <3 \"quotes\"").await;
        page.click("save-nickname").await;
        page.wait_text("payload", "Zoë <3").await;
        page.text("nickname-result").await;
        assert_eq!(page.js("return window.notReloaded").await, true);
        assert_eq!(page.events("AccessTokenPayloadUpdated").await, 1);
        assert_eq!(stage.refreshes().await, 0);
    })
    .await;
}

async fn a_nickname_survives_refresh_and_reload(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.fill("nickname", "Grace").await;
        page.click("save-nickname").await;
        page.wait_text("payload", "Grace").await;
        stage.controls.expire_all().await;
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        page.wait_text("payload", "Grace").await;
        page.reload().await;
        page.wait_text("payload", "Grace").await;
        page.wait_text("payload", USER).await;
    })
    .await;
}
