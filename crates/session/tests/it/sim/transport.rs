//! The network between a tab and the hosts, and the browser's cookie jar.
//!
//! A request that was sent continues without its tab: the backend handles it even if the tab was closed. The
//! response of an abandoned request is lost with its cookies, which is the worst case.

use std::{any::Any, cell::RefCell, collections::HashMap, rc::Rc};

use futures_channel::oneshot;
use supertokens_session::platform::{
    Body, Credentials, LocalBoxFuture, Method, Transport, TransportError, TransportRequest, TransportResponse,
};

use super::{
    pass,
    server::{API_HOST, Exchange, Fault, Reply, Server},
    store::SharedStore,
    tab::TabId,
    watch::{Attempt, Watchers},
};

/// The httpOnly cookies of the API's host, which all tabs share and no script can read.
#[derive(Clone, Default)]
pub struct CookieJar(Rc<RefCell<HashMap<&'static str, String>>>);

impl CookieJar {
    /// The browser clears them.
    pub fn clear(&self) {
        self.0.borrow_mut().clear();
    }

    pub fn refresh_token(&self) -> Option<String> {
        self.0.borrow().get("sRefreshToken").cloned()
    }

    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    fn for_request(&self, request: &TransportRequest) -> HashMap<&'static str, String> {
        let goes =
            request.url.origin().host() == API_HOST && request.credentials == Some(Credentials::Include);
        if goes { self.0.borrow().clone() } else { HashMap::new() }
    }

    fn store(&self, cookies: Vec<(&'static str, Option<String>)>) {
        let mut jar = self.0.borrow_mut();
        for (name, value) in cookies {
            match value {
                Some(value) => jar.insert(name, value),
                None => jar.remove(name),
            };
        }
    }
}

/// Connects all tabs with all hosts.
#[derive(Clone)]
pub struct Network {
    pub server: Server,
    pub jar: CookieJar,
    pub offline: Rc<std::cell::Cell<bool>>,
    /// The response of every host that is not the API's.
    pub foreign: Rc<RefCell<Reply>>,
    pub store: SharedStore,
    pub watchers: Watchers,
}

impl Network {
    fn exchange(&self, tab: TabId, request: &TransportRequest) -> Exchange {
        let url = request.url.to_string();
        Exchange {
            at_ms: self.server.now_ms(),
            tab,
            method: request.method.as_str().to_owned(),
            host: request.url.origin().host().to_owned(),
            path: request.url.path().to_owned(),
            url,
            headers: request
                .headers
                .iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            cookies: self.jar.for_request(request),
            credentials: request.credentials,
            body: match &request.body {
                Body::Text(text) => text.as_bytes().to_vec(),
                Body::Bytes(bytes) => bytes.to_vec(),
                Body::Empty | Body::Platform(_) | Body::Stream(_) => Vec::new(),
            },
            status: None,
        }
    }

    /// Delivers one request to its host and returns the response.
    async fn deliver(
        self,
        number: usize,
        exchange: Exchange,
        to: oneshot::Sender<Result<Reply, TransportError>>,
    ) {
        let at_api = exchange.host == API_HOST;
        let fault = if at_api { self.server.next_fault(&exchange.path) } else { None };
        let held_back = if let Some(Fault::LateRequest(ms)) = fault { ms } else { 0 };
        pass(self.server.latency_ms() + held_back).await;
        if self.offline.get() || fault == Some(Fault::LoseRequest) {
            let _ = to.send(Err(TransportError::Unreachable));
            return;
        }
        if fault == Some(Fault::Hang) {
            std::future::pending::<()>().await;
        }
        let reply = match &fault {
            _ if !at_api => self.foreign.borrow().clone(),
            Some(Fault::Instead(reply)) => reply.clone(),
            Some(Fault::NoTokens) => Reply::new(200, "{}"),
            _ => {
                let given_up = to.is_canceled();
                let alarms = self.server.theft_alarms();
                let reply = self.server.respond(&exchange);
                if self.server.theft_alarms() > alarms {
                    self.watchers.notify(|watch| watch.alarm(number, given_up));
                }
                reply
            }
        };
        if let Some(Fault::Twice(ms)) = fault {
            tokio::task::spawn_local(self.clone().repeat(number, exchange, ms));
        }
        self.server.record_response(number, reply.status);
        let extra = if let Some(Fault::Late(ms)) = fault { ms } else { 0 };
        pass(self.server.latency_ms() + extra).await;
        let response = match fault {
            Some(Fault::LoseResponse) => Err(TransportError::Unreachable),
            fault => Ok(changed_by_proxy(reply, fault)),
        };
        if to.is_canceled() {
            return;
        }
        if let Ok(reply) = &response {
            self.jar.store(reply.cookies.clone());
        }
        let _ = to.send(response);
    }

    /// Sends a request to the backend again, and drops the response.
    async fn repeat(self, number: usize, exchange: Exchange, after_ms: u64) {
        pass(after_ms).await;
        let alarms = self.server.theft_alarms();
        self.server.respond(&exchange);
        if self.server.theft_alarms() > alarms {
            self.watchers.notify(|watch| watch.alarm(number, true));
        }
    }
}

/// A response after a proxy or CORS has changed it.
fn changed_by_proxy(mut reply: Reply, fault: Option<Fault>) -> Reply {
    match fault {
        Some(Fault::Hidden(name)) => reply.headers.retain(|(known, _)| known != name),
        Some(Fault::Status(status)) => reply.status = status,
        Some(Fault::Replaced(name, value)) => reply = reply.header(name, &value),
        _ => {}
    }
    reply
}

/// The network of one tab.
pub struct TabTransport {
    pub network: Network,
    pub tab: TabId,
}

impl Transport for TabTransport {
    fn send(
        &self,
        request: TransportRequest,
    ) -> LocalBoxFuture<'_, Result<Box<dyn TransportResponse>, TransportError>> {
        Box::pin(async move {
            let has_body = !matches!(request.body, Body::Empty);
            if has_body && matches!(request.method, Method::Get | Method::Head) {
                return Err(TransportError::Unsendable);
            }
            let exchange = self.network.exchange(self.tab, &request);
            let number = self.network.server.record(exchange.clone());
            let seen = self.network.store.read_as(self.tab).unwrap_or_default();
            let attempt = Attempt::begin(&self.network, number, &exchange, &seen);
            let (to, response) = oneshot::channel();
            tokio::task::spawn_local(self.network.clone().deliver(number, exchange, to));
            let outcome = response.await.unwrap_or(Err(TransportError::Unreachable));
            attempt.end(&outcome);
            let mut reply = outcome?;
            // The URL of a response has no fragment.
            let url = &request.url;
            reply.url.get_or_insert_with(|| format!("{}{}", url.origin(), url.path_and_query()));
            Ok(Box::new(SimResponse(reply)) as Box<dyn TransportResponse>)
        })
    }
}

/// A response as the tab gets it.
pub struct SimResponse(Reply);

impl TransportResponse for SimResponse {
    fn status(&self) -> u16 {
        self.0.status
    }

    fn url(&self) -> Option<String> {
        self.0.url.clone()
    }

    fn header(&self, name: &str) -> Option<String> {
        let found = self.0.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone())
    }

    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(async move { Ok(self.0.body.into_bytes()) })
    }

    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        let copy = self.0.body.clone().into_bytes();
        Box::pin(async move { Ok(copy) })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
