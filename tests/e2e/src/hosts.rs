//! The servers and the browser of a story about several hosts of one site, over https.

use axum::Router;
use axum::middleware::map_response;
use axum::response::Response;
use backend::{Controls, Options, Origins, SeenRequest, Server};
use http::HeaderValue;
use http::header::{CONTENT_SECURITY_POLICY, Entry, SET_COOKIE};

use crate::env::Env;
use crate::page::Page;
use crate::proxy;
use crate::scene::{Scene, perform};
use crate::site::{HttpsDoor, Site};
use crate::stage::{PASSWORD, REFRESH};
use crate::tls::TlsFront;

/// The domain of the hosts. The app's pages share their session below it.
const DOMAIN: &str = "example.test";

/// The API of the hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiHost {
    /// All pages call `api.example.test`.
    Own,
    /// Each page calls its own host, and the API's cookies are those of the domain.
    OfEachPage,
}

/// One API, and the same app on several hosts of one site. The page's own is `a.example.test`.
pub struct Hosts {
    pub page: Page,
    pub controls: Controls,
    port: u16,
    _api: Server,
    _api_tls: TlsFront,
    _site: Site,
}

/// Plays a story on several hosts, and ends its servers and browser, also after a failure.
pub async fn play_on_hosts(api_host: ApiHost, story: impl AsyncFnOnce(&mut Hosts)) {
    let env = Env::read();
    let door = HttpsDoor::open().await;
    let port = door.port();
    let options = Options {
        allowed_origins: ["a.", "b.", ""].map(|host| format!("https://{host}{DOMAIN}:{port}")).into(),
        test_controls: true,
        seed_demo_users: true,
        ..Options::default()
    };
    let api = backend::spawn(options).await.expect("an API");
    let api_tls = TlsFront::start(api.address().port()).await;
    let mut origins = Origins { session_domain: Some(format!(".{DOMAIN}")), ..Origins::default() };
    if api_host == ApiHost::Own {
        origins.api = Some(format!("https://api.{DOMAIN}:{}", api_tls.port));
    }
    let app = backend::spa_router(env.site(), origins).layer(map_response(allow_frames));
    let router = match api_host {
        ApiHost::Own => app,
        ApiHost::OfEachPage => api_of_each_host(&api.url()).fallback_service(app),
    };
    let site = Site::start_at(door, router);
    let origin = format!("https://a.{DOMAIN}:{port}");
    let controls = api.controls();
    let hosts = |page| Hosts { page, controls, port, _api: api, _api_tls: api_tls, _site: site };
    perform(&env, origin, hosts, story).await;
}

/// The app refuses frames. Here, the pages of the hosts may show each other in frames.
async fn allow_frames(mut response: Response) -> Response {
    if let Some(policy) = response.headers_mut().get_mut(CONTENT_SECURITY_POLICY) {
        let hosts = format!("https://*.{DOMAIN}:*");
        let frames = format!("frame-ancestors 'self' {hosts}; frame-src 'self' {hosts}");
        let text = policy.to_str().expect("text").replace("frame-ancestors 'none'", &frames);
        *policy = HeaderValue::try_from(text).expect("a policy");
    }
    response
}

/// The API on each host, with the setting `cookieDomain` of a backend SDK.
fn api_of_each_host(api: &str) -> Router {
    proxy::before(api).layer(map_response(async |mut response: Response| {
        if let Entry::Occupied(mut cookies) = response.headers_mut().entry(SET_COOKIE) {
            for cookie in cookies.iter_mut() {
                let text = cookie.to_str().expect("text");
                *cookie = HeaderValue::try_from(format!("{text}; Domain={DOMAIN}")).expect("a cookie");
            }
        }
        response
    }))
}

impl Scene for Hosts {
    fn page(&self) -> &Page {
        &self.page
    }

    async fn call_names(&self) -> Vec<String> {
        self.calls().iter().map(|call| format!("{} {}", call.method, call.path)).collect()
    }
}

impl Hosts {
    /// The URL of a path on the second host.
    pub fn on_b(&self, path: &str) -> String {
        format!("https://b.{DOMAIN}:{}{path}", self.port)
    }

    /// The URL of a path on the domain itself, which both hosts are below.
    pub fn on_domain(&self, path: &str) -> String {
        format!("https://{DOMAIN}:{}{path}", self.port)
    }

    /// Opens the app on the first host, signs in, and waits for the dashboard.
    pub async fn arrive(&self, email: &str) {
        self.page.arrive(email, PASSWORD).await;
    }

    /// Signs in on the login page, without waiting for the next page.
    pub async fn sign_in_as(&self, email: &str) {
        self.page.sign_in(email, PASSWORD).await;
    }

    /// How often the refresh API was called.
    pub fn refreshes(&self) -> usize {
        self.controls.calls("POST", REFRESH)
    }

    /// The requests to the API, oldest first, without CORS preflights.
    pub fn calls(&self) -> Vec<SeenRequest> {
        self.controls.requests().into_iter().filter(|request| request.method != "OPTIONS").collect()
    }
}
