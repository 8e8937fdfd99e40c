//! Only the browser can refresh, so the server leaves an expired session to it.

use std::time::Duration;

use e2e::{Rendered, play_rendered};

use crate::{LONG, USER, assert_quiet};

const TABS: usize = 12;

/// Expires the session as the browser and the server see it. No story waits until a token expires by itself.
async fn expire(stage: &Rendered) {
    let script = r#"
        const [, text] = document.cookie.match(/sFrontToken=([^;]*)/);
        const token = { ...JSON.parse(atob(text)), ate: 1700000000000 };
        document.cookie = `sFrontToken=${btoa(JSON.stringify(token))}; path=/`;
        return true"#;
    stage.page.js(script).await;
    stage.controls.expire_all();
    stage.controls.reset_calls();
}

#[tokio::test]
async fn an_expired_session_is_refreshed_once_and_then_shows_the_view() {
    play_rendered(LONG, async |stage| {
        let page = &stage.page;
        stage.sign_in_as(USER).await;
        expire(stage).await;
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
    play_rendered(LONG, async |stage| {
        let page = &stage.page;
        stage.sign_in_as(USER).await;
        let mut tabs = vec![page.tab().await];
        for _ in 1..TABS {
            tabs.push(page.new_tab().await);
            page.open("/account").await;
        }
        expire(stage).await;
        stage.controls.delay("/auth/session/refresh", Duration::from_secs(4));
        for tab in &tabs {
            page.switch_to(tab).await;
            page.js("window.isOld = true; setTimeout(() => location.reload()); return true").await;
        }
        for tab in &tabs {
            page.switch_to(tab).await;
            page.wait_js("window.isOld === undefined").await;
            page.wait_for("account-page").await;
        }
        assert_eq!(stage.refreshes(), 1);
        assert_eq!(stage.controls.thefts(), 0);
        assert_quiet(stage).await;
    })
    .await;
}
