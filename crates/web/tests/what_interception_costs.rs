//! What interception costs: prints, and asserts nothing. Run on request: `-- --include-ignored --nocapture`.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use js_sys::Promise;
use supertokens_web::{intercept_fetch, intercept_xhr};
use support::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A `fetch` that answers at once, and one that asks the page's server; microseconds per call, the median of rounds.
fn with_clocks() -> Broken {
    broken(
        "const own = window.fetch;
         const front = btoa(JSON.stringify({ uid: 'u', ate: 9999999999999, up: {} }));
         window.stub = async request =>
             new Response('', request.url.includes('/auth/') ? { headers: { 'front-token': front } } : {});
         window.fetch = (input, init) =>
             String(input.url ?? input).endsWith('/real') ? own(input, init) : stub(new Request(input, init));
         window.viaXhr = url => new Promise(done => {
             const xhr = new XMLHttpRequest();
             xhr.onloadend = done;
             xhr.open('GET', url);
             xhr.send();
         });
         window.clocked = async (count, call) => {
             const rounds = [];
             for (let round = 0; round < 9; round++) {
                 const start = performance.now();
                 for (let i = 0; i < count; i++) await call();
                 rounds.push((performance.now() - start) * 1000 / count);
             }
             return rounds.sort((a, b) => a - b)[4];
         };
         return () => { window.fetch = own }",
    )
}

async fn clocked(count: u32, call: &str) -> f64 {
    let promise: Promise = js(&format!("clocked({count}, () => {call})")).unchecked_into();
    JsFuture::from(promise).await.unwrap_or(JsValue::NULL).as_f64().unwrap_or_default()
}

#[wasm_bindgen_test]
#[ignore = "it measures, and asserts nothing"]
async fn prints_what_a_request_costs() {
    clean();
    let _clocks = with_clocks();
    let settings = supertokens_session::SessionConfig::builder(text_of("location.origin"));
    let client =
        supertokens_web::session_client(settings.session_expired_status_code(418).build().unwrap()).unwrap();
    client.post("/auth/signin").send().await.unwrap();
    for (name, count, call) in [
        ("fetch, answered at once", 500, "fetch('/x')"),
        ("fetch of a Request, answered at once", 500, "fetch(new Request('/x'))"),
        (
            "fetch with a body of 1 MB, answered at once",
            20,
            "fetch('/x', { method: 'POST', body: 'x'.repeat(1e6) })",
        ),
        ("fetch, answered by a server", 50, "fetch('/real')"),
        ("XMLHttpRequest, answered by a server", 50, "viaXhr('/real')"),
    ] {
        let bare = clocked(count, call).await;
        let interception = (intercept_fetch(&client).unwrap(), intercept_xhr(&client).unwrap());
        let ours = clocked(count, call).await;
        let foreign = clocked(count, &call.replace("'/", "'/superTokensDoNotDoInterception/")).await;
        drop(interception);
        console_log!(
            "{name}: bare {bare:.0} us, ours {ours:.0} us ({:.1} times), not ours {foreign:.0} us",
            ours / bare
        );
    }
}
