//! The settings of a server.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use serde::Deserialize;

/// How requests with cookies prove that no other site sent them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AntiCsrf {
    /// No proof: `SameSite=Lax` cookies are enough if app and API share a site.
    #[default]
    None,
    /// An `anti-csrf` header with the token from the response to the sign-in or refresh.
    ViaToken,
    /// A `rid` header with any value, which other sites can't send without a CORS preflight.
    ViaCustomHeader,
}

/// The generation of the session protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Generation {
    /// Three httpOnly cookies and `id-refresh-token` headers, as SDKs did until 2022.
    Older,
    /// `front-token` headers, with the tokens in cookies or in headers.
    #[default]
    Current,
}

/// The settings of a server. The defaults suit a test: a free port, no app, no test controls.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address to listen on. Port 0 takes a free port.
    pub address: SocketAddr,
    /// The lifetime of access tokens.
    pub access_token_lifetime: Duration,
    /// The anti-CSRF mode.
    pub anti_csrf: AntiCsrf,
    /// The protocol's generation; [`Controls::switch_generation`](crate::Controls::switch_generation) changes it later.
    pub generation: Generation,
    /// Origins that may call the API with credentials; empty allows every loopback origin.
    pub allowed_origins: Vec<String>,
    /// The API's domain, as an app's config names it. It is part of the issuer of access tokens. `None` means
    /// `http://localhost` with the server's port.
    pub domain: Option<String>,
    /// The folder of a built single-page app to serve beside the API.
    pub dist: Option<PathBuf>,
    /// The API that the served app calls. `None` means the page's own origin.
    pub api: Option<String>,
    /// More routes behind the session check. Their handlers get a [`Session`](crate::Session) as an extension.
    pub private_routes: Router,
    /// Whether `/test` exists and requests are counted and logged. Never enable it on a public server.
    pub test_controls: bool,
    /// Whether `user@example.com` and `admin@example.com` exist from the start, with the password `Passw0rd!`.
    /// Only the administrator's e-mail is verified.
    pub seed_demo_users: bool,
    /// How many users may sign up before sign-up responds with 503.
    pub max_users: usize,
    /// How many sessions may exist before sign-in responds with 503.
    pub max_sessions: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            access_token_lifetime: Duration::from_secs(3600),
            anti_csrf: AntiCsrf::None,
            generation: Generation::Current,
            allowed_origins: Vec::new(),
            domain: None,
            dist: None,
            api: None,
            private_routes: Router::new(),
            test_controls: false,
            seed_demo_users: false,
            max_users: 10_000,
            max_sessions: 10_000,
        }
    }
}

impl Options {
    /// The issuer of access tokens: the API's domain and base path.
    pub(crate) fn issuer(&self) -> String {
        match &self.domain {
            Some(domain) => format!("{}/auth", domain.trim_end_matches('/')),
            None => format!("http://localhost:{}/auth", self.address.port()),
        }
    }
}
