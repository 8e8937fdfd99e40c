//! An API that asks each changing request for proof that it comes from the app's own page.

use e2e::{AntiCsrf, Setting, USER, play};

async fn lives(setting: Setting) {
    play(setting, async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.fill("nickname", "Lin").await;
        page.click("save-nickname").await;
        page.wait_text("payload", "Lin").await;
        stage.controls.reset_calls();
        stage.controls.expire_all();
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        page.fill("nickname", "Linn").await;
        page.click("save-nickname").await;
        page.wait_text("payload", "Linn").await;
        assert_eq!(stage.refreshes(), 1);
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        assert!(page.cookie("sAntiCsrf").await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_token_goes_along() {
    lives(Setting::default().anti_csrf(AntiCsrf::ViaToken)).await;
}

#[tokio::test]
async fn a_header_of_any_value_goes_along() {
    lives(Setting::default().anti_csrf(AntiCsrf::ViaCustomHeader)).await;
}
