//! A body of another type than requested: the error has the status and the mismatch, and no text of the body.

use serde::Deserialize;
use serde_json::Value;
use supertokens_session::{SessionError, SessionResponse};

use crate::sim::{Reply, World, run, run_current};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "only read")]
struct Order {
    id: u64,
    state: Option<State>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Open,
    Paid,
}

async fn response(world: &World, status: u16, body: &str) -> SessionResponse {
    let tab = world.signed_in("ann").await;
    world.server.route("/x", Reply::new(status, body));
    tab.get("/x").await.unwrap()
}

#[test]
fn the_error_has_the_status_and_the_field_that_does_not_fit() {
    for (status, body, expected) in [
        (500, r#"{"error":"db down"}"#, "unknown field `…`, expected `id` or `state` at line 1 column 8"),
        (200, "{}", "missing field `id` at line 1 column 2"),
        (404, "<html>", "expected value at line 1 column 1"),
        (204, "", "EOF while parsing a value at line 1 column 0"),
        (200, "{\n\"id\": true}", "invalid type: boolean `true`, expected u64 at line 2 column 10"),
        (200, r#"{"id":"s3cret"}"#, "invalid type: string \"…\", expected u64 at line 1 column 14"),
        (
            200,
            r#"{"id":"s3cret\" \"s3cret"}"#,
            "invalid type: string \"…\", expected u64 at line 1 column 25",
        ),
        (
            200,
            r#"{"id":1,"state":"s3cret"}"#,
            "unknown variant `…`, expected `open` or `paid` at line 1 column 24",
        ),
        (
            200,
            r#"{"id":1,"state":"s3cret`, expected `s3cret"}"#,
            "unknown variant `…`, expected `open` or `paid` at line 1 column 43",
        ),
        (200, r#"{"s3cret` \"s3cret":1}"#, "unknown field `…`, expected `id` or `state` at line 1 column 19"),
        (200, r#""s3cret""#, "invalid type: string \"…\", expected struct Order at line 1 column 8"),
    ] {
        run_current(async |world| {
            let error = response(world, status, body).await.json::<Order>().await.unwrap_err();
            let SessionError::DeserializeBody { status: read, message, expected: of } = &error else {
                panic!("{error:?}")
            };
            assert_eq!((*read, message.as_str()), (status, expected), "{body}");
            let shown = error.to_string();
            assert!(shown.contains(&status.to_string()) && shown.contains(message) && shown.contains(of));
            assert!(!format!("{shown} {error:?}").contains("s3cret"), "{shown}");
        });
    }
}

#[test]
fn an_error_status_is_an_error_if_the_caller_asks_for_it() {
    for (status, is_success) in
        [(200, true), (204, true), (299, true), (300, false), (400, false), (404, false), (500, false)]
    {
        run(async |world| {
            let outcome = response(world, status, "{}").await.error_for_status();
            let error = outcome.as_ref().err().cloned();
            assert_eq!(error, (!is_success).then_some(SessionError::Status { status }));
            if let Ok(response) = outcome {
                assert!(response.json::<Value>().await.is_ok());
            }
        });
    }
}
