//! The hand on a server of `tests/sdk`.

use std::time::Duration;

use axum::body::Body;
use backend::SeenRequest;
use http::Request;
use serde_json::{Value, json};

use crate::http_client::HttpClient;

/// What its README calls controls. Each call fails the story if the server refuses it.
pub struct Controls {
    client: HttpClient,
    url: String,
}

impl Controls {
    pub(crate) fn new(url: String) -> Self {
        Self { client: HttpClient::new(), url }
    }

    /// All access tokens issued so far answer "try refresh token".
    pub async fn expire_all(&self) {
        self.post("expire", json!({})).await;
    }

    /// Ends all sessions, and their access tokens too.
    pub async fn revoke_all(&self) {
        self.post("revoke", json!({})).await;
    }

    /// Ends all sessions, but lets their access tokens live on, as the SDK has it by default.
    pub async fn revoke_all_but_access_tokens(&self) {
        self.post("revoke", json!({ "expire": false })).await;
    }

    /// The next `count` refreshes do nothing but answer so.
    pub async fn fail_refreshes(&self, count: usize, status: u16) {
        self.post("fail-refreshes", json!({ "count": count, "status": status })).await;
    }

    /// Holds all answers of a path back, once the work is done; zero ends it.
    pub async fn delay(&self, path: &str, delay: Duration) {
        self.post("delay", json!({ "path": path, "ms": delay.as_millis() as u64 })).await;
    }

    /// Ends failures and delays, and forgets what was called.
    pub async fn reset(&self) {
        self.post("reset", json!({})).await;
    }

    /// How often a path was called with a method.
    pub async fn calls(&self, method: &str, path: &str) -> usize {
        let counts = self.get("counts").await;
        counts[format!("{method} {path}")].as_u64().unwrap_or_default() as usize
    }

    /// How many refresh tokens were taken for stolen.
    pub async fn thefts(&self) -> u64 {
        let thefts = self.get("thefts").await;
        thefts["thefts"].as_u64().unwrap_or_else(|| panic!("no number of thefts: {thefts}"))
    }

    /// The calls of the SDK that the stand-in core does not know; empty with a real core.
    pub async fn unknown_to_the_core(&self) -> Vec<String> {
        let core = self.get("core").await;
        core["unknown"].as_array().into_iter().flatten().map(Value::to_string).collect()
    }

    /// What the API was asked, oldest first, without CORS preflights.
    pub async fn requests(&self) -> Vec<SeenRequest> {
        let log = self.get("log").await;
        let requests = log.as_array().into_iter().flatten().map(request);
        requests.filter(|request| request.method != "OPTIONS").collect()
    }

    async fn get(&self, what: &str) -> Value {
        self.ask(Request::get(self.url_of(what)).body(Body::empty()).expect("a request")).await
    }

    async fn post(&self, what: &str, body: Value) -> Value {
        self.ask(Request::post(self.url_of(what)).body(Body::from(body.to_string())).expect("a request"))
            .await
    }

    fn url_of(&self, what: &str) -> String {
        format!("{}/test/{what}", self.url)
    }

    async fn ask(&self, request: Request<Body>) -> Value {
        let what = format!("{} {}", request.method(), request.uri().path());
        match self.client.json(request).await {
            Ok((200, answer)) => answer,
            Ok((status, answer)) => panic!("{what}: {status} {answer}"),
            Err(error) => panic!("{what}: the server's controls do not answer: {error}"),
        }
    }
}

fn request(seen: &Value) -> SeenRequest {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let headers = seen["headers"].as_array().into_iter().flatten();
    SeenRequest {
        method: text(&seen["method"]),
        path: text(&seen["path"]),
        query: seen["query"].as_str().map(str::to_owned),
        headers: headers.map(|pair| (text(&pair[0]), text(&pair[1]))).collect(),
    }
}
