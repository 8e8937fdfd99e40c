//! gloo-net and reqwest call `fetch`, so their requests use the session while `fetch` is intercepted. `tests/e2e` has
//! the same tests of `fetch`, `XMLHttpRequest` and axios against the example API.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use futures_util::future::join_all;
use supertokens_session::SessionClient;
use supertokens_web::{Interception, intercept_fetch};
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const API: &str = "http://localhost:3001";

/// `api.fresh` is whether the access token is valid. `api.sent` has the requests.
fn with_backend() -> PagePatch {
    patch_page(
        "const own = window.fetch;
         const front = () => btoa(JSON.stringify({ uid: 'u', ate: 9999999999999, up: { n: api.sent.length } }));
         window.api = { fresh: true, sent: [] };
         // A server's response has a URL, which reqwest reads.
         window.fetch = async (input, init) => {
             const request = new Request(input, init);
             return Object.defineProperty(await respond(request), 'url', { value: request.url });
         };
         const respond = async request => {
             const { pathname: path, host } = new URL(request.url);
             const { method, credentials } = request;
             const headers = JSON.stringify(Object.fromEntries(request.headers));
             api.sent.push({ path, host, method, credentials, headers, body: await request.text() });
             if (path === '/auth/signin' || path === '/auth/session/refresh') {
                 api.fresh = true;
                 return new Response('', { headers: { 'front-token': front() } });
             }
             if (path === '/hang') {
                 return new Promise((_, no) => request.signal.addEventListener('abort', () => no(request.signal.reason)));
             }
             if (path === '/lost') throw new TypeError('Failed to fetch');
             if (path === '/never') return new Response('not for you', { status: 401 });
             if (path === '/claims') {
                 return new Response('{\"claimValidationErrors\":[{\"id\":\"st-ev\"}]}', { status: 403 });
             }
             return new Response(api.fresh ? 'done' : '', { status: api.fresh ? 201 : 401 });
         };
         return () => { window.fetch = own }",
    )
}

async fn intercepted() -> (SessionClient, Interception) {
    let settings = settings().max_retry_attempts_for_session_refresh(2).build().unwrap();
    let client = supertokens_web::session_client(settings).unwrap();
    client.post("/auth/signin").send().await.unwrap();
    js("api.sent = []");
    let interception = intercept_fetch(&client).unwrap();
    (client, interception)
}

fn paths() -> String {
    text_of("api.sent.splice(0).map(sent => sent.path).join(' ')")
}

/// Returns status and body, or `None` for an error.
trait Client {
    async fn get(url: &str) -> Option<(u16, String)>;
    async fn post(url: &str, body: &str) -> Option<(u16, String)>;
}

struct GlooNet;

impl Client for GlooNet {
    async fn get(url: &str) -> Option<(u16, String)> {
        let response = gloo_net::http::Request::get(url).send().await.ok()?;
        Some((response.status(), response.text().await.ok()?))
    }

    async fn post(url: &str, body: &str) -> Option<(u16, String)> {
        let request = gloo_net::http::Request::post(url).header("x-own", "1").body(body).ok()?;
        let response = request.send().await.ok()?;
        Some((response.status(), response.text().await.ok()?))
    }
}

struct Reqwest;

impl Client for Reqwest {
    async fn get(url: &str) -> Option<(u16, String)> {
        let response = reqwest::get(url).await.ok()?;
        Some((response.status().as_u16(), response.text().await.ok()?))
    }

    async fn post(url: &str, body: &str) -> Option<(u16, String)> {
        let request = reqwest::Client::new().post(url).header("x-own", "1").body(body.to_owned());
        let response = request.send().await.ok()?;
        Some((response.status().as_u16(), response.text().await.ok()?))
    }
}

async fn uses_the_session<C: Client>() {
    clean().await;
    let _backend = with_backend();
    let outside = "https://other.example/x";
    C::post(outside, "text").await;
    let plain = text_of("JSON.stringify(api.sent.splice(0))");
    let (client, _interception) = intercepted().await;
    C::post(outside, "text").await;
    assert_eq!(
        text_of("JSON.stringify(api.sent.splice(0))"),
        plain,
        "a request outside the API scope is unchanged"
    );

    let done = Some((201, "done".to_owned()));
    assert_eq!(C::get(&format!("{API}/x")).await, done);
    assert!(text_of("api.sent[0].headers").contains("anti-csrf"));
    assert_eq!((text_of("api.sent[0].credentials"), paths()), ("include".into(), "/x".into()));

    js("api.fresh = false");
    assert_eq!(C::post(&format!("{API}/x"), "text").await, done);
    assert!(is_true("['body', 'headers', 'method'].every(what => api.sent[0][what] === api.sent[2][what])"));
    assert_eq!((text_of("api.sent[2].body"), paths()), ("text".into(), "/x /auth/session/refresh /x".into()));

    js("api.fresh = false");
    let url = format!("{API}/x");
    let burst = join_all((0..20).map(|_| C::get(&url))).await;
    assert!(burst.iter().all(|response| *response == done));
    assert_eq!(paths().matches("refresh").count(), 1);

    assert_eq!(C::get(&format!("{API}/never")).await, Some((401, "not for you".to_owned())));
    assert_eq!(paths().matches("/never").count(), 3);
    let claims = C::get(&format!("{API}/claims")).await.unwrap();
    assert!(claims.0 == 403 && claims.1.contains("st-ev"), "{claims:?}");
    assert_eq!(C::get(&format!("{API}/lost")).await, None);
    assert_eq!(within(50, C::get(&format!("{API}/hang"))).await, None);
    assert_eq!(client.user_id().await.as_deref(), Ok("u"));
}

#[wasm_bindgen_test]
async fn requests_of_gloo_net_use_the_session() {
    uses_the_session::<GlooNet>().await;
}

#[wasm_bindgen_test]
async fn requests_of_reqwest_use_the_session() {
    uses_the_session::<Reqwest>().await;
}

#[wasm_bindgen_test]
async fn a_request_of_gloo_net_is_retried_whole_after_a_refresh_without_interception() {
    clean().await;
    let _backend = with_backend();
    let client = supertokens_web::session_client(settings().build().unwrap()).unwrap();
    client.post("/auth/signin").send().await.unwrap();
    js("api.sent = []; api.fresh = false");
    let request = gloo_net::http::Request::post(&format!("{API}/orders")).header("x-shop", "a");
    let response = supertokens_web::send_gloo(&client, request.json(&["apples"]).unwrap()).await.unwrap();
    assert_eq!((response.status(), response.text().await.unwrap().as_str()), (201, "done"));
    assert_eq!(text_of("api.sent.map(one => one.path).join(' ')"), "/orders /auth/session/refresh /orders");
    assert!(is_true(
        "[0, 2].every(at => api.sent[at].body === '[\"apples\"]' && api.sent[at].headers.includes('x-shop'))"
    ));
    let elsewhere = gloo_net::http::Request::get("http://other.example/x").build().unwrap();
    assert_eq!(supertokens_web::send_gloo(&client, elsewhere).await.unwrap().status(), 201);
    assert!(is_true("!api.sent.at(-1).headers.includes('st-auth-mode')"));
}
