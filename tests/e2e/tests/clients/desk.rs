//! The page of one client.

use backend::Controls;
use e2e::{PASSWORD, Page, SeenRequest, Setting, Stage, USER, play};
use serde_json::{Value, json};

use crate::uploads;

/// The maximum number of retries of a request of this page.
pub(crate) const RETRIES: usize = 2;

/// A signed-in user, on a page whose requests this client makes.
pub(crate) struct Desk<'a> {
    client: &'static str,
    pub(crate) stage: &'a mut Stage,
}

/// The token transfer mode.
#[derive(Clone, Copy)]
pub(crate) enum Mode {
    Cookies,
    Headers,
}

/// Runs a case.
pub(crate) async fn at(client: &'static str, mode: Mode, case: impl AsyncFnOnce(&mut Desk<'_>)) {
    play(Setting::default().routes(uploads::router()), async |stage| {
        let mut desk = Desk { client, stage };
        let mode = match mode {
            Mode::Cookies => "",
            Mode::Headers => "&header",
        };
        desk.open(&format!("/?retries={RETRIES}{mode}")).await;
        let code = format!("return app.signIn({}, {})", json!(USER), json!(PASSWORD));
        assert_eq!(desk.page().js_async(&code).await, 200);
        desk.controls().reset_calls();
        case(&mut desk).await;
        assert_eq!(desk.controls().thefts(), 0);
    })
    .await;
}

impl Desk<'_> {
    pub(crate) fn page(&self) -> &Page {
        &self.stage.page
    }

    pub(crate) fn controls(&self) -> &Controls {
        &self.stage.controls
    }

    pub(crate) async fn open(&self, path: &str) {
        self.page().open(path).await;
        self.page().wait_js("window.ready === true && window.call !== undefined").await;
    }

    /// Expires the access token in the API, and resets the recorded calls.
    pub(crate) fn expire(&self) {
        self.controls().expire_all();
        self.controls().reset_calls();
    }

    /// `{ status, text }` of a call of the API, or `{ kind, message }`; `init` is JavaScript.
    pub(crate) async fn call(&self, path: &str, init: &str) -> Value {
        self.page().js_async(&format!("return {}", self.code(path, init))).await
    }

    /// The JavaScript of a call.
    pub(crate) fn code(&self, path: &str, init: &str) -> String {
        self.code_for(&format!("{}{path}", self.stage.api_origin()), init)
    }

    pub(crate) fn code_for(&self, url: &str, init: &str) -> String {
        format!("call({}, {}, {init})", json!(self.client), json!(url))
    }

    /// The requests to the API, as `METHOD /path`.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.stage.call_names()
    }

    /// The only request so far.
    pub(crate) fn only_call(&self) -> SeenRequest {
        let calls = self.stage.calls();
        assert_eq!(calls.len(), 1, "{:?}", self.calls());
        calls[0].clone()
    }

    pub(crate) async fn events(&self, name: &str) -> u64 {
        let code = format!("return app.eventCount({})", json!(name));
        self.page().js_async(&code).await.as_u64().unwrap()
    }

    /// Checks that the session still works: it is known, and the next call needs no refresh.
    pub(crate) async fn is_unharmed(&self) {
        let known = self.page().js_async("return app.userId()").await;
        assert!(known.is_string(), "no user is signed in: {known}");
        self.controls().reset_calls();
        let response = self.call("/api/orders", "{}").await;
        assert_eq!(
            (&response["status"], self.calls().as_slice()),
            (&json!(200), &["GET /api/orders".to_owned()][..])
        );
    }
}
