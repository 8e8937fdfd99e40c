//! Serves the built app, and remembers what it was asked.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use backend::SeenRequest;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::proxy;

/// The web server of the app's page; gone when dropped.
pub struct Site {
    port: u16,
    seen: Seen,
    task: JoinHandle<()>,
}

impl Site {
    pub(crate) async fn start(dist: PathBuf, api: String) -> Self {
        Self::of(backend::spa_router(dist, Some(api))).await
    }

    /// The app, and behind `/auth` and `/api` an API that knows nothing of it: one origin for both.
    pub(crate) async fn start_before(dist: PathBuf, api: String) -> Self {
        Self::of(proxy::before(&api).fallback_service(backend::spa_router(dist, None))).await
    }

    /// The app, and other pages on its origin.
    pub(crate) async fn start_beside(pages: Router, dist: PathBuf, api: String) -> Self {
        Self::of(pages.fallback_service(backend::spa_router(dist, Some(api)))).await
    }

    async fn of(router: Router) -> Self {
        let seen = Seen::default();
        let (port, task) = serve(seen.watch(router)).await;
        Self { port, seen, task }
    }

    /// Under the same host name as the API, so that app and API are one site, on two origins.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// All requests, oldest first.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.seen.all()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Requests that were seen.
#[derive(Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<Vec<SeenRequest>>>);

impl Seen {
    pub(crate) fn all(&self) -> Vec<SeenRequest> {
        self.0.lock().unwrap().clone()
    }

    /// Makes a router note each request.
    pub(crate) fn watch(&self, router: Router) -> Router {
        let seen = self.clone();
        router.layer(from_fn(move |request: Request, next: Next| {
            seen.0.lock().unwrap().push(noted(&request));
            next.run(request)
        }))
    }
}

fn noted(request: &Request) -> SeenRequest {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let headers = request.headers().iter();
    SeenRequest {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().map(str::to_owned),
        headers: headers.map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect(),
    }
}

/// Serves on a free port.
pub(crate) async fn serve(router: Router) -> (u16, JoinHandle<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let task =
        tokio::spawn(async move { axum::serve(listener, router).await.expect("a server without end") });
    (port, task)
}
