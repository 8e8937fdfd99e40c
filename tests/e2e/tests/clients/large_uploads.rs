//! A body of JavaScript is never copied into the memory of wasm, and a body of Rust is there only once.

use serde_json::{Value, json};

use crate::desk::{Desk, Mode, at};
use crate::uploads;

/// 50 MB.
const LEN: u64 = 50_000_000;

const PAGE_OF_WASM: u64 = 65_536;

async fn memory(desk: &Desk<'_>) -> u64 {
    desk.page().js_async("return app.memoryBytes()").await.as_u64().unwrap()
}

fn is_whole(response: &Value) -> bool {
    response["status"] == 200
        && response["text"].as_str().is_some_and(|text| text.starts_with(&format!("{LEN} bytes")))
}

async fn grows_by(client: &'static str, body: &str) -> u64 {
    let mut grown = 0;
    at(client, Mode::Cookies, async |desk| {
        desk.page().js(&format!("window.large = {body}")).await;
        let before = memory(desk).await;
        for is_expired in [false, true] {
            desk.controls().reset_calls();
            if is_expired {
                desk.expire();
            }
            let response = desk.call(uploads::PATH, "{ method: 'POST', body: large }").await;
            assert!(is_whole(&response), "expired: {is_expired}, {response}");
            assert_eq!(desk.controls().calls("POST", uploads::PATH), 1 + usize::from(is_expired));
        }
        grown = memory(desk).await - before;
    })
    .await;
    grown
}

#[tokio::test]
async fn a_blob_is_not_copied_into_wasm() {
    let blob = format!("new Blob([new Uint8Array({LEN})])");
    for client in ["fetch", "request", "xhr", "gloo_net"] {
        let grown = grows_by(client, &blob).await;
        assert!(grown <= PAGE_OF_WASM, "{client}: {grown}");
    }
}

#[tokio::test]
async fn bytes_of_javascript_are_not_copied_into_wasm() {
    for client in ["fetch", "request", "xhr", "gloo_net"] {
        let grown = grows_by(client, &format!("new Uint8Array({LEN})")).await;
        assert!(grown <= PAGE_OF_WASM, "{client}: {grown}");
    }
}

#[tokio::test]
async fn bytes_of_rust_are_copied_out_of_wasm_and_not_inside_it() {
    at("fetch", Mode::Cookies, async |desk| {
        // Causes a retry, so that it is sent twice.
        desk.expire();
        let code = format!("return app.uploadFromRust({}, {LEN})", json!(uploads::PATH));
        let response = desk.page().js_async(&code).await;
        assert!(is_whole(&response), "{response}");
        let grown = response["grown"].as_u64().unwrap();
        assert!(grown <= PAGE_OF_WASM, "{grown}");
    })
    .await;
}
