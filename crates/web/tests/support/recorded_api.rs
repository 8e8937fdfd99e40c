//! An API behind `fetch` that records how `fetch` is called.

use js_sys::Promise;
use supertokens_session::SessionClient;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{PagePatch, config, js, patch_page};

/// The API of the default [`config`].
pub const API: &str = "http://localhost:3001";

/// Replaces `window.fetch`. `api.sent` has the calls with their arguments and the resulting requests. `api.fresh` is
/// whether the access token is valid, `api.responses` has functions by path, and `api.make` creates the responses.
pub fn with_recorded_api() -> PagePatch {
    patch_page(
        "const own = window.fetch;
         const front = () => btoa(JSON.stringify({ uid: 'u', ate: 9999999999999, up: { n: api.refreshes } }));
         window.api = { fresh: true, refreshes: 0, sent: [], responses: {}, make: (b, i) => new Response(b, i) };
         window.fetch = async function fetch(input, init) {
             const { url, method, headers } = new Request(input?.clone?.() ?? input, init);
             const path = new URL(url).pathname;
             api.sent.push({ input, init, url, path, method, headers: Object.fromEntries(headers) });
             if (api.responses[path]) return api.responses[path]();
             if (path === '/auth/session/refresh') {
                 api.refreshes++;
                 api.fresh = true;
                 return api.make('', { headers: { 'front-token': front() } });
             }
             if (path === '/auth/signin') {
                 return api.make('', { headers: { 'front-token': front(), 'anti-csrf': 'a1' } });
             }
             if (!api.fresh) return api.make('expired', { status: 401 });
             return api.make('done', { status: 201 });
         };
         return () => { window.fetch = own }",
    )
}

pub async fn signed_in() -> SessionClient {
    let client = supertokens_web::session_client(config()).unwrap();
    client.post("/auth/signin").send().await.unwrap();
    js("api.sent = []; api.refreshes = 0");
    client
}

/// The value of an async function's body.
pub async fn value_of_async(code: &str) -> Result<JsValue, JsValue> {
    let promise: Promise = js(&format!("(async () => {{ {code} }})()")).unchecked_into();
    JsFuture::from(promise).await
}

/// The value of an async function's body, as text.
pub async fn text_of_async(code: &str) -> String {
    let value = value_of_async(code).await.unwrap_or_else(|error| panic!("{code}: {error:?}"));
    value.as_string().unwrap_or_else(|| format!("{value:?}"))
}

/// The status of a response.
pub async fn status(call: &str) -> String {
    text_of_async(&format!("return String((await {call}).status)")).await
}
