//! The app, and beside it a page of its origin that still runs the JavaScript SDK: both go on refreshing one session.

use std::time::Duration;

use e2e::sdk::{JAVASCRIPT_SDK, Setting, Stage, USER, play};
use serde_json::Value;

/// How long both pages go on, and how long an access token lives meanwhile.
const LASTS: Duration = Duration::from_secs(60);
const SECONDS: u64 = 2;

/// What came of it.
struct Outcome {
    refreshes: usize,
    by_javascript_sdk: usize,
    thefts: u64,
}

/// Lets both pages ask all the time, over many expiries. Both have to be signed in at the end, and get nothing but
/// what they asked for.
async fn go_on_beside_the_javascript_sdk(stage: &mut Stage, shares_lock: bool) -> Outcome {
    let page = &stage.page;
    stage.arrive(USER).await;
    if shares_lock {
        page.js("localStorage.setItem('example-share-lock', 'on')").await;
        page.reload().await;
        page.wait_text("status", "Signed in").await;
    }
    let app = page.tab().await;
    let javascript = page.new_window().await;
    page.open(JAVASCRIPT_SDK).await;
    stage.controls.reset().await;

    // One asks without a pause, the other now and then and ahead of the 401: so each is the first one at times.
    page.js("keepAsking()").await;
    page.switch_to(&app).await;
    page.js(
        "window.asking = setInterval(() => document.querySelector('[data-testid=one-request]').click(), 250)",
    )
    .await;
    tokio::time::sleep(LASTS).await;
    page.js("clearInterval(asking)").await;
    page.click("burst").await;
    page.wait_text("burst-result", "20 of 20").await;
    page.wait_text("status", "Signed in").await;

    page.switch_to(&javascript).await;
    page.js("stop = true").await;
    let statuses = page.js("return statuses").await;
    let events = page.js("return events").await;
    assert_eq!(statuses.as_object().unwrap().keys().collect::<Vec<_>>(), ["200"], "{statuses} {events}");
    assert_eq!(page.js_async("return supertokens.doesSessionExist()").await, Value::Bool(true));

    let outcome = Outcome {
        refreshes: stage.refreshes().await,
        by_javascript_sdk: events["REFRESH_SESSION"].as_u64().unwrap_or_default() as usize,
        thefts: stage.controls.thefts().await,
    };
    println!(
        "expiries: about {}, refreshes: {}, of these by the JavaScript SDK: {}, theft alarms: {}, its answers: {statuses}",
        LASTS.as_secs() / SECONDS,
        outcome.refreshes,
        outcome.by_javascript_sdk,
        outcome.thefts
    );
    outcome
}

mod stand_in {
    use super::*;

    #[tokio::test]
    async fn with_a_shared_lock_no_alarm_rings_and_nobody_is_signed_out() {
        let setting = Setting::default().access_token_seconds(SECONDS).javascript_sdk();
        play(setting, async |stage| {
            let outcome = go_on_beside_the_javascript_sdk(stage, true).await;
            assert_eq!(outcome.thefts, 0);
            let by_app = outcome.refreshes - outcome.by_javascript_sdk;
            assert!(outcome.by_javascript_sdk > 2 && by_app > 2, "by each: {by_app} by the app");
        })
        .await;
    }

    /// One that is begun after ours has looked is not waited for, so two may refresh at once. For the eye: what comes
    /// of it depends on the machine.
    #[tokio::test]
    #[ignore = "shows what the setting is for; run it with --nocapture"]
    async fn without_a_shared_lock_two_may_refresh_at_once() {
        let setting = Setting::default().access_token_seconds(SECONDS).javascript_sdk();
        play(setting, async |stage| {
            go_on_beside_the_javascript_sdk(stage, false).await;
        })
        .await;
    }
}
