//! Serves the built app, and records its requests.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use backend::{Origins, SeenRequest};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::proxy;
use crate::tls::TlsFront;

/// The web server of the app's page. It ends when dropped.
pub struct Site {
    port: u16,
    seen: Seen,
    task: JoinHandle<()>,
    /// The browser's way to an https page.
    tls: Option<TlsFront>,
}

impl Site {
    pub(crate) async fn start(dist: PathBuf, api: String) -> Self {
        let origins = Origins { api: Some(api), ..Origins::default() };
        Self::of(backend::spa_router(dist, origins)).await
    }

    /// The app, and below `/auth` and `/api` a proxy of the API: one origin for both.
    pub(crate) async fn start_before(dist: PathBuf, api: String) -> Self {
        Self::of(proxy::before(&api).fallback_service(backend::spa_router(dist, Origins::default()))).await
    }

    /// The app without its login page, and the same app on another origin, which signs in for the first.
    pub(crate) async fn start_pair(dist: PathBuf, api: String) -> (Self, Self) {
        let (app_door, login_door) = (bind().await, bind().await);
        let origin = |door: &TcpListener| Some(format!("http://localhost:{}", port(door)));
        let api = Some(api);
        let app_origins = Origins { api: api.clone(), website: origin(&login_door), ..Origins::default() };
        let login_origins = Origins { api, return_to: origin(&app_door), ..Origins::default() };
        let app = Self::at(app_door, backend::spa_router(dist.clone(), app_origins));
        let login = Self::at(login_door, backend::spa_router(dist, login_origins));
        (app, login)
    }

    /// The app, and other pages on its origin.
    pub(crate) async fn start_beside(pages: Router, dist: PathBuf, api: String) -> Self {
        let origins = Origins { api: Some(api), ..Origins::default() };
        Self::of(pages.fallback_service(backend::spa_router(dist, origins))).await
    }

    /// The pages of a server that renders them, which record what they show.
    pub(crate) async fn start_rendered(server: &str) -> Self {
        Self::of(proxy::with_script(server, include_str!("record.js"))).await
    }

    /// The same pages over https.
    pub(crate) async fn over_https(mut self) -> Self {
        self.tls = Some(TlsFront::start(self.port).await);
        self
    }

    /// At a port for https that was taken before.
    pub(crate) fn start_at(HttpsDoor { door, tls }: HttpsDoor, router: Router) -> Self {
        let mut site = Self::at(door, router);
        site.tls = Some(tls);
        site
    }

    async fn of(router: Router) -> Self {
        Self::at(bind().await, router)
    }

    fn at(door: TcpListener, router: Router) -> Self {
        let seen = Seen::default();
        Self { port: port(&door), task: serve_at(door, seen.watch(router)), seen, tls: None }
    }

    /// Under the same host name as the API, so that app and API are one site, on two origins.
    pub fn origin(&self) -> String {
        match &self.tls {
            Some(tls) => format!("https://localhost:{}", tls.port),
            None => format!("http://localhost:{}", self.port),
        }
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

/// A port for https, whose site starts later.
pub(crate) struct HttpsDoor {
    door: TcpListener,
    tls: TlsFront,
}

impl HttpsDoor {
    pub(crate) async fn open() -> Self {
        let door = bind().await;
        let tls = TlsFront::start(port(&door)).await;
        Self { door, tls }
    }

    /// The port that the browser uses.
    pub(crate) fn port(&self) -> u16 {
        self.tls.port
    }
}

/// Recorded requests.
#[derive(Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<Vec<SeenRequest>>>);

impl Seen {
    pub(crate) fn all(&self) -> Vec<SeenRequest> {
        self.0.lock().unwrap().clone()
    }

    /// Makes a router record each request.
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
    let door = bind().await;
    (port(&door), serve_at(door, router))
}

async fn bind() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port")
}

fn port(door: &TcpListener) -> u16 {
    door.local_addr().expect("an address").port()
}

fn serve_at(door: TcpListener, router: Router) -> JoinHandle<()> {
    tokio::spawn(async move { axum::serve(door, router).await.expect("a server without end") })
}
