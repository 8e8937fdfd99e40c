//! Only the browser can refresh, so the server leaves an expired session to it.

use std::time::{Duration, Instant};

use e2e::play_rendered;
use tokio::time::sleep;

use crate::{USER, assert_quiet};

/// The leeway of the server, and a second for its rounding.
const LEEWAY: Duration = Duration::from_secs(6);

const TABS: usize = 12;

#[tokio::test]
async fn an_expired_session_is_refreshed_once_and_then_shows_the_view() {
    let lifetime = Duration::from_secs(6);
    play_rendered(lifetime, async |stage| {
        let page = &stage.page;
        stage.sign_in_as(USER).await;
        page.visit("about:blank").await;
        sleep(lifetime + LEEWAY).await;
        stage.controls.reset_calls();
        page.open("/account").await;
        page.wait_for("account-page").await;
        let record = page.record().await;
        assert!(record.has("loading") && !record.has("login-page"), "{record:?}");
        assert_eq!(stage.call_names(), ["POST /auth/session/refresh"]);
        assert_quiet(stage).await;
    })
    .await;
}

#[tokio::test]
async fn twelve_tabs_that_reload_after_an_expiry_cost_one_refresh() {
    // The new token must not expire while the tabs reload.
    let lifetime = Duration::from_secs(25);
    play_rendered(lifetime, async |stage| {
        let page = &stage.page;
        stage.sign_in_as(USER).await;
        let start = Instant::now();
        let mut tabs = vec![page.tab().await];
        for _ in 1..TABS {
            tabs.push(page.new_tab().await);
            page.open("/account").await;
        }
        sleep((lifetime + LEEWAY).saturating_sub(start.elapsed())).await;
        stage.controls.reset_calls();
        stage.controls.delay("/auth/session/refresh", Duration::from_secs(3));
        for tab in &tabs {
            page.switch_to(tab).await;
            page.js("setTimeout(() => location.reload()); return true").await;
        }
        for tab in &tabs {
            page.switch_to(tab).await;
            page.wait_for("account-page").await;
        }
        assert_eq!(stage.refreshes(), 1);
        assert_eq!(stage.controls.thefts(), 0);
        assert_quiet(stage).await;
    })
    .await;
}
