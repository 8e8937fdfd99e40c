//! A server with the SDK and no browser, for tests of what reads its tokens.

use axum::body::Body;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};
use serde_json::{Value, json};
use supertokens_session::{SessionConfig, SessionConfigBuilder, TokenTransferMethod};

use super::controls::Controls;
use super::server::Server;
use super::stage::Setting;
use crate::http_client::HttpClient;
use crate::stage::{PASSWORD, REFRESH};

const ST_AUTH_MODE: HeaderName = HeaderName::from_static("st-auth-mode");

/// A server with the SDK, and its controls.
pub struct Api {
    pub controls: Controls,
    client: HttpClient,
    server: Server,
    setting: Setting,
}

/// The tokens of a session. Those that the server did not send are empty.
#[derive(Clone, Default)]
pub struct Tokens {
    pub access: String,
    pub front: String,
    pub anti_csrf: String,
    refresh: String,
}

/// Runs a test with a server, and checks that the stand-in core was complete.
pub async fn with_api(setting: Setting, body: impl AsyncFnOnce(&Api)) {
    let api = Api::start(setting).await;
    body(&api).await;
    api.controls.assert_core_is_complete().await;
}

impl Api {
    pub async fn start(setting: Setting) -> Self {
        let server = setting.start().await;
        let controls = Controls::new(server.control.clone());
        Self { controls, client: HttpClient::new(), server, setting }
    }

    /// Ends the server, and waits until it has ended.
    pub async fn stop(self) {
        self.server.stop().await;
    }

    /// The API's domain.
    pub fn url(&self) -> &str {
        &self.server.url
    }

    /// The settings of a client in this process. Its tokens are in headers, so it needs no cookies.
    pub fn client_config(&self) -> SessionConfigBuilder {
        SessionConfig::builder(self.url()).token_transfer_method(TokenTransferMethod::Header)
    }

    /// Where the server of this URL sends a browser on that loads it, or submits this form to it.
    pub async fn redirect_of(&self, url: &str, form: Option<&str>) -> String {
        let request = match form {
            Some(form) => Request::post(url)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(form.to_owned())),
            None => Request::get(url).body(Body::empty()),
        };
        let request = request.expect("a URL");
        let response = self.client.with_json(request).await.unwrap_or_else(|error| panic!("{url}: {error}"));
        let location = response.headers().get(LOCATION).unwrap_or_else(|| panic!("{url}: no redirect"));
        location.to_str().expect("text").to_owned()
    }

    pub async fn sign_in(&self, email: &str) -> Tokens {
        let fields =
            [("email", email), ("password", PASSWORD)].map(|(id, value)| json!({ "id": id, "value": value }));
        let mode = if self.setting.is_header_mode() { "header" } else { "cookie" };
        let headers = HeaderMap::from_iter([(ST_AUTH_MODE, HeaderValue::from_static(mode))]);
        let response =
            self.call(Method::POST, "/auth/signin", headers, json!({ "formFields": fields })).await;
        assert_eq!(response.body()["status"], "OK", "sign-in");
        Tokens::default().updated_by(&response)
    }

    /// The session's tokens after a refresh.
    pub async fn refresh(&self, tokens: &Tokens) -> Tokens {
        let (name, value) = match self.setting.is_header_mode() {
            true => (AUTHORIZATION, format!("Bearer {}", tokens.refresh)),
            false => (COOKIE, format!("sRefreshToken={}", tokens.refresh)),
        };
        let headers = HeaderMap::from_iter([(name, value.parse().expect("a header"))]);
        let response = self.call(Method::POST, REFRESH, headers, Value::Null).await;
        assert_eq!(response.status(), 200, "refresh");
        tokens.updated_by(&response)
    }

    /// Calls the API with these headers, and a body unless it is null.
    pub async fn call(&self, method: Method, path: &str, headers: HeaderMap, body: Value) -> Response<Value> {
        let has_body = !body.is_null();
        let mut request = Request::new(if has_body { Body::from(body.to_string()) } else { Body::empty() });
        *request.method_mut() = method;
        *request.uri_mut() = format!("{}{path}", self.url()).parse().expect("a URL");
        *request.headers_mut() = headers;
        if has_body {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        self.client.with_json(request).await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

impl Tokens {
    /// With the new tokens of a response, in cookies or headers.
    pub fn updated_by(&self, response: &Response<Value>) -> Self {
        let headers = response.headers();
        let text = |value: &HeaderValue| value.to_str().expect("text").to_owned();
        let header = |name: &str| headers.get(name).map(text);
        let cookie = |name: &str| {
            let mut cookies = headers.get_all(SET_COOKIE).iter().map(text);
            cookies.find_map(|line| {
                Some(line.split(';').next()?.strip_prefix(name)?.strip_prefix('=')?.to_owned())
            })
        };
        Self {
            access: cookie("sAccessToken").or(header("st-access-token")).unwrap_or(self.access.clone()),
            front: header("front-token").unwrap_or(self.front.clone()),
            anti_csrf: header("anti-csrf").unwrap_or(self.anti_csrf.clone()),
            refresh: cookie("sRefreshToken").or(header("st-refresh-token")).unwrap_or(self.refresh.clone()),
        }
    }
}
