//! The device's clock is wrong by hours. The client learns the difference from the token's `iat`, and stores it.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_session::SessionClient;
use support::{recorded_api::*, *};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const FIVE_HOURS_MS: i64 = 5 * 3_600_000;

/// A device whose clock is ahead of the server's. `serverNow` is the server's clock. A new token lasts `lifetime` ms.
fn with_clock_ahead_by(ms: i64) -> PagePatch {
    patch_page(&format!(
        "const own = Date.now;
         window.serverNow = () => own.call(Date);
         window.lifetime = 3600000;
         window.token = () => {{
             const iat = Math.floor(serverNow() / 1000);
             return btoa(JSON.stringify({{ uid: 'u', ate: serverNow() + lifetime, up: {{ iat }} }}));
         }};
         window.signed = () => api.make('', {{ headers: {{ 'front-token': token() }} }});
         Date.now = () => own.call(Date) + {ms};
         return () => {{ Date.now = own }}"
    ))
}

fn client_of_a_new_tab() -> SessionClient {
    supertokens_web::session_client(config()).unwrap()
}

async fn sign_in() -> SessionClient {
    js("api.responses['/auth/signin'] = api.responses['/auth/session/refresh'] = () => signed()");
    let client = client_of_a_new_tab();
    client.post("/auth/signin").send().await.unwrap();
    js("api.sent = []");
    client
}

/// The paths of the requests since the last call.
fn take_sent() -> String {
    text_of("api.sent.splice(0).map(({ path }) => path).join(' ')")
}

#[wasm_bindgen_test]
async fn a_valid_token_is_not_refreshed_whatever_the_device_s_clock_shows() {
    for ahead_ms in [FIVE_HOURS_MS, -FIVE_HOURS_MS] {
        clean().await;
        let _patches = (with_recorded_api(), with_clock_ahead_by(ahead_ms));
        let client = sign_in().await;
        // The second tab learns the difference from the store.
        for client in [client, client_of_a_new_tab()] {
            assert_eq!(client.get("/orders").send().await.unwrap().status(), 201);
            assert_eq!(client.session_exists().await, Ok(true));
            assert_eq!(take_sent(), "/orders", "{ahead_ms} ms ahead");
        }
    }
}

#[wasm_bindgen_test]
async fn an_expired_token_is_refreshed_before_the_request_whatever_the_device_s_clock_shows() {
    for ahead_ms in [FIVE_HOURS_MS, -FIVE_HOURS_MS] {
        clean().await;
        let _patches = (with_recorded_api(), with_clock_ahead_by(ahead_ms));
        js("window.lifetime = 1500");
        let client = sign_in().await;
        js("window.lifetime = 3600000");
        // `iat` is in whole seconds, so the client's time may be a second behind the server's.
        pause(2_700).await;
        for client in [client, client_of_a_new_tab()] {
            assert_eq!(client.get("/orders").send().await.unwrap().status(), 201);
        }
        assert_eq!(take_sent(), "/auth/session/refresh /orders /orders", "{ahead_ms} ms ahead");
    }
}

#[wasm_bindgen_test]
async fn a_clock_that_is_corrected_during_the_session_costs_one_refresh() {
    clean().await;
    let _api = with_recorded_api();
    let ahead = with_clock_ahead_by(-FIVE_HOURS_MS);
    let client = sign_in().await;
    cookies_are_shown().await;
    drop(ahead);
    for _ in 0..3 {
        assert_eq!(client.get("/orders").send().await.unwrap().status(), 201);
    }
    assert_eq!(take_sent(), "/auth/session/refresh /orders /orders /orders");
    assert_eq!(stored(&tab()).clock_skew_ms, 0);
}
