//! An API that requires an anti-CSRF header of each changing request.

use e2e::{AntiCsrf, Setting, USER, play};

async fn plays_every_step(setting: Setting) {
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
async fn requests_carry_the_anti_csrf_token() {
    plays_every_step(Setting::default().anti_csrf(AntiCsrf::ViaToken)).await;
}

#[tokio::test]
async fn requests_carry_the_custom_header() {
    plays_every_step(Setting::default().anti_csrf(AntiCsrf::ViaCustomHeader)).await;
}
