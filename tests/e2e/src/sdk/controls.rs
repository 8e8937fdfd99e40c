//! Controls a server of `tests/sdk`.

use std::time::Duration;

use axum::body::Body;
use backend::SeenRequest;
use http::Request;
use serde_json::{Value, json};

use crate::http_client::HttpClient;

/// The controls in its README. A call that the server rejects fails the story.
pub struct Controls {
    client: HttpClient,
    url: String,
}

impl Controls {
    pub(crate) fn new(url: String) -> Self {
        Self { client: HttpClient::new(), url }
    }

    /// Expires all access tokens issued so far: they get "try refresh token".
    pub async fn expire_all(&self) {
        self.post("expire", json!({})).await;
    }

    /// Signs access tokens with a new key from now on; those of older keys stay valid. For modules `stand_in`.
    pub async fn use_new_key(&self) {
        self.post("new-key", json!({})).await;
    }

    /// Sets the lifetime of access tokens that are issued from now on. For modules `stand_in`.
    pub async fn set_access_token_seconds(&self, seconds: u64) {
        self.post("access-token-seconds", json!({ "seconds": seconds })).await;
    }

    /// Sets the lifetime of codes and links that are created from now on. For modules `stand_in`.
    pub async fn set_code_lifetime(&self, lifetime: Duration) {
        self.post("code-lifetime", json!({ "seconds": lifetime.as_secs_f64() })).await;
    }

    /// Codes and links that are created from now on last as long as with a real core. For modules `stand_in`.
    pub async fn restore_code_lifetime(&self) {
        self.post("code-lifetime", json!({})).await;
    }

    /// The last mail or text message to an address or number.
    pub async fn last_mail_to(&self, to: &str) -> Value {
        self.mails_to(to).await.pop().unwrap_or_else(|| panic!("no mail to {to}"))
    }

    /// All mails or text messages to an address or number, oldest first.
    pub async fn mails_to(&self, to: &str) -> Vec<Value> {
        let mails = self.get("mails").await;
        mails.as_array().into_iter().flatten().filter(|mail| mail["to"] == to).cloned().collect()
    }

    /// The challenge of another app's login. For modules `stand_in`.
    pub async fn login_challenge(&self, parameters: Value) -> String {
        challenge(&self.post("login-challenge", parameters).await, "loginChallenge")
    }

    /// The challenge of another app's sign-out. For modules `stand_in`.
    pub async fn logout_challenge(&self, parameters: Value) -> String {
        challenge(&self.post("logout-challenge", parameters).await, "logoutChallenge")
    }

    /// Ends all sessions, and their access tokens too.
    pub async fn revoke_all(&self) {
        self.post("revoke", json!({})).await;
    }

    /// Ends all sessions, but their access tokens stay valid, as by default in the SDK.
    pub async fn revoke_all_but_access_tokens(&self) {
        self.post("revoke", json!({ "expire": false })).await;
    }

    /// The next `count` refreshes only respond with this status.
    pub async fn fail_refreshes(&self, count: usize, status: u16) {
        self.post("fail-refreshes", json!({ "count": count, "status": status })).await;
    }

    /// Delays all responses of a path after the request was handled; zero ends it.
    pub async fn delay(&self, path: &str, delay: Duration) {
        self.post("delay", json!({ "path": path, "ms": delay.as_millis() as u64 })).await;
    }

    /// Ends failures and delays, and resets the counts of calls.
    pub async fn reset(&self) {
        self.post("reset", json!({})).await;
    }

    /// How often a path was called with a method.
    pub async fn calls(&self, method: &str, path: &str) -> usize {
        let counts = self.get("counts").await;
        counts[format!("{method} {path}")].as_u64().unwrap_or_default() as usize
    }

    /// The number of detected thefts of refresh tokens.
    pub async fn thefts(&self) -> u64 {
        let thefts = self.get("thefts").await;
        thefts["thefts"].as_u64().unwrap_or_else(|| panic!("no number of thefts: {thefts}"))
    }

    /// Fails if the SDK has made calls that the stand-in core does not know. A real core knows all.
    pub(super) async fn assert_core_is_complete(&self) {
        let core = self.get("core").await;
        let unknown = core["unknown"].as_array().is_some_and(|unknown| !unknown.is_empty());
        assert!(!unknown, "the stand-in core lacks {}", core["unknown"]);
    }

    /// A token of this payload, as the core's JWT recipe signs it with the key of access tokens. For modules `stand_in`.
    pub async fn sign(&self, payload: &Value) -> String {
        let info = self.get("info").await;
        let url = format!("{}/recipe/jwt", info["core"].as_str().expect("the core's URL"));
        let body = json!({ "payload": payload, "useStaticSigningKey": false });
        let response =
            self.ask(Request::post(url).body(Body::from(body.to_string())).expect("a request")).await;
        response["jwt"].as_str().unwrap_or_else(|| panic!("no token: {response}")).to_owned()
    }

    /// The requests to the API, oldest first, without CORS preflights.
    pub async fn requests(&self) -> Vec<SeenRequest> {
        let log = self.get("log").await;
        let requests = log.as_array().into_iter().flatten().map(request);
        requests.filter(|request| request.method != "OPTIONS").collect()
    }

    /// The credential of an authenticator in software, for the options of a registration (`create`) or a sign-in (`get`).
    pub async fn passkey(&self, ceremony: &str, options: Value) -> Value {
        self.post(&format!("passkey/{ceremony}"), options).await
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
            Ok((200, response)) => response,
            Ok((status, response)) => panic!("{what}: {status} {response}"),
            Err(error) => panic!("{what}: the server's controls do not respond: {error}"),
        }
    }
}

fn challenge(response: &Value, name: &str) -> String {
    response[name].as_str().unwrap_or_else(|| panic!("no {name}: {response}")).to_owned()
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
