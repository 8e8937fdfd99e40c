//! A server of another site, which allows calls of any page and records its requests.

use axum::Router;
use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, ORIGIN,
};
use axum::http::{HeaderMap, HeaderValue};
use backend::SeenRequest;
use tokio::task::JoinHandle;

use crate::site::{Seen, serve};

/// Another site: its host name is neither the app's nor the API's. It ends when dropped.
pub struct Elsewhere {
    port: u16,
    seen: Seen,
    task: JoinHandle<()>,
}

impl Elsewhere {
    pub async fn start() -> Self {
        let seen = Seen::default();
        let (port, task) = serve(seen.watch(Router::new().fallback(welcome))).await;
        Self { port, seen, task }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// All requests, oldest first.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.seen.all()
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// CORS allows everything, so a header that does not arrive was not sent.
async fn welcome(request: Request) -> (HeaderMap, &'static str) {
    let asked = |name| request.headers().get(name).cloned();
    let mut headers = HeaderMap::new();
    if let Some(origin) = asked(ORIGIN) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    }
    if let Some(names) = asked(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names);
    }
    (headers, "hello from elsewhere")
}
