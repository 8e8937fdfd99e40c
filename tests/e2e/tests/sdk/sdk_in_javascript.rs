//! The app, and a page of its origin that still runs the JavaScript SDK: both refresh one session.

use std::time::{Duration, Instant};

use e2e::Tab;
use e2e::sdk::{JAVASCRIPT_SDK, Setting, Stage, USER, play};
use serde_json::Value;

/// How long both pages send requests at once, and the lifetime of an access token meanwhile.
const LASTS: Duration = Duration::from_secs(40);
const SECONDS: u64 = 2;
/// How often each page then refreshes while the other one is idle, and how often they take turns.
const ALONE: usize = 2;
const TURNS: usize = 2;
const PATIENCE: Duration = Duration::from_secs(30);

/// The counts of a run.
struct Outcome {
    by_app: usize,
    by_javascript_sdk: usize,
    thefts: u64,
}

/// A tab of the app and one of the JavaScript SDK, signed in to the same session.
struct Both<'a> {
    stage: &'a Stage,
    app: Tab,
    javascript: Tab,
}

impl<'a> Both<'a> {
    async fn arrive(stage: &'a Stage, shares_lock: bool) -> Self {
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
        Self { stage, app, javascript }
    }

    /// Lets the app send requests from time to time, or stops it.
    async fn app_asks(&self, asks: bool) {
        let page = &self.stage.page;
        page.switch_to(&self.app).await;
        let one_request = "document.querySelector('[data-testid=one-request]').click()";
        let script = if asks {
            format!("window.asking = setInterval(() => {one_request}, 250)")
        } else {
            "clearInterval(asking)".to_owned()
        };
        page.js(&script).await;
    }

    /// Lets the page of the JavaScript SDK send requests without a pause, or stops it.
    async fn javascript_asks(&self, asks: bool) {
        self.stage.page.switch_to(&self.javascript).await;
        self.stage.page.js(&format!("window.paused = {}", !asks)).await;
    }

    async fn by_javascript_sdk(&self) -> usize {
        self.stage.page.switch_to(&self.javascript).await;
        let count = self.stage.page.js("return events.REFRESH_SESSION ?? 0").await;
        usize::try_from(count.as_u64().expect("a count")).expect("a small count")
    }

    async fn by_app(&self) -> usize {
        self.stage.refreshes().await - self.by_javascript_sdk().await
    }
}

/// Lets both pages send requests over many expiries, and then in turns, so that each continues with the tokens of the
/// other one. At the end both must be signed in, and all requests must have succeeded.
async fn refresh_beside_the_javascript_sdk(stage: &Stage, shares_lock: bool) -> Outcome {
    let page = &stage.page;
    let both = Both::arrive(stage, shares_lock).await;
    page.js("keepAsking()").await;
    both.app_asks(true).await;
    tokio::time::sleep(LASTS).await;

    for _ in 0..TURNS {
        both.javascript_asks(false).await;
        until_more(ALONE, "refreshes by the app alone", async || both.by_app().await).await;
        both.app_asks(false).await;

        both.javascript_asks(true).await;
        until_more(ALONE, "refreshes by the JavaScript SDK alone", async || both.by_javascript_sdk().await)
            .await;
        both.app_asks(true).await;
    }
    both.app_asks(false).await;
    page.click("burst").await;
    page.wait_text("burst-result", "20 of 20").await;
    page.wait_text("status", "Signed in").await;

    page.switch_to(&both.javascript).await;
    page.js("stop = true").await;
    let statuses = page.js("return statuses").await;
    let events = page.js("return events").await;
    assert_eq!(statuses.as_object().unwrap().keys().collect::<Vec<_>>(), ["200"], "{statuses} {events}");
    assert_eq!(page.js_async("return supertokens.doesSessionExist()").await, Value::Bool(true));

    let outcome = Outcome {
        by_app: both.by_app().await,
        by_javascript_sdk: both.by_javascript_sdk().await,
        thefts: stage.controls.thefts().await,
    };
    println!(
        "refreshes by the app: {}, by the JavaScript SDK: {}, theft alarms: {}, the latter's responses: {statuses}",
        outcome.by_app, outcome.by_javascript_sdk, outcome.thefts
    );
    outcome
}

/// Waits until a count has grown by this number.
async fn until_more(by: usize, what: &str, count: impl AsyncFn() -> usize) {
    let (start, before) = (Instant::now(), count().await);
    while count().await < before + by {
        assert!(start.elapsed() < PATIENCE, "there are no {by} more {what} than {before}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

mod stand_in {
    use super::*;

    #[tokio::test]
    async fn with_a_shared_lock_no_theft_is_detected_and_no_user_is_signed_out() {
        let setting = Setting::default().access_token_seconds(SECONDS).javascript_sdk();
        play(setting, async |stage| {
            let outcome = refresh_beside_the_javascript_sdk(stage, true).await;
            assert_eq!(outcome.thefts, 0);
            let least = ALONE * TURNS;
            assert!(outcome.by_app >= least && outcome.by_javascript_sdk >= least);
        })
        .await;
    }

    /// The app does not wait for a refresh that begins after its check, so two may refresh at once. A manual test: the
    /// result depends on the machine.
    #[tokio::test]
    #[ignore = "shows what the setting is for; run it with --nocapture"]
    async fn without_a_shared_lock_two_pages_may_refresh_at_once() {
        let setting = Setting::default().access_token_seconds(SECONDS).javascript_sdk();
        play(setting, async |stage| {
            refresh_beside_the_javascript_sdk(stage, false).await;
        })
        .await;
    }
}
