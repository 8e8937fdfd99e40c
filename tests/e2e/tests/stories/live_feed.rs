//! A WebSocket closes when its access token expires, and the page opens the next one.

use std::time::Duration;

use e2e::{Setting, Stage, USER, play};
use tokio::time::sleep;

const LIFETIME: Duration = Duration::from_secs(4);

async fn open_live(stage: &Stage) {
    let page = &stage.page;
    page.click("nav-live").await;
    page.wait_text("live-line", "Live").await;
    page.wait_text("live-news", "parcel").await;
}

async fn opened(stage: &Stage) -> u32 {
    stage.page.text("live-opened").await.parse().expect("a number")
}

async fn continues_after_expiries(stage: &Stage) {
    stage.controls.reset_calls();
    open_live(stage).await;
    let page = &stage.page;
    page.wait_js("Number(document.querySelector('[data-testid=live-opened]').textContent) >= 3").await;
    page.wait_text("live-line", "Live").await;
    let refreshes = stage.refreshes();
    assert!((2..=4).contains(&refreshes), "one for each new connection: {refreshes}");
    // Each connection was accepted at once: none began with an expired token.
    let attempts = stage.controls.calls("GET", "/api/live");
    let opened = opened(stage).await;
    assert!(attempts == opened as usize || attempts == opened as usize + 1, "{attempts} for {opened}");
    assert_eq!(stage.controls.thefts(), 0);
    let record = page.record().await;
    assert!(page.sees("live-page").await);
    assert!(!record.says("Disconnected"), "it was never lost");
    assert!(record.violations.is_empty() && record.errors.is_empty(), "{:?}", record.errors);
}

#[tokio::test]
async fn with_cookies_the_feed_continues_after_expiries() {
    play(Setting::default().access_token_lifetime(LIFETIME), async |stage| {
        stage.arrive(USER).await;
        continues_after_expiries(stage).await;
    })
    .await;
}

#[tokio::test]
async fn with_tokens_in_headers_the_feed_continues_after_expiries() {
    play(Setting::default().access_token_lifetime(LIFETIME), async |stage| {
        let page = &stage.page;
        page.open("/login").await;
        page.wait_for("login-page").await;
        page.js("window.before = true").await;
        page.click("transfer-header").await;
        page.wait_js("window.before === undefined").await;
        stage.sign_in_as(USER).await;
        page.wait_for("dashboard-page").await;
        continues_after_expiries(stage).await;
    })
    .await;
}

#[tokio::test]
async fn a_token_that_only_the_api_knows_to_be_expired_costs_one_refresh() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        open_live(stage).await;
        stage.controls.reset_calls();
        stage.controls.expire_all();
        stage.page.wait_js("document.querySelector('[data-testid=live-opened]').textContent === '2'").await;
        stage.page.wait_text("live-line", "Live").await;
        assert_eq!(stage.refreshes(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_sign_out_closes_the_feed_for_good() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        open_live(stage).await;
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        page.wait_hidden("live-page").await;
        stage.controls.reset_calls();
        sleep(Duration::from_secs(3)).await;
        assert_eq!(stage.controls.calls("GET", "/api/live"), 0);
    })
    .await;
}

#[tokio::test]
async fn the_feed_reconnects_after_a_server_restart() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        open_live(stage).await;
        stage.api.stop().await;
        stage.page.wait_text("live-line", "Disconnected").await;
        stage.api.restart().await.expect("its port");
        stage.page.wait_text("live-line", "Live").await;
        assert_eq!(opened(stage).await, 2);
    })
    .await;
}
