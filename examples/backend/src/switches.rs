//! The switches and counters of tests. Only servers with test controls use them.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::ACCESS_CONTROL_EXPOSE_HEADERS;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::options::Generation;
use crate::state::{App, lock};

const REFRESH_PATH: &str = "/auth/session/refresh";
const LOG_LIMIT: usize = 2_000;
const COUNTED_LIMIT: usize = 1_000;

/// A received request. `Debug` omits the values of headers, since some are tokens.
#[derive(Clone, Serialize)]
pub struct SeenRequest {
    /// The method, in capitals.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The query without its question mark.
    pub query: Option<String>,
    /// All headers with their values, cookies included, names in lower case.
    pub headers: Vec<(String, String)>,
}

impl SeenRequest {
    /// The first value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn of(request: &Request) -> Self {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        let headers = request.headers();
        Self {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().map(str::to_owned),
            headers: headers.iter().map(|(key, value)| (key.to_string(), text(value.as_bytes()))).collect(),
        }
    }
}

impl fmt::Debug for SeenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("SeenRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &names)
            .finish_non_exhaustive()
    }
}

/// All switches and counters.
#[derive(Default)]
pub(crate) struct Switches(pub(crate) Mutex<Settings>);

/// The values of switches and counters.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) failures: Option<(usize, StatusCode)>,
    pub(crate) delays: HashMap<String, Duration>,
    pub(crate) dropped: Option<(usize, Vec<String>)>,
    pub(crate) hides_headers: bool,
    pub(crate) generation: Option<Generation>,
    pub(crate) counts: BTreeMap<String, usize>,
    pub(crate) log: VecDeque<SeenRequest>,
}

impl Settings {
    fn record(&mut self, request: SeenRequest) {
        let key = format!("{} {}", request.method, request.path);
        if self.counts.len() < COUNTED_LIMIT || self.counts.contains_key(&key) {
            *self.counts.entry(key).or_default() += 1;
        }
        if self.log.len() >= LOG_LIMIT {
            self.log.pop_front();
        }
        self.log.push_back(request);
    }

    fn next_failure(&mut self) -> Option<StatusCode> {
        let (left, status) = self.failures.as_mut()?;
        *left = left.checked_sub(1)?;
        Some(*status)
    }

    fn next_dropped(&mut self) -> Option<Vec<String>> {
        let (left, headers) = self.dropped.as_mut()?;
        *left = left.checked_sub(1)?;
        Some(headers.clone())
    }
}

/// Counts and logs each request, and drops headers from responses.
pub(crate) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_refresh = is_refresh(&request);
    lock(&app.state.switches.0).record(SeenRequest::of(&request));
    let mut response = next.run(request).await;
    let mut settings = lock(&app.state.switches.0);
    if is_refresh {
        for name in settings.next_dropped().into_iter().flatten() {
            response.headers_mut().remove(name);
        }
    }
    if settings.hides_headers {
        response.headers_mut().remove(ACCESS_CONTROL_EXPOSE_HEADERS);
    }
    response
}

/// Makes refreshes fail, and delays responses after the request is processed, like a slow network.
pub(crate) async fn interfere(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let failure = is_refresh(&request).then(|| lock(&app.state.switches.0).next_failure()).flatten();
    let response = match failure {
        Some(status) => (status, Json(json!({ "message": "switched to fail" }))).into_response(),
        None => next.run(request).await,
    };
    let delay = lock(&app.state.switches.0).delays.get(&path).copied();
    if let Some(delay) = delay {
        tokio::time::sleep(delay).await;
    }
    response
}

fn is_refresh(request: &Request) -> bool {
    request.method() == Method::POST && request.uri().path() == REFRESH_PATH
}
