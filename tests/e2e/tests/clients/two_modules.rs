//! Two modules with this library intercept the same page.

use serde_json::json;

use crate::desk::{Desk, Mode, RETRIES, at};

/// All properties that interception could wrap, by name.
const SNAPSHOT: &str = "new Map(
    [window, XMLHttpRequest.prototype, XMLHttpRequestEventTarget.prototype, EventTarget.prototype].flatMap((target, at) =>
        Object.entries(Object.getOwnPropertyDescriptors(target))
            // Other properties of the window belong to the page.
            .filter(([name]) => target !== window || ['fetch', 'XMLHttpRequest'].includes(name))
            .flatMap(([name, own]) => ['value', 'get', 'set'].map(slot => [`${at} ${name} ${slot}`, own[slot]]))))";

/// The names of changed properties.
const CHANGED: &str = "(now => [...new Set([...before.keys(), ...now.keys()])].filter(name =>
    now.has(name) !== before.has(name) || now.get(name) !== before.get(name)))";

async fn load(desk: &Desk<'_>) {
    desk.open("/?plain&retries=2").await;
    let code = format!(
        "window.modules = [app, await loadSecond()];
         window.before = {SNAPSHOT};
         return modules[0].callByGlooNet !== modules[1].callByGlooNet"
    );
    assert_eq!(desk.page().js_async(&code).await, true, "both modules are the same");
}

async fn changed(desk: &Desk<'_>) -> Vec<String> {
    serde_json::from_value(desk.page().js(&format!("return {CHANGED}({SNAPSHOT})")).await).unwrap()
}

/// Each request is sent, causes one refresh, and is retried, whichever client sends it.
async fn each_request_is_handled_once(desk: &Desk<'_>) {
    let url = json!(format!("{}/api/orders", desk.stage.api_origin()));
    for request in [
        format!("call('fetch', {url})"),
        format!("call('xhr', {url})"),
        format!("modules[0].callByGlooNet({url}, {{}})"),
        format!("modules[1].callByGlooNet({url}, {{}})"),
    ] {
        desk.expire();
        assert_eq!(desk.page().js_async(&format!("return (await {request}).status")).await, 200, "{request}");
        let calls = ["GET /api/orders", "POST /auth/session/refresh", "GET /api/orders"];
        assert_eq!(desk.calls(), calls, "{request}");
    }
    // If both modules did this, each retry of one would cause a refresh of the other.
    for client in ["fetch", "xhr"] {
        desk.controls().reset_calls();
        let url = json!(format!("{}/api/always-401", desk.stage.api_origin()));
        let response = desk.page().js_async(&format!("return call('{client}', {url})")).await;
        assert_eq!(response["status"], 401, "{client}");
        assert_eq!(desk.stage.refreshes(), RETRIES, "{client}");
    }
    desk.expire();
    let code = format!(
        "const all = await Promise.all(Array.from({{ length: 20 }}, (_, at) => call(at % 2 ? 'fetch' : 'xhr', {url})));
         return all.filter(response => response.status === 200).length"
    );
    assert_eq!(desk.page().js_async(&code).await, 20);
    assert_eq!(desk.stage.refreshes(), 1);
    // WebKit merges equal requests.
    assert!(desk.controls().calls("GET", "/api/orders") <= 40, "{:?}", desk.calls());
}

async fn release_restores_the_page(first: usize) {
    at("fetch", Mode::Cookies, async |desk| {
        load(desk).await;
        desk.page().js("for (const module of modules) module.intercept()").await;
        assert!(changed(desk).await.iter().any(|name| name == "0 fetch value"));
        each_request_is_handled_once(desk).await;

        desk.page().js(&format!("modules[{first}].release()")).await;
        assert!(!changed(desk).await.is_empty());
        each_request_is_handled_once(desk).await;

        desk.page().js(&format!("modules[{}].release()", 1 - first)).await;
        assert_eq!(changed(desk).await, [""; 0]);
        desk.expire();
        for client in ["fetch", "xhr"] {
            let url = format!("{}/api/orders", desk.stage.api_origin());
            let response = desk.page().js_async(&format!("return call('{client}', {})", json!(url))).await;
            assert_eq!(response["status"], 401, "{client}: no module intercepts any more: {response}");
        }
        assert_eq!(desk.stage.refreshes(), 0);
    })
    .await;
}

#[tokio::test]
async fn the_first_module_may_be_released_first() {
    release_restores_the_page(0).await;
}

#[tokio::test]
async fn the_second_module_may_be_released_first() {
    release_restores_the_page(1).await;
}
