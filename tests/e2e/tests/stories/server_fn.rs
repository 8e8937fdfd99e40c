//! Server functions that need a session: a page calls them, a server runs them.

use std::time::Duration;

use e2e::{AntiCsrf, Setting, Stage, USER, play};
use tokio::time::sleep;

const PLACE: &str = "POST /api/notes/place";
const LIST: &str = "GET /api/notes/list";
const REFRESH: &str = "POST /auth/session/refresh";

/// Signs in, and resets the recorded calls.
async fn arrive(stage: &Stage) {
    stage.page.open("/").await;
    stage.sign_in_as(USER).await;
    stage.page.wait_for("notes-page").await;
    stage.wait_for_call("GET", "/api/notes/list").await;
    stage.controls.reset_calls();
}

async fn place(stage: &Stage, note: &str) {
    stage.page.fill("note", note).await;
    stage.page.click("place").await;
}

#[tokio::test]
async fn a_function_call_carries_the_session() {
    play(Setting::default().notes().anti_csrf(AntiCsrf::ViaToken), async |stage| {
        arrive(stage).await;
        place(stage, "Milk & bread, 100 % whole = ü").await;
        stage.page.wait_text("notes", "Milk").await;
        assert_eq!(stage.page.text("notes").await, "Milk & bread, 100 % whole = ü");
        assert_eq!(stage.call_names(), [PLACE]);
    })
    .await;
}

#[tokio::test]
async fn after_a_refresh_a_function_is_retried_with_all_arguments_and_runs_once() {
    play(Setting::default().notes(), async |stage| {
        arrive(stage).await;
        place(stage, "first").await;
        stage.page.wait_text("notes", "first").await;
        stage.controls.reset_calls();
        stage.controls.expire_all();
        place(stage, "second & last").await;
        stage.page.wait_text("notes", "second").await;
        assert_eq!(stage.call_names(), [PLACE, REFRESH, PLACE]);

        stage.controls.reset_calls();
        stage.controls.expire_all();
        stage.page.click("read").await;
        while stage.controls.calls("GET", "/api/notes/list") < 2 {
            sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(stage.call_names(), [LIST, REFRESH, LIST]);
        stage.page.reload().await;
        stage.page.wait_text("notes", "second").await;
        assert_eq!(stage.page.text("notes").await, "first\nsecond & last");
        assert_eq!(stage.controls.thefts(), 0);
    })
    .await;
}

#[tokio::test]
async fn functions_on_the_api_origin_carry_the_session() {
    play(Setting::default().notes_on_another_origin().anti_csrf(AntiCsrf::ViaToken), async |stage| {
        arrive(stage).await;
        assert_ne!(stage.page.origin(), stage.api_origin());
        stage.controls.expire_all();
        place(stage, "from afar").await;
        stage.page.wait_text("notes", "from afar").await;
        assert_eq!(stage.call_names(), [PLACE, REFRESH, PLACE]);

        stage.controls.reset_calls();
        place(stage, " ").await;
        stage.page.wait_text("error", "A note needs a text.").await;
        assert_eq!(stage.call_names(), [PLACE]);
    })
    .await;
}

#[tokio::test]
async fn after_the_session_ended_the_caller_gets_an_error_and_the_guard_redirects_to_login() {
    play(Setting::default().notes(), async |stage| {
        arrive(stage).await;
        stage.controls.revoke_all();
        place(stage, "too late").await;
        stage.page.wait_for("login-page").await;
        let error = stage.page.text("error").await;
        assert!(error.contains("unauthorised"), "{error}");
        assert_eq!(stage.call_names(), [PLACE, REFRESH]);

        stage.sign_in_as(USER).await;
        stage.page.wait_for("notes-page").await;
        place(stage, "in time").await;
        stage.page.wait_text("notes", "in time").await;
        assert_eq!(stage.page.text("notes").await, "in time");
    })
    .await;
}

#[tokio::test]
async fn a_failing_function_is_called_once_and_costs_no_refresh() {
    play(Setting::default().notes(), async |stage| {
        arrive(stage).await;
        stage.page.click("place").await;
        stage.page.wait_text("error", "A note needs a text.").await;
        assert_eq!(stage.call_names(), [PLACE]);
        assert!(stage.page.sees("notes-page").await);
    })
    .await;
}
