//! A small browser for tests: it stores cookies and tokens, and sends them with requests.

#![allow(dead_code, unused_imports, unused_macros, reason = "each test file uses another part")]

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use backend::{AntiCsrf, Controls, Generation, Options, SharedState, router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use url::Url;

pub(crate) const PASSWORD: &str = "Passw0rd!";
pub(crate) const REFRESH: &str = "/auth/session/refresh";

/// Runs tests with an API of each generation.
macro_rules! in_both_generations {
    ($($test:ident)*) => {
        mod older {
            $(#[tokio::test] async fn $test() { super::$test(backend::Generation::Older).await; })*
        }
        mod current {
            $(#[tokio::test] async fn $test() { super::$test(backend::Generation::Current).await; })*
        }
    };
}

pub(crate) use in_both_generations;

/// The API without a port, with the expected generation.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) router: Router,
    pub(crate) generation: Generation,
}

pub(crate) fn api(options: Options) -> (Api, Controls) {
    let state = SharedState::new().unwrap();
    let generation = options.generation;
    (Api { router: router(options, state.clone()), generation }, Controls::new(state))
}

pub(crate) fn api_of(generation: Generation) -> (Api, Controls) {
    api(Options { generation, ..Options::default() })
}

pub(crate) fn default_api() -> (Api, Controls) {
    api(Options::default())
}

pub(crate) fn controlled_api_of(generation: Generation) -> (Api, Controls) {
    api(Options { generation, test_controls: true, ..Options::default() })
}

pub(crate) fn controlled_api() -> (Api, Controls) {
    controlled_api_of(Generation::Current)
}

pub(crate) fn anti_csrf_api(generation: Generation, anti_csrf: AntiCsrf) -> (Api, Controls) {
    api(Options { generation, anti_csrf, ..Options::default() })
}

pub(crate) fn form(email: &str, password: &str) -> Value {
    json!({ "formFields": [{ "id": "email", "value": email }, { "id": "password", "value": password }] })
}

pub(crate) struct TestResponse {
    pub(crate) generation: Generation,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl TestResponse {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&self.bytes)))
    }

    pub(crate) fn message(&self) -> String {
        self.json()["message"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// The names of all cookies that are set or cleared, in order.
    pub(crate) fn cookie_names(&self) -> Vec<&str> {
        let cookies = self.set_cookies().into_iter();
        let mut names: Vec<&str> = cookies.filter_map(|cookie| cookie.split('=').next()).collect();
        names.sort_unstable();
        names
    }

    pub(crate) fn set_cookie(&self, name: &str) -> &str {
        let start = format!("{name}=");
        let cookies = self.set_cookies();
        cookies.into_iter().find(|cookie| cookie.starts_with(&start)).unwrap_or_else(|| panic!("no {name}"))
    }

    pub(crate) fn front_token(&self) -> Value {
        let text = self.header("front-token").expect("a front token");
        serde_json::from_slice(&STANDARD.decode(text).unwrap()).unwrap()
    }

    /// The addresses of the page's links, by their texts.
    pub(crate) fn links(&self) -> BTreeMap<String, String> {
        let text = self.text();
        let links = text.split("<a ").skip(1).map(|link| {
            let (_, rest) = link.split_once("href=\"").unwrap();
            let (href, rest) = rest.split_once("\">").unwrap();
            (rest.split_once("</a>").unwrap().0.to_owned(), href.replace("&amp;", "&"))
        });
        links.collect()
    }

    /// Where the response redirects to.
    pub(crate) fn location(&self) -> Url {
        Url::parse(self.header("location").expect("a redirect")).unwrap()
    }

    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.bytes));
        self
    }

    /// Asserts a 401 with this message, which does not clear the client's tokens.
    #[track_caller]
    pub(crate) fn expect_unauthorised(self, message: &str) -> Self {
        let response = self.is(401);
        assert_eq!(response.message(), message);
        assert!(response.set_cookies().is_empty(), "{:?}", response.set_cookies());
        assert_eq!(response.header("front-token"), None);
        assert_eq!(response.header("id-refresh-token"), None);
        response
    }

    /// Asserts the response to a valid access token of a revoked session.
    #[track_caller]
    pub(crate) fn expect_revoked(self) -> Self {
        match self.generation {
            Generation::Older => self.ends_session("unauthorised"),
            Generation::Current => self.expect_unauthorised("unauthorised"),
        }
    }

    /// Asserts a 401 with this message, which clears all tokens of the client.
    #[track_caller]
    pub(crate) fn ends_session(self, message: &str) -> Self {
        let response = self.is(401);
        assert_eq!(response.message(), message);
        response.assert_session_removed();
        if response.generation == Generation::Current {
            assert_eq!(response.header("st-access-token"), Some(""));
            assert_eq!(response.header("st-refresh-token"), Some(""));
        }
        response
    }

    /// Asserts that the response clears the cookies and says that the session has ended.
    #[track_caller]
    pub(crate) fn assert_session_removed(&self) {
        let (name, other) = match self.generation {
            Generation::Older => ("id-refresh-token", "front-token"),
            Generation::Current => ("front-token", "id-refresh-token"),
        };
        assert_eq!(self.header(name), Some("remove"));
        assert_ne!(self.header(other), Some("remove"));
        let mut cookies = vec!["sAccessToken=; Path=/;", "sRefreshToken=; Path=/auth/session/refresh;"];
        if self.generation == Generation::Older {
            cookies.push("sIdRefreshToken=; Path=/;");
        }
        let end = " Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax";
        let cleared: Vec<String> = cookies.iter().map(|cookie| format!("{cookie}{end}")).collect();
        assert_eq!(self.set_cookies(), cleared);
    }
}

/// Cookies and stored tokens. A clone has the tokens of a thief or of a second tab.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) app: Api,
    pub(crate) header_mode: bool,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) anti_csrf: Option<String>,
    pub(crate) rid: Option<&'static str>,
}

impl Browser {
    pub(crate) fn new(app: &Api) -> Self {
        Self {
            app: app.clone(),
            header_mode: false,
            cookies: BTreeMap::new(),
            access: String::new(),
            refresh: String::new(),
            anti_csrf: None,
            rid: Some("anti-csrf"),
        }
    }

    pub(crate) fn in_header_mode(app: &Api) -> Self {
        Self { header_mode: true, ..Self::new(app) }
    }

    /// A browser in which a new user has signed up.
    pub(crate) async fn signed_up(app: &Api, email: &str) -> Self {
        let mut browser = Self::new(app);
        browser.sign_up(email).await.is(200);
        browser
    }

    pub(crate) async fn sign_up(&mut self, email: &str) -> TestResponse {
        let response = self.post("/auth/signup", form(email, PASSWORD)).await;
        assert_eq!(response.json()["status"], "OK", "{}", response.json());
        response
    }

    pub(crate) async fn get(&mut self, path: &str) -> TestResponse {
        self.send(Method::GET, path, &[], None).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: Value) -> TestResponse {
        self.send(Method::POST, path, &[], Some(body)).await
    }

    /// The newest mail to an address.
    pub(crate) async fn mail(&mut self, to: &str) -> Value {
        let mails = self.get(&format!("/api/demo/mails?to={to}")).await.is(200).json();
        mails[0].clone()
    }

    pub(crate) async fn refresh(&mut self) -> TestResponse {
        self.send(Method::POST, REFRESH, &[], None).await
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> TestResponse {
        let mut request = Request::builder().method(method).uri(path);
        let mode = if self.header_mode { "header" } else { "cookie" };
        request = request.header("st-auth-mode", mode);
        let is_refresh = path == REFRESH;
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .filter(|(name, _)| *name != "sRefreshToken" || is_refresh)
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        let bearer = if is_refresh { &self.refresh } else { &self.access };
        if !bearer.is_empty() {
            request = request.header("authorization", format!("Bearer {bearer}"));
        }
        if let Some(token) = &self.anti_csrf {
            request = request.header("anti-csrf", token);
        }
        if let Some(rid) = self.rid {
            request = request.header("rid", rid);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = match body {
            Some(body) => {
                request.header("content-type", "application/json").body(Body::from(body.to_string()))
            }
            None => request.body(Body::empty()),
        };
        let response = send(&self.app, request.unwrap()).await;
        self.store(&response);
        response
    }

    fn store(&mut self, response: &TestResponse) {
        for cookie in response.set_cookies() {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        if let Some(token) = response.header("st-access-token") {
            token.clone_into(&mut self.access);
        }
        if let Some(token) = response.header("st-refresh-token") {
            token.clone_into(&mut self.refresh);
        }
        if let Some(token) = response.header("anti-csrf") {
            self.anti_csrf = Some(token.to_owned());
        }
    }
}

/// The parameters of an address.
pub(crate) fn parameters(url: &Url) -> BTreeMap<String, String> {
    url.query_pairs().into_owned().collect()
}

/// The path and query of an address of this API.
pub(crate) fn path(url: &Url) -> String {
    url.as_str()[url.origin().ascii_serialization().len()..].to_owned()
}

/// Sends a request without a browser.
pub(crate) async fn send(app: &Api, request: Request<Body>) -> TestResponse {
    let response = app.router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes().to_vec();
    TestResponse { generation: app.generation, status: parts.status, headers: parts.headers, bytes }
}

/// Sends a request with these headers and no body.
pub(crate) async fn bare(app: &Api, method: &str, path: &str, headers: &[(&str, &str)]) -> TestResponse {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(app, request.body(Body::empty()).unwrap()).await
}
