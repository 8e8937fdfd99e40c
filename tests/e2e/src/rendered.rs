//! The servers and the browser of a story about `examples/ssr`.

use std::process::Stdio;
use std::time::Duration;

use axum::body::Body;
use backend::{Controls, Options, SeenRequest, Server};
use http::{Request, Response};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::Mutex;

use crate::env::{self, Env};
use crate::http_client::HttpClient;
use crate::page::Page;
use crate::scene::{Scene, perform};
use crate::site::Site;
use crate::stage::{PASSWORD, REFRESH};

/// An API, a server that renders pages, and a browser, for one story.
pub struct Rendered {
    pub page: Page,
    pub api: Server,
    pub controls: Controls,
    /// In front of the server that renders, and records its requests.
    pub site: Site,
    /// Killed when dropped.
    _shop: Child,
}

/// Plays a story about rendered pages, and ends its servers and browser, also after a failure.
pub async fn play_rendered(access_token_lifetime: Duration, story: impl AsyncFnOnce(&mut Rendered)) {
    let api = start_api(Options { access_token_lifetime, ..Options::default() }).await;
    let (shop, server) = start_server("shop", &format!("http://localhost:{}", api.address().port())).await;
    play_at(Site::start_rendered(&server).await, api, shop, story).await;
}

/// The same with pages over https, which name an API that does not exist.
pub async fn play_rendered_over_https(api_domain: &str, story: impl AsyncFnOnce(&mut Rendered)) {
    let api = start_api(Options::default()).await;
    let (shop, server) = start_server("shop", api_domain).await;
    play_at(Site::start_rendered(&server).await.over_https().await, api, shop, story).await;
}

/// Plays a story about the pages of `examples/templates/ssr`. That app is built for one API, so such stories wait for each
/// other.
pub async fn play_rendered_template(story: impl AsyncFnOnce(&mut Rendered)) {
    static TURN: Mutex<()> = Mutex::const_new(());
    let _turn = TURN.lock().await;
    let domain = env::template_api();
    let address = domain.replace("http://localhost", "127.0.0.1").parse().expect("an API on localhost");
    let api = start_api(Options { address, ..Options::default() }).await;
    let (server, url) = start_server("app", &domain).await;
    play_at(Site::start_rendered(&url).await, api, server, story).await;
}

async fn start_api(options: Options) -> Server {
    let options = Options { test_controls: true, seed_demo_users: true, ..options };
    backend::spawn(options).await.expect("an API")
}

async fn play_at(site: Site, api: Server, shop: Child, story: impl AsyncFnOnce(&mut Rendered)) {
    let env = Env::read();
    let origin = site.origin();
    let scene = |page| Rendered { page, controls: api.controls(), api, site, _shop: shop };
    perform(&env, origin, scene, story).await;
}

/// Starts the server whose module has this name.
async fn start_server(name: &str, api_domain: &str) -> (Child, String) {
    let (program, files) = env::shop();
    let mut command = Command::new(program);
    command.env("API_DOMAIN", api_domain).env("LEPTOS_OUTPUT_NAME", name).env("LEPTOS_SITE_ROOT", files);
    command.env("LEPTOS_SITE_ADDR", "127.0.0.1:0");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().expect("the server of the pages");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).await.expect("a line");
    let port = line.trim().rsplit(':').next().expect("a port");
    (child, format!("http://127.0.0.1:{port}"))
}

impl Scene for Rendered {
    fn page(&self) -> &Page {
        &self.page
    }

    async fn call_names(&self) -> Vec<String> {
        Self::call_names(self)
    }
}

impl Rendered {
    /// Signs in on the login page, and waits for the account page.
    pub async fn sign_in_as(&self, email: &str) {
        self.page.open("/login").await;
        self.hydrated().await;
        self.page.sign_in(email, PASSWORD).await;
        self.page.wait_for("account-page").await;
    }

    /// Requests a page as a browser without JavaScript does.
    pub async fn get(&self, path: &str, cookies: &str) -> Response<String> {
        let request = Request::get(format!("{}{path}", self.site.origin())).header("cookie", cookies);
        let response = HttpClient::new().send(request.body(Body::empty()).expect("a request")).await;
        let (head, body) = response.expect("a response").into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        Response::from_parts(head, String::from_utf8_lossy(&body).into_owned())
    }

    /// Waits until the page is interactive: a click on a link loads no page.
    pub async fn hydrated(&self) {
        self.page.wait_js("document.documentElement.dataset.hydrated === 'yes'").await;
    }

    /// The API's calls, without preflights and the fetch of keys by the server.
    pub fn calls(&self) -> Vec<SeenRequest> {
        let is_of_page =
            |request: &SeenRequest| request.method != "OPTIONS" && !request.path.ends_with("/jwks.json");
        self.controls.requests().into_iter().filter(is_of_page).collect()
    }

    /// The same as `METHOD /path`.
    pub fn call_names(&self) -> Vec<String> {
        self.calls().iter().map(|call| format!("{} {}", call.method, call.path)).collect()
    }

    /// How often the refresh API was called.
    pub fn refreshes(&self) -> usize {
        self.controls.calls("POST", REFRESH)
    }

    /// The calls of server functions, as `METHOD /path`.
    pub fn function_calls(&self) -> Vec<String> {
        let requests = self.site.requests().into_iter().filter(|request| request.path.starts_with("/api/"));
        requests.map(|request| format!("{} {}", request.method, request.path)).collect()
    }
}
