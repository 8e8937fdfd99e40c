//! An API of the older protocol generation, and one that is upgraded while users are signed in.

use std::time::Duration;

use e2e::{AntiCsrf, Generation, Page, Setting, Stage, USER, play};
use tokio::time::sleep;

const REFRESH: &str = "/auth/session/refresh";
/// The names of the stored values of an older session.
const MARKER: &str = "sIRTFrontend";

fn older() -> Setting {
    Setting::default().generation(Generation::Older)
}

/// The value of a cookie that script can read.
async fn stored(page: &Page, name: &str) -> Option<String> {
    page.cookie(name).await.map(|cookie| cookie.value().to_owned())
}

async fn names_of_all_cookies(page: &Page) -> Vec<String> {
    page.all_cookies().await.into_iter().map(|(name, _)| name).collect()
}

#[tokio::test]
async fn signing_in_opens_the_dashboard() {
    play(older(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.wait_text("payload", USER).await;
        for name in ["sAccessToken", "sIdRefreshToken"] {
            let cookie = page.cookie(name).await.unwrap_or_else(|| panic!("no {name}"));
            assert_eq!(cookie.http_only(), Some(true), "scripts can read {name}");
        }
        let marker = stored(page, MARKER).await.expect("the marker that pages with an older SDK read");
        assert_eq!(Some(marker), stored(page, "sIdRefreshToken").await);

        page.reload().await;
        page.wait_text("status", "Signed in").await;
        page.click("nav-orders").await;
        page.wait_text("orders-list", "Desk lamp").await;
    })
    .await;
}

#[tokio::test]
async fn an_expiry_costs_one_refresh_which_changes_the_marker() {
    play(older().anti_csrf(AntiCsrf::ViaToken), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let before = stored(page, MARKER).await;
        stage.controls.reset_calls();
        stage.controls.expire_all();
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        assert_eq!(stage.refreshes(), 1);
        assert_eq!(page.events("RefreshSession").await, 1);
        let after = stored(page, MARKER).await;
        assert_ne!(after, before);

        page.fill("nickname", "Ada").await;
        page.click("save-nickname").await;
        page.wait_text("payload", "Ada").await;
        assert_eq!(page.events("AccessTokenPayloadUpdated").await, 1);
        assert_eq!(stored(page, MARKER).await, after, "a new payload is no new session");
        assert_eq!((stage.refreshes(), stage.controls.thefts()), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn an_expired_token_and_cookie_cost_a_401_and_one_refresh() {
    let lifetime = Duration::from_secs(3);
    play(older().access_token_lifetime(lifetime), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        sleep(lifetime + Duration::from_millis(200)).await;
        assert_eq!(stored(page, "sAccessToken").await, None, "the browser stores an expired token");
        stage.controls.reset_calls();
        page.click("one-request").await;
        page.wait_text("one-request-result", "200").await;
        // Its front token has no time of issue, so its expiry is not reliable.
        let refresh = format!("POST {REFRESH}");
        assert_eq!(stage.call_names(), ["GET /api/me", refresh.as_str(), "GET /api/me"]);
        page.wait_text("status", "Signed in").await;
    })
    .await;
}

#[tokio::test]
async fn two_tabs_that_expire_at_the_same_time_cost_one_refresh() {
    play(older(), async |stage| {
        stage.arrive(USER).await;
        stage.controls.expire_all();
        both_tabs_at_once(stage).await;
    })
    .await;
}

#[tokio::test]
async fn a_revoked_session_redirects_to_the_login_page_without_a_refresh() {
    play(older(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        stage.controls.reset_calls();
        page.click("revoke").await;
        stage.wait_for_call("POST", "/api/session/revoke").await;
        page.click("one-request").await;
        page.wait_for("session-ended").await;
        assert_eq!(stage.refreshes(), 0, "the response has ended the session");
        assert_eq!(stored(page, MARKER).await.as_deref(), Some("remove"));

        stage.sign_in_as(USER).await;
        page.wait_for("dashboard-page").await;
        assert_ne!(stored(page, MARKER).await.as_deref(), Some("remove"));
    })
    .await;
}

#[tokio::test]
async fn a_session_that_was_revoked_after_its_token_expired_ends_at_the_refresh() {
    play(older(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        stage.controls.reset_calls();
        stage.controls.revoke_all();
        // As the browser does when the token expires.
        page.delete_cookie("sAccessToken").await;
        page.click("burst").await;
        page.wait_for("session-ended").await;
        assert_eq!(stage.refreshes(), 1);
        assert_eq!(stored(page, MARKER).await.as_deref(), Some("remove"));
    })
    .await;
}

#[tokio::test]
async fn signing_out_ends_the_session_and_a_reload_shows_the_login_page() {
    play(older(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        // The first response after a refresh has a front token and the end of the session.
        stage.controls.expire_all();
        page.click("sign-out").await;
        page.wait_for("signed-out-notice").await;
        assert!(!page.sees("session-ended").await);
        let left = names_of_all_cookies(page).await;
        for removed in ["sAccessToken", "sRefreshToken", "sIdRefreshToken", "sFrontToken"] {
            assert!(!left.iter().any(|name| name == removed), "{removed} still exists");
        }
        assert_eq!(stored(page, MARKER).await.as_deref(), Some("remove"));

        stage.controls.reset_calls();
        page.open("/").await;
        page.wait_for("login-page").await;
        assert_eq!(stage.refreshes(), 0, "the store knows that no user is signed in");
        assert!(!page.record().await.has("dashboard-page"));
    })
    .await;
}

#[tokio::test]
async fn a_session_continues_when_its_api_is_upgraded() {
    play(older(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        // Resets the event log: the first visit found no session.
        page.reload().await;
        let user = page.text("user-id").await;
        stage.controls.reset_calls();
        stage.controls.switch_generation(Generation::Current);
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        page.wait_text("user-id", &user).await;
        page.wait_text("payload", "sessionHandle").await;
        assert_eq!(stage.refreshes(), 1);
        assert_eq!(stored(page, "sIdRefreshToken").await, None);

        stage.controls.expire_all();
        page.click("one-request").await;
        page.wait_text("one-request-result", "200").await;
        assert_eq!(stage.refreshes(), 2);
        stays_signed_in(stage).await;
        page.reload().await;
        page.wait_text("user-id", &user).await;
        assert!(!page.record().await.has("login-page"), "the login page flashed");

        page.click("sign-out").await;
        page.wait_for("signed-out-notice").await;
        stage.controls.reset_calls();
        page.open("/").await;
        page.wait_for("login-page").await;
        assert_eq!(stage.refreshes(), 0, "the store knows that no user is signed in");
    })
    .await;
}

#[tokio::test]
async fn two_tabs_of_an_upgraded_api_cost_one_refresh() {
    play(older(), async |stage| {
        stage.arrive(USER).await;
        stage.controls.switch_generation(Generation::Current);
        both_tabs_at_once(stage).await;
        stays_signed_in(stage).await;
    })
    .await;
}

#[tokio::test]
async fn an_upgrade_while_no_tab_is_open_does_not_affect_the_user() {
    let lifetime = Duration::from_secs(3);
    play(older().access_token_lifetime(lifetime), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        let user = page.text("user-id").await;
        page.visit("about:blank").await;
        stage.controls.switch_generation(Generation::Current);
        sleep(lifetime).await;
        stage.controls.reset_calls();
        page.open("/orders").await;
        page.wait_text("orders-list", "Desk lamp").await;
        assert!(!page.record().await.has("login-page"), "the login page flashed");
        page.click("nav-dashboard").await;
        page.wait_text("user-id", &user).await;
        assert_eq!(stage.controls.thefts(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_sign_out_may_be_the_first_request_after_an_upgrade() {
    play(older(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        stage.controls.switch_generation(Generation::Current);
        page.click("sign-out").await;
        page.wait_for("signed-out-notice").await;
        let left = names_of_all_cookies(page).await;
        for removed in ["sAccessToken", "sRefreshToken", "sIdRefreshToken", "sFrontToken"] {
            assert!(!left.iter().any(|name| name == removed), "{removed} still exists");
        }
        assert_eq!(stage.controls.thefts(), 0);
    })
    .await;
}

/// Both tabs send many requests during the refresh of the first one.
async fn both_tabs_at_once(stage: &Stage) {
    let page = &stage.page;
    let first = page.tab().await;
    let second = page.new_tab().await;
    page.open("/").await;
    page.wait_text("status", "Signed in").await;
    stage.controls.reset_calls();
    stage.controls.delay(REFRESH, Duration::from_secs(2));
    page.click_at_once("burst").await;
    page.switch_to(&first).await;
    page.click_at_once("burst").await;
    page.wait_text("burst-result", "20 of 20").await;
    page.switch_to(&second).await;
    page.wait_text("burst-result", "20 of 20").await;
    assert_eq!((stage.refreshes(), stage.controls.thefts()), (1, 0));
    page.wait_text("status", "Signed in").await;
}

async fn stays_signed_in(stage: &Stage) {
    stage.page.wait_text("status", "Signed in").await;
    for event in ["SignOut", "Unauthorised"] {
        assert_eq!(stage.page.events(event).await, 0, "{event}");
    }
    assert_eq!(stage.controls.thefts(), 0);
}
