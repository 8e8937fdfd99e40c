//! Server functions are called with the session. The tests replace `fetch` with their own server.

use browser_cases::{Page, settle};
use leptos::{prelude::*, server_fn::codec};
use supertokens_leptos::{SessionConfig, SessionProvider, SessionServerFnClient};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::open;

#[server(client = SessionServerFnClient, prefix = "/fn", endpoint = "add")]
async fn add(item: String, count: u32) -> Result<String, ServerFnError> {
    Ok(format!("{item} {count}"))
}

#[server(client = SessionServerFnClient, prefix = "/fn", endpoint = "find", input = codec::GetUrl)]
async fn find(item: String) -> Result<String, ServerFnError> {
    Ok(item)
}

#[server(client = SessionServerFnClient, prefix = "/fn", endpoint = "json", input = codec::Json)]
async fn json(items: Vec<String>) -> Result<String, ServerFnError> {
    Ok(items.join(" "))
}

fn js(code: &str) -> wasm_bindgen::JsValue {
    js_sys::eval(code).unwrap()
}

fn text_of(code: &str) -> String {
    js(&format!("String({code})")).as_string().unwrap()
}

/// Responds until it is dropped. `api.fresh` is whether the access token is valid, and `api.sent` has all requests.
struct Server;

impl Server {
    fn start() -> Self {
        js("document.cookie.split(';').forEach(c => {
                document.cookie = c.split('=')[0].trim() + '=;path=/;expires=Thu, 01 Jan 1970 00:00:00 GMT';
            });
            // WebKit tells a page of its writes later than it stores them, but before it responds to the next request.
            const request = new XMLHttpRequest();
            request.open('GET', '/', false);
            request.send();
            window.ownFetch = window.fetch;
            window.api = { fresh: true, known: true, sent: [] };
            const front = () => btoa(JSON.stringify({ uid: 'u', ate: 9999999999999, up: { n: api.sent.length } }));
            window.fetch = async (...args) => {
                const request = new Request(...args);
                const { pathname, search } = new URL(request.url);
                const headers = Object.fromEntries(request.headers);
                const body = await request.text();
                api.sent.push({ path: pathname, search, body, headers, method: request.method });
                if (pathname.endsWith('/refresh')) {
                    if (!api.known) return new Response('', { status: 401 });
                    api.fresh = true;
                    return new Response('', { headers: { 'front-token': front() } });
                }
                if (!api.fresh) return new Response('ServerError|no session', { status: 401 });
                return new Response(JSON.stringify(body + search), { headers: { 'content-type': 'application/json' } });
            }");
        Self
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        js("window.fetch = window.ownFetch");
    }
}

async fn app() -> Page {
    let config = SessionConfig::builder(text_of("location.origin")).build();
    let page = open("/", move || view! { <SessionProvider config><p>"app"</p></SessionProvider> }).await;
    // The browser may grant the lock of the first refresh late.
    for _ in 0..2_000 {
        if text_of("document.cookie").contains("sFrontToken=") {
            break;
        }
        settle().await;
    }
    settle().await;
    js("api.sent = []");
    page
}

fn paths() -> String {
    text_of("api.sent.map(sent => sent.path).join(' ')")
}

#[wasm_bindgen_test]
async fn after_a_refresh_a_function_is_retried_with_all_arguments() {
    let _server = Server::start();
    let _app = app().await;
    js("api.fresh = false");
    assert_eq!(add("a b&c".into(), 2).await.unwrap(), "item=a+b%26c&count=2");
    assert_eq!(paths(), "/fn/add /auth/session/refresh /fn/add");
    for at in [0, 2] {
        let sent = |field: &str| text_of(&format!("api.sent[{at}].{field}"));
        assert_eq!((sent("method"), sent("headers.rid")), ("POST".into(), "anti-csrf".into()));
        assert_eq!(
            (sent("body"), sent("headers['st-auth-mode']")),
            ("item=a+b%26c&count=2".into(), "cookie".into())
        );
        assert_eq!(sent("headers['content-type']"), "application/x-www-form-urlencoded");
    }
    js("api.fresh = false; api.sent = []");
    assert_eq!(find("ü".into()).await.unwrap(), "?item=%C3%BC");
    assert_eq!(paths(), "/fn/find /auth/session/refresh /fn/find");
    js("api.fresh = false; api.sent = []");
    assert_eq!(json(vec!["a".into(), "b".into()]).await.unwrap(), r#"{"items":["a","b"]}"#);
    assert_eq!(paths(), "/fn/json /auth/session/refresh /fn/json");
}

#[wasm_bindgen_test]
async fn a_rejected_call_returns_the_servers_error() {
    let _server = Server::start();
    let _app = app().await;
    js("api.fresh = false; api.known = false");
    let error = add("a".into(), 1).await.unwrap_err();
    assert_eq!(error, ServerFnError::ServerError("no session".into()));
    assert_eq!(paths(), "/fn/add /auth/session/refresh");
}

#[wasm_bindgen_test]
async fn a_call_that_the_server_refuses_gives_its_message() {
    let _server = Server::start();
    let _app = app().await;
    js(r#"const own = window.fetch;
        window.fetch = async (...args) => {
            if (!new Request(...args).url.endsWith('/fn/add')) return own(...args);
            const headers = { 'content-type': 'application/json; charset=utf-8' };
            return new Response('{"message":"session not verified"}', { status: 503, headers });
        }"#);
    let error = add("a".into(), 1).await.unwrap_err();
    assert_eq!(error, ServerFnError::ServerError("session not verified".into()));
}

#[wasm_bindgen_test]
async fn without_a_provider_the_error_names_it() {
    let _server = Server::start();
    drop(app().await);
    settle().await;
    let error = add("a".into(), 1).await.unwrap_err().to_string();
    assert!(error.contains("SessionProvider"), "{error}");
}
