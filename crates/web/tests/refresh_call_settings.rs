//! The settings of the refresh call, and of the status that asks for it, on the requests that the browser gets.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_session::{SessionClient, SessionConfigBuilder};
use support::{recorded_api::*, *};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

async fn signed_in_with(settings: SessionConfigBuilder) -> SessionClient {
    let client = supertokens_web::session_client(settings.build().unwrap()).unwrap();
    client.post("/auth/signin").send().await.unwrap();
    js("api.sent = []");
    client
}

/// The requests since the sign-in.
fn sent() -> String {
    text_of("api.sent.map(({ method, path }) => method + ' ' + path).join(', ')")
}

/// The paths of the requests with this header and value.
fn paths_with(header: &str, value: &str) -> String {
    text_of(&format!(
        "api.sent.filter(({{ headers }}) => headers['{header}'] === '{value}').map(({{ path }}) => path).join()"
    ))
}

/// A refresh API at another path, with tokens of the user `u`.
const RENEW: &str = "api.responses['/v2/renew'] = () => {
    api.fresh = true;
    return api.make('', { headers: { 'front-token': btoa(JSON.stringify({ uid: 'u', ate: 9999999999999, up: {} })) } });
}";

#[wasm_bindgen_test]
async fn a_refresh_uses_the_refresh_token_url_and_no_other_call_does() {
    clean().await;
    let _api = with_recorded_api();
    js(RENEW);
    let client = signed_in_with(settings().refresh_token_url(format!("{API}/v2/renew"))).await;
    js("api.fresh = false");
    assert_eq!(client.get("/orders").send().await.unwrap().status(), 201);
    assert_eq!(sent(), "GET /orders, POST /v2/renew, GET /orders");
    js("api.sent = []");
    client.sign_out().await.unwrap();
    assert_eq!(sent(), "POST /auth/signout");
}

#[wasm_bindgen_test]
async fn only_a_refresh_has_the_extra_headers() {
    clean().await;
    let _api = with_recorded_api();
    let settings =
        settings().refresh_api_custom_header("x-region", "eu").refresh_api_custom_header("x-app", "shop");
    let client = signed_in_with(settings).await;
    js("api.fresh = false");
    assert_eq!(client.get("/orders").send().await.unwrap().status(), 201);
    client.sign_out().await.unwrap();
    for (name, value) in [("x-region", "eu"), ("x-app", "shop")] {
        assert_eq!(paths_with(name, value), "/auth/session/refresh");
    }
}

#[wasm_bindgen_test]
async fn the_session_expired_status_asks_for_a_refresh_and_a_401_does_not() {
    clean().await;
    let _api = with_recorded_api();
    let client = signed_in_with(settings().session_expired_status_code(440)).await;
    js("api.fresh = false;
        api.responses['/orders'] = () => api.make('', { status: api.fresh ? 201 : 440 })");
    assert_eq!(client.get("/orders").send().await.unwrap().status(), 201);
    assert_eq!(sent(), "GET /orders, POST /auth/session/refresh, GET /orders");

    js("api.sent = []; api.responses['/forbidden'] = () => api.make('', { status: 401 })");
    let response = client.get("/forbidden").send().await.unwrap();
    assert_eq!((response.status(), response.session_error()), (401, None));
    assert_eq!(sent(), "GET /forbidden");
}

#[wasm_bindgen_test]
async fn a_refresh_with_the_session_expired_status_ends_the_session_and_one_with_a_401_does_not() {
    for (status, exists) in [(401, true), (440, false)] {
        clean().await;
        let _api = with_recorded_api();
        let client = signed_in_with(settings().session_expired_status_code(440)).await;
        js(&format!("api.responses['/auth/session/refresh'] = () => api.make('', {{ status: {status} }})"));
        // The end of the session is an outcome of a refresh, and no error.
        assert_eq!(client.refresh().await.is_ok(), !exists, "{status}");
        assert_eq!(client.session_exists().await, Ok(exists), "{status}");
        assert_eq!(text_of("document.cookie").contains("sFrontToken="), exists, "{status}");
    }
}
