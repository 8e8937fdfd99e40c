//! Short cookies that pages share besides the session: its owner, and the backoff and the lease of a refresh.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use supertokens_session::{
    SessionConfig, SessionError,
    platform::{Change, Changes, Lock, RefreshBackoff, RefreshLease, SessionOwner, Store, StoredSession},
};
use supertokens_web::{BrowserStore, TabLock};
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn all() -> Changes {
    Changes {
        owner: Change::Set(SessionOwner { api: 7, marker: "1".to_owned() }),
        backoff: Change::Set(RefreshBackoff { api: 7, until_ms: 1_800_000_000_000, failures: 2 }),
        lease: Change::Set(RefreshLease { holder: 9, until_ms: 1_800_000_000_000 }),
        ..Changes::default()
    }
}

fn none() -> Changes {
    Changes { owner: Change::Clear, backoff: Change::Clear, lease: Change::Clear, ..Changes::default() }
}

fn after(changes: Changes) -> StoredSession {
    let mut stored = StoredSession::default();
    stored.apply(changes);
    stored
}

#[wasm_bindgen_test]
async fn other_tabs_read_the_values_and_their_removal() {
    clean().await;
    let (one, other) = (tab(), tab());
    one.write(all()).unwrap();
    assert_eq!(other.read().unwrap(), after(all()));
    other.write(none()).unwrap();
    assert_eq!(one.read().unwrap(), StoredSession::default());
    assert!(is_true("document.cookie === '' && localStorage.length === 0"));
}

#[wasm_bindgen_test]
async fn an_invalid_value_is_none() {
    clean().await;
    for text in ["", "x", "1", "..", "zz.1", "1.x", "%%%", "9999999999999999999999.1"] {
        js(&format!(
            "for (const key of ['st-refresh-backoff', 'st-refresh-lease']) document.cookie = key + '={text}; path=/'"
        ));
        let stored = tab().read().unwrap();
        assert_eq!((stored.backoff, stored.lease), (None, None), "{text}");
    }
    clean().await;
}

#[wasm_bindgen_test]
async fn a_page_without_cookies_still_backs_off() {
    clean().await;
    let _blocked = patch_page(
        "Object.defineProperty(document, 'cookie', { configurable: true, get: () => '', set: () => {} });
         return () => { delete document.cookie }",
    );
    let store = tab();
    store.write(all()).unwrap();
    assert_eq!(store.read().unwrap(), after(all()));
    store.write(none()).unwrap();
    assert_eq!(store.read().unwrap(), StoredSession::default());
}

#[wasm_bindgen_test]
fn a_lease_is_needed_only_where_other_hosts_share_the_cookies() {
    let store = |domain: Option<&str>| {
        let settings = SessionConfig::builder("http://localhost:3001");
        let settings = domain.into_iter().fold(settings, |s, domain| s.session_token_frontend_domain(domain));
        BrowserStore::new(&page(), &settings.build().unwrap())
    };
    assert_eq!(store(None).settles_between_origins_ms(), None);
    assert!(store(Some(".example.com")).settles_between_origins_ms().is_some());
    let config = SessionConfig::builder("http://localhost:3001").build().unwrap();
    assert_eq!(TabLock::new(&page(), &config).scope(), Some(text_of("location.origin")));
}

/// Two providers of one page, each with its own API.
#[wasm_bindgen_test]
async fn a_client_of_another_api_does_not_end_the_session() {
    clean().await;
    let _backend = patch_page(
        "const own = window.fetch;
         window.fetch = async input => {
             const url = new URL(input.url ?? input);
             if (url.port === '3002') return new Response('{}', { status: 401, headers: { 'front-token': 'remove' } });
             const front = btoa(JSON.stringify({ uid: 'u', ate: 9999999999999, up: {} }));
             return new Response('{}', { headers: { 'front-token': front } });
         };
         return () => { window.fetch = own }",
    );
    let client =
        |api: &str| supertokens_web::session_client(SessionConfig::builder(api).build().unwrap()).unwrap();
    let (one, other) = (client("http://localhost:3001"), client("http://localhost:3002"));
    one.post("/auth/signin").send().await.unwrap();
    assert_eq!(other.user_id().await, Err(SessionError::NoSession));
    assert_eq!(other.get("/x").send().await.unwrap().status(), 401);
    assert_eq!(other.session_exists().await, Ok(false));
    assert_eq!(one.user_id().await.as_deref(), Ok("u"));
    clean().await;
}
