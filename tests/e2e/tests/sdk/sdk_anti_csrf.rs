//! Every token transfer mode, with every protection against forged requests.

use e2e::sdk::{AntiCsrf, Setting, USER, play};

const REFRESH: &str = "/auth/session/refresh";

/// The same story with each protection.
macro_rules! with_each_proof {
    ($($way:ident: $setting:expr;)*) => {
        $(mod $way {
            use super::*;

            #[tokio::test]
            async fn every_step_works_without_anti_csrf() {
                plays_every_step($setting, AntiCsrf::None).await;
            }

            #[tokio::test]
            async fn every_step_works_with_an_anti_csrf_token() {
                plays_every_step($setting, AntiCsrf::ViaToken).await;
            }

            #[tokio::test]
            async fn every_step_works_with_a_custom_header() {
                plays_every_step($setting, AntiCsrf::ViaCustomHeader).await;
            }
        })*
    };
}

with_each_proof! {
    cookies: Setting::default();
    headers: Setting::default().header_mode();
    older: Setting::older();
}

async fn plays_every_step(setting: Setting, anti_csrf: AntiCsrf) {
    let (is_header_mode, is_older) = (setting.is_header_mode(), setting.is_older());
    play(setting.anti_csrf(anti_csrf), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.fill("nickname", "Lin").await;
        page.click("save-nickname").await;
        page.wait_text("payload", "Lin").await;

        stage.controls.reset().await;
        stage.controls.expire_all().await;
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        page.fill("nickname", "Linn").await;
        page.click("save-nickname").await;
        page.wait_text("payload", "Linn").await;
        assert_eq!(stage.refreshes().await, 1);

        // This time the changing request itself gets the 401.
        stage.controls.expire_all().await;
        page.fill("nickname", "Linnea").await;
        page.click("save-nickname").await;
        page.wait_text("payload", "Linnea").await;
        assert_eq!(stage.refreshes().await, 2);
        assert_eq!(stage.controls.thefts().await, 0);

        for call in stage.controls.requests().await {
            let name = format!("{} {}", call.method, call.path);
            assert!(call.header("rid").is_some(), "{name}");
            let is_bearer = call.header("authorization").is_some_and(|value| value.starts_with("Bearer "));
            assert_eq!(is_bearer, is_header_mode, "{name}");
            let has_proof = call.header("anti-csrf").is_some();
            assert_eq!(has_proof, anti_csrf == AntiCsrf::ViaToken && !is_header_mode, "{name}");
            let cookies = call.header("cookie").unwrap_or_default();
            let cookie = if call.path == REFRESH { "sRefreshToken=" } else { "sAccessToken=" };
            assert_eq!(cookies.contains(cookie), !is_header_mode, "{name}");
            if !is_older {
                let mode = if is_header_mode { "header" } else { "cookie" };
                assert_eq!(call.header("st-auth-mode"), Some(mode), "{name}");
            }
        }

        page.click("sign-out").await;
        page.wait_for("signed-out-notice").await;
        assert!(page.cookie("sAntiCsrf").await.is_none());
    })
    .await;
}
