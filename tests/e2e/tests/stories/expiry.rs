//! The user does not notice when access tokens expire.

use std::time::Duration;

use e2e::{Setting, USER, play};
use tokio::time::sleep;

#[tokio::test]
async fn twenty_requests_with_an_expired_token_cost_one_refresh() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        stage.controls.reset_calls();
        stage.controls.expire_all();
        stage.page.click("burst").await;
        stage.page.wait_text("burst-result", "20 of 20").await;
        assert_eq!(stage.refreshes(), 1);
        assert_eq!(stage.controls.thefts(), 0);
        assert_eq!(stage.page.events("RefreshSession").await, 1);
        stage.page.wait_text("status", "Signed in").await;
    })
    .await;
}

#[tokio::test]
async fn the_button_that_expires_the_token_does_not_sign_out() {
    play(Setting::default(), async |stage| {
        stage.arrive(USER).await;
        stage.controls.reset_calls();
        stage.page.click("expire").await;
        stage.wait_for_call("POST", "/api/session/expire").await;
        stage.page.click("one-request").await;
        stage.page.text("one-request-result").await;
        assert_eq!(stage.refreshes(), 1);
        stage.page.wait_text("status", "Signed in").await;
    })
    .await;
}

#[tokio::test]
async fn a_token_known_to_be_expired_is_refreshed_before_the_request() {
    let lifetime = Duration::from_secs(2);
    play(Setting::default().access_token_lifetime(lifetime), async |stage| {
        stage.arrive(USER).await;
        sleep(lifetime + Duration::from_millis(200)).await;
        stage.controls.reset_calls();
        stage.page.click("one-request").await;
        stage.page.text("one-request-result").await;
        let calls = stage.call_names();
        // A request with a 401 would come before the refresh, and again after it.
        assert_eq!(calls.len(), 2, "{calls:?}");
        assert_eq!(calls[0], "POST /auth/session/refresh", "{calls:?}");
    })
    .await;
}
