//! The user does not notice when access tokens expire.

use e2e::sdk::{Setting, USER, play};

const REFRESHES: &str = "[data-testid=event-log] [data-event=RefreshSession]";
const BURST_IS_OVER: &str = "document.querySelector('[data-testid=burst]').ariaDisabled === 'false'";

with_both! {
    twenty_requests_with_an_expired_token_cost_one_refresh
    each_of_several_expiries_costs_one_refresh
    the_button_that_expires_the_token_does_not_sign_out
}

async fn twenty_requests_with_an_expired_token_cost_one_refresh(setting: Setting) {
    play(setting, async |stage| {
        stage.arrive(USER).await;
        stage.controls.reset().await;
        stage.controls.expire_all().await;
        stage.page.click("burst").await;
        stage.page.wait_text("burst-result", "20 of 20").await;
        assert_eq!(stage.refreshes().await, 1);
        assert_eq!(stage.controls.thefts().await, 0);
        assert_eq!(stage.page.events("RefreshSession").await, 1);
        stage.page.wait_text("status", "Signed in").await;
    })
    .await;
}

/// The SDK renews the access token once more at the first use after a refresh.
async fn each_of_several_expiries_costs_one_refresh(setting: Setting) {
    play(setting, async |stage| {
        stage.arrive(USER).await;
        stage.controls.reset().await;
        for round in 1..=3 {
            stage.controls.expire_all().await;
            stage.page.click("burst").await;
            // Until then the response of the last round is still shown.
            stage.page.wait_js(&format!("document.querySelectorAll('{REFRESHES}').length === {round}")).await;
            stage.page.wait_js(BURST_IS_OVER).await;
            stage.page.wait_text("burst-result", "20 of 20").await;
            assert_eq!(stage.refreshes().await, round);
        }
        stage.page.reload().await;
        stage.page.wait_text("status", "Signed in").await;
        stage.page.click("one-request").await;
        stage.page.wait_text("one-request-result", "200").await;
        assert_eq!(stage.refreshes().await, 3);
        assert_eq!(stage.controls.thefts().await, 0);
    })
    .await;
}

async fn the_button_that_expires_the_token_does_not_sign_out(setting: Setting) {
    play(setting, async |stage| {
        stage.arrive(USER).await;
        stage.controls.reset().await;
        stage.page.click("expire").await;
        stage.page.wait_text("expire-result", "Done").await;
        stage.page.click("one-request").await;
        stage.page.wait_text("one-request-result", "200").await;
        assert_eq!(stage.refreshes().await, 1);
        stage.page.wait_text("status", "Signed in").await;
    })
    .await;
}

mod stand_in {
    use std::time::Duration;

    use e2e::sdk::{Setting, USER, play};
    use tokio::time::sleep;

    with_both! {
        a_token_past_its_lifetime_costs_one_refresh
        a_reload_with_an_expired_token_costs_one_refresh_and_shows_no_login_page
    }

    const LIFETIME: u64 = 3;

    async fn run_out() {
        sleep(Duration::from_millis(LIFETIME * 1_000 + 200)).await;
    }

    async fn a_token_past_its_lifetime_costs_one_refresh(setting: Setting) {
        // An older front token has no time of issue, so its expiry is not reliable.
        let refused_first = if setting.is_older() { &["GET /api/me"][..] } else { &[] };
        play(setting.access_token_seconds(LIFETIME), async |stage| {
            stage.arrive(USER).await;
            run_out().await;
            stage.controls.reset().await;
            stage.page.click("one-request").await;
            stage.page.wait_text("one-request-result", "200").await;
            let calls = stage.call_names().await;
            assert_eq!(calls, [refused_first, &["POST /auth/session/refresh", "GET /api/me"]].concat());
        })
        .await;
    }

    async fn a_reload_with_an_expired_token_costs_one_refresh_and_shows_no_login_page(setting: Setting) {
        play(setting.access_token_seconds(LIFETIME), async |stage| {
            stage.arrive(USER).await;
            let user = stage.page.text("user-id").await;
            run_out().await;
            stage.controls.reset().await;
            stage.page.reload().await;
            stage.page.wait_text("user-id", &user).await;
            assert_eq!(stage.refreshes().await, 1);
            assert!(!stage.page.record().await.has("login-page"), "the login page flashed");
        })
        .await;
    }
}
