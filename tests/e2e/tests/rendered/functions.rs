//! Server functions that ask for the session.

use std::time::Duration;

use e2e::play_rendered;
use tokio::time::sleep;

use crate::{ADMIN, LONG, USER, assert_quiet};

/// The prefix of the calls: Leptos adds a hash to the name.
fn names(calls: &[String]) -> Vec<&str> {
    calls.iter().map(|call| call.trim_end_matches(|c: char| c.is_ascii_digit())).collect()
}

#[tokio::test]
async fn a_function_is_called_again_after_the_api_expired_the_session_of_the_server() {
    play_rendered(LONG, async |stage| {
        let page = &stage.page;
        stage.sign_in_as(USER).await;
        page.open("/orders").await;
        stage.hydrated().await;
        stage.controls.reset_calls();
        page.fill("item", "A lamp & a chair").await;
        page.click("place").await;
        page.wait_text("orders", "A lamp & a chair").await;
        assert_eq!(names(&stage.function_calls()), ["POST /api/place_order", "POST /api/orders"]);
        assert_eq!(stage.refreshes(), 0);

        // The server looks for new keys at most every 5 s.
        sleep(Duration::from_secs(6)).await;
        // The server refuses a token of a key that the API has dropped. The refresh gets one of the new key.
        assert!(stage.controls.rotate_keys(false));
        page.delete_cookie("sAccessToken").await;
        page.fill("item", "A table").await;
        page.click("place").await;
        page.wait_text("orders", "A table").await;
        assert_eq!(stage.refreshes(), 1);
        let calls = stage.function_calls();
        let placed = names(&calls).into_iter().filter(|call| call.ends_with("place_order")).count();
        assert_eq!(placed, 3, "one order, one that was refused, and its retry: {calls:?}");
        assert_eq!(page.text("orders").await.matches("A table").count(), 1);
        assert_eq!(stage.controls.thefts(), 0);
        assert_quiet(stage).await;
    })
    .await;
}

#[tokio::test]
async fn an_administrator_gets_the_data_of_a_function_with_the_page() {
    play_rendered(LONG, async |stage| {
        let page = &stage.page;
        stage.sign_in_as(ADMIN).await;
        page.open("/admin").await;
        stage.hydrated().await;
        page.wait_for("customers").await;
        assert_eq!(stage.function_calls(), [""; 0], "the server has called it");
        assert_quiet(stage).await;
    })
    .await;
}
