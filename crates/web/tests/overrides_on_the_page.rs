//! An app's hooks and its own API scope, for the client's requests and for those that it intercepts.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{cell::RefCell, rc::Rc};

use supertokens_session::{
    ApiAction, Original, Overrides, SessionClient, TokenTransferMethod, Url,
    platform::{LocalBoxFuture, TransportRequest, TransportResponse},
};
use supertokens_web::intercept_fetch;
use support::{recorded_api::*, *};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Records the hooks' calls, adds a header to each call of the client, and adds a partner's host to the API.
#[derive(Default)]
struct Hooks(RefCell<Vec<String>>);

impl Hooks {
    fn record(&self, when: &str, action: ApiAction, request: &TransportRequest, more: &str) {
        let has_token = request.headers.get("authorization").is_some();
        let line = format!("{when} {} {more} {has_token}", action.name());
        self.0.borrow_mut().push(line);
    }
}

impl Overrides for Hooks {
    fn before_api_call<'a>(
        &'a self,
        action: ApiAction,
        request: &'a mut TransportRequest,
    ) -> LocalBoxFuture<'a, ()> {
        Box::pin(async move {
            // A hook may wait for the browser.
            pause(1).await;
            self.record("before", action, request, request.url.path());
            request.headers.set("x-tenant", "acme").unwrap();
            request.url = Url::parse(&format!("{}?tenant=acme", request.url)).unwrap();
        })
    }

    fn after_api_call<'a>(
        &'a self,
        action: ApiAction,
        request: &'a TransportRequest,
        response: &'a dyn TransportResponse,
    ) -> LocalBoxFuture<'a, ()> {
        Box::pin(async move {
            pause(1).await;
            let body = String::from_utf8(response.peek().await.unwrap()).unwrap();
            self.record("after", action, request, &format!("{} {body}", response.status()));
        })
    }

    fn is_api_url(&self, url: &Url, original: Original<'_>) -> bool {
        url.origin().host() == "partner.example" || original.is_api_url(url)
    }
}

async fn signed_in_with(hooks: &Rc<Hooks>) -> SessionClient {
    let config = settings().token_transfer_method(TokenTransferMethod::Header).build().unwrap();
    let client = supertokens_web::session_client_with(config, hooks.clone()).unwrap();
    js("api.responses['/auth/signin'] = () => api.make('', { headers: {
            'front-token': btoa(JSON.stringify({ uid: 'u', ate: 9999999999999, up: {} })),
            'st-access-token': 'access.a.b', 'st-refresh-token': 'refresh' } })");
    client.post("/auth/signin").send().await.unwrap();
    // A client without a stored session asks the refresh API first.
    assert!(eventually(|| hooks.0.borrow().len() == 2).await, "{:?}", hooks.0.borrow());
    hooks.0.take();
    js("api.sent = []");
    client
}

#[wasm_bindgen_test]
async fn hooks_change_the_refresh_and_the_sign_out_that_the_browser_sends() {
    clean().await;
    let _api = with_recorded_api();
    let hooks = Rc::new(Hooks::default());
    let client = signed_in_with(&hooks).await;
    js("api.fresh = false;
        api.responses['/auth/signout'] = () => api.make('bye', { headers: { 'front-token': 'remove' } })");
    assert_eq!(client.get("/orders").send().await.unwrap().status(), 201);
    assert!(eventually(|| hooks.0.borrow().len() == 2).await, "{:?}", hooks.0.borrow());
    client.sign_out().await.unwrap();
    assert_eq!(
        *hooks.0.borrow(),
        [
            "before refresh /auth/session/refresh false",
            "after refresh 200  false",
            "before sign-out /auth/signout false",
            "after sign-out 200 bye false",
        ]
    );
    let changed = "api.sent.filter(({ url, headers }) => url.endsWith('?tenant=acme') && headers['x-tenant'] === 'acme')
        .map(({ path, headers }) => path + ' ' + headers.authorization).join(', ')";
    // The session's token is added after the hook.
    assert_eq!(text_of(changed), "/auth/session/refresh Bearer refresh, /auth/signout Bearer access.a.b");
}

#[wasm_bindgen_test]
async fn a_host_that_the_app_adds_to_the_api_gets_the_session_and_no_other_host_does() {
    clean().await;
    let _api = with_recorded_api();
    let client = signed_in_with(&Rc::default()).await;
    let _interception = intercept_fetch(&client).unwrap();
    for (host, token) in [
        ("https://partner.example", "Bearer access.a.b"),
        ("https://other.example", "undefined"),
        ("https://partner.example.evil.example", "undefined"),
    ] {
        js("api.sent = []");
        client.get(&format!("{host}/x")).send().await.unwrap();
        status(&format!("fetch('{host}/x')")).await;
        let tokens = text_of("api.sent.map(({ headers }) => String(headers.authorization)).join()");
        assert_eq!(tokens, format!("{token},{token}"), "{host}");
    }
}
