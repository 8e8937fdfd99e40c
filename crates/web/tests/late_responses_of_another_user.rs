//! The response to a request of the previous user comes after the next user has signed in. It changes nothing.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use futures_util::future::join;
use supertokens_session::{SessionClient, SessionError, TokenTransferMethod, platform::StoredSession};
use supertokens_web::intercept_fetch;
use support::{recorded_api::*, *};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// `tokens(user)` are the headers of a response with that user's session; a note makes its payload another one. `/slow`
/// responds when `respond` is called.
const API_OF_TWO_USERS: &str = "
    delete window.respond;
    window.tokens = (user, note) => ({
        'front-token': btoa(JSON.stringify({ uid: user, ate: 9999999999999, up: { sessionHandle: 'h-' + user, note } })),
        'anti-csrf': 'anti-' + user, 'st-access-token': user + '.a.b', 'st-refresh-token': 'refresh-' + user });
    api.user = 'ann';
    api.responses['/auth/signin'] = () => api.make('', { headers: tokens(api.user) });
    api.responses['/slow'] = () => new Promise(done => {
        window.respond = (status, headers) => done(api.make('late', { status, headers }));
    })";

const MODES: [TokenTransferMethod; 2] = [TokenTransferMethod::Cookie, TokenTransferMethod::Header];

async fn sign_in(client: &SessionClient, user: &str) {
    js(&format!("api.user = '{user}'"));
    client.post("/auth/signin").send().await.unwrap();
    assert_eq!(client.user_id().await.as_deref(), Ok(user));
}

async fn signed_in_as_ann(mode: TokenTransferMethod) -> SessionClient {
    js(API_OF_TWO_USERS);
    let config = settings().token_transfer_method(mode).build().unwrap();
    let client = supertokens_web::session_client(config).unwrap();
    sign_in(&client, "ann").await;
    client
}

/// Waits until Ann's slow request is sent, signs Bob in, and returns what is stored then.
async fn bob_signs_in_meanwhile(client: &SessionClient) -> StoredSession {
    assert!(becomes_true("window.respond !== undefined").await);
    sign_in(client, "bob").await;
    js("api.sent = []");
    cookies_are_shown().await;
    stored(&tab())
}

async fn assert_bobs_session(client: &SessionClient, before: &StoredSession) {
    assert_eq!(stored(&tab()), *before);
    assert_eq!(client.user_id().await.as_deref(), Ok("bob"));
    let texts = text_of("document.cookie + JSON.stringify(localStorage)");
    assert!(!texts.contains("ann"), "{texts}");
    assert_eq!(text_of("api.sent.length"), "0", "no request in Bob's name");
}

#[wasm_bindgen_test]
async fn late_tokens_of_the_previous_user_are_not_stored() {
    for mode in MODES {
        clean().await;
        let _api = with_recorded_api();
        let client = signed_in_as_ann(mode).await;
        let late = async {
            let before = bob_signs_in_meanwhile(&client).await;
            js("respond(200, tokens('ann', 'late'))");
            before
        };
        let (response, before) = join(client.get("/slow").send(), late).await;
        assert_eq!(response.unwrap().status(), 200, "Ann's response reaches its caller");
        assert_bobs_session(&client, &before).await;
    }
}

#[wasm_bindgen_test]
async fn a_late_401_of_the_previous_user_is_not_retried_for_the_next() {
    for mode in MODES {
        clean().await;
        let _api = with_recorded_api();
        let client = signed_in_as_ann(mode).await;
        let late = async {
            let before = bob_signs_in_meanwhile(&client).await;
            js("respond(401, {})");
            before
        };
        let (response, before) = join(client.get("/slow").send(), late).await;
        let response = response.unwrap();
        assert_eq!((response.status(), response.session_error()), (401, Some(&SessionError::SessionChanged)));
        assert_bobs_session(&client, &before).await;
    }
}

#[wasm_bindgen_test]
async fn a_late_end_of_the_previous_session_does_not_end_the_next() {
    for mode in MODES {
        clean().await;
        let _api = with_recorded_api();
        let client = signed_in_as_ann(mode).await;
        let _interception = intercept_fetch(&client).unwrap();
        js(&format!("window.late = fetch('{API}/slow')"));
        let before = bob_signs_in_meanwhile(&client).await;
        js("respond(200, { 'front-token': 'remove', 'st-access-token': '', 'st-refresh-token': '' })");
        assert_eq!(status("late").await, "200");
        assert_bobs_session(&client, &before).await;
    }
}
