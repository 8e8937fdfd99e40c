//! A page of the app's origin that runs the JavaScript SDK instead of the app.

use std::process::Stdio;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use http::header::CONTENT_TYPE;
use serde_json::json;
use tokio::process::Command;

use super::server::is_of_node;
use crate::env;

/// The path of the page.
pub const JAVASCRIPT_SDK: &str = "/javascript-sdk";

/// Sends requests until `stop` is true, unless `paused`, and counts their statuses, and the SDK's events.
const PAGE: &str = r#"<!doctype html><title>JavaScript SDK</title>
<script src="/javascript-sdk/bundle.js"></script>
<script>
const api = {API};
window.events = {};
window.statuses = {};
window.paused = false;
window.stop = false;
const count = (all, key) => { all[key] = (all[key] ?? 0) + 1 };
supertokens.init({ apiDomain: api, apiBasePath: "/auth", onHandleEvent: ({ action }) => count(events, action) });
window.keepAsking = async () => {
  while (!stop) {
    if (!paused) count(statuses, await fetch(`${api}/api/me`).then(({ status }) => status, String));
    await new Promise(resolve => setTimeout(resolve, Math.random() * 60));
  }
};
</script>"#;

/// The page and its script, which node bundles from the packages of `tests/sdk`.
pub(crate) async fn page(api: &str) -> Router {
    let bundle = bundle().await;
    let page = PAGE.replace("{API}", &json!(api).to_string());
    Router::new()
        .route(JAVASCRIPT_SDK, get(async move || Html(page)))
        .route("/javascript-sdk/bundle.js", get(async move || ([(CONTENT_TYPE, "text/javascript")], bundle)))
}

async fn bundle() -> String {
    let made = Command::new("node")
        .arg(env::sdk().join("javascript-sdk.mjs"))
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| is_of_node(name)))
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap_or_else(|error| panic!("cannot start node, which bundles the JavaScript SDK: {error}"));
    let complaint = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "the JavaScript SDK can't be bundled. Is `npm ci` done? {complaint}");
    String::from_utf8(made.stdout).expect("a script is text")
}
