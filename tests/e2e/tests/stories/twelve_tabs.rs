//! One session, twelve tabs.

use std::time::{Duration, Instant};

use e2e::{Setting, Stage, Tab, USER, play};

const TABS: usize = 12;
const REFRESH: &str = "/auth/session/refresh";

/// Signs in, and opens the dashboard in all tabs.
async fn all_tabs(stage: &Stage) -> Vec<Tab> {
    let page = &stage.page;
    stage.arrive(USER).await;
    let mut tabs = vec![page.tab().await];
    for _ in 1..TABS {
        tabs.push(page.new_tab().await);
        page.open("/").await;
        page.wait_text("status", "Signed in").await;
    }
    tabs
}

/// Twenty requests in each of these tabs, without waiting for their responses.
async fn burst_in(stage: &Stage, tabs: &[Tab]) {
    for tab in tabs {
        stage.page.switch_to(tab).await;
        stage.page.click_at_once("burst").await;
    }
}

async fn all_get_responses_in(stage: &Stage, tabs: &[Tab]) {
    for tab in tabs {
        stage.page.switch_to(tab).await;
        stage.page.wait_text("burst-result", "20 of 20").await;
        stage.page.wait_text("status", "Signed in").await;
    }
}

#[tokio::test]
async fn twelve_tabs_that_expire_at_the_same_time_cost_one_refresh() {
    play(Setting::default(), async |stage| {
        let tabs = all_tabs(stage).await;
        stage.controls.reset_calls();
        stage.controls.expire_all();
        stage.controls.delay(REFRESH, Duration::from_secs(4));
        burst_in(stage, &tabs).await;
        all_get_responses_in(stage, &tabs).await;
        assert_eq!(stage.refreshes(), 1);
        assert_eq!(stage.controls.thefts(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_tab_closed_during_a_refresh_blocks_no_other_tab() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        let tabs = all_tabs(stage).await;
        let (dying, others) = tabs.split_last().expect("tabs");
        stage.controls.reset_calls();
        stage.controls.expire_all();
        stage.controls.delay(REFRESH, Duration::from_secs(4));
        page.switch_to(dying).await;
        page.click_at_once("burst").await;
        stage.wait_for_call("POST", REFRESH).await;
        page.close_tab().await;
        stage.controls.delay(REFRESH, Duration::ZERO);
        burst_in(stage, others).await;
        all_get_responses_in(stage, others).await;
        // The refresh of the closed tab, whose response may or may not have been saved, and at most one more.
        assert!(stage.refreshes() <= 2, "{} refreshes", stage.refreshes());
        assert_eq!(stage.controls.thefts(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_sign_out_in_one_tab_redirects_all_others_to_the_login_page() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        let tabs = all_tabs(stage).await;
        let (leaving, others) = tabs.split_last().expect("tabs");
        page.switch_to(leaving).await;
        stage.controls.reset_calls();
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        for tab in others {
            page.switch_to(tab).await;
            page.wait_for("login-page").await;
        }
        assert_eq!(stage.refreshes(), 0, "no tab has to refresh");
    })
    .await;
}

/// The time from the click to the login page in the last tab, by their shared clock.
async fn time_to_the_last_redirect(stage: &Stage, tabs: &[Tab]) -> u64 {
    let page = &stage.page;
    let note = "window.leftAt = null;
        const look = () => {
            if (document.querySelector('[data-testid=login-page]')) {
                window.leftAt = Date.now();
                watcher.disconnect();
            }
        };
        const watcher = new MutationObserver(look);
        watcher.observe(document, { childList: true, subtree: true })";
    for tab in tabs {
        page.switch_to(tab).await;
        page.wait_for("dashboard-page").await;
        page.js(note).await;
    }
    let start = page
        .js("const start = Date.now(); document.querySelector('[data-testid=sign-out]').click(); return start")
        .await;
    let start = start.as_u64().expect("a time");
    let mut last = start;
    for tab in tabs {
        page.switch_to(tab).await;
        page.wait_js("typeof window.leftAt === 'number'").await;
        let left = page.js("return window.leftAt").await;
        last = last.max(left.as_u64().expect("a time"));
    }
    last - start
}

#[tokio::test]
#[ignore = "a measurement: run it with --ignored --nocapture"]
async fn time_until_a_sign_out_reaches_the_last_of_twelve_tabs() {
    play(Setting::default(), async |stage| {
        let tabs = all_tabs(stage).await;
        let begin = Instant::now();
        let mut times = Vec::new();
        // As many rounds as fit into the time limit of a story, at most twenty.
        while times.len() < 20 && begin.elapsed() < Duration::from_secs(100) {
            times.push(time_to_the_last_redirect(stage, &tabs).await);
            stage.sign_in_as(USER).await;
        }
        times.sort_unstable();
        let median = times[times.len() / 2];
        println!(
            "from the sign-out to the login page in the last of {TABS} tabs: median {median} ms of {} times, {times:?}",
            times.len()
        );
        assert!(median < 2_000, "{times:?}");
    })
    .await;
}
