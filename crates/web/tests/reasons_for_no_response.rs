//! Browsers report a response that CORS blocks like a dead network. A probe distinguishes the two.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use futures_util::future::join_all;
use supertokens_session::{
    Headers, SessionError, Url,
    platform::{Body, Method, Transport, TransportError, TransportRequest},
};
use supertokens_web::FetchTransport;
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const CALL: &str = "https://api.example.com/orders?q=1";

fn get(url: &str) -> TransportRequest {
    let mut headers = Headers::new();
    headers.set("rid", "anti-csrf").unwrap();
    TransportRequest {
        method: Method::Get,
        url: Url::parse(url).unwrap(),
        headers,
        body: Body::Empty,
        credentials: None,
    }
}

async fn error_of(transport: &FetchTransport, url: &str) -> TransportError {
    transport.send(get(url)).await.err().unwrap()
}

fn transport() -> FetchTransport {
    FetchTransport::new(&page())
}

/// Rejects every call with `error`, and runs `probe` for every probe. The probes are in `window.probes`.
fn with_fetch(error: &str, probe: &str) -> PagePatch {
    patch_page(&format!(
        "const own = window.fetch;
         window.probes = [];
         window.fetch = (...args) => {{
             const sent = new Request(...args);
             if (sent.mode !== 'no-cors') return Promise.reject({error});
             window.probes.push(sent);
             return ({probe})(sent);
         }};
         return () => {{ window.fetch = own }}"
    ))
}

fn with_cors_block() -> PagePatch {
    with_fetch("new TypeError('Failed to fetch')", "async () => Response.error()")
}

fn probes() -> usize {
    text_of("probes.length").parse().unwrap()
}

#[wasm_bindgen_test]
async fn a_reachable_server_is_blocked_by_cors() {
    clean().await;
    let _fetch = with_cors_block();
    assert_eq!(error_of(&transport(), CALL).await, TransportError::BlockedByCors);
    assert_eq!(
        text_of(
            "JSON.stringify(probes.map(p => [p.method, p.url, p.credentials, p.cache, p.redirect, [...p.headers]]))"
        ),
        r#"[["GET","https://api.example.com/","omit","no-store","follow",[]]]"#
    );
    let logged = logged();
    assert_eq!(logged.len(), 1, "{logged:?}");
    assert!(logged[0].starts_with("WARN https://api.example.com: ") && logged[0].contains("most likely"));
    assert!(logged[0].contains("access-control-allow-origin"), "{logged:?}");
}

#[wasm_bindgen_test]
async fn an_unreachable_server_is_unreachable() {
    clean().await;
    for probe in ["async () => { throw new TypeError('Failed to fetch') }", "() => { throw undefined }"] {
        let _fetch = with_fetch("new TypeError('Failed to fetch')", probe);
        assert_eq!(error_of(&transport(), CALL).await, TransportError::Unreachable);
        assert_eq!(probes(), 1);
    }
    assert!(logged().is_empty(), "{:?}", logged());
}

#[wasm_bindgen_test]
async fn a_hanging_probe_is_aborted_after_a_second() {
    let _fetch = with_fetch("new TypeError('Failed to fetch')", "() => new Promise(() => {})");
    let began = ahead_ms(0);
    // Without a timeout the request would hang with the probe.
    assert_eq!(completed(error_of(&transport(), CALL)).await, Some(TransportError::Unreachable));
    let took = ahead_ms(0) - began;
    assert!(took >= 900, "{took}");
    assert!(is_true("probes[0].signal.aborted"));
}

/// Requests share a probe, so it must not end with the request that began it.
#[wasm_bindgen_test]
async fn a_dropped_request_does_not_abort_the_probe_of_others() {
    clean().await;
    let _fetch = with_fetch(
        "new TypeError('Failed to fetch')",
        "sent => new Promise((resolve, reject) => {
             sent.signal.addEventListener('abort', () => reject(sent.signal.reason));
             window.respond = () => resolve(Response.error());
         })",
    );
    let transport = transport();
    let mut first = Box::pin(error_of(&transport, CALL));
    let mut second = Box::pin(error_of(&transport, CALL));
    assert!(within(20, &mut first).await.is_none());
    assert!(within(20, &mut second).await.is_none());
    assert_eq!(probes(), 1);
    drop(first);
    js("respond()");
    assert_eq!(second.await, TransportError::BlockedByCors);
}

#[wasm_bindgen_test]
async fn no_probe_is_sent_while_the_device_is_offline() {
    let _fetch = with_cors_block();
    let _offline = patch_page(
        "Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => false });
         return () => delete navigator.onLine",
    );
    assert_eq!(error_of(&transport(), CALL).await, TransportError::Unreachable);
    assert_eq!(probes(), 0);
}

#[wasm_bindgen_test]
async fn no_probe_is_sent_to_the_page_s_own_origin() {
    let _fetch = with_cors_block();
    let own = format!("{}/orders", supertokens_web::page_origin().unwrap());
    assert_eq!(error_of(&transport(), &own).await, TransportError::Unreachable);
    assert_eq!(probes(), 0);
}

#[wasm_bindgen_test]
async fn no_probe_is_sent_after_a_rejection_with_a_reason() {
    for (error, expected) in [
        ("new DOMException('', 'AbortError')", TransportError::Aborted),
        ("new DOMException('', 'TimeoutError')", TransportError::TimedOut),
    ] {
        let _fetch = with_fetch(error, "async () => Response.error()");
        assert_eq!(error_of(&transport(), CALL).await, expected);
        assert_eq!(probes(), 0);
    }
}

#[wasm_bindgen_test]
async fn an_origin_is_probed_once_in_thirty_seconds() {
    clean().await;
    let _fetch = with_cors_block();
    let transport = transport();
    let errors = join_all((0..20).map(|_| error_of(&transport, CALL))).await;
    assert_eq!(errors, [TransportError::BlockedByCors; 20]);
    assert_eq!(
        error_of(&transport.clone(), "https://api.example.com/x").await,
        TransportError::BlockedByCors
    );
    assert_eq!((probes(), logged().len()), (1, 1));
    assert_eq!(error_of(&transport, "https://api.example.com:8443/x").await, TransportError::BlockedByCors);
    assert_eq!(probes(), 2, "another origin");

    let _later = patch_page(
        "const own = Date.now; Date.now = () => own.call(Date) + 30_000; return () => { Date.now = own }",
    );
    assert_eq!(error_of(&transport, CALL).await, TransportError::BlockedByCors);
    assert_eq!(probes(), 3);
}

/// The server of the tests under another host name. It allows no other origin to read its responses.
#[wasm_bindgen_test]
async fn a_response_that_the_browser_blocks_is_blocked_by_cors() {
    let port = text_of("location.port");
    let other = if text_of("location.hostname") == "localhost" { "127.0.0.1" } else { "localhost" };
    let error = transport().send(get(&format!("http://{other}:{port}/"))).await.err();
    let is_isolated = is_true("window.crossOriginIsolated");
    let expected = if is_isolated { TransportError::Unreachable } else { TransportError::BlockedByCors };
    assert_eq!(error, Some(expected));
}

#[wasm_bindgen_test]
async fn a_refresh_that_cors_blocks_does_not_end_the_session() {
    clean().await;
    let _fetch = with_cors_block();
    let expired = "eyJ1aWQiOiJ1IiwiYXRlIjoxLCJ1cCI6eyJpYXQiOjF9fQ==";
    js(&format!("document.cookie = 'sFrontToken={expired};path=/'"));
    js("document.cookie = 'st-last-access-token-update=1;path=/'");
    let client = supertokens_web::session_client(config()).unwrap();
    let error = SessionError::RefreshUnreachable(TransportError::BlockedByCors);
    assert_eq!(client.session_exists().await, Err(error.clone()));
    assert_eq!(client.get("/orders").send().await.err(), Some(error));
    assert_eq!(client.user_id().await.as_deref(), Ok("u"));
    assert!(text_of("document.cookie").contains(expired));
}
