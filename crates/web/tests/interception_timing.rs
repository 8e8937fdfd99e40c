//! Prints the cost of interception. Run it with `-- --include-ignored --nocapture`.

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

/// A `fetch` that responds at once, and one that calls the page's server. `clocked` gives the median microseconds per
/// call.
fn with_timers() -> PagePatch {
    patch_page(
        "const own = window.fetch;
         const front = btoa(JSON.stringify({ uid: 'u', ate: 9999999999999, up: {} }));
         window.stub = async request =>
             new Response('', request.url.includes('/auth/') ? { headers: { 'front-token': front } } : {});
         window.fetch = (input, init) =>
             String(input.url ?? input).endsWith('/real') ? own(input, init) : stub(new Request(input, init));
         window.viaXhr = url => new Promise(resolve => {
             const xhr = new XMLHttpRequest();
             xhr.onloadend = resolve;
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
#[ignore = "it measures and asserts nothing"]
async fn median_times_of_a_request() {
    clean().await;
    let _timers = with_timers();
    let settings = supertokens_session::SessionConfig::builder(text_of("location.origin"));
    let client =
        supertokens_web::session_client(settings.session_expired_status_code(418).build().unwrap()).unwrap();
    client.post("/auth/signin").send().await.unwrap();
    for (name, count, call) in [
        ("fetch, response at once", 500, "fetch('/x')"),
        ("fetch of a Request, response at once", 500, "fetch(new Request('/x'))"),
        (
            "fetch with a body of 1 MB, response at once",
            20,
            "fetch('/x', { method: 'POST', body: 'x'.repeat(1e6) })",
        ),
        ("fetch, response of a server", 50, "fetch('/real')"),
        ("XMLHttpRequest, response of a server", 50, "viaXhr('/real')"),
    ] {
        let plain = clocked(count, call).await;
        let interception = (intercept_fetch(&client).unwrap(), intercept_xhr(&client).unwrap());
        let api = clocked(count, call).await;
        let outside = clocked(count, &call.replace("'/", "'/superTokensDoNotDoInterception/")).await;
        drop(interception);
        console_log!(
            "{name}: plain {plain:.0} us, API {api:.0} us ({:.1} times), outside the API {outside:.0} us",
            api / plain
        );
    }
}
