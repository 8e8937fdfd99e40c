//! Tabs of a context that is not secure, which have no Web Locks: they use the JavaScript SDK's lock.

use std::time::Duration;

use e2e::{Setting, Stage, Tab, USER, play};

/// Two signed-in windows in separate processes.
async fn two_windows(stage: &Stage) -> [Tab; 2] {
    let page = &stage.page;
    page.hide_web_locks().await;
    stage.arrive(USER).await;
    let first = page.tab().await;
    let second = page.new_window().await;
    page.hide_web_locks().await;
    page.open("/").await;
    page.wait_text("status", "Signed in").await;
    page.wait_js("navigator.locks === undefined").await;
    [first, second]
}

#[tokio::test]
async fn two_tabs_that_expire_at_the_same_time_share_most_refreshes_and_cause_no_theft() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        let tabs = two_windows(stage).await;
        let mut shared = 0;
        for round in 0..6 {
            for tab in &tabs {
                page.switch_to(tab).await;
                // At the same time by their shared clock.
                page.js("const at = Math.ceil(Date.now() / 1000 + 1) * 1000;
                     setTimeout(() => document.querySelector('[data-testid=burst]').click(), at - Date.now())")
                    .await;
            }
            stage.controls.reset_calls();
            stage.controls.expire_all();
            tokio::time::sleep(Duration::from_secs(3)).await;
            for tab in &tabs {
                page.switch_to(tab).await;
                page.wait_text("burst-result", "20 of 20").await;
            }
            // On a busy machine that lock may fail: a tab may miss an entry written at the same time.
            assert!((1..=2).contains(&stage.refreshes()), "{} refreshes in round {round}", stage.refreshes());
            assert_eq!(stage.controls.thefts(), 0, "round {round}");
            shared += u32::from(stage.refreshes() == 1);
        }
        assert!(shared >= 4, "only {shared} of 6 refreshes were shared");
    })
    .await;
}

#[tokio::test]
async fn after_a_tab_is_closed_during_a_refresh_another_tab_refreshes() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        let [first, _] = two_windows(stage).await;
        stage.controls.reset_calls();
        stage.controls.expire_all();
        stage.controls.delay("/auth/session/refresh", Duration::from_secs(4));
        page.click_at_once("one-request").await;
        stage.wait_for_call("POST", "/auth/session/refresh").await;
        page.close_tab().await;
        page.switch_to(&first).await;
        stage.controls.delay("/auth/session/refresh", Duration::ZERO);
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        page.wait_text("status", "Signed in").await;
        assert_eq!(stage.controls.thefts(), 0);
    })
    .await;
}
