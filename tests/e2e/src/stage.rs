//! The servers and the browser of a story.

use std::time::Duration;

use axum::Router;
use backend::{AntiCsrf, Controls, Generation, Options, SeenRequest, Server};

use crate::env::Env;
use crate::page::Page;
use crate::scene::{Scene, perform};
use crate::site::Site;
use crate::step::Step;

/// A user that exists from the start.
pub const USER: &str = "user@example.com";
pub const PASSWORD: &str = "Passw0rd!";

pub(crate) const REFRESH: &str = "/auth/session/refresh";

/// The settings of a story.
#[derive(Debug, Clone)]
pub struct Setting {
    one_origin: bool,
    notes: bool,
    routes: Router,
    login_elsewhere: bool,
    access_token_lifetime: Duration,
    anti_csrf: AntiCsrf,
    generation: Generation,
}

impl Default for Setting {
    /// App and API on two origins of one site, and access tokens that do not expire during the story.
    fn default() -> Self {
        Self {
            one_origin: false,
            notes: false,
            routes: Router::new(),
            login_elsewhere: false,
            access_token_lifetime: Duration::from_secs(3600),
            anti_csrf: AntiCsrf::None,
            generation: Generation::Current,
        }
    }
}

impl Setting {
    /// Lets the API serve the app.
    pub fn one_origin(self) -> Self {
        Self { one_origin: true, ..self }
    }

    /// Uses the example of server functions: its API runs them and serves the app.
    pub fn notes(self) -> Self {
        Self { notes: true, ..self.one_origin() }
    }

    /// The same with the app on another origin.
    pub fn notes_on_another_origin(self) -> Self {
        Self { notes: true, ..self }
    }

    /// Adds routes to the API, behind its session check.
    pub fn routes(self, routes: Router) -> Self {
        Self { routes, ..self }
    }

    /// Puts the login page on another origin.
    pub fn login_elsewhere(self) -> Self {
        Self { login_elsewhere: true, ..self }
    }

    pub fn access_token_lifetime(self, access_token_lifetime: Duration) -> Self {
        Self { access_token_lifetime, ..self }
    }

    pub fn anti_csrf(self, anti_csrf: AntiCsrf) -> Self {
        Self { anti_csrf, ..self }
    }

    /// Sets the protocol generation of the API, until the controls switch it.
    pub fn generation(self, generation: Generation) -> Self {
        Self { generation, ..self }
    }
}

/// An API, a site and a browser, for one story.
pub struct Stage {
    pub page: Page,
    pub api: Server,
    pub controls: Controls,
    /// `None` if the API serves the app.
    site: Option<Site>,
    /// `None` if it is the app's.
    login_site: Option<Site>,
}

/// Plays a story, and ends its servers and browser, also after a failure.
pub async fn play(setting: Setting, story: impl AsyncFnOnce(&mut Stage)) {
    let env = Env::read();
    let Servers { api, site, login_site, origin } = servers(&env, &setting).await;
    let stage = |page| Stage { page, controls: api.controls(), api, site, login_site };
    perform(&env, origin, stage, story).await;
}

impl Scene for Stage {
    fn page(&self) -> &Page {
        &self.page
    }

    async fn call_names(&self) -> Vec<String> {
        Self::call_names(self)
    }
}

struct Servers {
    api: Server,
    site: Option<Site>,
    login_site: Option<Site>,
    /// The app's.
    origin: String,
}

async fn servers(env: &Env, setting: &Setting) -> Servers {
    let app = if setting.notes { env.notes() } else { env.site() };
    let mut options = Options {
        access_token_lifetime: setting.access_token_lifetime,
        anti_csrf: setting.anti_csrf,
        generation: setting.generation,
        dist: setting.one_origin.then(|| app.clone()),
        test_controls: true,
        seed_demo_users: true,
        private_routes: setting.routes.clone(),
        ..Options::default()
    };
    if setting.notes {
        options.private_routes = notes::router();
    }
    let api = backend::spawn(options).await.expect("an API");
    let api_origin = format!("http://localhost:{}", api.address().port());
    if setting.one_origin {
        return Servers { api, site: None, login_site: None, origin: api_origin };
    }
    let (site, login_site) = match setting.login_elsewhere {
        true => {
            let (site, login_site) = Site::start_pair(app, api_origin).await;
            (site, Some(login_site))
        }
        false => (Site::start(app, api_origin).await, None),
    };
    Servers { api, origin: site.origin(), site: Some(site), login_site }
}

impl Stage {
    /// The site's server, which records its requests.
    pub fn site(&self) -> &Site {
        self.site.as_ref().expect("a site of its own: not with `one_origin`")
    }

    /// The login page's origin, if it is another one.
    pub fn login_origin(&self) -> String {
        self.login_site.as_ref().expect("a setting with `login_elsewhere`").origin()
    }

    /// The API's origin, as the app calls it.
    pub fn api_origin(&self) -> String {
        format!("http://localhost:{}", self.api.address().port())
    }

    /// Signs in on the login page, without waiting for the next page.
    pub async fn sign_in_as(&self, email: &str) {
        self.page.sign_in(email, PASSWORD).await;
    }

    /// Opens the app, signs in, and waits for the dashboard.
    pub async fn arrive(&self, email: &str) {
        self.page.arrive(email, PASSWORD).await;
    }

    /// Waits until the API has been called.
    #[track_caller]
    pub fn wait_for_call(&self, method: &str, path: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("see {method} {path} at the API"));
        step.until(async move || match self.controls.calls(method, path) {
            0 => Err("it was not called".to_owned()),
            _ => Ok(()),
        })
    }

    /// How often the refresh API was called.
    pub fn refreshes(&self) -> usize {
        self.controls.calls("POST", REFRESH)
    }

    /// The requests to the API, oldest first, without CORS preflights.
    pub fn calls(&self) -> Vec<SeenRequest> {
        self.controls.requests().into_iter().filter(|request| request.method != "OPTIONS").collect()
    }

    /// The same as `METHOD /path`.
    pub fn call_names(&self) -> Vec<String> {
        self.calls().iter().map(|call| format!("{} {}", call.method, call.path)).collect()
    }
}
