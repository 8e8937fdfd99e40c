//! The largest payload in cookie mode. The access token is a cookie. If a new one has more than 4096 bytes, browsers
//! refuse it, and the old one stays.

use e2e::sdk::{Setting, Stage, USER, play};
use serde_json::{Value, json};

/// A refresh adds the hash of the token before it, 64 bytes, to this size.
const FITS: u64 = 2_660;
const TOO_LARGE: u64 = 2_690;

/// Makes requests of scripts use the session.
async fn arrive_with_interception(stage: &Stage) {
    stage.arrive(USER).await;
    stage.page.js("localStorage.setItem('example-interception', 'on')").await;
    stage.page.reload().await;
    stage.page.wait_text("status", "Signed in").await;
}

/// Adds this many bytes to the payload, and returns the size of its JSON.
async fn fill(stage: &Stage, bytes: u64) -> u64 {
    let url = format!("{}/api/fill", stage.api_origin());
    let call = format!(
        "const headers = {{ 'content-type': 'application/json' }};
        const body = JSON.stringify({{ bytes: {bytes} }});
        return (await (await fetch('{url}', {{ method: 'POST', headers, body }})).json()).payloadBytes"
    );
    stage.page.js_async(&call).await.as_u64().expect("a size")
}

/// Gives the payload this size, lets the token expire, and returns the outcome of the next request.
async fn outcome_after_an_expiry(stage: &Stage, size: u64) -> Value {
    let empty = fill(stage, 0).await;
    assert_eq!(fill(stage, size - empty).await, size);
    stage.controls.reset().await;
    stage.controls.expire_all().await;
    let call = format!(
        "const response = await fetch('{}/api/me');
        return [response.status, response.supertokensSessionError?.code ?? null]",
        stage.api_origin()
    );
    stage.page.js_async(&call).await
}

#[tokio::test]
async fn a_payload_of_2660_bytes_survives_a_refresh_and_one_of_2690_bytes_fails_with_a_warning_that_says_why()
{
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        arrive_with_interception(stage).await;
        assert_eq!(outcome_after_an_expiry(stage, FITS).await, json!([200, null]));
        assert_eq!(stage.refreshes().await, 1);

        assert_eq!(outcome_after_an_expiry(stage, TOO_LARGE).await, json!([401, "TooManyRetries"]));
        let (console, warning) = (page.console().await, "browsers refuse a cookie over 4096 bytes");
        assert!(console.iter().any(|line| line.message.contains(warning)), "{console:?}");
        page.wait_text("status", "Signed in").await;
        assert_eq!(stage.controls.thefts().await, 0);
    })
    .await;
}
