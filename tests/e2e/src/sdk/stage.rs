//! The servers and the browser of a story with the real SDK.

use std::time::Duration;

use axum::body::Body;
use backend::{AntiCsrf, SeenRequest};
use http::Request;

use super::controls::Controls;
use super::javascript_sdk;
use super::server::Server;
use crate::env::{self, Env};
use crate::http_client::HttpClient;
use crate::page::Page;
use crate::scene::{Scene, perform};
use crate::site::Site;
use crate::stage::{PASSWORD, REFRESH};

/// The settings of a story.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    is_older: bool,
    is_header_mode: bool,
    anti_csrf: AntiCsrf,
    access_token_seconds: Option<u64>,
    uses_static_key: bool,
    has_javascript_sdk: bool,
    has_recipes: bool,
}

impl Setting {
    /// Uses the older generation's SDK. It rejects `st-auth-mode` from other origins, so app and API share an origin.
    pub fn older() -> Self {
        Self { is_older: true, ..Self::default() }
    }

    pub fn is_older(&self) -> bool {
        self.is_older
    }

    /// Uses tokens in headers: [`Stage::arrive`] selects them in the app.
    pub fn header_mode(self) -> Self {
        Self { is_header_mode: true, ..self }
    }

    pub fn is_header_mode(&self) -> bool {
        self.is_header_mode
    }

    pub fn anti_csrf(self, anti_csrf: AntiCsrf) -> Self {
        Self { anti_csrf, ..self }
    }

    /// Sets the lifetime of access tokens, by default longer than the story. For modules `stand_in`: a real core has its
    /// own setting.
    pub fn access_token_seconds(self, seconds: u64) -> Self {
        Self { access_token_seconds: Some(seconds), ..self }
    }

    /// Signs access tokens with the static key, which does not rotate. Not with the older SDK.
    pub fn static_key(self) -> Self {
        Self { uses_static_key: true, ..self }
    }

    /// Adds a page with the JavaScript SDK to the app's origin, at [`JAVASCRIPT_SDK`](super::JAVASCRIPT_SDK).
    pub fn javascript_sdk(self) -> Self {
        Self { has_javascript_sdk: true, ..self }
    }

    /// Adds all sign-in recipes. The core is always the stand-in, since a real one needs a licence for some of them.
    pub fn recipes(self) -> Self {
        Self { has_recipes: true, ..self }
    }

    fn script(&self) -> &'static str {
        if self.is_older { "old/server.mjs" } else { "server.mjs" }
    }

    fn flags(&self, core_url: Option<String>) -> Vec<String> {
        let anti_csrf = match self.anti_csrf {
            AntiCsrf::None => "NONE",
            AntiCsrf::ViaToken => "VIA_TOKEN",
            AntiCsrf::ViaCustomHeader => "VIA_CUSTOM_HEADER",
        };
        let mut flags = vec!["--seed-demo-users".to_owned(), format!("--anti-csrf={anti_csrf}")];
        flags.extend(core_url.map(|url| format!("--core-url={url}")));
        flags.extend(self.has_recipes.then(|| "--recipes".to_owned()));
        flags.extend(self.uses_static_key.then(|| "--static-key".to_owned()));
        flags.extend(self.access_token_seconds.map(|seconds| format!("--access-token-seconds={seconds}")));
        flags
    }

    /// Starts a server with these settings.
    pub(super) async fn start(&self) -> Server {
        let core_url = env::core_url().filter(|_| !self.has_recipes);
        if self.access_token_seconds.is_some() && core_url.is_some() {
            panic!(
                "this story sets the lifetime of access tokens, which only the stand-in core lets tests do; with \
                 SUPERTOKENS_CORE_URL add `--skip ::stand_in::`, as `cargo xtask test --only sdk` does"
            );
        }
        Server::start(self.script(), &self.flags(core_url)).await
    }
}

/// A server with the SDK, a site and a browser, for one story.
pub struct Stage {
    pub page: Page,
    pub controls: Controls,
    site: Site,
    server: Server,
    setting: Setting,
}

/// Plays a story, and ends its servers and browser, also after a failure.
pub async fn play(setting: Setting, story: impl AsyncFnOnce(&mut Stage)) {
    let env = Env::read();
    let server = setting.start().await;
    let site = match setting.is_older {
        true => Site::start_before(env.site(), server.url.clone()).await,
        false if setting.has_javascript_sdk => {
            let page = javascript_sdk::page(&server.url).await;
            Site::start_beside(page, env.site(), server.url.clone()).await
        }
        false => Site::start(env.site(), server.url.clone()).await,
    };
    let origin = site.origin();
    let controls = Controls::new(server.control.clone());
    let stage = |page| Stage { page, controls, site, server, setting };
    perform(&env, origin, stage, async |stage: &mut Stage| {
        story(stage).await;
        stage.controls.assert_core_is_complete().await;
    })
    .await;
}

impl Scene for Stage {
    fn page(&self) -> &Page {
        &self.page
    }

    async fn call_names(&self) -> Vec<String> {
        Self::call_names(self).await
    }
}

impl Stage {
    /// The site's server, which records its requests.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The API's origin, as the app calls it.
    pub fn api_origin(&self) -> &str {
        &self.server.url
    }

    /// Signs in on the login page, without waiting for the next page.
    pub async fn sign_in_as(&self, email: &str) {
        self.page.sign_in(email, PASSWORD).await;
    }

    /// Opens the app, signs in, and waits for the dashboard.
    pub async fn arrive(&self, email: &str) {
        if self.setting.is_header_mode {
            self.choose_header_mode().await;
        }
        self.page.arrive(email, PASSWORD).await;
    }

    async fn choose_header_mode(&self) {
        self.page.open("/login").await;
        self.page.wait_for("login-page").await;
        self.page.js("window.before = true").await;
        self.page.click("transfer-header").await;
        self.page.wait_js("window.before === undefined").await;
    }

    /// How often the refresh API was called.
    pub async fn refreshes(&self) -> usize {
        self.controls.calls("POST", REFRESH).await
    }

    /// All requests so far as `METHOD /path`, without CORS preflights.
    pub async fn call_names(&self) -> Vec<String> {
        let calls = self.controls.requests().await;
        calls.iter().map(|call: &SeenRequest| format!("{} {}", call.method, call.path)).collect()
    }

    /// Waits until the API has been called.
    #[track_caller]
    pub fn wait_for_call(&self, method: &str, path: &str) -> impl Future<Output = ()> {
        let step = crate::step::Step::new(format!("see {method} {path} at the API"));
        step.until(async move || match self.controls.calls(method, path).await {
            0 => Err("it was not called".to_owned()),
            _ => Ok(()),
        })
    }

    /// The tokens that a thief of the browser's cookies would have now.
    pub async fn steal_tokens(&self) -> StolenTokens {
        let cookies = self.page.all_cookies().await;
        let value = |name: &str| cookies.iter().find(|(one, _)| one == name).map(|(_, value)| value.clone());
        let request = Request::post(format!("{}{REFRESH}", self.server.url)).header("rid", "session");
        let request = match (self.setting.is_header_mode, self.setting.is_older) {
            (true, _) => {
                let token = value("st-refresh-token").expect("a refresh token stored by script");
                request.header("st-auth-mode", "header").header("authorization", format!("Bearer {token}"))
            }
            (false, is_older) => {
                value("sRefreshToken").expect("a refresh token");
                let pairs: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
                let request = request.header("cookie", pairs.join("; "));
                if is_older { request } else { request.header("st-auth-mode", "cookie") }
            }
        };
        StolenTokens(request.body(()).expect("a request"))
    }
}

/// Copied tokens of a refresh.
pub struct StolenTokens(Request<()>);

impl StolenTokens {
    /// Refreshes with them from outside the browser, and returns the status of the response.
    pub async fn refresh(&self) -> u16 {
        let request = self.0.clone().map(|()| Body::empty());
        let (status, _) = HttpClient::new().json(request).await.expect("a response");
        status
    }
}

/// A unique e-mail address, also in a core that has run this story before.
pub fn newcomer() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    format!("new-{}@example.com", now.as_nanos())
}
